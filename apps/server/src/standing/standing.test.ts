import type { IncidentWire, ResponsePlanWire } from '@holdfast/api'
import type { Decision } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { type StandingFacts, standingOf } from './standing.ts'

const AGENT = 'host:h/desk'
const second = (count: number): string => String(1_790_000_000_000_000_000n + BigInt(count) * 1_000_000_000n)

function facts(more: Partial<StandingFacts> = {}): StandingFacts {
  return {
    incident: {
      id: 'inc-1',
      alsoKnownAs: ['inc-0'],
      outcome: 'incident',
      agents: [AGENT],
      actors: [AGENT],
      harmfulActs: [second(0), second(2)],
      evidence: { for: [{ quote: { text: 'send it', event: 'e', entry: 3 } }], against: [], missing: [] },
    } as unknown as IncidentWire, // what is read of one
    decision: {
      rung: 'soft-quarantine',
      clock: '60 s',
      deadline: { kind: 'within', ms: 60_000 },
    } as unknown as Decision, // as above
    lines: [{ name: 'harm', value: 'fast, by 2 acts', from: 'seen' }],
    plans: [],
    containments: [],
    running: [],
    quarantine: [],
    state: undefined,
    foundAt: BigInt(second(10)) as StandingFacts['now'], // in range
    owner: undefined,
    now: BigInt(second(9_000)) as StandingFacts['now'], // in range
    ...more,
  }
}

function plan(effect: 'claimed' | 'probed', left: readonly string[] = []): ResponsePlanWire {
  return {
    state: effect === 'probed' ? 'confirmed' : 'under-way',
    confirmedAt: effect === 'probed' ? second(60) : undefined,
    appliedAt: second(50),
    plannedAt: second(40),
    endsAt: second(3_660),
    history: [],
    left: left.map((what) => ({ what, why: '' })),
    steps: [
      {
        agent: AGENT,
        deed: { kind: 'rung', rung: 'soft-quarantine' },
        effect,
        state: 'confirmed',
        entries: [8, 9],
        probes: Array.from({ length: 6 }, () => ({ way: 'egress', held: effect === 'probed', detail: '' })),
        ...(effect === 'probed' ? { heldAt: second(60) } : {}),
      },
    ],
  } as unknown as ResponsePlanWire // what is read of one
}

test('applied is not confirmed in effect: only a probe stops the harm, and its records are what that rests on', () => {
  expect(standingOf(facts()).harm).toMatchObject({ state: 'unknown', at: second(2) })
  expect(standingOf(facts({ plans: [plan('claimed')] })).harm.state).toBe('unknown')
  const held = standingOf(facts({ plans: [plan('probed')] })).harm
  expect(held).toMatchObject({ state: 'stopped', at: second(60) })
  expect(held.because).toEqual([expect.objectContaining({ basis: 'proven', entries: [8, 9] })])
})

test('what holds is not asked for again: it says since when, by what and until when, and what comes next', () => {
  expect(standingOf(facts()).next).toMatchObject({ do: 'hold', words: expect.stringContaining('R2 soft-quarantine') })
  const { harm, next } = standingOf(facts({ plans: [plan('probed', ['hold the pod'])] }))
  expect(harm).toMatchObject({
    state: 'held',
    at: second(60),
    hold: { rung: 'soft-quarantine', probes: 6, until: second(3_660) },
    open: ['hold the pod'],
  })
  expect(next.do).toBe('scope')
  expect(next.words).toMatch(
    /^R2 soft-quarantine is in force\. Next: .*take what set it off.*shut what stays open: hold the pod/,
  )
  // The ladder asks for more than what holds.
  const harder = { ...facts().decision, rung: 'pause' } as const
  expect(standingOf(facts({ plans: [plan('probed')], decision: harder })).next).toMatchObject({ do: 'hold' })
})

