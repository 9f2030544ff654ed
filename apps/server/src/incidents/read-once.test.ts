import { finished, type StepsOfWork } from '@holdfast/detect'
import { expect, test } from 'vitest'
import { ReadOnce } from './read-once.ts'

/** Readings of two steps that count how often one was begun. */
function counted() {
  const counts = { begun: 0 }
  function* read(): StepsOfWork<number> {
    counts.begun += 1
    const own = counts.begun
    yield
    return own
  }
  return { counts, read }
}

test('what was read is read again once its stamp is another, and when it was forgotten', () => {
  let stamp = 'a'
  const once = new ReadOnce<number>({ most: 2, stampNow: () => stamp })
  const { read } = counted()
  expect([finished(once.of('x', read)), finished(once.of('x', read))]).toEqual([1, 1])
  stamp = 'b'
  expect(finished(once.of('x', read))).toBe(2)
  once.forget()
  expect(finished(once.of('x', read))).toBe(3)
})

test('two that ask at the same time share one reading, whoever has the turn', () => {
  const once = new ReadOnce<number>({ most: 2, stampNow: () => 'a' })
  const { counts, read } = counted()
  const [first, second] = [once.of('x', read), once.of('x', read)]
  expect(first.next().done).toBe(false)
  expect(finished(second)).toBe(1)
  expect(finished(first)).toBe(1)
  expect(counts.begun).toBe(1)
})

test('what was read of two states is answered and not held', () => {
  let stamp = 'a'
  const once = new ReadOnce<number>({ most: 2, stampNow: () => stamp })
  const { counts, read } = counted()
  const asked = once.of('x', read)
  asked.next()
  stamp = 'b'
  expect(finished(asked)).toBe(1)
  stamp = 'a'
  expect(finished(once.of('x', read))).toBe(2)
  expect(counts.begun).toBe(2)
})

test('a fault is told to all who waited, and the next one tries again', () => {
  const once = new ReadOnce<number>({ most: 2, stampNow: () => 'a' })
  function* broken(): StepsOfWork<number> {
    yield
    throw new Error('the segment cannot be read')
  }
  const [first, second] = [once.of('x', broken), once.of('x', broken)]
  first.next()
  expect(() => finished(second)).toThrow('cannot be read')
  expect(() => finished(first)).toThrow('cannot be read')
  expect(finished(once.of('x', counted().read))).toBe(1)
})

test('the one that was asked for longest ago goes first', () => {
  const once = new ReadOnce<number>({ most: 2, stampNow: () => 'a' })
  const { counts, read } = counted()
  for (const name of ['x', 'y', 'x', 'z', 'x']) finished(once.of(name, read))
  expect(counts.begun).toBe(3)
  finished(once.of('y', read))
  expect(counts.begun).toBe(4)
})
