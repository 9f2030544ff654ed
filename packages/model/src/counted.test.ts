import { expect, test } from 'vitest'
import { counted } from './counted.ts'

test('one of a thing is one of it, and none and many are several', () => {
  expect([0, 1, 2].map((count) => counted(count, 'day'))).toEqual(['0 days', '1 day', '2 days'])
  expect([1, 2].map((count) => counted(count, 'entry', 'entries'))).toEqual(['1 entry', '2 entries'])
})
