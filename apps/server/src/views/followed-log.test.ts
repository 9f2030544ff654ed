import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { STAND_BACK_MS, STOOD_BACK_MS } from '../limits.ts'
import { FollowedLog, type FollowedLogParts } from './followed-log.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const TURN_MS = 10

/** A log at its end, with so many cases that wait: when each turn of judging began. */
function following({ isBacklog }: { readonly isBacklog: boolean }) {
  const turns: number[] = []
  const judge = {
    isBacklog: () => isBacklog,
    turn: () => {
      turns.push(performance.now())
      return { restMs: TURN_MS, filed: false }
    },
    takeStages: () => [],
    takeFiled: () => [],
  }
  const open = { reader: { size: () => 5 }, projections: [], views: { cold: () => [] }, judge }
  const log = new FollowedLog({
    open: open as unknown as FollowedLogParts['open'], // of a log at rest nothing else is asked
    turns: { turn: () => ({ inputs: [], read: 0, isFirst: true, isCleared: false }), reach: () => 5 },
    questions: { quietMs: Infinity },
    warmer: { start: () => undefined, isBusy: false, restMs: 0 },
    say: () => undefined,
    tell: () => undefined,
    forget: () => undefined,
  })
  const ended = log.run()
  const end = async () => {
    log.stop()
    await ended
  }
  return { log, turns, end }
}

test('a backlog stands back for whoever comes, and goes on when it is quiet', async () => {
  const { log, turns, end } = following({ isBacklog: true })
  await vi.advanceTimersByTimeAsync(100)
  const before = turns.length
  expect(before).toBeGreaterThan(5)
  const came = performance.now()
  log.visited()
  await vi.advanceTimersByTimeAsync(STAND_BACK_MS - 1)
  // One was begun before anybody came.
  expect(turns.filter((at) => at > came + TURN_MS)).toEqual([])
  await vi.advanceTimersByTimeAsync(100)
  expect(turns.length).toBeGreaterThan(before + 5)
  await end()
})

test('however many come, a backlog has its turns; and what happens now is judged whoever comes', async () => {
  for (const isBacklog of [true, false]) {
    const { log, turns, end } = following({ isBacklog })
    const begun = performance.now()
    for (let ms = 0; ms < 4 * STOOD_BACK_MS; ms += 50) {
      log.visited()
      await vi.advanceTimersByTimeAsync(50)
    }
    const all = (4 * STOOD_BACK_MS) / TURN_MS
    const judged = turns.filter((at) => at >= begun).length
    expect([isBacklog, judged / all > (isBacklog ? 0.4 : 0.9), judged / all < (isBacklog ? 0.6 : 1.1)]).toEqual([
      isBacklog,
      true,
      true,
    ])
    await end()
  }
})
