import type { ApiEvent } from '@holdfast/api'
import { summarise } from '@holdfast/graph'
import type { Event, EventBody } from '@holdfast/model'
import { randomFrom } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { toApiEvent } from '../views/api-event.ts'
import { measureModelCoverage, modelCoverageCheck } from './model-coverage-check.ts'
import { modelCoverage, type ModelEvents } from './model-coverage.ts'

const START = 1_790_000_000_000_000_000n
const SECOND = 1_000_000_000n
const LATER = START + 1_000_000n * SECOND
const MODEL = '203.0.113.10'

type Told = { readonly at: bigint; readonly until?: bigint; readonly span?: string; readonly agent?: string }

let entries = 0
/** An event as the pages get it, of what a normaliser makes. */
function told(body: EventBody, { at, until, span, agent = 'desk' }: Told): ApiEvent {
  entries += 1
  const isKernel = body.kind === 'connection' || body.kind === 'dns'
  const event = {
    id: `e${entries}`,
    entry: entries,
    claimedAt: at,
    ...(until === undefined ? {} : { claimedUntil: until }),
    recordedAt: at,
    agent: { id: `host:h/${agent}`, name: agent },
    context: span === undefined ? { session: 's' } : { session: 's', trace: 't', span },
    source: { channel: isKernel ? 'sensor' : 'otlp', tier: isKernel ? 'kernel' : 'self-reported' },
    body,
  } as unknown as Event // as normalised
  return toApiEvent(summarise(event), { index: entries })
}

const lookedUp = told(
  { kind: 'dns', action: 'answer', name: 'api.openai.com', recordType: 'A', answers: [MODEL] },
  { at: START },
)

function connection(socket: number, from: bigint, to: bigint, address = MODEL, agent = 'desk'): readonly ApiEvent[] {
  const base = { kind: 'connection', protocol: 'tcp', remote: { address, port: 443 }, socket: String(socket) } as const
  return [
    told({ ...base, action: 'connect', result: -115 }, { at: from, agent }),
    told({ ...base, action: 'close', result: 0 }, { at: to, agent }),
  ]
}

function prompts(call: number, from: bigint, to: bigint, agent = 'desk'): readonly ApiEvent[] {
  const content = { state: 'captured', text: 'what to do', mediaType: 'text/plain' } as never // as normalised
  return ['system', 'user'].map((role, ordinal) =>
    told(
      { kind: 'prompt', role: role as 'user', ordinal, content },
      { at: from, until: to, span: `${agent}-${call}`, agent },
    ),
  )
}

/** Calls, each over a connection of its own, eight at a time; the prompts of those that are `hidden` were not captured. */
function story(count: number, hidden: (call: number) => boolean): ModelEvents {
  const random = randomFrom(15)
  const connections: ApiEvent[] = []
  const captured: ApiEvent[] = []
  for (let call = 0; call < count; call++) {
    const from = START + BigInt(Math.floor(call / 8)) * 4n * SECOND + BigInt(Math.floor(random() * 1e9))
    const to = from + SECOND + BigInt(Math.floor(random() * 2e9))
    connections.push(...connection(call, from, to))
    // The span begins before its connection does, and ends after the answer.
    if (!hidden(call)) captured.push(...prompts(call, from - 3_000_000n, to - 1_000_000n))
  }
  const elsewhere = connection(count, START, LATER, '198.51.100.9')
  return { connections: [...connections, ...elsewhere], names: [lookedUp], calls: [], prompts: captured }
}

test('CAP-15 hiding one in five calls shows 0.80', () => {
  const random = randomFrom(5)
  const hidden = new Set<number>()
  while (hidden.size < 100) hidden.add(Math.floor(random() * 500))
  const {
    connections,
    captured,
    share = 0,
  } = modelCoverage(
    story(500, (call) => hidden.has(call)),
    LATER,
  )
  expect(connections).toBe(500)
  expect(Math.abs(share - 0.8)).toBeLessThanOrEqual(0.01)
  expect(captured).toBe(Math.round(share * 500))
})

test.each([
  ['none', () => false, 1],
  ['all', () => true, 0],
  ['the last fifth, one after the other', (call: number) => call >= 400, 0.8],
])('CAP-15 with %s of the calls hidden the figure says so', (_, hidden, expected) => {
  expect(modelCoverage(story(500, hidden), LATER).share).toBeCloseTo(expected, 2)
})

test('calls of one agent do not stand for connections of another, and what is elsewhere is no model connection', () => {
  const desk = story(10, () => false)
  const mute = connection(99, START, START + SECOND, MODEL, 'mute')
  const found = modelCoverage({ ...desk, connections: [...desk.connections, ...mute] }, LATER)
  expect(found).toMatchObject({
    connections: 11,
    captured: 10,
    agents: [
      { name: 'mute', connections: 1, captured: 0, share: 0 },
      { name: 'desk', connections: 10, captured: 10, share: 1 },
    ],
  })
})

test('a connection with many calls counts once, and one that is too new to be told of counts not yet', () => {
  const kept = connection(1, START, START + 100n * SECOND)
  const calls = [1, 2, 3].flatMap((call) =>
    prompts(call, START + BigInt(call) * SECOND, START + BigInt(call + 1) * SECOND),
  )
  const fresh = connection(2, START + 90n * SECOND, START + 95n * SECOND)
  const events = { connections: [...kept, ...fresh], names: [lookedUp], calls: [], prompts: calls }
  expect(modelCoverage(events, START + 60n * SECOND)).toMatchObject({ connections: 1, captured: 1 })
})

test('a model on an address of its own is known by what calls say of it', () => {
  const connections = connection(1, START, START + SECOND, '10.0.0.5')
  const call = { kind: 'model-call', operation: 'chat', finishReasons: [], usage: {}, messages: 1 } as const
  const calls = [told({ ...call, endpoint: '10.0.0.5:443' }, { at: START })]
  const events = { connections, names: [], calls, prompts: [] }
  expect(modelCoverage(events, LATER)).toMatchObject({ connections: 1, captured: 0 })
  expect(modelCoverage({ ...events, calls: [] }, LATER)).toMatchObject({ connections: 0 })
})

test('CAP-15 the doctor says the figure, what it counted and who is short of it', async () => {
  const events = story(50, (call) => call % 5 === 0)
  const byKind = new Map([
    ['connection', events.connections],
    ['dns', events.names],
    ['model-call', events.calls],
    ['prompt', events.prompts],
  ])
  const views = {
    ask: async (_: string, { query }: { readonly query: { readonly kind: string } }) =>
      JSON.stringify({ items: byKind.get(query.kind) }),
  } as never // answers as the worker does
  const found = await measureModelCoverage(views, LATER as never) // some time
  expect(found).toMatchObject({ connections: 50, captured: 40, share: 0.8 })
  expect(modelCoverageCheck(found)).toMatchObject({
    status: 'WARN',
    detail: '0.80: 40 of 50 connections that the kernel saw open; desk 40 of 50',
  })
  expect(modelCoverageCheck({ connections: 0, captured: 0, agents: [] })).toMatchObject({ status: 'PASS' })
})
