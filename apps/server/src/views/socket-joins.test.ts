import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventSummary, ExecutionGraph, LogEntry, UnixNano } from '@holdfast/model'
import { LogReader, ProjectionStore, Recorder } from '@holdfast/recorder'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FoldInput } from './fold-input.ts'
import { foldEntries } from './fold.ts'
import { Views } from './views.ts'

const AGENT = 'host:h/desk'
const [A, B] = ['a'.repeat(32), 'b'.repeat(32)]
let folder = ''
let made = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-sockets-'))
  // An empty log: what is folded is given below.
  await using _recorder = await Recorder.open({ folder, clock: () => 1n as UnixNano }) // one fixed instant
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Told = {
  readonly id: string
  readonly context: object
  readonly body: object
  readonly agent?: string
  readonly tier?: string
}

const toolCall = (trace: string): Told => ({
  id: `${trace}.${'1'.repeat(16)}.${'0'.repeat(20)}.tool.call`,
  context: { trace, span: '1'.repeat(16) },
  body: { kind: 'tool-call', toolName: 'fetch', arguments: { state: 'not-captured', reason: 'instrumentation-omits' } },
})
const ends = (port: number) => ({
  protocol: 'tcp',
  local: { address: '10.0.0.1', port },
  remote: { address: '10.0.0.2', port: 80 },
})
const claim = (trace: string, port: number): Told => ({
  id: `${trace}.${'1'.repeat(16)}.${'0'.repeat(20)}.log.${port}.socket`,
  context: { trace, span: '1'.repeat(16) },
  body: { kind: 'socket', ...ends(port), pid: 7 },
})
const seen = (action: 'connect' | 'flow' | 'close', port: number, socket: number, agent = AGENT): Told => ({
  id: `kernel.b0070000.7.70.${action}.${port}.${socket}.${agent === AGENT ? 0 : 1}`,
  context: { session: `${agent}~run-1`, process: 'b0070000.7.70' },
  body: { kind: 'connection', action, ...ends(port), socket: `${socket}`, result: 0 },
  agent,
})

const STORY: readonly Told[] = [
  toolCall(A),
  claim(A, 1001),
  toolCall(B),
  claim(B, 1002),
  // Two sockets had these ends, one after the other: which one is meant nobody can say.
  claim(B, 1003),
  seen('connect', 1001, 1),
  seen('flow', 1001, 1),
  seen('close', 1001, 1),
  seen('connect', 1002, 2),
  seen('connect', 1003, 3),
  seen('connect', 1003, 4),
  // The same private addresses on another host.
  seen('connect', 1001, 1, 'host:other/desk'),
  seen('connect', 1004, 5),
]

const call = (responseId: string) => ({
  kind: 'model-call',
  operation: 'chat',
  responseId,
  finishReasons: [],
  usage: {},
  messages: 1,
})
const toldCall = (trace: string, responseId: string): Told => ({
  id: `${trace}.${'2'.repeat(16)}.${'0'.repeat(20)}.call`,
  context: { trace, span: '2'.repeat(16) },
  body: call(responseId),
  tier: 'self-reported',
})
const onWire = (responseId: string, exchange: number, agent = AGENT): Told => ({
  id: `http.sensor.${exchange}.call`,
  context: { session: `${agent}~run-1` },
  body: call(responseId),
  tier: 'boundary',
  agent,
})

