import { scanOtlp } from '@holdfast/capture'
import type { AgentId, LogEntry, UnixNano } from '@holdfast/model'
import { RecorderError } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { SAMPLING_BYTES, SAMPLING_ENTRIES } from '../limits.ts'
import { entriesOf, recordedGroups } from '../testing/entries.ts'
import { foldEntries, type KeyReader } from './fold.ts'
import { foldable } from './foldable.ts'
import { samplingSigns } from './sampling.ts'

const RECORDED_AT = 1_763_700_000_000_000_000n as UnixNano
const LATER = (RECORDED_AT + 1n) as UnixNano

type Span = { readonly id: number; readonly parent?: number; readonly flags?: number; readonly traceState?: string }

/** Entries of one trace of one service. */
function told(service: string, spans: readonly Span[]): readonly LogEntry[] {
  const id = (place: number): string => place.toString(16).padStart(16, '0')
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const written = spans.map(({ id: own, parent, ...stated }) => ({
    traceId: 'a'.repeat(32),
    spanId: id(own),
    ...(parent === undefined ? {} : { parentSpanId: id(parent) }),
    ...stated,
    name: 'chat',
    kind: 1,
    startTimeUnixNano: String(RECORDED_AT),
    attributes: [attribute('gen_ai.operation.name', 'chat')],
  }))
  const resource = { attributes: [attribute('service.name', service)] }
  const request = { resourceSpans: [{ resource, scopeSpans: [{ spans: written }] }] }
  const arrival = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
  const body = Buffer.from(JSON.stringify(request))
  const scanned = scanOtlp({ signal: 'traces', encoding: 'json', body, arrival })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  return entriesOf(scanned.groups, RECORDED_AT)
}

function signsOf(groups: readonly (readonly LogEntry[])[], { stillSince = LATER, isCold = false } = {}) {
  const entries = groups.flat().map((entry, index) => ({ ...entry, index }))
  const held = new Map<string, Uint8Array>()
  const store: KeyReader = {
    get: (key) => held.get(key),
    scan: ({ prefix, limit }) =>
      [...held]
        .filter(([key]) => key.startsWith(prefix))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit),
  }
  for (const [key, bytes] of foldEntries(store, entries.map(foldable)).puts) held.set(key, bytes)
  const entry = (index: number) => {
    if (isCold) throw new RecorderError('cold', 'the folder of cold storage is not attached')
    return entries[index]
  }
  const agent = entries[0]?.envelope.agent ?? ('' as AgentId)
  const sources = {
    reader: { entry },
    store: {
      ...store,
      scan: (query: Parameters<KeyReader['scan']>[0]) =>
        [...store.scan(query)].map(([key, value]): [string, Uint8Array] => [key, value]),
    },
  }
  return samplingSigns(sources, { agent, stillSince })
}

test('where every parent came and nothing is stated there is no sign', () => {
  expect(signsOf([told('desk', [{ id: 1 }, { id: 2, parent: 1 }])])).toEqual({
    spans: 2,
    thinned: 0,
    settled: 1,
    orphans: 0,
    orphaned: 0,
  })
})

test.each([
  'adk',
  'ai-sdk-v7',
  'claude-code',
  'crewai',
  'mastra',
  'openai-agents',
  'openllmetry',
  'otel-genai',
  'strands',
])('of %s, which sent every span, there is no sign', (dialect) => {
  const signs = signsOf([entriesOf(recordedGroups(dialect), RECORDED_AT)])
  expect(signs).toMatchObject({ spans: expect.any(Number), thinned: 0, orphans: 0 })
  expect(signs.spans).toBeGreaterThan(0)
})

test('what samplers state is counted, with the least share that is kept', () => {
  const spans = [{ id: 1, traceState: 'ot=th:8' }, { id: 2, traceState: 'ot=th:c' }, { id: 3 }]
  expect(signsOf([told('desk', spans)])).toMatchObject({ spans: 3, thinned: 2, leastShare: 0.25 })
})

test('a parent that never came is counted once the trace stands still, and not before', () => {
  const group = told('desk', [
    { id: 2, parent: 1 },
    { id: 3, parent: 2 },
  ])
  expect(signsOf([group])).toMatchObject({ settled: 1, orphans: 1, orphaned: 1 })
  expect(signsOf([group], { stillSince: (RECORDED_AT - 1n) as UnixNano })).toMatchObject({ settled: 0, orphans: 0 })
})

test('a parent counts as there whoever told of it, and one that ran elsewhere is not waited for', () => {
  const caller = told('gateway', [{ id: 1 }])
  expect(signsOf([told('desk', [{ id: 2, parent: 1 }]), caller])).toMatchObject({ spans: 1, orphans: 0 })
  expect(signsOf([told('desk', [{ id: 2, parent: 1, flags: 0x301 }])])).toMatchObject({ settled: 1, orphans: 0 })
})

test('of a trace that is too long to be read whole no parent is missed', () => {
  const long = Array.from({ length: SAMPLING_ENTRIES + 1 }, (_, at) => ({ id: at + 2, parent: 1 }))
  expect(signsOf([told('desk', long)])).toMatchObject({ spans: SAMPLING_ENTRIES, settled: 0, orphans: 0 })
})

test('of a trace of large records no more is read than the bound, and no parent is missed', () => {
  const [small, large] = [
    told('desk', [{ id: 1 }]),
    told('desk', [{ id: 3, parent: 2, traceState: 'x'.repeat(SAMPLING_BYTES) }]),
  ]
  expect(signsOf([small, large])).toMatchObject({ spans: 1, settled: 0, orphans: 0 })
})

test('what lies in cold storage that is not there is passed over', () => {
  expect(signsOf([told('desk', [{ id: 2, parent: 1 }])], { isCold: true })).toMatchObject({ spans: 0, settled: 0 })
})
