import { expect, test } from 'vitest'
import { quoted } from './findings.ts'

test('a value is quoted once, without the marks of the JSON that it came in', () => {
  expect(quoted('"Acme"')).toBe('“Acme”')
  expect(quoted('say \\"pay\\" or \\\\\\"go\\\\\\"')).toBe('“say "pay" or "go"”')
  expect(quoted('C:\\temp')).toBe('“C:\\temp”')
})

/* Captured text is whatever an agent sends. What takes more than its length ends by the time limit of the test. */
test('a long run of backslashes is cut like any other text', () => {
  expect(quoted('\\'.repeat(300_000))).toBe(`“${'\\'.repeat(120)}…”`)
})
