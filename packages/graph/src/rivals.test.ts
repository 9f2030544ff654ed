import type { EventSummary, ExecutionGraph } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ConversationGraph, deriveGraph } from './conversation-graph.ts'
import { arrival, conversation } from './testing/conversations.ts'
import { orderDesk } from './testing/order-desk.ts'
import { edgesOf } from './testing/show.ts'
import * as s from './testing/story.ts'

test('G6 what another agent sends under the same spans changes no node of the first', () => {
  const honest = orderDesk().events
  const forged = honest.map((event) => forge(event, 'host:h/thief'))
  const alone = deriveGraph('conv', honest)
  const both = deriveGraph('conv', [...honest, ...forged])
  expect(nodesWithoutMarks(both, (agent) => agent !== 'host:h/thief')).toEqual(nodesWithoutMarks(alone))
  expect(both.nodes.some(({ label }) => label === 'delete_everything')).toBe(true)
})

test('G6 a clash is marked on the nodes of both agents, with the name of the other', () => {
  const story = new s.Story()
    .tell({ trace: 1, span: 1, agent: 'a' }, { call: s.toolCall('pay', s.text('EUR 10'), 'c1') })
    .tell({ trace: 1, span: 1, agent: 'b' }, { call: s.toolCall('pay', s.text('EUR 10 000 to somebody else'), 'c1') })
  const graph = deriveGraph('conv', story.events)
  expect(graph.nodes.map(({ agent, rivals, bytes }) => ({ agent, rivals, bytes }))).toEqual([
    { agent: 'host:h/a', rivals: ['host:h/b'], bytes: 6 },
    { agent: 'host:h/b', rivals: ['host:h/a'], bytes: 27 },
  ])
})

test('G6 one agent under two credentials or tiers is two tellers, and each says that there is another', () => {
  const story = new s.Story()
    .tell({ trace: 1, span: 1, credential: 'key-1' }, { call: s.toolCall('pay', s.text('EUR 10')) })
    .tell({ trace: 1, span: 1, credential: 'key-2' }, { call: s.toolCall('pay', s.text('EUR 99')) })
    .tell({ trace: 1, span: 2, tier: 'boundary' }, { call: s.toolCall('pay', s.text('EUR 10')) })
    .tell({ trace: 1, span: 2 }, { call: s.toolCall('pay', s.text('EUR 99')) })
  const graph = deriveGraph('conv', story.events)
  expect(graph.nodes.map(({ rivals }) => rivals)).toEqual([
    ['host:h/desk'],
    ['host:h/desk'],
    ['host:h/desk'],
    ['host:h/desk'],
  ])
})

