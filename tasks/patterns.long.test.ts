import { join } from 'node:path'
import { expect, test } from 'vitest'
import { patternsOf, slowPatterns } from './patterns.ts'
import { REVIEWED } from './reviewed-patterns.ts'

test('no pattern that reads captured text is slow on any of it', { timeout: 1_800_000 }, () => {
  const patterns = patternsOf(join(import.meta.dirname, '..'))
  expect(patterns.length).toBeGreaterThan(100)
  expect(slowPatterns(patterns, { timeoutMs: 10_000, reviewed: REVIEWED })).toEqual([])
})