test('a workload whose cgroup is gone has ended, and a hold that a person let go says who', () => {
  const at = (seconds: number): StandingFacts['now'] => BigInt(second(seconds)) as StandingFacts['now'] // in range
  const over = (by: string, detail: string, paths: readonly string[] = ['a']) =>
    ({
      record: {
        plan: { agent: AGENT, agentName: 'desk', rung: 'soft-quarantine', sensor: 's', paths },
        state: 'released',
        by,
        detail,
        checks: [],
      },
      since: at(50),
      steps: [
        { state: 'confirmed', by: 'ann', detail: '', checks: [], at: at(60), entry: 12 },
        ...(paths.length > 1 ? [{ state: 'failed', by, detail: 'released locally', at: at(65), entry: 13 }] : []),
        { state: 'released', by, detail, checks: [], at: at(70), entry: 14 },
      ],
      isExpired: false,
      endsAt: undefined,
    }) as unknown as StandingFacts['containments'][number] // what is read of one
  const standing = (one: StandingFacts['containments'][number], seconds = 90) =>
    standingOf(facts({ containments: [one], now: at(seconds) }))
  for (const seconds of [90, 9_000]) {
    const { harm, next } = standing(over('sensor s', 'its cgroup is gone'), seconds)
    expect(harm).toMatchObject({
      state: 'ended',
      at: second(70),
      because: [{ basis: 'proven', entries: [14] }, {}, {}],
    })
    expect(harm.because[1]?.words).toBe('soft-quarantine of desk was released by sensor s: its cgroup is gone')
    expect(next).toMatchObject({ do: 'scope', words: expect.stringContaining('nothing of it runs') })
  }
  // Started again by whoever keeps it running, or on another host all the while.
  const again = { containments: [over('sensor s', 'its cgroup is gone')], running: [AGENT] }
  expect(standingOf(facts({ ...again, now: at(90) })).harm.state).toBe('continuing')
  expect(standingOf(facts(again)).harm.state).toBe('unknown')
  expect(standingOf(facts({ ...again, running: ['host:h/other'] })).harm.state).toBe('ended')
  // One of its cgroups may run on, and a person's words are no host's.
  expect(standing(over('sensor s', 'its cgroup is gone', ['a', 'b'])).harm.state).toBe('continuing')
  const byHand = standing(over('ann', 'its cgroup is gone')).harm
  expect(byHand).toMatchObject({ state: 'continuing', words: expect.stringContaining('released by ann') })
})

test('what only watched is no hold: its end hides neither who let the hold go nor that the workload ended', () => {
  const at = (seconds: number): StandingFacts['now'] => BigInt(second(seconds)) as StandingFacts['now'] // in range
  const over = (rung: string, seconds: number, by: string, detail: string) =>
    ({
      record: {
        plan: { agent: AGENT, agentName: 'desk', rung, sensor: 's', paths: ['a'] },
        state: 'released',
        by,
        detail,
        checks: [],
      },
      since: at(seconds),
      steps: [{ state: 'released', by, detail, checks: [], at: at(seconds + 5), entry: seconds }],
      isExpired: false,
      endsAt: undefined,
    }) as unknown as StandingFacts['containments'][number] // what is read of one
  const watched = over('watch', 80, 'ben', 'seen enough')
  const byHand = standingOf(facts({ containments: [watched, over('pause', 50, 'ann', 'it was a test')] }))
  expect(byHand.harm.words).toContain('pause of desk was released by ann: it was a test')
  const gone = standingOf(facts({ containments: [watched, over('pause', 50, 'sensor s', 'its cgroup is gone')] }))
  expect(gone.harm).toMatchObject({ state: 'ended', at: second(55) })
})

test('it goes on by the last act that anybody told of, though another witness saw more of them', () => {
  const incident = { ...facts().incident, lastHarmfulAct: second(8_990) }
  expect(standingOf(facts({ incident })).harm).toMatchObject({ state: 'continuing', at: second(8_990) })
  expect(standingOf(facts({ incident })).clocks.harm).toMatchObject({ acts: 2, last: second(8_990), gapMs: 2_000 })
  const released = facts({ incident, plans: [{ ...plan('probed'), state: 'released' }] })
  expect(standingOf(released).harm.state).toBe('continuing')
})

