import fc from 'fast-check'
import { expect, test } from 'vitest'

import { aggregate } from './aggregate.ts'
import { deriveGraph } from './conversation-graph.ts'
import { conversation } from './testing/conversations.ts'
import { largeConversation } from './testing/large.ts'
import * as s from './testing/story.ts'

test('G20 steps of one name fold into one node with a counter, and a loop stays a loop', () => {
  const graph = aggregate(deriveGraph('conv', largeConversation(2_000, 10)))
  const tool = graph.nodes.find((node) => node.kind === 'tool')
  expect(tool?.count).toBeGreaterThan(20)
  expect(graph.nodes.length).toBeLessThan(12)
  const loop = ['tool', 'message', 'model-call', 'model-output']
  const kinds = new Map(graph.nodes.map((node) => [node.id, node.kind]))
  const steps = graph.edges.map((edge) => `${kinds.get(edge.from)} ${kinds.get(edge.to)}`)
  for (const [at, kind] of loop.entries()) expect(steps).toContain(`${kind} ${loop[(at + 1) % loop.length]}`)
})

function manySteps(count: number): s.Story {
  const story = new s.Story()
  for (let span = 1; span <= count; span++)
    story.tell({ trace: 1, span, agent: `a${span % 400}` }, { step: s.step(`work ${span}`) })
  return story.tell({ trace: 1, span: count + 1 }, { call: s.toolCall('pay', s.OMITTED) })
}

test('G20 a graph of any size fits, what acts stays visible, and nothing disappears unsaid', () => {
  const graph = deriveGraph('conv', manySteps(2_000).events)
  const shown = aggregate(graph)
  expect(shown.nodes.length).toBeLessThanOrEqual(150)
  expect(shown.nodes.map((node) => node.label)).toContain('pay')
  expect(shown.nodes.reduce((sum, node) => sum + node.count, 0)).toBe(2_001)
  expect(shown.total).toEqual({ nodes: 2_001, edges: 0 })
  expect(shown.hidden).toBe(0)
  expect(shown.folded.forSpace).toBeGreaterThan(0)
  expect(aggregate(graph, { limit: 10_000 }).nodes.length).toBeLessThanOrEqual(300)
})

test('G20 a group opens into its nodes, and a hub can be hidden', () => {
  const graph = deriveGraph('conv', largeConversation(2_000, 10))
  const tool = aggregate(graph).nodes.find((node) => node.kind === 'tool')
  const opened = aggregate(graph, { open: [tool?.id ?? ''] })
  expect(opened.nodes.filter((node) => node.kind === 'tool')).toHaveLength(tool?.count ?? 0)
  const hidden = aggregate(graph, { hide: [tool?.id ?? ''] })
  expect(hidden.nodes.some((node) => node.kind === 'tool')).toBe(false)
  expect(hidden.hidden).toBe(tool?.count)
})

test('G20 every node is in one group or hidden, for any conversation and limit', () => {
  fc.assert(
    fc.property(conversation, fc.integer({ min: 1, max: 40 }), (events, limit) => {
      const graph = deriveGraph('conv', events)
      const folded = aggregate(graph, { limit })
      expect(folded.nodes.length).toBeLessThanOrEqual(limit)
      expect(folded.nodes.reduce((sum, node) => sum + node.count, 0) + folded.hidden).toBe(graph.nodes.length)
      const ids = new Set(folded.nodes.map((node) => node.id))
      expect(ids.size).toBe(folded.nodes.length)
      expect(folded.edges.every((edge) => ids.has(edge.from) && ids.has(edge.to))).toBe(true)
    }),
    { numRuns: 100 },
  )
}, 60_000)