test('a model call that was seen on the wire comes into the conversation that tells of its answer, and no other does', () => {
  // The second answer was seen twice, the third is another agent's: neither can be said to be the one that is told.
  const story = [
    toldCall(A, 'r1'),
    toldCall(B, 'r2'),
    onWire('r1', 1),
    onWire('r2', 2),
    onWire('r2', 3),
    onWire('r1', 4, 'host:other/desk'),
  ]
  const seenIn = (graph: ExecutionGraph | undefined): readonly string[] =>
    (graph?.nodes ?? []).flatMap(({ events }) => events).filter((id) => id.startsWith('http.'))
  for (const order of [story, story.toReversed()]) {
    for (const size of [1, 2, 6]) {
      const batches = Array.from({ length: Math.ceil(order.length / size) }, (_, i) =>
        order.slice(i * size, (i + 1) * size),
      )
      const [a, b] = graphsOf(batches)
      expect(a?.nodes).toMatchObject([{ tiers: ['boundary', 'self-reported'], trace: A }])
      expect(seenIn(a)).toEqual(['http.sensor.1.call'])
      expect(seenIn(b)).toEqual([])
    }
  }
})

test('a claimed connection comes into the conversation of its span, whichever was told first, and no other does', () => {
  const expected = graphsOf([STORY])
  expect(edgesOf(expected[0])).toEqual(['connected socket'])
  expect(edgesOf(expected[1])).toEqual(['connected socket'])
  expect(portsIn(expected[0])).toEqual([1001])
  expect(portsIn(expected[1])).toEqual([1002])
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...STORY], { minLength: STORY.length }),
      fc.integer({ min: 1, max: 5 }),
      (shuffled, size) => {
        const batches = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, i) =>
          shuffled.slice(i * size, (i + 1) * size),
        )
        expect(graphsOf(batches)).toEqual(expected)
      },
    ),
    { numRuns: 30, verbose: true },
  )
})

/** The graphs of both conversations, asked for after every batch as well. */
function graphsOf(batches: readonly (readonly Told[])[]): readonly ExecutionGraph[] {
  using reader = LogReader.open({ folder })
  made += 1
  using store = ProjectionStore.open({ folder, name: `sockets-${made}`, version: 1 })
  const views = new Views({ reader, store })
  const ask = (conversation: string) => views.answer('getGraph', { conversation }) as ExecutionGraph // the route's own answer
  let index = 0
  for (const batch of batches) {
    const inputs = batch.map((told) => inputOf(told, index++))
    store.apply({ cursor: index, ...foldEntries(store, inputs) })
    views.grew(inputs)
    ask(A)
    ask(B)
  }
  return [ask(A), ask(B)]
}

function inputOf({ id, context, body, agent = AGENT, tier = 'kernel' }: Told, index: number): FoldInput {
  const envelope = {
    channel: 'otlp-http',
    credential: 'c',
    agent,
    agentName: 'desk',
    agentClass: 'host',
    clock: 'live',
    tier: 'self-reported',
  }
  const source = {
    channel: 'otlp-http',
    instance: 'i',
    credential: 'c',
    tier,
    clock: 'live',
    dialect: 'd',
    instrumentation: '',
  }
  const at = BigInt(STORY.findIndex((told) => told.id === id) + 2)
  const event = {
    id,
    entry: index,
    claimedAt: at,
    recordedAt: 1n,
    source,
    agent: { id: agent, name: 'desk' },
    context,
    body,
  }
  // Every field that the fold reads is there; the ids are of the form that the normaliser gives.
  return {
    entry: { index, recordedAt: 1n, envelope, masks: [] } as unknown as LogEntry,
    events: [event as unknown as EventSummary],
    unmapped: [],
    sightings: [],
    observations: [],
    observed: [],
    titleOf: () => undefined,
  }
}

function edgesOf(graph: ExecutionGraph | undefined): readonly string[] {
  return (graph?.edges ?? []).filter(({ basis }) => basis === 'socket').map(({ kind, basis }) => `${kind} ${basis}`)
}

/** Local ports of the connections that the kernel told of. */
function portsIn(graph: ExecutionGraph | undefined): readonly number[] {
  const ids = (graph?.nodes ?? []).flatMap(({ events }) => events).filter((id) => id.startsWith('kernel.'))
  return [...new Set(ids.map((id) => Number(/\.(100\d)\./.exec(id)?.[1])))]
}
