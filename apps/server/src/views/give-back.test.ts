import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GIVE_BACK_BYTES, REST_BYTES, REST_LOOK_MS } from '../limits.ts'
import { GiveBack } from './give-back.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A heap of which half is garbage when it is collected. */
class Heap {
  used = 0
  collected = 0
  readonly giveBack = new GiveBack({
    used: () => this.used,
    collect: () => {
      this.collected += 1
      this.used /= 2
    },
  })

  /** Until it was looked so often, with so much allocated before each look. */
  look(times: number, allocated = 0): void {
    for (let i = 0; i < times; i += 1) {
      this.used += allocated
      vi.advanceTimersByTime(REST_LOOK_MS)
    }
  }
}

test('what a burst left is collected once, when nothing more is allocated', () => {
  const heap = new Heap()
  heap.look(5, GIVE_BACK_BYTES)
  expect(heap.collected).toBe(0)
  heap.look(1)
  expect(heap.collected).toBe(1)
  heap.look(20, REST_BYTES / 100)
  expect(heap.collected).toBe(1)
  heap.look(1, 3 * GIVE_BACK_BYTES)
  heap.look(5)
  expect(heap.collected).toBe(2)
})

test('a thread that is at work or holds little is left alone, and so is one that has ended', () => {
  const heap = new Heap()
  heap.look(50, REST_BYTES)
  expect(heap.collected).toBe(0)
  heap.giveBack[Symbol.dispose]()
  heap.look(50)
  expect(heap.collected).toBe(0)
  const small = new Heap()
  small.used = GIVE_BACK_BYTES - 1
  small.look(10)
  expect(small.collected).toBe(0)
})