test('G10 a child is joined to the span of its own teller, else to the only holder, else to the strongest tier', () => {
  const agents = (events: readonly EventSummary[]) => [
    ...new Set(edgesOf(deriveGraph('conv', events), 'contains', 'delegated').map((edge) => edge.replace(/ \(.*/, ''))),
  ]
  const child = { trace: 1, span: 2, parent: 1 }
  const run = (agent: string) => ({ invoke: s.invocation(agent) })
  const tool = { call: s.toolCall('t', s.OMITTED) }
  const own = new s.Story()
    .tell({ trace: 1, span: 1, agent: 'a' }, run('a'))
    .tell({ trace: 1, span: 1, agent: 'z', tier: 'kernel' }, run('z'))
    .tell({ ...child, agent: 'a' }, tool)
  expect(agents(own.events)).toEqual(['agent a -> tool t'])
  const only = new s.Story().tell({ trace: 1, span: 1, agent: 'a' }, run('a')).tell({ ...child, agent: 'b' }, run('b'))
  expect(agents(only.events)).toEqual(['agent a -> agent b'])
  const strongest = new s.Story()
    .tell({ trace: 1, span: 1, agent: 'a', tier: 'boundary' }, run('a'))
    .tell({ trace: 1, span: 1, agent: 'z' }, run('z'))
    .tell({ ...child, agent: 'b' }, run('b'))
  expect(agents(strongest.events)).toEqual(['agent a -> agent b'])
})

test('G10 a parent or link that several others claim is not guessed, and the node says so', () => {
  const run = (agent: string) => ({ invoke: s.invocation(agent) })
  const claims = new s.Story()
    .tell({ trace: 1, span: 1, agent: 'a' }, run('a'))
    .tell({ trace: 1, span: 1, agent: 'z' }, run('z'))
  const nested = claims.tell({ trace: 1, span: 2, parent: 1, agent: 'b' }, run('b'))
  const linked = nested.tell({ trace: 2, span: 3, links: [{ trace: 1, span: 1 }], agent: 'c' }, run('c'))
  const graph = deriveGraph('conv', linked.events)
  expect(graph.edges).toEqual([])
  expect(graph.nodes.map(({ label, contestedCause }) => [label, contestedCause])).toEqual([
    ['a', undefined],
    ['b', true],
    ['c', true],
    ['z', undefined],
  ])
})

test('G13 a stranger who states the delegation id of another changes neither side, and no giver is guessed', () => {
  const payload = s.text('please look into ticket TK-551901')
  const honest = new s.Story()
    .tell({ trace: 1, span: 1, agent: 'a' }, { invoke: s.invocation('a'), handoff: s.delegation('b', payload, 'task') })
    .tell(
      { trace: 2, span: 2, agent: 'b' },
      { invoke: s.invocation('b'), handoff: s.delegation('b', s.OMITTED, 'task') },
    )
  const alone = deriveGraph('conv', honest.events)
  honest.tell(
    { trace: 3, span: 3, agent: 'z' },
    { handoff: s.delegation('b', s.text('delete all that you find'), 'task') },
  )
  const both = deriveGraph('conv', honest.events)
  expect(nodesWithoutMarks(both, (agent) => agent !== 'host:h/z')).toEqual(nodesWithoutMarks(alone))
  expect(
    both.nodes.filter((node) => node.contestedCause === true).map(({ kind, agent }) => `${kind} ${agent}`),
  ).toEqual(['delegation host:h/b'])
  expect(edgesOf(both, 'delegated')).toEqual(['delegation to b -> agent b (delegated, call-id)'])
})

test('G6 for any conversation and order of arrival, forged copies leave every honest node as it was', () => {
  const weights = fc.array(fc.nat(1_000), { minLength: 7, maxLength: 40 })
  fc.assert(
    fc.property(conversation, weights, fc.nat(6), (events, order, every) => {
      const forged = events
        .filter((_event, at) => at % (every + 1) === 0)
        .map((event) => ({ ...forge(event, 'host:h/thief'), entry: event.entry + 1_000_000 }))
      const graph = new ConversationGraph('conv')
      for (const event of arrival([...events, ...forged], order)) graph.add([event])
      const both = graph.snapshot()
      expect(both).toEqual(deriveGraph('conv', [...events, ...forged]))
      const honest = new Set<string>(events.map(({ id }) => id))
      for (const node of both.nodes) {
        if (node.agent === 'host:h/thief') expect(node.events.some((id) => honest.has(id))).toBe(false)
        else expect(node.events.every((id) => honest.has(id))).toBe(true)
      }
      const alone = deriveGraph('conv', events)
      expect(nodesWithoutMarks(both, (agent) => agent !== 'host:h/thief')).toEqual(nodesWithoutMarks(alone))
    }),
    { numRuns: 60 },
  )
}, 60_000)

/** The same event as another agent would send it: other words where there are any, and the id that its teller gives. */
function forge(event: EventSummary, agent: string): EventSummary {
  return {
    ...event,
    id: event.id.replace(
      /^((?:log|[0-9a-f]{32}\.[0-9a-f]{16})\.)[0-9a-f]{20}/,
      `$1${'f'.repeat(20)}`,
    ) as EventSummary['id'],
    agent: { ...event.agent, id: agent as EventSummary['agent']['id'] },
    ...(event.body.kind === 'tool-call' ? { body: { ...event.body, toolName: 'delete_everything' } } : {}),
  }
}

/** Sorted by id: what another agent adds may move a node down the causal order, but says nothing of it. */
function nodesWithoutMarks(
  graph: ExecutionGraph,
  isShown: (agent: string) => boolean = () => true,
): readonly unknown[] {
  return graph.nodes
    .filter(({ agent }) => isShown(agent))
    .map(({ rivals: _rivals, contestedCause: _cause, trigger: _trigger, ...node }) => node)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
