import { expect, test } from 'vitest'
import { responseFigures } from './response-figures.ts'
import type { ResponseMetricsWire } from './response-metrics-routes.ts'

const none: ResponseMetricsWire = {
  cases: 0,
  classification: { classified: 0, open: 0, reclassified: { of: 0, from: 0 } },
  chainCompleteness: { of: 0, from: 0 },
  refinementApplied: { of: 0, from: 0 },
  stages: [],
  exposure: { cases: 0, byStage: [], total: { least: 0, most: 0 } },
}

test('over no case a figure is none yet, and not a nought that could be read as good', () => {
  const figures = responseFigures(none)
  expect(figures.map(({ value }) => value)).toEqual(Array.from(figures, () => 'none yet'))
  expect(figures.filter(({ isMaturity }) => isMaturity).map(({ figure, from }) => [figure, from])).toEqual([
    ['time to classification', '0 cases, 0 open'],
    ['complete chains sealed before the first action', '0 of 0 cases'],
    ['refinements applied that catch the replay earlier', '0 of 0 cases'],
  ])
})

test('a share is rounded down, times have their unit, and a range stays one', () => {
  const figures = responseFigures({
    ...none,
    cases: 3,
    classification: { ...none.classification, classified: 1, open: 2, p50Ms: 61_000, p95Ms: 10_800_000 },
    chainCompleteness: { of: 199, from: 200, share: 0.995 },
    stages: [{ stage: 'contained', cases: 1, p50Ms: 180_000, p95Ms: 180_000 }],
    exposure: { cases: 1, byStage: [], total: { least: 2, most: 4.6 } },
  })
  const said = Object.fromEntries(figures.map(({ figure, value, from }) => [figure, `${value} (${from})`]))
  expect(said).toMatchObject({
    'time to classification': 'p50 61.0 s, p95 3.0 h (1 case, 2 open)',
    'complete chains sealed before the first action': '99 % (199 of 200 cases)',
    'graph to contained': 'p50 3 min, p95 3 min (1 case)',
    'harmful acts until containment': '2 to 5 (1 case)',
  })
})

test('of acts that may have been missed the most is told, never a range that ends where it began', () => {
  const said = (least: number, most: number): string | undefined =>
    responseFigures({ ...none, exposure: { cases: 1, byStage: [], total: { least, most } } }).at(-1)?.value
  expect([said(3, 3), said(1, 1.2), said(0, 0.1 + 0.2 + 0.7), said(2, 2.4)]).toEqual([
    '3',
    '1 to 2',
    '0 to 1',
    '2 to 3',
  ])
})
