import fc from 'fast-check'
import { expect, test } from 'vitest'
import { risingItem, type RetrievedItem } from './retrieval-share.ts'

const version = (name: string, day: number) => ({
  version: name,
  day,
  claimedAt: BigInt(day) * 86_400_000_000_000n,
  event: `e-${name}`,
  entry: day,
})
const item = (origin: string, countOn: (day: number) => number, versions = [version('v1', 0)]): RetrievedItem => ({
  origin,
  days: Array.from({ length: 42 }, (_, day) => ({ day, count: countOn(day) })).filter(({ count }) => count > 0),
  versions,
})

test('an item whose share rises from little to much is named with the version that began it', () => {
  const rising = item('G-12', (day) => Math.round(4 + day * 0.8), [
    version('v6', 0),
    version('v7', 1),
    version('v8', 41),
  ])
  const others = ['G-1', 'G-2', 'G-3'].map((origin) => item(origin, () => 20))
  const found = risingItem([...others, rising])
  expect(found).toMatchObject({ item: { origin: 'G-12' }, since: { version: 'v7' } })
  expect(found?.from).toBeLessThan(0.15)
  expect(found?.to).toBeGreaterThan(0.3)
})

test('steady shares, few days and few retrievals name nobody', () => {
  const steady = ['G-1', 'G-2'].map((origin) => item(origin, () => 20))
  expect(risingItem(steady)).toBeUndefined()
  expect(risingItem([item('G-1', (day) => (day > 30 && day < 36 ? 1 : 0)), item('G-2', () => 1)])).toBeUndefined()
  expect(risingItem([])).toBeUndefined()
})

test('the order of items and days changes nothing', () => {
  const items = [item('a', () => 9), item('b', (day) => day), item('c', (day) => 41 - day)]
  const shuffled = fc.shuffledSubarray(items, { minLength: 3 })
  fc.assert(
    fc.property(shuffled, (some) => {
      expect(risingItem(some)).toEqual(risingItem(items))
    }),
  )
})
