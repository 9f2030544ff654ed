import { scanOtlp } from '@holdfast/capture'
import type { LogEntry, UnixNano } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entriesOf, recordedGroups } from '../testing/entries.ts'
import { type AgentDoc, type ConversationDoc, decodeDoc } from './docs.ts'
import { foldEntries, type KeyReader } from './fold.ts'
import { foldable } from './foldable.ts'

const RECORDED_AT = 1_763_700_000_000_000_000n as UnixNano
const ENTRIES = entriesOf(['ai-sdk-v7', 'otel-genai', 'claude-code', 'strands'].flatMap(recordedGroups), RECORDED_AT)

test('folding in any order and in batches of any size gives the same lists and counts', () => {
  const expected = listing(fold([ENTRIES]))
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...ENTRIES], { minLength: ENTRIES.length }),
      fc.integer({ min: 1, max: 20 }),
      (shuffled, size) => {
        const renumbered = shuffled.map((entry, index) => ({ ...entry, index }))
        const batches = Array.from({ length: Math.ceil(renumbered.length / size) }, (_, i) =>
          renumbered.slice(i * size, (i + 1) * size),
        )
        expect(listing(fold(batches))).toEqual(expected)
      },
    ),
    { numRuns: 50, verbose: true },
  )
})

test('an entry that comes a second time counts as an entry and not as an act', () => {
  const once = docs<ConversationDoc>(fold([ENTRIES]), 'c/')
  const again = ENTRIES.map((entry) => ({ ...entry, index: entry.index + ENTRIES.length }))
  const twice = docs<ConversationDoc>(fold([ENTRIES, again]), 'c/')
  expect(twice.map(({ modelCalls, toolCalls }) => ({ modelCalls, toolCalls }))).toEqual(
    once.map(({ modelCalls, toolCalls }) => ({ modelCalls, toolCalls })),
  )
  expect(twice.map(({ entries }) => entries)).toEqual(once.map(({ entries }) => entries * 2))
})

test('an agent counts an entry that comes again, whatever its bytes, once', () => {
  const once = docs<AgentDoc>(fold([ENTRIES]), 'a/')
  const again = ENTRIES.map((entry) => ({ ...entry, index: entry.index + ENTRIES.length }))
  const twice = docs<AgentDoc>(fold([ENTRIES, again]), 'a/')
  expect(twice.map(({ id, entries }) => [id, entries])).toEqual(once.map(({ id, entries }) => [id, entries]))
})

test('the title of a conversation is the last user message of its first model call', () => {
  const titles = docs<ConversationDoc>(fold([ENTRIES]), 'c/').map(({ title }) => title?.text)
  expect(titles).toContain('Where is order 4711?')
})

test('an agent counts every entry and knows its dialects', () => {
  const agents = docs<AgentDoc>(fold([ENTRIES]), 'a/')
  expect(agents.reduce((sum, { entries }) => sum + entries, 0)).toBe(ENTRIES.length)
  expect(agents.flatMap(({ dialects }) => dialects.map(([name]) => name.split('\n')[0]))).toContain('otel-genai')
})

test('a trace without an act is no row of a list until an act comes, and then it is one whichever came first', () => {
  const [start, call] = entriesOf(
    [spanOf('1', 'start', []), spanOf('2', 'chat', [['gen_ai.operation.name', 'chat']])].flat(),
    RECORDED_AT,
  )
  if (start === undefined || call === undefined) throw new Error('two spans are two entries')
  const rows = (store: ReadonlyMap<string, Uint8Array>) =>
    [...store.keys()].filter((key) => /^(r|ra|rn)\//.test(key)).map((key) => key.split('/')[0])
  const quiet = fold([[start]])
  expect(rows(quiet)).toEqual(['rn'])
  expect(docs<AgentDoc>(quiet, 'a/').map(({ conversations }) => conversations)).toEqual([0])
  const whole = fold([[start], [call]])
  expect(new Set(rows(whole))).toEqual(new Set(['r', 'ra']))
  expect(docs<AgentDoc>(whole, 'a/').map(({ conversations }) => conversations)).toEqual([1])
  expect(listing(fold([[{ ...call, index: 0 }], [{ ...start, index: 1 }]]))).toEqual(listing(whole))
  expect(listing(fold([[start, call]]))).toEqual(listing(whole))
})

test('what is left of an erased record is a row, though it says no more what it was', () => {
  const [call] = entriesOf(spanOf('1', 'start', []), RECORDED_AT)
  if (call === undefined) throw new Error('a span is an entry')
  const store = fold([[{ ...call, body: undefined }]])
  expect([...store.keys()].some((key) => key.startsWith('r/'))).toBe(true)
})

/** A request of one span of one trace. */
function spanOf(id: string, name: string, pairs: readonly (readonly [string, string])[]) {
  const span = {
    traceId: 'a'.repeat(32),
    spanId: id.padStart(16, '0'),
    name,
    startTimeUnixNano: String(RECORDED_AT),
    attributes: pairs.map(([key, stringValue]) => ({ key, value: { stringValue } })),
  }
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }))
  const arrival = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
  const scanned = scanOtlp({ signal: 'traces', encoding: 'json', body, arrival })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  return scanned.groups
}

function fold(batches: readonly (readonly LogEntry[])[]): ReadonlyMap<string, Uint8Array> {
  const store = new Map<string, Uint8Array>()
  const reader: KeyReader = {
    get: (key) => store.get(key),
    scan: ({ prefix, limit }) =>
      [...store]
        .filter(([key]) => key.startsWith(prefix))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit),
  }
  for (const batch of batches) {
    const { puts, deletes } = foldEntries(reader, batch.map(foldable))
    for (const [key, bytes] of puts) store.set(key, bytes)
    for (const key of deletes) store.delete(key)
  }
  return store
}

function docs<T>(store: ReadonlyMap<string, Uint8Array>, prefix: string): readonly T[] {
  return [...store]
    .filter(([key]) => key.startsWith(prefix))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, bytes]) => decodeDoc<T>(bytes))
}

/** What lists show: everything but the event rows, whose keys hold log positions. */
function listing(store: ReadonlyMap<string, Uint8Array>): readonly unknown[] {
  const sorted = docs<AgentDoc>(store, 'a/').map((doc) => ({
    ...doc,
    dialects: doc.dialects.toSorted(byJson),
    unmapped: doc.unmapped.toSorted(byJson),
    contents: doc.contents.toSorted(byJson),
  }))
  const keys = [...store.keys()].filter((key) => /^(r|ra|rn|m|n|np|x)\//.test(key)).toSorted()
  return [sorted, docs(store, 'c/'), docs(store, 't/'), docs(store, 'na'), keys]
}

function byJson(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

test('whom only an audit log tells of is no agent of the list, until it is heard or seen itself', () => {
  const audited = ENTRIES.slice(0, 1).map((entry) => ({
    ...entry,
    envelope: { ...entry.envelope, channel: 'cloudtrail' as const },
  }))
  const of = (state: ReadonlyMap<string, Uint8Array>, prefix: string) =>
    [...state.keys()].filter((key) => key.startsWith(prefix)).length
  const first = fold([audited])
  expect([of(first, 'np/'), of(first, 'n/')]).toEqual([1, 0])
  const then = fold([audited, ENTRIES.slice(0, 1).map((entry) => ({ ...entry, index: 1 }))])
  expect([of(then, 'np/'), of(then, 'n/')]).toEqual([0, 1])
})
