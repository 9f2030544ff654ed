import { expect, test } from 'vitest'
import { observedDays, observedDaysInShort } from './observed-days.ts'

test('who is observed for longer than it takes at least is on no day of those', () => {
  expect(observedDays(3, 14)).toBe('day 3 of at least 14')
  expect(observedDays(14, 14)).toBe('14 days, 14 needed')
  expect(observedDays(28, 14)).toBe('28 days, 14 needed')
  expect(observedDays(1, 1)).toBe('1 day, 1 needed')
  expect([3, 28].map((days) => observedDaysInShort(days, 14))).toEqual(['day 3 of 14', '28 days'])
})
