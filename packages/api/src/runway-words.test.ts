import { expect, test } from 'vitest'
import { runwayWords } from './runway-words.ts'

test.each([
  [{}, 'not known before there is a rate'],
  [{ runwayDays: 0.2, rateHours: 24 }, 'at least 4 hours'],
  [{ runwayDays: 1.9, rateHours: 24 }, 'at least 1 day'],
  [{ runwayDays: 29.9, rateHours: 24 }, 'at least 29 days'],
  [{ runwayDays: 118, rateHours: 24 }, 'at least 110 days'],
  [{ runwayDays: 112, rateHours: 2.7 }, 'at least 110 days, counted from 2 hours of records'],
  [{ runwayDays: 20, rateHours: 0.1 }, 'at least 20 days, counted from 1 hour of records'],
  [{ runwayDays: 400, rateHours: 1 }, 'more than a year'],
  [{ runwayDays: 40_000, rateHours: 1 }, 'more than ten years'],
])('%o lasts %s', (runway, words) => {
  expect(runwayWords(runway)).toBe(words)
})
