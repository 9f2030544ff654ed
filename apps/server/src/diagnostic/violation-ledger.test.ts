import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NO_ROLLOUT, type RolloutState } from '@holdfast/enforce'
import type { ControlRecord, Event, UnixNano } from '@holdfast/model'
import { LogReader, Recorder, RecorderError } from '@holdfast/recorder'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordedGroups } from '../testing/entries.ts'
import { RecordedViolations } from './recorded-violations.ts'
import { ViolationLedger, type ViolationSources } from './violation-ledger.ts'

let folder = ''
let recorder: Recorder
let reader: LogReader
/** Ids of the events that were judged, in that order. */
let judged: string[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-violations-'))
  recorder = await Recorder.open({ folder, clock: () => 1_790_000_000_000_000_000n as UnixNano }) // in range
  reader = LogReader.open({ folder })
  judged = []
})
afterEach(async () => {
  reader[Symbol.dispose]()
  await recorder[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const GROUPS = recordedGroups('openinference')
const AGENT = GROUPS[0]?.envelope.agent ?? ''

/** Denies every tool call. */
function violationOf(event: Event) {
  judged.push(event.id)
  return event.body.kind === 'tool-call'
    ? ({
        artifact: 'a',
        kind: 'mcp-tools',
        pointer: '/tools',
        what: 'a tool',
        mode: 'enforce',
        profileDigest: 'p',
      } as const)
    : undefined
}

function ledgerSince(from: number, read: ViolationSources['reader'] = reader): ViolationLedger {
  const period = { artifact: 'a', kind: 'mcp-tools', mode: 'enforce', from, at: '2026-10-01T00:00:00Z' } as const
  const state: RolloutState = { ...NO_ROLLOUT, force: new Map([[AGENT, [period]]]) }
  const recorded = new RecordedViolations({ recorder, reader })
  return new ViolationLedger({ reader: read, policies: { violationOf }, state: () => state, recorded })
}

test('every act since the first policy is judged once, what is new included, and each violation names its row', async () => {
  await recorder.append(GROUPS)
  const ledger = ledgerSince(0)
  expect(ledger.of(AGENT, undefined)).toEqual([])
  await ledger.look()
  expect(ledger.isWhole(AGENT)).toBe(true)
  const found = ledger.of(AGENT, undefined)
  expect(found.length).toBeGreaterThan(0)
  expect(found[0]?.row).toBe(`row~${found[0]?.event.id}`)
  const before = judged.length
  await ledger.look()
  expect(judged.length).toBe(before)
  await recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: '' })
  await ledger.look()
  expect(judged.length).toBe(before)
  expect(new Set(judged).size).toBe(judged.length)
})

test('ENF-12 a violation is on record once with the policy that denies it, also after a restart', async () => {
  await recorder.append(GROUPS)
  const ledger = ledgerSince(0)
  await ledger.look()
  const found = ledger.of(AGENT, undefined)
  const recorded = () => reader.controls('policy-violations').flatMap(({ record }) => named(record))
  expect(
    recorded()
      .map(({ event }) => event)
      .toSorted(),
  ).toEqual(found.map(({ event }) => event.id).toSorted())
  expect(recorded()[0]).toMatchObject({ artifact: 'a', kind: 'mcp-tools', pointer: '/tools', mode: 'enforce' })
  const before = recorded().length
  await ledger.look()
  await ledgerSince(0).look()
  expect(recorded().length).toBe(before)
})

function named(record: ControlRecord) {
  return record.kind === 'policy-violations' ? record.violations : []
}

test('what lies before the first policy is not read, nor is what an agent without one did', async () => {
  await recorder.append(GROUPS)
  const ledger = ledgerSince(reader.size())
  await ledger.look()
  expect(judged).toEqual([])
  expect(ledger.isWhole(AGENT)).toBe(true)
  expect(ledger.of('host:-/nobody', undefined)).toEqual([])
})

test('acts in cold storage that is not attached fail no look, and are never taken for judged', async () => {
  await recorder.append(GROUPS)
  const cold = {
    size: () => reader.size(),
    segments: reader.segments.bind(reader),
    entries: () => {
      throw new RecorderError('cold', 'the folder of cold storage is not attached')
    },
  }
  const ledger = ledgerSince(0, cold)
  await ledger.look()
  expect(ledger.of(AGENT, undefined)).toEqual([])
  expect(ledger.isWhole(AGENT)).toBe(false)
})

test('an instant leaves out what was claimed after it', async () => {
  await recorder.append(GROUPS)
  const ledger = ledgerSince(0)
  await ledger.look()
  expect(ledger.of(AGENT, '2001-01-01T00:00:00Z')).toEqual([])
  expect(ledger.of(undefined, '2100-01-01T00:00:00Z').length).toBeGreaterThan(0)
})
