import { expect, test } from 'vitest'
import { idOfKey } from './id-of-key.ts'
import { orderIdOf } from './proxy/order-id.ts'

test('a key has one id for ever: what was ordered and held under it is found again by a later version', () => {
  expect(idOfKey('plan/step')).toBe('0b5b2f8a-52d7-fdf6-4da8-879f1b0a9faf')
  expect(orderIdOf('plan/step')).toBe('3a04bff5-115c-01de-a5d2-288808ad9839')
})
