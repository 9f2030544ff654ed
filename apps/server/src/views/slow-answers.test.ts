import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SlowAnswers } from './slow-answers.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('answers in the order of the questions, none of them at once', () => {
  using slow = new SlowAnswers()
  const said: string[] = []
  for (const name of ['first', 'second']) slow.add({ answer: () => said.push(name), isAwaited: () => false })
  expect(said).toEqual([])
  vi.runAllTimers()
  expect(said).toEqual(['first', 'second'])
})

test('a question whose answer is on its way waits for it and holds no other up', () => {
  using slow = new SlowAnswers()
  const said: string[] = []
  let isAwaited = true
  slow.add({ answer: () => said.push('awaited'), isAwaited: () => isAwaited })
  slow.add({ answer: () => said.push('other'), isAwaited: () => false })
  vi.runAllTimers()
  expect(said).toEqual(['other'])
  isAwaited = false
  slow.resume()
  vi.runAllTimers()
  expect(said).toEqual(['other', 'awaited'])
})

test('answers nothing more once it has ended', () => {
  const said: string[] = []
  {
    using slow = new SlowAnswers()
    slow.add({ answer: () => said.push('late'), isAwaited: () => false })
  }
  vi.runAllTimers()
  expect(said).toEqual([])
})
