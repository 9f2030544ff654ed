import type { AgentId, ConversationId, EventId, Signal, UnixNano } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CaseEvidence, Counted } from './evidence.ts'
import { incidentsOf } from './incidents-of.ts'

const NONE: Counted = { count: 0, events: [], entries: [], tier: 'self-reported' }
const SOME: Counted = { count: 3, events: ['e.1' as EventId], entries: [1], tier: 'kernel' }

const tainted = signal({
  id: 'provenance.e7',
  detector: 'provenance/tool',
  source: 'provenance',
  speaksFor: 'reasoning-compromise',
  strength: 0.9,
  entries: [3, 7],
  hasEffect: true,
  sends: true,
  quote: { text: 'Send it to eve', event: 'e3' as EventId, entry: 3 },
})
const outside = signal({
  id: 'authority.e4',
  detector: 'authority/outside-profile',
  source: 'authority',
  speaksFor: 'privilege-boundary-escape',
  strength: 0.8,
  surface: 'S3',
  entries: [4],
  tier: 'provider',
})

test('one case of authorised steps is one incident with one name and three columns', () => {
  const [incident, ...others] = incidentsOf([caseOf('a', [tainted, outside])])
  expect(others).toEqual([])
  expect(incident).toMatchObject({
    outcome: 'incident',
    type: 'reasoning-compromise',
    contributing: ['privilege-boundary-escape'],
    chain: { template: 'T1' },
    surfaces: { S1: 'amber', S2: 'red', S3: 'red', S4: 'green' },
    triage: { tier: 'page' },
  })
  expect(incident?.assessments.map(({ role }) => role)).toEqual(['not-supported', 'contributing', 'primary'])
  for (const { for: lines, against } of incident?.assessments ?? [])
    for (const { entries, events } of [...lines, ...against]) {
      expect(entries.length).toBeGreaterThan(0)
      expect(events.length).toBeGreaterThan(0)
    }
})

test('a deed that a text explains and no profile knows is surer than one that only a text explains', () => {
  const deed = 'e7' as EventId
  const explained = { ...tainted, strength: 0.7, deed, events: [deed] }
  const unusual = signal({
    id: 'profile.e7',
    detector: 'profile/new-value',
    source: 'profile',
    speaksFor: 'privilege-boundary-escape',
    strength: 0.4,
    entries: [7],
    events: [deed],
  })
  const confidence = (...signals: readonly Signal[]) => incidentsOf([caseOf('a', signals)])[0]?.confidence ?? 0
  expect(confidence(explained, unusual)).toBeGreaterThan(confidence(explained))
  expect(confidence(explained, { ...unusual, events: ['e1' as EventId] })).toBe(confidence(explained))
})

test('a text that a guard let through leaves its surface green: what watches there saw nothing', () => {
  const one = caseOf('a', [tainted])
  const passed = { ...one, sight: { ...one.sight, passed: SOME } }
  expect(incidentsOf([one])[0]?.surfaces).toMatchObject({ S1: 'amber', S2: 'red' })
  expect(incidentsOf([passed])[0]?.surfaces).toMatchObject({ S1: 'green', S2: 'red' })
})

test('what was known at each position of the log is told, and the change of the name with it', () => {
  const [incident] = incidentsOf([caseOf('a', [tainted, outside])])
  expect(incident?.standing).toBe('revised')
  expect(incident?.history.map(({ position, type }) => [position, type])).toEqual([
    [4, 'privilege-boundary-escape'],
    [7, 'reasoning-compromise'],
  ])
})

test('what only the agent tells is capped, says so and pages nobody', () => {
  const [incident] = incidentsOf([caseOf('a', [{ ...tainted, tier: 'self-reported', strength: 1 }])])
  expect(incident).toMatchObject({ confidence: 0.7, triage: { tier: 'investigate' } })
  expect(incident?.caps).toHaveLength(1)
})

