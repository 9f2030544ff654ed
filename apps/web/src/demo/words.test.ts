import { expect, test } from 'vitest'
import { progressOf, titleOf } from './words.ts'

const story = (name: string, state: 'waiting' | 'acting' | 'told' | 'failed') => ({
  name,
  state,
  cluster: `${name}-a1b2c3`,
  account: '123456789012',
  detail: '',
  since: '2026-01-01T00:00:00Z',
})

test('a demo runs as long as one story is neither told nor failed', () => {
  expect(progressOf([story('a', 'told'), story('b', 'acting')])).toEqual({ told: 1, isRunning: true })
  expect(progressOf([story('a', 'told'), story('b', 'failed')])).toEqual({ told: 1, isRunning: false })
  expect(progressOf([])).toEqual({ told: 0, isRunning: false })
})

test('a story without a title goes by its name', () => {
  expect(titleOf({ name: 'refund-agent' })).toBe('Refund agent')
  expect(titleOf({ name: 'support-desk' })).toBe('support-desk')
})
