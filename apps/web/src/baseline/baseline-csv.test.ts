import { expect, test } from 'vitest'
import { baselineCsv } from './baseline-csv.ts'

test('the CSV holds each day of each dimension with the numbers as they are, and an absent spread as nothing', () => {
  const day = {
    date: '2026-09-01',
    observations: 3,
    entries: 2,
    fresh: 2,
    novelty: 2 / 3,
    distance: 1,
    within: false,
    run: 0,
  }
  const csv = baselineCsv({
    dimensions: [
      {
        dimension: 'tool',
        verdict: '',
        converged: false,
        observations: 3,
        entries: 2,
        days: [day, { ...day, date: '2026-09-02', spread: 0.5, within: true, run: 1 }],
      },
    ],
  })
  expect(csv.split('\r\n')).toEqual([
    'dimension,date,observations,entries,fresh,novelty,distance,spread,within,run',
    'tool,2026-09-01,3,2,2,0.6666666666666666,1,,false,0',
    'tool,2026-09-02,3,2,2,0.6666666666666666,1,0.5,true,1',
    '',
  ])
})
