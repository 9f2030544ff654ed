import type { StepsOfWork } from '@holdfast/detect'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Slices } from './slices.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Each look at the clock is a millisecond later, and a slice three of them. */
function slicesOf(said: string[]): Slices {
  let ms = 0
  return new Slices({
    sliceMs: 3,
    nowMs: () => (ms += 1),
    onAnswer: (id, json) => void said.push(`${id}:${json ?? ''}`),
    onFault: (id, error) => void said.push(`${id} failed: ${String(error)}`),
  })
}

function* long(steps: number, done: string[], name: string): StepsOfWork<string> {
  for (let step = 0; step < steps; step += 1) {
    done.push(name)
    yield
  }
  return name
}

test('a quick question is answered after one slice, however many long ones are at work', () => {
  const said: string[] = []
  const done: string[] = []
  using slices = slicesOf(said)
  for (const id of [1, 2, 3, 4]) slices.add({ id, steps: long(40, done, 'long') })
  vi.advanceTimersToNextTimer()
  const before = done.length
  slices.add({ id: 5, steps: long(1, done, 'quick') })
  vi.advanceTimersToNextTimer()
  expect(said).toEqual(['5:quick'])
  expect(done.length - before).toBe(1)
  vi.runAllTimers()
  expect(said.toSorted()).toEqual(['1:long', '2:long', '3:long', '4:long', '5:quick'])
})

test('long questions take turns, and one that is dropped is worked on no more', () => {
  const said: string[] = []
  const done: string[] = []
  using slices = slicesOf(said)
  slices.add({ id: 1, steps: long(6, done, 'a') })
  slices.add({ id: 2, steps: long(6, done, 'b') })
  vi.advanceTimersToNextTimer()
  vi.advanceTimersToNextTimer()
  expect(new Set(done)).toEqual(new Set(['a', 'b']))
  slices.drop(2)
  const dropped = done.filter((name) => name === 'b').length
  vi.runAllTimers()
  expect(said).toEqual(['1:a'])
  expect(done.filter((name) => name === 'b')).toHaveLength(dropped)
})

test('a fault ends its question alone, and nothing is answered after the end', () => {
  const said: string[] = []
  const done: string[] = []
  {
    using slices = slicesOf(said)
    slices.add({ id: 1, steps: long(1, done, 'well') })
    slices.add({ id: 2, steps: faulty() })
    vi.runAllTimers()
    expect(said).toEqual(['2 failed: RangeError: no', '1:well'])
    slices.add({ id: 3, steps: long(1, done, 'late') })
  }
  vi.runAllTimers()
  expect(said).toHaveLength(2)
})

// oxlint-disable-next-line require-yield -- it fails before its first step
function* faulty(): StepsOfWork<string> {
  throw new RangeError('no')
}
