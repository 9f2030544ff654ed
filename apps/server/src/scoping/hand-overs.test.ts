import type { AgentId, EventId, EventSummary, ExecutionGraph, Sha256 } from '@holdfast/model'
import { expect, test } from 'vitest'
import { handOversOf } from './hand-overs.ts'
import { HANDOVERS_MADE } from './limits.ts'
import { Texts } from './texts.ts'

type Told = Pick<EventSummary, 'id' | 'entry' | 'agent' | 'body'>

const GRAPH: ExecutionGraph = {
  conversation: 'c',
  agents: [],
  traces: [],
  nodes: [],
  edges: [],
  contradictions: [],
  unjoined: [],
  cut: { nodes: 0, edges: 0, hops: 0 },
}

/** The log of these tests holds no texts. */
function handOvers(events: readonly Told[]) {
  return handOversOf({ graph: GRAPH, principals: new Set(), texts: new Texts({ entry: () => undefined }), events })
}

function memory(operation: 'read' | 'write', at: number, agent: string, text = 'one'): Told {
  return {
    id: `${operation}-${at}` as EventId, // an id of these tests
    entry: at,
    agent: { id: agent as AgentId, name: agent }, // likewise
    body: {
      kind: 'memory',
      operation,
      store: 'notes',
      record: 'plan',
      content: {
        state: 'captured',
        digest: text.padEnd(64, '0') as Sha256, // likewise
        bytes: text.length,
        mediaType: 'text/plain',
        values: [],
      },
    },
  }
}

function many(count: number, make: (at: number) => Told): readonly Told[] {
  return Array.from({ length: count }, (_, at) => make(at))
}

test('a record that was written and read many times is one hand-over for each text, giver and receiver', () => {
  const events = [
    ...many(3_000, (at) => memory('write', at, 'writer', at % 2 === 0 ? 'one' : 'two')),
    ...many(3_000, (at) => memory('read', at, at % 3 === 0 ? 'writer' : `reader-${at % 3}`)),
  ]
  const { handovers, beyond } = handOvers(events)
  expect(handovers.map(({ id }) => id).toSorted()).toEqual([
    'memory plan write-0 reader-1',
    'memory plan write-0 reader-2',
    'memory plan write-1 reader-1',
    'memory plan write-1 reader-2',
  ])
  expect(new Set(handovers.map(({ giver }) => giver))).toEqual(new Set(['writer']))
  expect(beyond).toBe(0)
  expect(
    handOvers(events.toReversed())
      .handovers.map(({ id }) => id)
      .toSorted(),
  ).toEqual(handovers.map(({ id }) => id).toSorted())
})

test('S2 givers and receivers past the bound are counted and not made', () => {
  const { handovers, beyond } = handOvers([
    ...many(1_000, (at) => memory('write', at, `writer-${at}`, `text ${at}`)),
    ...many(1_000, (at) => memory('read', at, `reader-${at}`)),
  ])
  expect(handovers.length).toBe(HANDOVERS_MADE)
  expect(beyond).toBe(1_000_000 - HANDOVERS_MADE)
})

test('S2 work that many were given under one id and name is bounded as well', () => {
  const delegation = (at: number, agent: string): Told => ({
    id: `given-${agent}-${at}` as EventId, // an id of these tests
    entry: at,
    agent: { id: agent as AgentId, name: agent.startsWith('taker') ? 'desk' : agent }, // likewise
    body: {
      kind: 'delegation',
      mechanism: 'handoff',
      delegationId: 'same',
      to: 'desk',
      payload: { state: 'not-captured', reason: 'instrumentation-omits' },
    },
  })
  const { handovers, beyond } = handOvers([
    ...many(500, (at) => delegation(at, `giver-${at}`)),
    ...many(500, (at) => delegation(at, `taker-${at}`)),
  ])
  expect(handovers.length).toBe(HANDOVERS_MADE)
  expect(beyond).toBe(250_000 - HANDOVERS_MADE)
})
