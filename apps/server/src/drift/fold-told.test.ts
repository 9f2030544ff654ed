import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scanChange } from '@holdfast/capture'
import { CONTROL_AGENT, type BodyEncoding, type Envelope, type LogEntry } from '@holdfast/model'
import { ProjectionStore } from '@holdfast/recorder'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { foldable } from '../views/foldable.ts'
import { DriftReader } from './drift-reader.ts'
import { foldDrift } from './fold-drift.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-told-'))
const opened = new DisposableStack()
afterAll(() => {
  opened.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const AGENT = 'k8s:c/n/desk'
const RECEIVED = 1_772_442_000_000_000_000n // 2026-03-02T09:00:00Z
const DAY = 86_400_000_000_000n

test('a push is of the time at which it was first received, and a replay of it days later moves and adds nothing', () => {
  const push = {
    ref: 'refs/heads/main',
    after: 'b2',
    repository: { full_name: 'acme/desk' },
    // As its writer set it: long ago, or just before what it is to explain.
    head_commit: { timestamp: '2030-01-01T00:00:00Z' },
  }
  const told = (index: number, recordedAt: bigint) => entryOf(push, { index, recordedAt })
  const reader = readerOf([told(1, RECEIVED), told(2, RECEIVED + 3n * DAY)])
  expect(reader.changes().map(({ entry, at }) => [entry, at])).toEqual([[1, '2026-03-02T09:00:00Z']])
  const byHost = { ...push, repository: { full_name: 'acme/desk', pushed_at: 1_772_438_400 } }
  expect(readerOf([entryOf(byHost, { index: 1, recordedAt: RECEIVED })]).changes()[0]?.at).toBe('2026-03-02T08:00:00Z')
})

test('the newest verdict on a change holds, in whatever order the log is folded', () => {
  const verdicts = (['evolution', 'withdrawn', 'risky'] as const).map((verdict, i) =>
    controlOf(i + 1, { kind: 'drift-verdict', agent: AGENT, change: 'c1', verdict, reason: 'x', by: `person ${i}` }),
  )
  fc.assert(
    fc.property(fc.shuffledSubarray(verdicts, { minLength: verdicts.length }), (told) => {
      expect(readerOf(told).decisions().get('c1')).toMatchObject({ verdict: 'risky', by: 'person 2', entry: 3 })
    }),
    { numRuns: 12 },
  )
})

test('what an agent or an import says in the words of a verdict is none', () => {
  const record = { kind: 'drift-verdict', agent: AGENT, change: 'c1', verdict: 'evolution', reason: 'x', by: 'kim' }
  const own = controlOf(1, record)
  const envelope = { ...entryOf({ ref: 'refs/heads/main', after: 'b2', repository: { full_name: 'a/b' } }).envelope }
  for (const encoding of ENCODINGS)
    expect(readerOf([{ ...own, envelope: { ...envelope, encoding } }]).decisions().size).toBe(0)
  expect(readerOf([own]).decisions().size).toBe(1)
})

/** All but the program's own. */
const ENCODINGS: readonly Exclude<BodyEncoding, 'control-json'>[] = [
  'otlp-span-json',
  'otlp-log-json',
  'otlp-span-proto',
  'otlp-log-proto',
  'run-json',
  'sensor-record',
  'http-exchange',
  'tetragon-json',
  'falco-json',
  'mcp-message',
  'declared-document',
  'change-json',
  'cloudtrail-json',
  'kubernetes-audit-json',
]

let stores = 0

/** The agent as it is read once these were folded, one by one. */
function readerOf(entries: readonly LogEntry[]): DriftReader {
  const store = ProjectionStore.open({ folder, name: `told-${(stores += 1)}`, version: 1 })
  opened.use(store)
  for (const entry of entries) store.apply({ cursor: store.cursor + 1, ...foldDrift(store, [foldable(entry)]) })
  return new DriftReader(store, AGENT)
}

/** A push as the webhook of a Git host puts it on record. */
function entryOf(push: object, { index = 1, recordedAt = RECEIVED } = {}): LogEntry {
  const frame = JSON.stringify({ holdfastChange: { agent: AGENT, as: 'deploy', record: push } })
  const [group] = scanChange(frame, { instance: 'git hook acme', credential: 'git:acme' }) ?? []
  if (group === undefined) throw new Error('a push is a change record')
  return entryWith(group.envelope, { index, recordedAt, body: group.bytes })
}

function controlOf(index: number, record: object): LogEntry {
  const envelope: Envelope = {
    channel: 'control',
    instance: 'holdfast',
    credential: 'holdfast',
    tier: 'boundary',
    encoding: 'control-json',
    clock: 'live',
    agent: CONTROL_AGENT,
    agentName: 'holdfast',
    resource: new Uint8Array(0),
    scope: new Uint8Array(0),
    schemaUrl: '',
  }
  return entryWith(envelope, { index, recordedAt: RECEIVED, body: Buffer.from(JSON.stringify(record)) })
}

function entryWith(
  envelope: Envelope,
  { index, recordedAt, body }: { readonly index: number; readonly recordedAt: bigint; readonly body: Uint8Array },
): LogEntry {
  return {
    index,
    recordedAt: recordedAt as LogEntry['recordedAt'], // in range
    envelope,
    bodyDigest: '0'.repeat(64) as LogEntry['bodyDigest'], // 64 hex digits
    body,
    masks: [],
  }
}
