import { expect, test } from 'vitest'

import { deriveGraph } from './conversation-graph.ts'
import * as s from './testing/story.ts'

/*
 * Conversations made to be slow to join: each test has a step that takes as many operations as there are pairs where it
 * is done by search, 10 to 100 million here, and runs into the runner's time limit.
 */
const MANY = 10_000

test('G12 ten thousand calls and messages of one call id are joined within their own runs', () => {
  const story = new s.Story()
  for (let span = 1; span <= MANY; span++) {
    story.tell(
      { trace: span, span },
      {
        call: s.modelCall(),
        'tool.call': s.toolCall('t', s.text(`${span}`), 'same'),
        'in.0': s.prompt('tool', 0, s.text(`r ${span}`), 'same'),
      },
    )
  }
  const graph = deriveGraph('conv', story.events)
  expect(graph.nodes.filter(({ kind }) => kind === 'tool')).toHaveLength(MANY)
  // Each trace is a run of its own, so that the id means the call beside the message.
  expect(graph.edges.filter(({ kind, basis }) => kind === 'returned' && basis === 'call-id')).toHaveLength(MANY)
})

test('G12 of more than sixteen calls that nothing tells apart a message answers none', () => {
  const story = new s.Story()
  for (let span = 1; span <= 17; span++) story.tell({ trace: span, span }, { call: s.toolCall('t', s.OMITTED, 'same') })
  story.tell({ trace: 99, span: 99 }, { call: s.modelCall(), 'in.0': s.prompt('tool', 0, s.text('done'), 'same') })
  expect(deriveGraph('conv', story.events).edges.filter(({ kind }) => kind === 'returned')).toEqual([])
})

test('G8 a span of ten thousand tool calls with as many spans below is one tree', () => {
  const calls = Array.from({ length: MANY }, (_, i) => [
    [`a.${i}`, s.toolCall(`mcp__t${i}`, s.OMITTED, `c${i}`)] as const,
    [`b.${i}`, s.toolCall(`t${i}`, s.OMITTED)] as const,
  ])
  const story = new s.Story().tell({ trace: 1, span: 1 }, Object.fromEntries(calls.flat()))
  for (let span = 2; span <= MANY; span++) story.tell({ trace: 1, span, parent: 1 }, { step: s.step('below') })
  const graph = deriveGraph('conv', story.events)
  expect(graph.nodes.filter(({ kind }) => kind === 'tool')).toHaveLength(MANY)
  expect(graph.edges.filter(({ kind }) => kind === 'contains')).toHaveLength(MANY - 1)
})

test('G13 ten thousand hand-offs and requests of different names meet by name alone', () => {
  const story = new s.Story()
  for (let span = 1; span <= MANY; span++) {
    story.tell(
      { trace: 1, span },
      { call: s.modelCall(), 'out.0': s.request(0, `transfer_to_a${span}`, s.OMITTED, `c${span}`) },
    )
    story.tell({ trace: 1, span: MANY + span }, { handoff: s.delegation(`a${span}`, s.OMITTED, `d${span}`) })
  }
  const graph = deriveGraph('conv', story.events)
  const handed = graph.edges.filter(({ kind, basis }) => kind === 'delegated' && basis === 'exclusive')
  expect(handed).toHaveLength(MANY)
})

test('G13 one span that tells of ten thousand delegations is the receiver of those that name it', () => {
  const bodies = Array.from(
    { length: MANY },
    (_, i) => [`handoff.${i}`, s.delegation('desk', s.OMITTED, `d${i}`)] as const,
  )
  const story = new s.Story().tell(
    { trace: 1, span: 1 },
    { invoke: s.invocation('desk'), ...Object.fromEntries(bodies) },
  )
  const graph = deriveGraph('conv', story.events)
  expect(graph.edges.filter(({ kind }) => kind === 'delegated')).toHaveLength(MANY)
})

test('G6 ten thousand agents that claim one span are as many nodes, each with eight rivals', () => {
  const story = new s.Story()
  for (let i = 0; i < MANY; i++) {
    story.tell({ trace: 1, span: 1, agent: `agent-${i}` }, { invoke: s.invocation('x') })
    story.tell({ trace: 1, span: 2 + i, parent: 1, agent: 'child' }, { invoke: s.invocation('y') })
  }
  const graph = deriveGraph('conv', story.events)
  expect(graph.nodes).toHaveLength(MANY * 2)
  expect(graph.nodes.filter(({ rivals }) => rivals?.length === 8)).toHaveLength(MANY)
  expect(graph.nodes.filter(({ contestedCause }) => contestedCause === true)).toHaveLength(MANY)
})
