import type { ControlRecord, UnixNano } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { ConfirmedHolds } from './confirmed-holds.ts'

const AGENTS = ['a', 'b', 'c'] as const
type Told = { readonly agent: string; readonly state: 'applied' | 'confirmed'; readonly ms: number }

const told: fc.Arbitrary<Told> = fc.record({
  agent: fc.constantFrom(...AGENTS),
  state: fc.constantFrom('applied', 'confirmed'),
  // The clock of a log may step back.
  ms: fc.integer({ min: 0, max: 20 }),
})

function add(log: RecordedControls, { agent, state, ms }: Told): void {
  const record = { kind: 'containment', state, plan: { agent } } as unknown as ControlRecord // no other member is read
  log.add(record, (BigInt(ms) * 1_000_000n) as UnixNano) // a time
}

/** The answer as the log itself gives it. */
function firstIn(log: RecordedControls, agents: readonly string[], fromMs: number): number | undefined {
  return log
    .controls('containment')
    .filter(({ record }) => record.state === 'confirmed' && agents.includes(record.plan.agent))
    .map(({ recordedAt }) => Number(recordedAt / 1_000_000n))
    .find((ms) => ms >= fromMs)
}

test('the first confirmed hold is the one that the log has, however far it was read on, and with more than are kept', () => {
  const asked = fc.record({
    added: fc.array(told, { maxLength: 8 }),
    agents: fc.subarray([...AGENTS]),
    fromMs: fc.integer({ min: 0, max: 21 }),
  })
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 6 }), fc.integer({ min: 1, max: 12 }), (rounds, most) => {
      const log = new RecordedControls()
      const holds = new ConfirmedHolds(log, { most })
      for (const { added, agents, fromMs } of rounds) {
        for (const one of added) add(log, one)
        expect(holds.firstMs(agents, fromMs)).toBe(firstIn(log, agents, fromMs))
      }
    }),
  )
})

test('what was read is not read again', () => {
  const log = new RecordedControls()
  const holds = new ConfirmedHolds(log)
  for (const ms of [1, 2, 3]) add(log, { agent: 'a', state: 'confirmed', ms })
  expect([holds.firstMs(['a'], 2), holds.firstMs(['a'], 3), log.read]).toEqual([2, 3, 3])
  add(log, { agent: 'b', state: 'confirmed', ms: 4 })
  expect([holds.firstMs(['b'], 0), log.read]).toEqual([4, 4])
})
