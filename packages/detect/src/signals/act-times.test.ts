import type { Event } from '@holdfast/model'
import { expect, test } from 'vitest'
import { actTimesOf, ActTimes } from './act-times.ts'
import { MAX_ACT_TIMES } from './limits.ts'

function event(at: number, channel = 'otlp'): Event {
  return {
    id: `${channel}${at}`,
    entry: at,
    claimedAt: BigInt(at),
    source: { tier: 'boundary', channel },
    body: { kind: 'tool-call' },
  } as unknown as Event // what is read of one
}

const events = (count: number, channel?: string): readonly Event[] =>
  Array.from({ length: count }, (_, at) => event(at, channel))

test('acts are counted apart from their times, of which the first and the latest are kept', () => {
  const told = actTimesOf(events(1_000), event(0).claimedAt)
  expect(told.acts).toHaveLength(MAX_ACT_TIMES)
  expect([told.acts?.[0], told.acts?.at(-1), told.actCount]).toEqual([0n, 999n, 1_000])
})

test('where each time is kept there is nothing to count beside them', () => {
  expect(actTimesOf(events(MAX_ACT_TIMES), event(0).claimedAt).actCount).toBeUndefined()
  expect(actTimesOf(events(MAX_ACT_TIMES + 1), event(0).claimedAt).actCount).toBe(MAX_ACT_TIMES + 1)
})

test('the teller of most is the one that told of most, however many of its times are kept', () => {
  const times = new ActTimes()
  // Of 129 one teller keeps 64 at that moment; the other has kept all of its 100.
  for (const one of [...events(129, 'a'), ...events(100, 'b')]) times.add(one)
  expect(times.told(event(0).claimedAt)).toMatchObject({ actCount: 129 })
})
