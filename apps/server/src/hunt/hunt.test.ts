import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from '@holdfast/detect'
import {
  type EventSummary,
  HUNT_FIELDS,
  huntNames,
  huntMatcher,
  parseHuntQuery,
  printHuntQuery,
  type HuntField,
  type HuntTerm,
  wordPattern,
} from '@holdfast/model'
import { type LogReader, ProjectionStore } from '@holdfast/recorder'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keys } from '../incidents/keys.ts'
import { encodeDoc } from '../views/docs.ts'
import type { FoldInput } from '../views/fold-input.ts'
import { huntEvent, type StoredField } from './hunt-row.ts'
import { huntProjection } from './hunt-projection.ts'
import { HuntQueries, type HuntQuestions } from './hunt-queries.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hunt-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Made = { readonly tool: string; readonly agent: string; readonly second: number; readonly isResult: boolean }

/** An event as a normaliser gives it; what the hunt does not look at is left out of the source. */
function eventOf({ tool, agent, second, isResult }: Made, entry: number): EventSummary {
  return {
    id: `t${entry % 7}.${entry}`,
    entry,
    claimedAt: BigInt(second) * 1_000_000_000n,
    recordedAt: 1_795_000_000_000_000_000n + BigInt(entry),
    source: { channel: 'otlp-http', tier: 'self-reported' },
    agent: { id: `host:vm/${agent}`, name: agent },
    context: { trace: `t${entry % 7}`, conversation: `c${entry % 3}` },
    body: isResult ? { kind: 'tool-result', toolName: tool } : { kind: 'tool-call', toolName: tool },
  } as unknown as EventSummary // ids and tiers of a test need no parser
}

function fold(store: ProjectionStore, events: readonly EventSummary[], batch: number): void {
  for (let at = 0; at < events.length; at += batch) {
    const inputs = events.slice(at, at + batch).map((event) => ({ events: [event] }) as unknown as FoldInput)
    store.apply({ cursor: at + inputs.length, ...huntProjection.fold(store, inputs) })
  }
}

function opened(name: string): ProjectionStore {
  return ProjectionStore.open({ folder, name, version: 1 })
}

function queriesOn(store: ProjectionStore, incidents: ProjectionStore): HuntQueries {
  const reader = { size: () => store.cursor, entry: () => undefined } as unknown as LogReader // no query here asks for texts
  return new HuntQueries({ reader, store, incidents, classOf: () => 'tool-caller' })
}

type Rows = { readonly items: readonly { readonly id: string }[]; readonly nextCursor?: string }

function allRows(queries: HuntQueries, query: HuntQuestions['hunt']['query']): readonly string[] {
  const ids: string[] = []
  for (let cursor: string | undefined; ;) {
    const asked = { query: { ...query, ...(cursor === undefined ? {} : { cursor }) }, now: '0' }
    const page = finished(queries.answering('hunt', asked)) as Rows // the question's own answer
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
    if (cursor === undefined) return ids
  }
}

const made = fc.record({
  tool: fc.constantFrom('read_file', 'wire_refund', 'search'),
  agent: fc.constantFrom('refund', 'pricing'),
  second: fc.integer({ min: 1_795_000_000, max: 1_795_000_100 }),
  isResult: fc.boolean(),
})

const term = fc.oneof(
  fc.record({
    kind: fc.constant<'field'>('field'),
    field: fc.constantFrom<HuntField>('tool', 'agent', 'kind', 'conversation'),
    value: fc.constantFrom('wire_refund', 'wire*', 'refund', 'tool-call', 'c1', 't2', 'nothing'),
    isExcluded: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant<'name'>('name'),
    value: fc.constantFrom('refund', 'read', 'zzz'),
    isExcluded: fc.boolean(),
  }),
) satisfies fc.Arbitrary<HuntTerm>