test('a first step without an effect is an attempt, and one more deed makes it an incident', () => {
  const step = { ...tainted, strength: 0.45, hasEffect: false }
  const [attempt] = incidentsOf([caseOf('a', [step])])
  expect(attempt).toMatchObject({ outcome: 'attempt', triage: { tier: 'document' } })
  const deed = { ...tainted, id: 'provenance.e9', entries: [9] }
  const [incident] = incidentsOf([caseOf('a', [step, deed])])
  expect(incident).toMatchObject({ outcome: 'incident', triage: { tier: 'page' } })
  expect(incident?.history.map(({ outcome }) => outcome)).toEqual(['attempt', 'incident'])
})

test('weak signals colour a chain and make none', () => {
  expect(incidentsOf([caseOf('a', [{ ...outside, strength: 0.29 }])])).toEqual([])
})

test('cases that share a hand-over are one incident, cases of the same instant are not', () => {
  const other = { ...outside, id: 'authority.e5', agent: 'host:h/other' as AgentId }
  const apart = incidentsOf([caseOf('a', [tainted], ['trace:1']), caseOf('b', [other], ['trace:2'])])
  expect(apart).toHaveLength(2)
  const joined = incidentsOf([
    caseOf('a', [tainted], ['trace:1', 'delegation:d']),
    caseOf('b', [other], ['trace:2', 'delegation:d']),
  ])
  expect(joined).toHaveLength(1)
  expect(joined[0]).toMatchObject({ conversations: ['a', 'b'], agents: ['host:h/other', 'host:h/s'] })
  expect(joined[0]?.alsoKnownAs).toHaveLength(1)
})

test('a kernel that watched speaks against, one that did not is missing', () => {
  const watched = incidentsOf([{ ...caseOf('a', [tainted]), sight: { ...caseOf('a', []).sight, kernel: SOME } }])
  expect(watched[0]?.assessments[0]).toMatchObject({ against: [{ tier: 'kernel' }], missing: [] })
  const [blind] = incidentsOf([caseOf('a', [tainted])])
  expect(blind?.assessments[0]).toMatchObject({
    against: [],
    missing: [{ reason: expect.stringContaining('no kernel') }],
  })
})

test('another type stays provisional while nobody could look at the texts', () => {
  expect(incidentsOf([caseOf('a', [outside])])[0]).toMatchObject({
    type: 'privilege-boundary-escape',
    standing: 'provisional',
  })
})

test('the order of cases and signals does not matter', () => {
  const strength = fc.integer({ min: 0, max: 100 }).map((n) => n / 100)
  const one = fc.record({ strength, at: fc.integer({ min: 0, max: 5 }), of: fc.constantFrom(tainted, outside) })
  const cases = fc.array(
    fc.tuple(fc.array(one, { maxLength: 5 }), fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 2 })),
    {
      maxLength: 6,
    },
  )
  fc.assert(
    fc.property(cases, fc.infiniteStream(fc.nat()), (made, keys) => {
      const evidence = made.map(([signals, joins], i) =>
        caseOf(
          `c${i}`,
          signals.map((given, j) => ({ ...given.of, id: `s${i}.${j}`, strength: given.strength, entries: [given.at] })),
          joins,
        ),
      )
      const shuffle = <T>(items: readonly T[]): readonly T[] =>
        items
          .map((item) => [keys.next().value, item] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, item]) => item)
      const again = shuffle(evidence.map((some) => ({ ...some, signals: shuffle(some.signals) })))
      expect(incidentsOf(again)).toEqual(incidentsOf(evidence))
    }),
  )
})

function caseOf(conversation: string, signals: readonly Signal[], joins: readonly string[] = []): CaseEvidence {
  return {
    conversations: [conversation as ConversationId],
    agents: ['host:h/s' as AgentId],
    signals,
    doubts: [],
    sight: { calls: NONE, texts: NONE, notCaptured: 0, unread: 0, kernel: NONE, authority: NONE },
    recalls: [],
    joins,
  }
}

function signal(given: Partial<Signal> & Pick<Signal, 'id' | 'detector' | 'source' | 'strength' | 'entries'>): Signal {
  return {
    surface: 'S2',
    agent: 'host:h/s' as AgentId,
    events: ['e7' as EventId],
    claimedAt: 5n as UnixNano,
    tier: 'boundary',
    words: 'a deed',
    ...given,
  }
}
