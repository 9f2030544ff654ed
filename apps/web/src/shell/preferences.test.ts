import { expect, test } from 'vitest'
import { nextTheme } from './preferences.ts'

test.each([
  ['system', false, 'dark'],
  ['system', true, 'light'],
  ['dark', false, 'system'],
  ['light', true, 'system'],
  ['light', false, 'dark'],
  ['dark', true, 'light'],
] as const)('one press changes what is seen: %s where the system is dark: %s', (theme, isSystemDark, next) => {
  expect(nextTheme(theme, isSystemDark)).toBe(next)
})
