import { expect, test } from 'vitest'
import { revealOfHunt } from './reveal-target.ts'

test('a hunt for captured text is a reading of it, and one for names is none', () => {
  expect(revealOfHunt('tool:wire_refund text:"ignore all" -text:hello')).toBe('hunt ignore all hello')
  expect(revealOfHunt('tool:wire_refund invoice*')).toBeUndefined()
  expect(revealOfHunt(undefined)).toBeUndefined()
})
