import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LAYOUTS_KEPT } from '../../limits.ts'
import { layoutHash, type Layoutable } from './layout-hash.ts'
import { placeInLanes } from './layout.ts'
import { Layouts } from './layouts.ts'

const graphOf = (...ids: readonly string[]): Layoutable => ({
  nodes: ids.map((id) => ({ id, lane: 'tool' as const, claimedAt: '1' })),
  edges: [],
})

test('the same content is laid out once, whatever else the drawing says', async () => {
  let asked = 0
  const layouts = new Layouts(async (graph) => {
    asked += 1
    return placeInLanes(graph)
  })
  const first = await layouts.of(graphOf('a', 'b'))
  const other = { ...graphOf('a', 'b'), nodes: graphOf('a', 'b').nodes.map((node) => ({ ...node, label: 'said' })) }
  expect(layouts.of(other)).toBe(first)
  expect(layouts.of(graphOf('a', 'c'))).not.toBe(first)
  expect(asked).toBe(2)
})

test('what failed is tried again, and the kept layouts have a bound', async () => {
  let isBroken = true
  let asked = 0
  const layouts = new Layouts(async (graph) => {
    asked += 1
    if (isBroken) throw new Error('no worker')
    return placeInLanes(graph)
  })
  await expect(layouts.of(graphOf('a'))).rejects.toThrow('no worker')
  isBroken = false
  await layouts.of(graphOf('a'))
  for (let at = 0; at < LAYOUTS_KEPT; at++) await layouts.of(graphOf(`n${at}`))
  await layouts.of(graphOf('a'))
  expect(asked).toBe(2 + LAYOUTS_KEPT + 1)
})

const graphs = fc.record({
  nodes: fc.array(
    fc.record({
      id: fc.string(),
      lane: fc.constantFrom('tool' as const, 'input' as const),
      claimedAt: fc.nat().map(String),
    }),
    { maxLength: 12 },
  ),
  edges: fc.array(fc.record({ from: fc.string(), to: fc.string() }), { maxLength: 12 }),
})

test('drawings have one name exactly where their content is the same', () => {
  fc.assert(
    fc.property(graphs, graphs, (a, b) => {
      expect(layoutHash(a) === layoutHash(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      expect(layoutHash(structuredClone(a))).toBe(layoutHash(a))
    }),
  )
})
