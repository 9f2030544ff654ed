import { baselineOf } from '@holdfast/declare'
import type { ProfileDimension } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { standingOf } from './ageing.ts'
import { convergenceOf } from './convergence.ts'
import { dailySeries, distanceOf, type DaySummary } from './daily-series.ts'
import { verdictWords } from './verdict-words.ts'

const DAY0 = 20_454 // 2026-01-01
const support = baselineOf('support').convergence

/** Days of the same counts, from DAY0 on; `edit` changes some. */
function steady(days: number, edit: (day: number) => Record<string, number> | undefined = () => undefined) {
  const entries = Array.from({ length: days }, (_, i): [number, ReadonlyMap<string, number>] => [
    DAY0 + i,
    new Map(Object.entries(edit(i) ?? { a: 60, b: 30, c: 10 })),
  ])
  return new Map(entries)
}

const seriesOf = (days: ReadonlyMap<number, ReadonlyMap<string, number>>) => dailySeries(days, support)
const verdictOf = (series: Partial<Record<ProfileDimension, readonly DaySummary[]>>, asOf: number) =>
  convergenceOf(new Map(Object.entries(series) as [ProfileDimension, readonly DaySummary[]][]), {
    limits: support,
    asOf,
  })

test('the check value of the requirement book: P = (½,½,0), Q = (½,¼,¼) gives J = 0.3945', () => {
  const shares = [
    [0.5, 0.5],
    [0.5, 0.25],
    [0, 0.25],
  ] as const
  expect(distanceOf(shares)).toBeCloseTo(0.3945, 4)
  const days = new Map([
    [
      DAY0,
      new Map([
        ['x', 2],
        ['y', 1],
        ['z', 1],
      ]),
    ],
    [
      DAY0 + 1,
      new Map([
        ['x', 5],
        ['y', 5],
      ]),
    ],
  ])
  expect(seriesOf(days)[1]?.distance).toBeCloseTo(0.3945, 4)
})

test('the distance of any two days is 0 to 1, and equals the one taken over all entries by the formula', () => {
  const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 50 }), { minKeys: 1 })
  fc.assert(
    fc.property(counts, counts, fc.integer({ min: 1, max: 40 }), (before, after, gap) => {
      const days = new Map([
        [DAY0, new Map(Object.entries(before))],
        [DAY0 + gap, new Map(Object.entries(after))],
      ])
      const total = (one: Record<string, number>) => Object.values(one).reduce((sum, n) => sum + n, 0)
      const shares = ['a', 'b', 'c', 'd'].map(
        (key) => [(after[key] ?? 0) / total(after), (before[key] ?? 0) / total(before)] as const,
      )
      const distance = seriesOf(days)[1]?.distance ?? -1
      expect(distance).toBeCloseTo(distanceOf(shares), 9)
      expect(distance).toBeGreaterThanOrEqual(0)
      expect(distance).toBeLessThanOrEqual(1)
    }),
  )
})

test('the profile of the day before ages: what was seen a half-life ago counts half', () => {
  const days = new Map([
    [DAY0, new Map([['old', 10]])],
    [DAY0 + support.halfLifeDays, new Map([['new', 10]])],
    [DAY0 + support.halfLifeDays + 1, new Map([['old', 1]])],
  ])
  // Q = (old ⅓, new ⅔) against P = (old 1).
  expect(seriesOf(days)[2]?.distance).toBeCloseTo(
    distanceOf([
      [1, 1 / 3],
      [0, 2 / 3],
    ]),
    9,
  )
})

test('a steady agent converges on its fourteenth day, or once it was seen often enough', () => {
  const series = seriesOf(steady(40))
  expect(verdictOf({ tool: series.slice(0, 13) }, DAY0 + 12)).toMatchObject({ status: 'observing' })
  expect(verdictOf({ tool: series }, DAY0 + 39)).toMatchObject({ status: 'converged', since: DAY0 + 19 })
  const busy = seriesOf(steady(40, () => ({ a: 600, b: 300, c: 100 })))
  expect(verdictOf({ tool: busy }, DAY0 + 39)).toMatchObject({ status: 'converged', since: DAY0 + 13, outside: [] })
})

test('too few observations are named, and stay a reason until the window holds them', () => {
  const series = seriesOf(steady(20, () => ({ a: 6, b: 3, c: 1 })))
  const verdict = verdictOf({ tool: series }, DAY0 + 19)
  expect(verdictWords(verdict, support)).toBe('not yet: 200 of 2000 observations')
})

test('the worst dimension decides', () => {
  const good = seriesOf(steady(28, () => ({ a: 600, b: 300, c: 100 })))
  const bad = seriesOf(steady(28, (i) => ({ a: 600, [`new ${i}`]: 400 })))
  const verdict = verdictOf({ tool: good, file: bad }, DAY0 + 28)
  expect(verdict).toMatchObject({ status: 'non-convergent', since: DAY0 + 27, outside: ['file'] })
  expect(verdictWords(verdict, support)).toContain('its 28 days ended on 2026-01-28; not settled: file; ')
  expect(verdictWords(verdict, support)).toContain('entries age with a half-life of 14 days instead')
})

test('a day without traffic neither counts nor breaks the run', () => {
  const all = steady(30, () => ({ a: 600, b: 300, c: 100 }))
  const weekdays = new Map([...all].filter(([day]) => day % 7 > 1))
  const series = seriesOf(weekdays)
  expect(verdictOf({ tool: series }, DAY0 + 29)).toMatchObject({ status: 'converged' })
  const runs = verdictOf({ tool: series }, DAY0 + 29).dimensions[0]?.days.map(({ run }) => run) ?? []
  expect(runs.at(-1)).toBe(runs.filter((run) => run > 0).length)
})

test('a break after convergence is named beside it and takes no date away', () => {
  const series = seriesOf(steady(20, (i) => (i === 18 ? { other: 1_000 } : { a: 600, b: 300, c: 100 })))
  const verdict = verdictOf({ tool: series }, DAY0 + 19)
  expect(verdict).toMatchObject({ status: 'converged', since: DAY0 + 13, outside: ['tool'] })
  expect(verdictWords(verdict, support)).toBe('converged on 2026-01-14; outside its limits now: tool')
})

test('an agent that is not converged by day 28 is non-convergent once that day is over, and stays so', () => {
  const series = seriesOf(steady(60, (i) => (i < 30 ? { [`new ${i}`]: 1_000 } : { a: 1_000 })))
  expect(verdictOf({ tool: series.slice(0, 28) }, DAY0 + 27)).toMatchObject({ status: 'observing' })
  expect(verdictOf({ tool: series }, DAY0 + 59)).toMatchObject({ status: 'non-convergent', since: DAY0 + 27 })
})

test('nothing seen is said so', () => {
  expect(verdictWords(verdictOf({}, DAY0), support)).toBe('nothing was observed yet')
})

test('an entry is stale after a half-life, left out after some 3.3 of them, and thin below three days', () => {
  const at = (daysSince: number, daysSeen = 5) => standingOf({ daysSince, daysSeen, halfLifeDays: 7 })
  expect(at(0)).toEqual({ recency: 1, state: 'current', isThin: false })
  expect(at(7)).toMatchObject({ recency: 0.5, state: 'current' })
  expect(at(8).state).toBe('stale')
  expect(at(23).state).toBe('stale')
  expect(at(24).state).toBe('left-out')
  expect(at(0, 2).isThin).toBe(true)
})
