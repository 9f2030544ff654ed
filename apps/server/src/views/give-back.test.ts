import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GIVE_BACK_AGAIN_BYTES, GIVE_BACK_BYTES, REST_BYTES, REST_LOOK_MS } from '../limits.ts'
import { GiveBack } from './give-back.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A heap of which half is garbage when it is collected; that moves what lives on half of the pages that are mostly free. */
class Heap {
  used = 0
  garbage = 0
  collected = 0
  /** Of pages that are mostly free. */
  scattered = 0
  readonly giveBack = new GiveBack({
    used: () => this.used,
    held: () => this.used + this.scattered,
    collect: () => {
      this.collected += 1
      this.used -= this.garbage
      this.garbage = 0
      this.scattered /= 2
    },
  })

  /** Until it was looked so often, with so much allocated before each look. */
  look(times: number, allocated = 0): void {
    for (let i = 0; i < times; i += 1) {
      this.used += allocated
      this.garbage += allocated / 2
      vi.advanceTimersByTime(REST_LOOK_MS)
    }
  }
}

test('what a burst left is collected when nothing more is allocated, and then left alone', () => {
  const heap = new Heap()
  heap.look(5, GIVE_BACK_BYTES)
  expect(heap.collected).toBe(0)
  heap.look(1)
  expect(heap.collected).toBe(1)
  // Half of the burst was given back, so it is looked once more whether there is another page.
  heap.look(20, REST_BYTES / 100)
  expect(heap.collected).toBe(2)
  heap.look(1, 3 * GIVE_BACK_BYTES)
  heap.look(5)
  expect(heap.collected).toBe(4)
})

test('it is collected again as long as pages are given back, and while the thread rests', () => {
  const heap = new Heap()
  heap.look(1, 2 * GIVE_BACK_BYTES)
  heap.scattered = 16 * GIVE_BACK_AGAIN_BYTES
  heap.look(3)
  expect(heap.collected).toBe(3)
  heap.look(1, REST_BYTES)
  expect(heap.collected).toBe(3)
  heap.look(10)
  // 8, 4, 2, 1 and half of what makes another worth it.
  expect(heap.collected).toBe(5)
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
