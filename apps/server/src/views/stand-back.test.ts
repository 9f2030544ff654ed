import { expect, test } from 'vitest'
import { StandBack } from './stand-back.ts'

const BOUNDS = { afterMs: 250, mostMs: 2_000 }

test('stands back for a while after each question, and not where nobody asked', () => {
  const work = new StandBack(BOUNDS)
  expect(work.restMs(0, Infinity)).toBe(0)
  expect([0, 100, 249, 250].map((quiet) => work.restMs(1_000 + quiet, quiet))).toEqual([250, 150, 1, 0])
})

test('has at least half of the time, however many ask', () => {
  const work = new StandBack(BOUNDS)
  const worked = Array.from({ length: 2_000 }, (_, i) => work.restMs(10 * i, 0) === 0)
  const share = worked.filter((one) => one).length / worked.length
  expect(share).toBeGreaterThanOrEqual(0.45)
  expect(share).toBeLessThan(0.6)
  // The first of them are let by.
  expect(worked.indexOf(true)).toBe(200)
})

test('what was let by at another time does not count', () => {
  const work = new StandBack(BOUNDS)
  expect(work.restMs(0, 0)).toBe(250)
  expect(work.restMs(250, 250)).toBe(0)
  expect(work.restMs(5_000, 0)).toBe(250)
})
