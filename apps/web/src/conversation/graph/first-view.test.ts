import { expect, test } from 'vitest'
import { countOutside, LEAST_ZOOM, READING_ZOOM, viewOfAll, viewOfNodes, viewToRead } from './first-view.ts'
import { placeInLanes } from './layout.ts'

const box = { width: 1_200, height: 500 }

/** A trigger that sets off calls one after the other, as deep as many. */
function chain(many: number) {
  const nodes = Array.from({ length: many }, (_, i) => ({
    id: `n${i}`,
    lane: i === 0 ? ('input' as const) : ('tool' as const),
    claimedAt: String(i),
  }))
  return placeInLanes({ nodes, edges: nodes.slice(1).map(({ id }, i) => ({ from: `n${i}`, to: id })) })
}

test('a drawing that fits is seen whole and no larger than it is', () => {
  const placed = chain(3)
  const view = viewOfAll(placed, box)
  expect(view.zoom).toBe(1)
  expect(countOutside(placed, view, box)).toBe(0)
})

test('a larger one is seen whole from further away, where its top was all that one saw', () => {
  const placed = chain(24)
  expect(countOutside(placed, viewToRead(placed, box), box)).toBeGreaterThan(10)
  const view = viewOfAll(placed, box)
  expect(view.zoom).toBeLessThan(READING_ZOOM)
  expect(countOutside(placed, view, box)).toBe(0)
})

test('what fits from nowhere is seen from its beginning, and what is outside is counted', () => {
  const placed = chain(300)
  const view = viewOfAll(placed, box)
  expect(view.zoom).toBe(LEAST_ZOOM)
  const outside = countOutside(placed, view, box)
  expect(outside).toBeGreaterThan(0)
  expect(outside).toBeLessThan(300)
  expect(countOutside({ positions: new Map([...placed.positions].slice(0, 1)) }, view, box)).toBe(0)
})

test('a path deep in it is in sight with both its ends, and nearer than the whole', () => {
  const placed = chain(300)
  const path = [...placed.positions].slice(200, 206)
  const view = viewOfNodes(
    path.map(([, place]) => place),
    box,
  )
  expect(view.zoom).toBeGreaterThan(LEAST_ZOOM)
  expect(countOutside({ positions: new Map(path) }, view, box)).toBe(0)
  expect(countOutside(placed, view, box)).toBeGreaterThan(250)
})

test('many that one step set off stand in columns, and none on another', () => {
  const nodes = Array.from({ length: 95 }, (_, i) => ({
    id: `n${i}`,
    lane: i === 0 ? ('input' as const) : ('tool' as const),
    claimedAt: String(i),
  }))
  const placed = placeInLanes({ nodes, edges: nodes.slice(1).map(({ id }) => ({ from: 'n0', to: id })) })
  const places = [...placed.positions.values()]
  expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(95)
  expect(Math.max(...places.map(({ x }) => x))).toBeLessThan(placed.width)
  expect(countOutside(placed, viewOfAll(placed, box), box)).toBe(0)
})
