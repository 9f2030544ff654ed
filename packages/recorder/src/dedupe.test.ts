import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DedupeTable } from './dedupe.ts'

const digestOf = (n: number) => hash('sha256', String(n), 'buffer')

test('finds every one of the newest half window, and remembers no more than the window', () => {
  fc.assert(
    fc.property(fc.integer({ min: 32, max: 5000 }), fc.integer({ min: 1, max: 20_000 }), (window, count) => {
      const table = new DedupeTable(window)
      for (let i = 0; i < count; i++) table.add(digestOf(i), 0, i)
      const found = (i: number) => table.find(digestOf(i), 0, count, (index) => index === i) === i
      for (let i = Math.max(0, count - Math.floor(window / 2)); i < count; i++) if (!found(i)) return false
      return !found(-1) && (count <= window + 1 || !found(0))
    }),
    { numRuns: 30 },
  )
})

test('a full table has two slots of eight bytes for each entry it remembers, not four', () => {
  const window = 2 ** 17
  const table = new DedupeTable(window)
  for (let i = 0; i < 2 * window; i++) table.add(digestOf(i), 0, i)
  expect(table.bytes).toBe(window * 2 * 8)
})

test('asks about an index beyond 2^32 and never about one that is not yet there', () => {
  const table = new DedupeTable(64)
  const index = 2 ** 32 + 5
  table.add(digestOf(1), 0, index)
  const asked: number[] = []
  table.find(digestOf(1), 0, index + 3, (candidate) => asked.push(candidate) < 0)
  table.find(digestOf(1), 0, index, (candidate) => asked.push(candidate) < 0)
  expect(asked).toEqual([index, 5])
})
