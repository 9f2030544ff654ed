import { join } from 'node:path'
import { expect, test } from 'vitest'
import { patternsIn, patternsOf, slowPatterns } from './patterns.ts'
import { REVIEWED } from './reviewed-patterns.ts'

const patterns = patternsOf(join(import.meta.dirname, '..'))

test('regular expressions are found by the syntax of a file', () => {
  const text = 'const a = /x+/g\n// no /y+/ here\nconst b = "/z+/"\nexport const c = `${a}`.replace(/w/u, b)\n'
  expect(patternsIn('a.ts', text).map(({ source, flags, line }) => [source, flags, line])).toEqual([
    ['x+', 'g', 1],
    ['w', 'u', 4],
  ])
})

test('the checker tells a slow pattern from a quick one', () => {
  const one = (source: string) => ({ file: 'a.ts', line: 1, source, flags: '' })
  const slow = slowPatterns([one('^(a+)+$'), one('^a+$')], { timeoutMs: 60_000, reviewed: new Map() })
  expect(slow).toEqual(['a.ts:1 /^(a+)+$/ exponential'])
})

test('no pattern of the rules is slow on any text (those of all other code: npm run test:long)', () => {
  const own = patterns.filter(({ file }) => file.startsWith('packages/detect/src/rules/'))
  expect(own.length).toBeGreaterThan(5)
  expect(slowPatterns(own, { timeoutMs: 10_000, reviewed: REVIEWED })).toEqual([])
})

test('every reviewed pattern is still there', () => {
  const there = new Set(patterns.map(({ source }) => source))
  expect([...REVIEWED.keys()].filter((source) => !there.has(source))).toEqual([])
})
