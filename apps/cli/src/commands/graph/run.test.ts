import { expect, test } from 'vitest'
import { triggerText } from './run.ts'

test('what set a conversation off and was not captured does not look like an empty text', () => {
  expect(triggerText('')).toBe('set off by: nothing that was captured')
  expect(triggerText('pay\u001b[2J')).toBe('set off by: "pay␛[2J"')
})
