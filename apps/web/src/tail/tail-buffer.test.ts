import type { ApiEvent } from '@holdfast/api'
import { expect, test } from 'vitest'
import { appendToTail, countDropped, EMPTY_TAIL, stableColour } from './tail-buffer.ts'

// The buffer looks at nothing but the number of rows.
const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ id: `e${from + index}` }) as ApiEvent)

test('keeps the newest rows and counts those that made room', () => {
  const full = appendToTail(appendToTail(EMPTY_TAIL, rows(8), 10), rows(7, 8), 10)
  expect(full.rows.map(({ id }) => id)).toEqual(rows(10, 5).map(({ id }) => id))
  expect(full.droppedHere).toBe(5)
})

test('what the server left out is counted apart', () => {
  expect(countDropped(countDropped(EMPTY_TAIL, 3), 4)).toEqual({ rows: [], droppedHere: 0, droppedByServer: 7 })
})

test('an agent keeps its colour, and agents spread over all of them', () => {
  const names = Array.from({ length: 60 }, (_, index) => `host:vm/agent-${index}`)
  expect(new Set(names.map((name) => stableColour(name, 6))).size).toBe(6)
  expect(names.map((name) => stableColour(name, 6))).toEqual(names.map((name) => stableColour(name, 6)))
})
