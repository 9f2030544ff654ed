import { normalise } from '@holdfast/capture'
import { deriveGraph, summarise } from '@holdfast/graph'
import type { EventSummary, UnixNano } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entriesOf, recordedGroups } from '../testing/entries.ts'
import { MomentGraph } from './moment-graph.ts'
import { beganAt } from './sight.ts'

/** A recorded conversation, as if the log had got one entry after the other in another order than it happened. */
const events: readonly EventSummary[] = entriesOf(recordedGroups('openinference'), 0n as UnixNano)
  .slice(0, 40)
  .map((entry, index) => ({ ...entry, recordedAt: BigInt((index * 7) % 40) as UnixNano })) // small and positive
  .flatMap((entry) => normalise(entry).events.map(summarise))

const clocks = fc.constantFrom('happened' as const, 'known' as const)

test('whatever instants are asked for, in whatever order, each graph is that of what had begun by then', () => {
  expect(events.length).toBeGreaterThan(10)
  const places = fc.array(fc.nat(events.length - 1), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(places, clocks, fc.constantFrom(-1n, 0n, 1n), (indices, by, beside) => {
      const moments = new MomentGraph('c', events, by)
      for (const index of indices) {
        const event = events[index]
        if (event === undefined) continue
        const at = (beganAt(event, by) + beside) as UnixNano // beside a time that an event has
        const then = events.filter((each) => beganAt(each, by) <= at)
        expect(moments.at(at)).toEqual(deriveGraph('c', then))
      }
    }),
    { numRuns: 60 },
  )
})

test('what claims no time is taken at the time it was recorded', () => {
  const [event] = events
  if (event === undefined) throw new Error('there are recorded events')
  expect(beganAt({ ...event, claimedAt: 0n as UnixNano }, 'happened')).toBe(event.recordedAt)
})
