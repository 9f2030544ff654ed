import { CAPABILITIES, PROVIDER_CONSTRAINTS } from '@holdfast/model'
import { expect, test } from 'vitest'
import { clockReach, logDelayOf } from './log-delay.ts'

test('delays have a middle and an end, and none of them has neither', () => {
  expect(logDelayOf([])).toBeUndefined()
  expect(logDelayOf([3_000])).toEqual({ records: 1, p50Ms: 3_000, p95Ms: 3_000, mostMs: 3_000 })
  const hundred = Array.from({ length: 100 }, (_, i) => (100 - i) * 10)
  expect(logDelayOf(hundred)).toEqual({ records: 100, p50Ms: 510, p95Ms: 960, mostMs: 1_000 })
})

test('MGD-5 nine minutes of delay put a clock of 60 s out of reach, and a limit before the act is proposed', () => {
  const late = clockReach(logDelayOf([540_000, 540_000]))
  expect(late).toMatchObject({ clockMs: 60_000, status: 'unreachable', why: expect.stringContaining('540 s') })
  expect(late.proposal).toContain('IAM policy')
  expect(clockReach(logDelayOf([5_000]))).toMatchObject({ status: 'reachable', why: expect.stringContaining('55 s') })
  expect(clockReach(undefined).status).toBe('unknown')
})

test('MGD-1 each of three platforms says of each of nine capabilities which API gives it and what is not to be had', () => {
  for (const row of Object.values(PROVIDER_CONSTRAINTS)) {
    expect(Object.keys(row)).toEqual([...CAPABILITIES])
    for (const { api, reason } of Object.values(row)) expect(Math.min(api.length, reason.length)).toBeGreaterThan(10)
  }
  expect(Object.keys(PROVIDER_CONSTRAINTS)).toEqual(['bedrock', 'vertex', 'foundry'])
})
