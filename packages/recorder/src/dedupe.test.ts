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

test('a full table has two slots of four bytes for each entry it remembers', () => {
  const window = 2 ** 17
  const table = new DedupeTable(window)
  for (let i = 0; i < 2 * window; i++) table.add(digestOf(i), 0, i)
  expect(table.bytes).toBe(window * 2 * 4)
})

test('a short log of a long window takes little, and nothing of it is forgotten as it grows', () => {
  const table = new DedupeTable(2 ** 20)
  const digests = Array.from({ length: 120_000 }, (_, i) => digestOf(i))
  for (const [i, digest] of digests.slice(0, 1_000).entries()) table.add(digest, 0, i)
  expect(table.bytes).toBe(2 ** 17 * 4)
  for (const [i, digest] of digests.slice(1_000).entries()) table.add(digest, 0, 1_000 + i)
  const missed = digests.filter((digest, i) => table.find(digest, 0, digests.length, (index) => index === i) !== i)
  expect(missed).toEqual([])
})

test('finds what takes the places of a transaction that failed, also where that began a generation', () => {
  const table = new DedupeTable(64)
  for (let i = 0; i < 40; i++) table.add(digestOf(i), 0, i)
  // Entries 30 to 39 were never stored: others come in their place.
  for (let i = 30; i < 40; i++) table.add(digestOf(100 + i), 0, i)
  const found = (n: number, index: number) => table.find(digestOf(n), 0, 40, (candidate) => candidate === index)
  expect(Array.from({ length: 10 }, (_, i) => found(130 + i, 30 + i))).toEqual(
    Array.from({ length: 10 }, (_, i) => 30 + i),
  )
})

test('asks about an index beyond 2^32 and never about one that is not yet there', () => {
  const table = new DedupeTable(64)
  const index = 2 ** 32 + 5
  table.add(digestOf(1), 0, index)
  const asked: number[] = []
  table.find(digestOf(1), 0, index + 3, (candidate) => asked.push(candidate) < 0)
  table.find(digestOf(1), 0, index, (candidate) => asked.push(candidate) < 0)
  expect(asked).toEqual([index])
})
