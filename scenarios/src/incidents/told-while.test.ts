import { afterEach, expect, test, vi } from 'vitest'
import { neverSilent, toldWhile } from './told-while.ts'

test('work is told of until it is over, and ends as it does', async () => {
  const lines: string[] = []
  const work = Promise.withResolvers<number>()
  let asked = 0
  const words = async () => {
    asked += 1
    if (asked === 1) throw new Error('busy')
    if (asked === 4) work.resolve(7)
    return asked === 2 ? undefined : `${asked} of 4`
  }
  expect(await toldWhile(work.promise, { tell: (line) => lines.push(line), words, everyMs: 1 })).toBe(7)
  expect(lines[0]).toBe('3 of 4')
  const failing = Promise.reject(new Error('refused'))
  await expect(toldWhile(failing, { tell: () => undefined, words, everyMs: 1 })).rejects.toThrow('refused')
})

test('how far work is is told once, and again once it is further', async () => {
  const lines: string[] = []
  const work = Promise.withResolvers<void>()
  const far = ['folding: 4 of 4', 'folding: 4 of 4', 'judging: 2 wait', 'judging: 2 wait', 'judging: 1 waits']
  let asked = 0
  const words = async () => {
    if (asked === far.length) work.resolve()
    return far[asked++]
  }
  await toldWhile(work.promise, { tell: (line) => lines.push(line), words, everyMs: 1 })
  expect(lines).toEqual(['folding: 4 of 4', 'judging: 2 wait', 'judging: 1 waits'])
})

afterEach(() => vi.useRealTimers())

test('where no line comes the last is repeated with its age', () => {
  vi.useFakeTimers({ now: 0 })
  const lines: string[] = []
  const { tell, stop } = neverSilent((line) => lines.push(line), { everyMs: 10_000 })
  tell('importing its quiet weeks')
  vi.advanceTimersByTime(9_000)
  tell('importing its quiet weeks: 5 of 9 lines')
  vi.advanceTimersByTime(20_000)
  tell('acting')
  vi.advanceTimersByTime(10_000)
  stop()
  vi.advanceTimersByTime(60_000)
  expect(lines).toEqual([
    'importing its quiet weeks',
    'importing its quiet weeks: 5 of 9 lines',
    'still importing its quiet weeks: 19 s',
    'still importing its quiet weeks: 29 s',
    'acting',
    'still acting: 10 s',
  ])
})
