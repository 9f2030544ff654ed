import { expect, test } from 'vitest'
import { hubsOf } from './hubs.ts'

const node = (id: string, trigger?: true) => ({
  id,
  label: id,
  kind: 'tool' as const,
  lane: 'tool' as const,
  agent: 'a',
  claimedAt: '0',
  status: 'ok' as const,
  contents: [],
  bytes: 0,
  tier: 'kernel' as const,
  clock: 'live' as const,
  count: 1,
  members: [id],
  ...(trigger === undefined ? {} : { trigger }),
})
const join = (from: string, to: string) => ({ from, to, kind: 'entered' as const, basis: 'trace' as const, count: 1 })
const steps = Array.from({ length: 20 }, (_, at) => `s${at}`)

test('what joins nearly everything is a hub, what stands in a chain is none', () => {
  const chain = steps.slice(1).map((id, at) => join(`s${at}`, id))
  const graph = { nodes: [...steps, 'h'].map((id) => node(id)), edges: [...chain, ...steps.map((id) => join('h', id))] }
  expect(hubsOf(graph)).toMatchObject([{ id: 'h', joins: 20 }])
  expect(hubsOf({ ...graph, edges: chain })).toEqual([])
})

test('several joins of the same two count once, and a join of a node with itself not at all', () => {
  const edges = Array.from({ length: 40 }, () => join('h', 's0')).concat(
    Array.from({ length: 40 }, () => join('h', 'h')),
  )
  expect(hubsOf({ nodes: ['h', 's0'].map((id) => node(id)), edges })).toEqual([])
})

test('the input that set everything off is never taken for one', () => {
  const nodes = [...steps.map((id) => node(id)), node('h', true)]
  expect(hubsOf({ nodes, edges: steps.map((id) => join('h', id)) })).toEqual([])
})
