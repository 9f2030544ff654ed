import { expect, test } from 'vitest'
import { refusalsTitle } from './simulate.ts'

test.each([
  [1, 1, 'The act'],
  [3, 3, 'The 3 acts'],
  [2, 4, '4 refusals of the 2 acts: one for each policy that would stop it'],
  [1, 2, '2 refusals of the act: one for each policy that would stop it'],
])('%i acts that are refused %i times are told as what they are', (denied, refusals, title) => {
  expect(refusalsTitle(denied, refusals)).toBe(title)
})
