import type { ExecutionGraph, Incident } from '@holdfast/model'
import { expect, test } from 'vitest'
import { incidentGraph } from './incident-graph.ts'

const node = (id: string) => ({ id, kind: 'tool', label: id, agent: 'a', events: [`event-of-${id}`] })
// As much of a graph and of an incident as is read.
const graph = {
  conversation: 'c',
  nodes: ['search', 'answer', 'other'].map(node),
  edges: [{ from: 'search', to: 'answer', kind: 'led-to', basis: 'trace' }],
} as unknown as ExecutionGraph
const about = (...events: readonly string[]): Incident => ({ signals: [{ events }] }) as unknown as Incident

test('the graph holds what the signals name', () => {
  const { nodes, edges } = incidentGraph(about('event-of-other'), [graph])
  expect([nodes.map(({ id }) => id), edges]).toEqual([['other'], []])
})

test('where no signal names an act, as in the report of a person, it is that of the conversations', () => {
  const { nodes, edges } = incidentGraph(about('report-1'), [graph])
  expect(nodes.map(({ id }) => id)).toEqual(['search', 'answer', 'other'])
  expect(edges).toEqual([{ from: 'search', to: 'answer', kind: 'led-to', basis: 'trace' }])
})

test('of no conversation there is no graph', () => {
  expect(incidentGraph(about('report-1'), [])).toEqual({ nodes: [], edges: [], cut: 0 })
})
