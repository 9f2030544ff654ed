import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scanOtlp } from '@holdfast/capture'
import type { Answer } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { LogReader, ProjectionStore, Recorder } from '@holdfast/recorder'
import { expect, test, vi } from 'vitest'
import { wallClock } from '../clock.ts'
import { entriesOf } from '../testing/entries.ts'
import { firstQuery } from './answer-cache.ts'
import { foldEntries } from './fold.ts'
import { foldable } from './foldable.ts'
import { compare } from './trace-doc.ts'
import { Views } from './views.ts'

const RECORDED_AT = 1_763_700_000_000_000_000n as UnixNano // one fixed instant
const ARRIVAL = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
const TRACES = 1_200

/** The drawings that a conversation opens with, as answers are kept under them. */
const [AGGREGATED, AS_RUN] = ['getDrawnGraph aggregated 150', 'getDrawnGraph as-run 150']
/** Its first rows, which the tree and the table ask for. */
const ROWS = 'listRows 200'

test('warming reads a conversation once, however many traces of it have grown, and leaves it warm', async () => {
  using t = await workspace(['desk'])
  const scan = vi.spyOn(t.store, 'scan')
  const pages = t.views.cold().flatMap((name) => [...t.views.firstPages(name)])
  for (const page of pages) t.views.keep(page)
  expect(t.views.cold()).toEqual([])
  // One read of each trace's events for the graph, and a few of the list of its traces.
  expect(scan.mock.calls.length).toBeLessThan(TRACES + 50)
  scan.mockClear()
  for (const question of ['getDrawnGraph', 'listRows', 'getStrip'] as const) {
    expect(t.views.answerJson(question, { conversation: 'shared', query: firstQuery(question) })).toContain(
      'host:-/desk',
    )
  }
  expect(scan.mock.calls.length).toBeLessThan(10)
})

test('traces of one name are one conversation where an agent is in both, whatever lies between them', async () => {
  using t = await workspace(['desk', 'till'])
  const found = t.views.answer('listConversations', { query: {} }) as { items: { id: string; events: number }[] }
  const sizes = Object.fromEntries(found.items.map(({ id, events }) => [id, events]))
  expect(sizes).toEqual({ 'shared~host:-/desk': TRACES / 2, 'shared~host:-/till': TRACES / 2 })
})

test('every agent is on a page of the list, however many there are', async () => {
  const names = Array.from({ length: TRACES }, (_, i) => `agent-${i}`)
  using t = await workspace(names)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const query = { limit: 500, ...(cursor === undefined ? {} : { cursor }) }
    const page = t.views.answer('listAgents', { query }) as Answer<'listAgents'> // the route's own answer
    expect(page.total).toBe(TRACES)
    seen.push(...page.items.map(({ name }) => name))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  expect(seen.toSorted(compare)).toEqual(names.toSorted(compare))
  expect(t.views.answer('listAgents', { query: { q: 'agent-1199' } })).toMatchObject({
    total: 1,
    items: [{ events: 1 }],
  })
})

test('a conversation is found by the id that was sent, however long, with the blanks around it', async () => {
  const id = ` ${'x'.repeat(300)} `
  using t = await workspace(['desk'], id)
  for (const asked of [id, id.trim(), id.trim().slice(0, 256)]) {
    expect(t.views.answer('getConversation', { conversation: asked })).toMatchObject({ events: TRACES })
  }
})

test('a graph that grew open while its traces came is the one that is read at once', async () => {
  using t = await workspace(['desk'])
  const grown = new Views(t)
  t.store.clear()
  const scan = vi.spyOn(t.store, 'scan')
  for (let from = 0; from < t.inputs.length; from += 100) {
    const batch = t.inputs.slice(from, from + 100)
    t.store.apply({ cursor: from + batch.length, ...foldEntries(t.store, batch) })
    grown.grew(batch)
  }
  const question = ['getDrawnGraph', { conversation: 'shared', query: firstQuery('getDrawnGraph') }] as const
  expect(grown.derivedFor(...question)).toEqual({ conversation: 'shared', first: AGGREGATED })
  scan.mockClear()
  const graph = JSON.stringify(grown.answer('getGraph', { conversation: 'shared' }))
  expect(scan.mock.calls.length).toBeLessThan(10)
  expect(grown.derivedFor(...question)).toBeUndefined()
  expect(JSON.stringify(new Views(t).answer('getGraph', { conversation: 'shared' }))).toBe(graph)
})

