import type { UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { RETRY_MOST_MS, RETRY_MS, TRIES_MOST } from './limits.ts'
import { afterTries, Retries } from './retries.ts'

const at = (ms: number): UnixNano => (BigInt(ms) * 1_000_000n) as UnixNano // some time

test('what failed is tried again after a while, once for each failure, and at last no more', () => {
  const retries = new Retries()
  const answers = Array.from({ length: TRIES_MOST }, (_, index) => {
    const answer = retries.failed('inc-1', at(0))
    expect(retries.due(at(RETRY_MS - 1))).toEqual([])
    expect(retries.due(at(RETRY_MOST_MS))).toEqual(index + 1 < TRIES_MOST ? ['inc-1'] : [])
    expect(retries.due(at(RETRY_MOST_MS))).toEqual([])
    return answer
  })
  expect(answers).toEqual([...Array.from({ length: TRIES_MOST - 1 }, () => 'again'), 'given-up'])
})

test('what was done in between begins anew', () => {
  const retries = new Retries()
  retries.failed('inc-1', at(0))
  retries.succeeded('inc-1')
  expect(retries.due(at(RETRY_MOST_MS))).toEqual([])
  expect(retries.failed('inc-1', at(0))).toBe('again')
})

test('each try is later than the one before, up to a bound', () => {
  const waits = Array.from({ length: 40 }, (_, tries) => afterTries(tries + 1, at(0)))
  expect(waits[1]).toBe(at(2 * RETRY_MS))
  expect(waits.at(-1)).toBe(at(RETRY_MOST_MS))
})
