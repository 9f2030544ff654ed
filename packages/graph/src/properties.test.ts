import type { EventSummary, ExecutionGraph } from '@holdfast/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { ConversationGraph, deriveGraph } from './conversation-graph.ts'
import { arrivedGraph } from './testing/arrived-graph.ts'
import { arrival, conversation } from './testing/conversations.ts'

const weights = fc.array(fc.nat(1_000), { minLength: 7, maxLength: 40 })

describe('for any conversation', () => {
  test('G2 any order, portions and repetition of arrival give the same bytes', () => {
    fc.assert(
      fc.property(conversation, fc.array(weights, { minLength: 50, maxLength: 50 }), (events, orders) => {
        const expected = JSON.stringify(deriveGraph('conv', events))
        for (const order of orders) expect(arrivedGraph(events, order)).toBe(expected)
      }),
      { numRuns: 12 },
    )
  }, 60_000)

  test('G3 after every portion the incremental graph equals the naive one', () => {
    fc.assert(
      fc.property(conversation, weights, fc.integer({ min: 1, max: 60 }), (events, order, size) => {
        const graph = new ConversationGraph('conv')
        const arrived = arrival(events, order)
        for (let at = 0; at < arrived.length; at += size) {
          graph.add(arrived.slice(at, at + size))
          expect(graph.snapshot()).toEqual(deriveGraph('conv', arrived.slice(0, at + size)))
        }
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  test('G4 shifting the clock of one agent by a day changes claimed times only', () => {
    fc.assert(
      fc.property(conversation, fc.constantFrom(-86_400_000_000_000n, 86_400_000_000_000n), (events, shift) => {
        const agents = new Set(events.map((event) => event.agent.id))
        const plain = withoutTimes(deriveGraph('conv', events))
        for (const agent of agents) {
          const shifted = events.map((event) => (event.agent.id === agent ? later(event, shift) : event))
          expect(withoutTimes(deriveGraph('conv', shifted))).toEqual(plain)
        }
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('G5 every event stands in a node, edges join nodes of the graph, and no id stands twice', () => {
    fc.assert(
      fc.property(conversation, (events) => {
        const graph = deriveGraph('conv', events)
        const ids = new Set(graph.nodes.map((node) => node.id))
        expect(ids.size).toBe(graph.nodes.length)
        expect(graph.edges.every((edge) => ids.has(edge.from) && ids.has(edge.to))).toBe(true)
        const told = new Set(graph.nodes.flatMap((node) => node.events))
        expect(events.filter((event) => !told.has(event.id)).map((event) => event.id)).toEqual([])
        expect(graph.nodes.every((node) => node.label.length <= 200 && /^[A-Za-z0-9._~-]+$/.test(node.id))).toBe(true)
      }),
      { numRuns: 60 },
    )
  }, 60_000)
})

function later(event: EventSummary, shift: bigint): EventSummary {
  const claimedAt = (event.claimedAt + 100_000_000_000_000n + shift) as typeof event.claimedAt
  return { ...event, claimedAt }
}

function withoutTimes(graph: ExecutionGraph): unknown {
  return {
    ...graph,
    nodes: graph.nodes.map(({ claimedAt: _at, claimedUntil: _until, ...node }) => node),
  }
}
