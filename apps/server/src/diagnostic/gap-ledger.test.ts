import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogReader, Recorder } from '@holdfast/recorder'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { wallClock } from '../clock.ts'
import { GapLedger } from './gap-ledger.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-gap-ledger-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a gap that names nobody counts for whoever is heard on its channel, and says that it may be anyone’s', async () => {
  await using recorder = await Recorder.open({ folder, clock: wallClock, origin: 'log.example' })
  const times = { from: '2026-10-01T08:00:00Z', to: '2026-10-01T08:01:00Z', requests: 1, detail: '' } as const
  const gap = { kind: 'gap', ...times } as const
  await recorder.appendControl({ ...gap, reason: 'refused-malformed', sender: 'admin', channel: 'import' })
  await recorder.appendControl({ ...gap, reason: 'lost-in-sensor', sender: 'vm: desk', channel: 'sensor' })
  await recorder.appendControl({ ...gap, reason: 'lost-on-crash', sender: 'holdfast', channel: 'control' })
  using reader = LogReader.open({ folder })
  const ledger = new GapLedger(reader)
  await ledger.catchUp()
  const told = (name: string, channels: readonly string[]) =>
    ledger.of({ name, channels }).map(({ reason, isAnyones = false }) => `${reason}${isAnyones ? '?' : ''}`)
  expect(told('desk', ['import', 'sensor'])).toEqual(['refused-malformed?', 'lost-in-sensor', 'lost-on-crash'])
  expect(told('other', ['import', 'sensor'])).toEqual(['refused-malformed?', 'lost-on-crash'])
  expect(told('live', ['otlp'])).toEqual(['lost-on-crash'])
})
