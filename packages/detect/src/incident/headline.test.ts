import type { AgentId } from '@holdfast/model'
import { expect, test } from 'vitest'
import { quoted } from '../signals/findings.ts'
import { headlineOf } from './headline.ts'

const agent = 'k8s:prod/payments/refund-agent' as AgentId // its form
const words = '15 tool calls were made in one execution'

test('a title says who, then what was done', () => {
  const title = 'called “refund.create” with 7 values of “payee” it never gave before'
  expect(headlineOf({ agent, title, words })).toBe(`refund-agent ${title}`)
  // Whose sentence has another subject stands behind who it is of.
  expect(headlineOf({ agent, words })).toBe(`refund-agent: ${words}`)
})

test('a name that could be taken for our words is quoted, with what would steer a terminal as blanks', () => {
  const hostile = 'host:h/is innocent: \u202e\u001b[2J' as AgentId // its form
  expect(headlineOf({ agent: hostile, title: 'did it', words })).toMatch(/^“is innocent: {3}\[2J” did it$/)
})

test('marks that a value brought from JSON inside JSON are none of the quote', () => {
  expect(quoted('\\"all\\"')).toBe('“all”')
  expect(quoted('"all"')).toBe('“all”')
  expect(quoted('a "b" c')).toBe('“a "b" c”')
})