test('a large conversation that has grown shows its last graph at once, and how far that reaches', async () => {
  using t = await workspace(['desk'])
  const [early, late] = [t.inputs.slice(0, 1_100), t.inputs.slice(1_100)]
  t.store.clear()
  t.store.apply({ cursor: early.length, ...foldEntries(t.store, early) })
  const views = new Views(t)
  expect(views.doubled(early, { from: 1_000 })).toEqual(['shared'])
  const pages = [...views.firstPages('shared')]
  for (const page of pages) views.keep(page)
  expect(new Views(t).doubled(early, { from: 1_000 })).toEqual([])
  expect(views.lastJson('shared', AGGREGATED)).toBeUndefined()
  t.store.apply({ cursor: t.inputs.length, ...foldEntries(t.store, late) })
  const asked = ['getDrawnGraph', { conversation: 'shared', query: firstQuery('getDrawnGraph') }] as const
  expect(views.derivedFor(...asked)).toEqual({ conversation: 'shared', first: AGGREGATED })
  const drawn = pages.flatMap(({ answers }) => answers.map(([, json]) => json))[0] ?? ''
  const behind = { records: 1_100, newer: 100 }
  expect(JSON.parse(views.lastJson('shared', AGGREGATED) ?? '')).toEqual({ behind, ...(JSON.parse(drawn) as object) })
  const asRun = JSON.parse(views.lastJson('shared', AS_RUN) ?? '') as object
  expect(asRun).toMatchObject({ behind, mode: 'as-run' })
  const rows = pages.flatMap(({ answers }) => answers).find(([variant]) => variant === ROWS)
  expect(JSON.parse(views.lastJson('shared', ROWS) ?? '')).toEqual({
    behind,
    ...(JSON.parse(rows?.[1] ?? '') as object),
  })
  for (const page of new Views(t).firstPages('shared')) views.keep(page)
  expect(views.lastJson('shared', AGGREGATED)).toBeUndefined()
  expect(views.answerJson(...asked)).not.toContain('behind')
})

test('a graph that was derived while its conversation grew is kept as its last, and replaces none that reaches further', async () => {
  using t = await workspace(['desk'])
  const early = t.inputs.slice(0, 1_100)
  t.store.clear()
  t.store.apply({ cursor: early.length, ...foldEntries(t.store, early) })
  const outdated = [...new Views(t).firstPages('shared')]
  t.store.apply({ cursor: t.inputs.length, ...foldEntries(t.store, t.inputs.slice(1_100)) })
  const views = new Views(t)
  for (const page of outdated) views.keep(page)
  for (const page of [AGGREGATED, AS_RUN, ROWS])
    expect(views.lastJson('shared', page)).toContain('"behind":{"records":1100,"newer":100}')
  const newest = [...views.firstPages('shared')]
  for (const page of [...newest, ...outdated]) views.keep(page)
  expect(views.cold()).toEqual([])
  expect(views.lastJson('shared', AGGREGATED)).toBeUndefined()
})

test('the first pages of a conversation are of one graph, however it grows while they are derived', async () => {
  using t = await workspace(['desk'])
  const early = t.inputs.slice(0, 1_100)
  t.store.clear()
  t.store.apply({ cursor: early.length, ...foldEntries(t.store, early) })
  const drawnAlone = JSON.stringify(
    new Views(t).answer('getDrawnGraph', { conversation: 'shared', query: { mode: 'as-run', limit: 150 } }),
  )
  const views = new Views(t)
  const pages = views.firstPages('shared')
  pages.next()
  t.store.apply({ cursor: t.inputs.length, ...foldEntries(t.store, t.inputs.slice(1_100)) })
  const answers = new Map([...pages].flatMap((page) => page.answers))
  expect(answers.get(AS_RUN)).toBe(drawnAlone)
  // Afterwards the newest is seen again.
  expect(views.answer('getDrawnGraph', { conversation: 'shared', query: {} })).toEqual(
    new Views(t).answer('getDrawnGraph', { conversation: 'shared', query: {} }),
  )
})

/** A folded workspace in which each of the agents in turn sent a trace of the conversation. */
async function workspace(agents: readonly string[], conversation = 'shared') {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-views-'))
  await using recorder = await Recorder.open({ folder, clock: wallClock })
  const groups = Array.from({ length: TRACES }, (_, i) =>
    traceOf(i, agents[i % agents.length] ?? '', conversation),
  ).flat()
  await recorder.append(groups)
  const store = ProjectionStore.open({ folder, name: 'workspace', version: 1 })
  const reader = LogReader.open({ folder })
  const views = new Views({ reader, store })
  const inputs = entriesOf(groups, RECORDED_AT).map(foldable)
  store.apply({ cursor: inputs.length, ...foldEntries(store, inputs) })
  views.grew(inputs)
  return {
    views,
    store,
    reader,
    inputs,
    [Symbol.dispose]() {
      store[Symbol.dispose]()
      reader[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function traceOf(i: number, service: string, conversation: string) {
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const span = {
    traceId: (i + 1).toString(16).padStart(32, '0'),
    spanId: (i + 1).toString(16).padStart(16, '0'),
    name: 'chat',
    startTimeUnixNano: String(RECORDED_AT),
    attributes: [attribute('gen_ai.operation.name', 'chat'), attribute('gen_ai.conversation.id', conversation)],
  }
  const resource = { attributes: [attribute('service.name', service)] }
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }))
  const scanned = scanOtlp({ signal: 'traces', encoding: 'json', body, arrival: ARRIVAL })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  return scanned.groups
}