test('a hold outside a plan holds from when a probe found it, and says where its records are', () => {
  const at = (seconds: number): StandingFacts['now'] => BigInt(second(seconds)) as StandingFacts['now'] // in range
  const step = (state: 'requested' | 'applied' | 'confirmed', seconds: number, entry: number) =>
    ({ state, by: 'ann', detail: '', checks: [], at: at(seconds), entry }) as const
  const held = {
    record: {
      plan: { agent: AGENT, agentName: 'desk', rung: 'pause', sensor: 's', paths: ['a'] },
      state: 'confirmed',
      checks: [],
    },
    since: at(1),
    steps: [step('requested', 1, 11), step('applied', 4, 12), step('confirmed', 5, 13)],
    isExpired: false,
    endsAt: undefined,
  } as unknown as StandingFacts['containments'][number] // what is read of one
  const { harm } = standingOf(facts({ containments: [held] }))
  // Its last act was at 2 s: after it was asked for, and before it held.
  expect(harm).toMatchObject({ state: 'stopped', at: second(5) })
  expect(harm.because.flatMap(({ entries }) => entries)).toEqual([12, 13])
  expect(standingOf(facts({ containments: [{ ...held, isExpired: true }] })).harm.state).toBe('unknown')
})

test('the trigger can be read until an item of the incident is in quarantine, under any of its names', () => {
  expect(standingOf(facts()).trigger).toMatchObject({ state: 'readable', entries: [3] })
  const item = { kind: 'document', source: 's', id: 'd' } as const
  const kept = (incident: string) =>
    ({ do: 'quarantine', item, incident, copies: [], reason: '', by: 'a', entry: 5 }) as const
  expect(standingOf(facts({ quarantine: [kept('inc-0')] })).trigger).toMatchObject({ state: 'withheld', entries: [5] })
  expect(standingOf(facts({ quarantine: [kept('inc-7')] })).trigger.state).toBe('readable')
})

test('the clocks count from when it was found, and the pace is that of its acts', () => {
  const { classification, harm } = standingOf(facts()).clocks
  expect(classification).toEqual({ from: second(10) })
  expect(harm).toMatchObject({ acts: 2, gapMs: 2_000, speed: { value: 'fast', from: 'seen' }, holdBy: second(70) })
  expect(harm.reversible).toEqual({ value: 'unknown', from: 'not-known' })
})

test('a deadline was met or missed once: a way left open, a release and a later hold change nothing of it', () => {
  const heldAt = (plans: readonly ResponsePlanWire[], more: Partial<StandingFacts> = {}) =>
    standingOf(facts({ plans, ...more })).clocks.harm.heldAt
  expect(heldAt([])).toBeUndefined()
  expect(heldAt([plan('claimed')])).toBeUndefined()
  expect(heldAt([plan('probed', ['freeze the credential'])])).toBe(second(60))
  const released: ResponsePlanWire = { ...plan('probed'), state: 'released' }
  const [step] = released.steps
  const later = { ...released, steps: step === undefined ? [] : [{ ...step, heldAt: second(900) }] }
  expect(heldAt([later, released])).toBe(second(60))
  // One of two agents alone is no hold of the incident.
  expect(heldAt([released], { incident: { ...facts().incident, actors: [AGENT, 'host:h/other'] } })).toBeUndefined()
})

test('acts of which not each is kept are counted as so many at least', () => {
  const incident = { ...facts().incident, harmfulActsAtLeast: 300 }
  expect(standingOf(facts({ incident })).clocks.harm).toMatchObject({ acts: 300, isLeast: true })
  expect(standingOf(facts()).clocks.harm.isLeast).toBeUndefined()
})
