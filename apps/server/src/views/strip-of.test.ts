import type { EventSummary } from '@holdfast/model'
import { expect, test } from 'vitest'
import { STRIP_STEPS } from '../limits.ts'
import { stripOf } from './strip-of.ts'

const eventAt = (claimed: number, recorded = claimed): EventSummary =>
  // the strip reads these fields alone
  ({
    claimedAt: BigInt(claimed),
    recordedAt: BigInt(recorded),
    agent: { id: `a${claimed % 2}` },
  }) as unknown as EventSummary

test('every event is counted in one part of the time, and the clock decides which', () => {
  const events = [eventAt(10, 900), eventAt(20, 800), eventAt(20, 700)]
  const happened = stripOf({ events, conversations: ['c'] }, 'happened')
  expect(happened).toMatchObject({ from: '10', to: '20', events: 3, steps: ['10', '20'], agents: ['a0'] })
  expect(happened.counts.reduce((sum, count) => sum + count)).toBe(3)
  expect(happened.counts.at(-1)).toBe(2)
  expect(stripOf({ events, conversations: ['c'] }, 'known')).toMatchObject({ from: '700', to: '900', stepsTotal: 3 })
})

test('past the bound steps are thinned evenly and both ends stay', () => {
  const events = Array.from({ length: 9_000 }, (_, at) => eventAt(at + 1))
  const { steps, stepsTotal } = stripOf({ events, conversations: ['c'] }, 'happened')
  expect([steps.length, stepsTotal, steps[0], steps.at(-1)]).toEqual([STRIP_STEPS, 9_000, '1', '9000'])
  expect(new Set(steps).size).toBe(STRIP_STEPS)
})

test('one event, or none, is a strip too', () => {
  expect(stripOf({ events: [eventAt(5)], conversations: ['c'] }, 'happened').counts[0]).toBe(1)
  expect(stripOf({ events: [], conversations: ['c'] }, 'happened')).toMatchObject({ from: '0', to: '0', steps: [] })
})
