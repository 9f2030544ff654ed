import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { ControlRecord, GapReason, UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { IntegrityLedger } from './integrity-ledger.ts'

const HOUR_NS = 3_600_000_000_000n
const BEGIN = 1_790_000_000_000_000_000n

test('what was read in steps is what one reading of the whole log gives', async () => {
  await using t = await opened()
  const stepwise = new IntegrityLedger(t.reader)
  for (let step = 0; step < 7; step++) {
    await t.write(40, step % 2 === 0 ? 'refused-malformed' : 'lost-on-crash')
    await stepwise.catchUp(t.now())
  }
  const whole = new IntegrityLedger(t.reader)
  await Promise.all([whole.catchUp(t.now()), whole.catchUp(t.now())])
  expect(stepwise.totals).toEqual({ gaps: 280, refused: 160 * 3, lost: 120 * 3 })
  expect(whole.totals).toEqual(stepwise.totals)
  expect(stepwise.newestGaps).toHaveLength(100)
  expect(stepwise.newestGaps.map(({ entry }) => entry).slice(0, 2)).toEqual([279, 278])
  expect(whole.newestGaps).toEqual(stepwise.newestGaps)
  expect(whole.bytesPerDay(t.now())).toBe(stepwise.bytesPerDay(t.now()))
})

test('a day that is over does not count for the rate of storing', async () => {
  await using t = await opened()
  await t.write(50, 'refused-malformed')
  const ledger = new IntegrityLedger(t.reader)
  await ledger.catchUp(t.now())
  expect(ledger.bytesPerDay(t.now())).toBeGreaterThan(0)
  t.pass(30n * HOUR_NS)
  const late = new IntegrityLedger(t.reader)
  await Promise.all([ledger.catchUp(t.now()), late.catchUp(t.now())])
  expect([ledger.bytesPerDay(t.now()), late.bytesPerDay(t.now())]).toEqual([undefined, undefined])
  await t.write(10, 'refused-malformed')
  await Promise.all([ledger.catchUp(t.now()), late.catchUp(t.now())])
  expect(ledger.bytesPerDay(t.now())).toBe(late.bytesPerDay(t.now()))
  const stored = t.reader.segments({ from: 50 }).reduce((sum, { storedBytes }) => sum + storedBytes, 0)
  // Within the first hour the rate is that of an hour.
  expect(ledger.bytesPerDay(t.now())).toBeCloseTo(stored * 24)
})

test('others get their turn while a long log is read', async () => {
  await using t = await opened()
  await t.write(320, 'refused-malformed')
  const ledger = new IntegrityLedger(t.reader)
  let isDone = false
  const reading = ledger.catchUp(t.now()).finally(() => {
    isDone = true
  })
  let turns = 0
  while (!isDone) {
    turns += 1
    await turn()
  }
  await reading
  expect(turns).toBeGreaterThanOrEqual(10)
})

async function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-ledger-'))
  let now = BEGIN
  const clock = (): UnixNano => (now += 1_000n) as UnixNano // any 64 bits are
  const recorder = await Recorder.open({ folder, clock })
  const reader = LogReader.open({ folder })
  return {
    reader,
    now: () => now as UnixNano, // any 64 bits are
    pass: (time: bigint) => {
      now += time
    },
    async write(count: number, reason: GapReason): Promise<void> {
      const record: ControlRecord = {
        kind: 'gap',
        reason,
        sender: 'test',
        channel: 'otlp',
        records: 3,
        requests: 1,
        from: '',
        to: '',
        detail: '',
      }
      await Promise.all(Array.from({ length: count }, () => recorder.appendControl(record)))
    },
    async [Symbol.asyncDispose]() {
      reader[Symbol.dispose]()
      await recorder[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
