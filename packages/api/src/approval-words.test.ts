import { expect, test } from 'vitest'
import { approvalWords } from './approval-words.ts'

test('what may go by itself waits for a person all the same where a person makes the plan', () => {
  expect(approvalWords({ kind: 'people', roles: ['on-call', 'compliance'] })).toBe('on-call and compliance')
  expect(approvalWords({ kind: 'automatic', roles: ['on-call'] })).toBe(
    'on-call where a person makes the plan; nobody where the response policy lets it go by itself, which on-call is told',
  )
})
