import { expect, test } from 'vitest'
import { add, countLine, EMPTY, readTally, skippedLines } from './tally.ts'

const browser = {
  passed: 2,
  failed: 0,
  skipped: [
    { name: 'a', why: 'no chromium' },
    { name: 'b', why: 'no chromium' },
  ],
}

test('counts of two runs add up', () => {
  expect(countLine(add(browser, { passed: 3, failed: 1, skipped: [] }))).toBe('5 passed, 1 failed, 2 skipped')
})

test('skipped tests are listed once for each reason', () => {
  expect(skippedLines(browser)).toEqual(['skipped: a and 1 more: no chromium'])
  expect(skippedLines(EMPTY)).toEqual([])
})

test('a run that left no count has failed', () => {
  expect(readTally('/nowhere/tally.json').failed).toBe(1)
})