test('rows and counts are those of looking at each event by itself, in whatever batches they were folded', () => {
  let run = 0
  fc.assert(
    fc.property(
      fc.array(made, { minLength: 1, maxLength: 60 }),
      fc.array(term, { maxLength: 4 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      (list, query, batch, limit) => {
        run += 1
        using store = opened(`h${run}`)
        using incidents = opened(`i${run}`)
        const events = list.map(eventOf)
        fold(store, events, batch)
        const queries = queriesOn(store, incidents)
        const q = printHuntQuery(query)
        const valuesOf = (event: EventSummary): Map<HuntField, string> =>
          new Map(
            Object.entries(huntEvent(event, 0).values).filter(([, value]) => value !== undefined) as [
              StoredField,
              string,
            ][],
          )
        const expected = events.filter((event) => huntMatcher(query)(huntEvent(event, 0).label, valuesOf(event)))
        expect(allRows(queries, { q, limit })).toEqual(expected.map(({ id }) => id).toReversed())
        const counted = finished(queries.answering('huntFacets', { query: { q, fields: 'tool' }, now: '0' })) as {
          readonly matched: number
          readonly facets: readonly { readonly values: readonly { readonly value: string; readonly count: number }[] }[]
        }
        expect(counted.matched).toBe(expected.length)
        // A field's own terms do not narrow its values.
        const others = query.filter((one) => one.kind !== 'field' || one.field !== 'tool')
        const wider = events.filter((event) => huntMatcher(others)(huntEvent(event, 0).label, valuesOf(event)))
        for (const { value, count } of counted.facets[0]?.values ?? [])
          expect(count).toBe(wider.filter((event) => valuesOf(event).get('tool') === value).length)
      },
    ),
    { numRuns: 30 },
  )
})

test('a trickle of single records is put together: three hundred events stand in few chunks', () => {
  using store = opened('trickle')
  const one = eventOf({ tool: 'search', agent: 'refund', second: 1_795_000_000, isResult: false }, 0)
  fold(
    store,
    Array.from({ length: 300 }, (_, entry) => ({ ...one, entry })),
    1,
  )
  expect(store.scan({ prefix: 'c/', limit: 100 }).length).toBeLessThan(12)
  using incidents = opened('none')
  const page = finished(queriesOn(store, incidents).answering('huntFacets', { query: {}, now: '0' }))
  expect(page).toMatchObject({ matched: 300, scanned: 300, of: 300 })
})

test('the window keeps its first instant and leaves out its last, and an order that cannot be is refused', () => {
  using store = opened('window')
  using incidents = opened('none')
  const at = (second: number) => ({ tool: 'search', agent: 'refund', second, isResult: false })
  fold(store, [at(1_795_000_000), at(1_795_000_001), at(1_795_000_002)].map(eventOf), 3)
  const queries = queriesOn(store, incidents)
  expect(allRows(queries, { from: '1795000000', to: '1795000002' })).toEqual(['t1.1', 't0.0'])
  expect(() => allRows(queries, { from: '1795000002', to: '1795000000' })).toThrow('is not before')
  expect(() => allRows(queries, { from: '2026-11-21 14:32' })).toThrow('no zone')
  expect(() => allRows(queries, { q: 'tool:"a' })).toThrow('at character 6')
})

test('an event counts for each incident that it is part of and each detector that speaks of it', () => {
  using store = opened('cases')
  using incidents = opened('evidence')
  const one = { tool: 'search', agent: 'refund', second: 1_795_000_000, isResult: false }
  fold(store, [one, one, one].map(eventOf), 3)
  const signal = (detector: string) => ({ detector, entries: [1], claimedAt: '0' })
  incidents.apply({
    cursor: 3,
    puts: [
      ['v/a', encodeDoc({ traces: ['t1'], incident: 'inc-1', signals: [signal('profile/new'), signal('provenance')] })],
      ['v/b', encodeDoc({ traces: ['t1', 't2'], incident: 'inc-2', signals: [] })],
    ],
  })
  const queries = queriesOn(store, incidents)
  const asked = { query: { fields: 'incident,signal' }, now: '0' }
  expect(finished(queries.answering('huntFacets', asked))).toMatchObject({
    facets: [
      {
        values: [
          { value: 'inc-2', count: 2 },
          { value: 'inc-1', count: 1 },
        ],
        without: 1,
      },
      {
        values: [
          { value: 'profile/new', count: 1 },
          { value: 'provenance', count: 1 },
        ],
        without: 2,
      },
    ],
  })
  expect(allRows(queries, { q: 'signal:provenance' })).toEqual(['t1.1'])
  expect(allRows(queries, { q: '-incident:inc-1' })).toEqual(['t2.2', 't0.0'])
})

test('an incident is found by what it was called before a part joined, or before its conversation had its name', () => {
  using store = opened('former')
  using incidents = opened('former-evidence')
  const one = { tool: 'search', agent: 'refund', second: 1_795_000_000, isResult: false }
  fold(store, [one, one, one].map(eventOf), 3)
  incidents.apply({
    cursor: 3,
    puts: [
      ['v/a', encodeDoc({ traces: ['t1'], incident: 'inc-1', signals: [] })],
      [keys.incident('inc-1'), encodeDoc({ id: 'inc-1' })],
      [keys.alias('inc-a'), encodeDoc('inc-1')],
      [keys.earlier('inc-e'), encodeDoc('inc-1')],
    ],
  })
  const queries = queriesOn(store, incidents)
  for (const name of ['inc-1', 'inc-a', 'INC-E']) {
    expect(allRows(queries, { q: `incident:${name}` })).toEqual(['t1.1'])
    expect(allRows(queries, { q: `-incident:${name}` })).toEqual(['t2.2', 't0.0'])
  }
  expect(allRows(queries, { q: 'incident:inc-none' })).toEqual([])
})

test('words are looked for in every name, and names of a field are no words of another', () => {
  const parsed = parseHuntQuery('wire')
  expect(parsed.status === 'ok' && parsed.query[0]?.kind).toBe('name')
  expect(wordPattern('WIRE')('wire_refund')).toBe(true)
  expect(['wire*fund', 'refund*wire'].map((word) => wordPattern(word)('a wire_refund'))).toEqual([true, false])
  for (const field of HUNT_FIELDS) expect(huntNames(field, 'a.b')).toContain('a.b')
})

test('captured texts are read of what all other terms leave, so that one tool among many is found in one answer', () => {
  using store = opened('narrowed')
  using incidents = opened('no-cases')
  const at = (tool: string) => ({ tool, agent: 'refund', second: 1_795_000_000, isResult: false })
  fold(store, [at('wire_refund'), at('search'), at('search'), at('search')].map(eventOf), 2)
  const read: number[] = []
  const reader = {
    size: () => store.cursor,
    entry: (index: number) => {
      read.push(index)
      return undefined
    },
  } as unknown as LogReader // what looking into texts calls
  const queries = new HuntQueries({ reader, store, incidents, classOf: () => undefined })
  for (const question of ['hunt', 'huntFacets'] as const)
    expect(
      finished(queries.answering(question, { query: { q: 'tool:wire_refund text:ignore' }, now: '0' })),
    ).toMatchObject({ scanned: 4, texts: { read: 1 } })
  expect(read).toEqual([0, 0])
})

test('a conversation of several traces, and an agent of several names, is one value', () => {
  using store = opened('one-value')
  using incidents = opened('none-open')
  const one = eventOf({ tool: 'search', agent: 'refund', second: 1_795_000_000, isResult: false }, 0)
  const told = (trace: string, name: string): EventSummary =>
    ({ ...one, agent: { id: 'host:vm/refund', name }, context: { trace, conversation: 'c1' } }) as EventSummary // as above
  fold(store, [told('t1', 'refund'), told('t2', 'Refund agent'), told('t3', 'refund')], 3)
  const asked = { query: { fields: 'agent,conversation' }, now: '0' }
  expect(finished(queriesOn(store, incidents).answering('huntFacets', asked))).toMatchObject({
    facets: [
      { values: [{ value: 'host:vm/refund', count: 3 }], distinct: 1 },
      { values: [{ value: 'c1', count: 3 }], distinct: 1, rest: 0 },
    ],
  })
})

test('a line feed in a name makes no second name of it', () => {
  using store = opened('feed')
  using incidents = opened('no-feed')
  fold(store, [{ tool: 'evil\nsearch', agent: 'refund', second: 1_795_000_000, isResult: false }].map(eventOf), 1)
  const queries = queriesOn(store, incidents)
  expect(allRows(queries, { q: 'tool:search' })).toEqual([])
  expect(finished(queries.answering('huntFacets', { query: { fields: 'tool' }, now: '0' }))).toMatchObject({
    facets: [{ values: [{ value: 'evil␊search', count: 1 }] }],
  })
})
