import { expect, test } from 'vitest'
import { sealedState } from './sealed.ts'

test('an artifact is sealed where the log that was sealed holds its newest record', () => {
  expect(sealedState({ lastEntry: 6 }, { size: 7 })).toBe('sealed')
  expect(sealedState({ lastEntry: 7 }, { size: 7 })).toBe('newer')
})

test('without a seal, or without a record, nothing is said to be sealed', () => {
  expect(sealedState({ lastEntry: 0 }, undefined)).toBeUndefined()
  expect(sealedState({}, { size: 7 })).toBeUndefined()
})
