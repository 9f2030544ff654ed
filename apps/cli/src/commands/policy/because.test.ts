import { TRANSPORT_NOT_KEPT } from '@holdfast/model'
import { expect, test } from 'vitest'
import { becauseOf } from './because.ts'

test('a line whose transport nobody saw is not told as observed and no more', () => {
  const reason = `seen on 3 days; ${TRANSPORT_NOT_KEPT}, so both are let through`
  expect(becauseOf({ because: 'observed', reason })).toBe('observed, transport not kept')
  expect(becauseOf({ because: 'observed', reason: 'seen on 3 days' })).toBe('observed')
})
