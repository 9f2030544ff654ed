import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layersOf } from './layers.ts'

const node = (id: string, claimedAt = '0') => ({ id, claimedAt })
const edge = (text: string) => ({ from: text[0] ?? '', to: text[1] ?? '' })
const layerOf = (layered: ReturnType<typeof layersOf>) =>
  Object.fromEntries([...layered].map(([id, { layer }]) => [id, layer]))

test('each node stands below what it follows from', () => {
  const nodes = ['a', 'b', 'c', 'd'].map((id) => node(id))
  expect(layerOf(layersOf({ nodes, edges: ['ab', 'bc', 'ac', 'cd'].map(edge) }))).toEqual({ a: 0, b: 1, c: 2, d: 3 })
})

test('an input stands beside the call that it entered, not at the top', () => {
  const nodes = ['a', 'b', 'c', 'm'].map((id) => node(id))
  expect(layerOf(layersOf({ nodes, edges: ['ab', 'bc', 'mc'].map(edge) }))).toMatchObject({ m: 1, c: 2 })
})

test('a loop is broken at the edge that goes back in time', () => {
  const nodes = [node('a', '9'), node('b', '10'), node('c', '11')]
  expect(layerOf(layersOf({ nodes, edges: ['ab', 'bc', 'ca'].map(edge) }))).toEqual({ a: 0, b: 1, c: 2 })
})

const graphs = fc.array(fc.tuple(fc.nat(14), fc.nat(14)), { maxLength: 40 }).map((pairs) => ({
  nodes: Array.from({ length: 15 }, (_, index) => node(`n${index}`, String(index * 7))),
  edges: pairs.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` })),
}))

test('for any graph every node has a layer, and an edge forward in time never points up', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const acyclic = {
        ...graph,
        edges: graph.edges.filter(({ from, to }) => Number(from.slice(1)) < Number(to.slice(1))),
      }
      expect(layersOf(graph).size).toBe(15)
      const layers = layerOf(layersOf(acyclic))
      for (const { from, to } of acyclic.edges) expect(layers[from]!).toBeLessThan(layers[to]!)
    }),
  )
})

test('the order in which nodes and edges are given does not matter to the layers of a graph without loops', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const edges = graph.edges.filter(({ from, to }) => Number(from.slice(1)) < Number(to.slice(1)))
      const turned = { nodes: graph.nodes.toReversed(), edges: edges.toReversed() }
      expect(layerOf(layersOf(turned))).toEqual(layerOf(layersOf({ nodes: graph.nodes, edges })))
    }),
  )
})
