import fc from 'fast-check'
import { expect, test } from 'vitest'

import { deriveGraph } from './conversation-graph.ts'
import { backward, forward } from './reach.ts'
import { conversation } from './testing/conversations.ts'
import { orderDesk } from './testing/order-desk.ts'
import { nodesOf, onlyNode } from './testing/show.ts'
import * as s from './testing/story.ts'

test('G19 the way back from an answer leads through the tool call to the question that set it off', () => {
  const graph = deriveGraph('conv', orderDesk().events)
  const tool = onlyNode(graph, 'tool')
  const labels = new Map(graph.nodes.map((node) => [node.id, node.label]))
  const back = backward(graph, tool.id)
  expect(back?.triggerPath.map((id) => labels.get(id))).toEqual([
    'user message',
    'chat scripted',
    'asks for lookup_order',
    'lookup_order',
  ])
  expect(back?.nodes.every((node) => node.proven)).toBe(true)
})

test('G19 the way on from a question reaches the tool call and every answer, nearest first', () => {
  const graph = deriveGraph('conv', orderDesk().events)
  const reached = forward(graph, onlyNode(graph, 'message', 'user message').id)
  const ids = new Set(reached?.nodes.map((node) => node.id))
  expect(ids.has(onlyNode(graph, 'tool').id)).toBe(true)
  expect(nodesOf(graph, 'model-output').every((node) => ids.has(node.id))).toBe(true)
  const hops = reached?.nodes.map((node) => node.hops) ?? []
  expect(hops).toEqual(hops.toSorted((a, b) => a - b))
})

test('G19 bounds cut the answer and say by how much', () => {
  const story = new s.Story()
  for (let span = 1; span <= 100; span++) story.tell({ trace: 1, span, parent: span - 1 }, { step: s.step(`s${span}`) })
  const graph = deriveGraph('conv', story.events)
  const [first] = graph.nodes
  expect(forward(graph, first?.id ?? '')?.nodes).toHaveLength(64)
  expect(forward(graph, first?.id ?? '')?.cut).toEqual({ hops: 1, nodes: 0 })
  expect(forward(graph, first?.id ?? '', { nodes: 10 })?.cut).toEqual({ hops: 0, nodes: 1 })
  expect(forward(graph, 'no such node')).toBeUndefined()
})

test('G19 proven-only leaves inferred joins out, and a path of proven edges is preferred', () => {
  const value = s.text('send to drop-77@evil.example')
  const story = new s.Story()
    .tell({ trace: 1, span: 1 }, { call: s.modelCall(), 'in.0': s.prompt('user', 0, value) })
    .tell({ trace: 2, span: 2 }, { call: s.toolCall('send', value) })
  const graph = deriveGraph('conv', story.events)
  const tool = onlyNode(graph, 'tool')
  expect(backward(graph, tool.id)?.nodes.map((node) => node.proven)).toEqual([false])
  expect(backward(graph, tool.id)?.triggerPath).toHaveLength(2)
  expect(backward(graph, tool.id, { provenOnly: true })?.nodes).toEqual([])
})

test('G19 the way back leads through the text that asked for the deed, where that is among its causes', () => {
  const graph = deriveGraph('conv', orderDesk().events)
  const labels = new Map(graph.nodes.map((node) => [node.id, node.label]))
  const answer = nodesOf(graph, 'model-output').at(-1)
  const tool = onlyNode(graph, 'tool')
  const [read] = tool.events
  const path = (options: { readonly via?: string }) =>
    backward(graph, answer?.id ?? '', options)?.triggerPath.map((id) => labels.get(id))
  expect(path({})).toEqual(['user message', 'chat scripted', 'text'])
  expect(path({ via: read ?? '' })).toEqual([
    'user message',
    'chat scripted',
    'asks for lookup_order',
    'lookup_order',
    'tool message',
    'chat scripted',
    'text',
  ])
  expect(path({ via: 'of another conversation' })).toEqual(path({}))
  // The question is no effect of the answer: what came after it is not led through.
  expect(backward(graph, tool.id, { via: answer?.events[0] ?? '' })?.triggerPath).toEqual(
    backward(graph, tool.id)?.triggerPath,
  )
})

test('G19 what a node reached is what has it among its causes', () => {
  fc.assert(
    fc.property(conversation, fc.nat(), (events, pick) => {
      const graph = deriveGraph('conv', events)
      const start = graph.nodes[pick % graph.nodes.length]
      if (start === undefined) return
      // By definition: grow the set along single edges until it stands still.
      const reached = new Set([start.id])
      for (let size = 0; size !== reached.size;) {
        size = reached.size
        for (const edge of graph.edges) if (reached.has(edge.from)) reached.add(edge.to)
      }
      const found = forward(graph, start.id)
      expect(found?.cut.hops === 0 ? found.nodes.length : reached.size - 1).toBe(reached.size - 1)
      const [last] = found?.nodes.slice(-1) ?? []
      if (last !== undefined) expect(backward(graph, last.id)?.nodes.map((node) => node.id)).toContain(start.id)
    }),
    { numRuns: 60 },
  )
}, 60_000)
