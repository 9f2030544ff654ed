import type { Incident, Signal } from '@holdfast/model'
import { expect, test } from 'vitest'
import {
  actorsOf,
  actorTiersOf,
  harmfulActsAtLeast,
  harmfulActsOf,
  lastActOf,
  lastHarmfulActOf,
} from './harmful-acts.ts'

function signal(detector: string, event: string, seconds: number, change: Partial<Signal> = {}): Signal {
  return {
    id: `${detector}.${event}`,
    detector,
    source: 'authority',
    speaksFor: 'privilege-boundary-escape',
    strength: 0.7,
    surface: 'S3',
    agent: 'payments/refund-agent',
    events: [event],
    entries: [1],
    claimedAt: BigInt(seconds) * 1_000_000_000n,
    tier: 'provider',
    words: 'outside its purpose',
    ...change,
  } as unknown as Signal // ids are branded
}

function acts(signals: readonly Signal[]): readonly number[] {
  const incident: Pick<Incident, 'type' | 'signals'> = { type: 'privilege-boundary-escape', signals }
  return harmfulActsOf(incident).map((at) => Number(at / 1_000_000_000n))
}

test('one act that two witnesses tell of is one act', () => {
  expect(acts([signal('authority/outside-profile', 'a', 10), signal('profile/identity', 'b', 11)])).toHaveLength(1)
})

test('the witness that saw most tells when they were, in their order', () => {
  const seen = [30, 10, 20].map((at) => signal('authority/outside-profile', `e${at}`, at))
  expect(acts([signal('profile/identity', 'x', 5), ...seen, ...seen])).toEqual([10, 20, 30])
})

test('an act that is done again moves the last one, and counts by the witness who saw most', () => {
  const at = (...seconds: readonly number[]) => seconds.map((one) => BigInt(one) * 1_000_000_000n)
  const folded = signal('profile/new-value', 'a', 10, {
    acts: at(10, 20, 20, 900),
    lastClaimedAt: at(901)[0],
  } as unknown as Partial<Signal>) // times are branded
  const chain = signal('profile/chain', 'a', 9)
  expect(acts([folded, chain])).toEqual([10, 20, 20, 900])
  // Two arguments of the same calls.
  expect(acts([folded, { ...folded, id: 'profile/new-value.b' }])).toEqual([10, 20, 20, 900])
  const incident = { type: 'privilege-boundary-escape', signals: [folded, chain] } as const
  expect(lastHarmfulActOf(incident)).toBe(at(901)[0])
  expect(lastHarmfulActOf({ ...incident, signals: [chain] })).toBe(chain.claimedAt)
  expect(lastHarmfulActOf({ ...incident, signals: [] })).toBeUndefined()
})

test('of a thousand acts and more the first and the latest are told', () => {
  const many = Array.from({ length: 1_200 }, (_, index) => signal('provenance', `e${index}`, index))
  const told = acts(many)
  expect([told.length, told[0], told[1], told.at(-1)]).toEqual([1_000, 0, 201, 1_199])
})

test('acts of which a signal keeps some alone are so many at least, and never counted by what is kept', () => {
  const type = 'privilege-boundary-escape'
  const times = (count: number) => Array.from({ length: count }, (_, at) => BigInt(at) * 1_000_000_000n)
  const of = (change: object): Signal => signal('profile/amount', 'a', 0, change as unknown as Partial<Signal>) // times are branded
  expect(harmfulActsAtLeast({ type, signals: [] })).toBeUndefined()
  expect(harmfulActsAtLeast({ type, signals: [of({ acts: times(63) })] })).toBeUndefined()
  expect(harmfulActsAtLeast({ type, signals: [of({ acts: times(64), actCount: 300 })] })).toBe(300)
  // Written before they were counted.
  expect(harmfulActsAtLeast({ type, signals: [of({ acts: times(64) })] })).toBe(64)
  const many = Array.from({ length: 1_200 }, (_, index) => signal('provenance', `e${index}`, index))
  expect(harmfulActsAtLeast({ type, signals: many })).toBe(1_200)
})

test('what is weak, and what speaks for another type, is no harmful act', () => {
  expect(
    acts([
      signal('profile/tool', 'a', 1, { strength: 0.3 }),
      signal('provenance', 'b', 2, { speaksFor: 'reasoning-compromise' }),
    ]),
  ).toEqual([])
})

test('who only handed on or received is no actor, and where nobody acted all are looked at', () => {
  const agents = ['ops/triage', 'ops/remediation'] as unknown as Incident['agents'] // ids are branded
  const of = (agent: string, hasEffect: boolean): Signal =>
    signal('provenance', agent, 1, { agent, hasEffect } as unknown as Partial<Signal>)
  const actors = (signals: readonly Signal[]) => actorsOf({ type: 'privilege-boundary-escape', signals, agents })
  expect(actors([of('ops/triage', false), of('ops/remediation', true)])).toEqual(['ops/remediation'])
  expect(actors([of('ops/triage', false)])).toEqual(['ops/triage'])
  expect(actors([])).toEqual(agents)
})

test('how far each agent is vouched for is told of each by itself, and of who did nothing not at all', () => {
  const agents = ['ops/triage', 'ops/remediation', 'ops/idle'] as unknown as Incident['agents'] // ids are branded
  const of = (agent: string, tier: Signal['tier'], strength = 0.7): Signal =>
    signal('provenance', `${agent} ${tier}`, 1, { agent, tier, strength } as unknown as Partial<Signal>)
  const signals = [
    of('ops/triage', 'self-reported'),
    of('ops/triage', 'kernel'),
    of('ops/remediation', 'self-reported'),
    of('ops/remediation', 'provider', 0.3),
  ]
  expect(actorTiersOf({ type: 'privilege-boundary-escape', signals, agents })).toEqual([
    { agent: 'ops/triage', tier: 'kernel' },
    { agent: 'ops/remediation', tier: 'self-reported' },
  ])
})

test('the last act is that which was logged last and speaks for the type; a report of a person is none', () => {
  const type = 'privilege-boundary-escape'
  const folded = signal('profile/new-value', 'a', 10, { entries: [4, 5], lastEntry: 900 })
  const other = signal('provenance', 'b', 20, { entries: [1_000], speaksFor: 'reasoning-compromise' })
  const word = signal('report/person', 'c', 30, { entries: [1_200] })
  expect(lastActOf({ type, signals: [folded, other, word] })).toEqual({ entry: 900, claimedAt: folded.claimedAt })
  // Where nothing else speaks for it, the report does.
  expect(lastActOf({ type, signals: [other, word] })).toEqual({ entry: 1_200, claimedAt: undefined })
})
