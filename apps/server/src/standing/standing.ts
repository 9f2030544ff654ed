import { incidentNames } from '@holdfast/model'
import type { IncidentWire, ResponsePlanWire, StandingWire } from '@holdfast/api'
import type { QuarantineRecord, UnixNano } from '@holdfast/model'
import {
  type CaseState,
  CLOCK_MS,
  type Decision,
  type HarmStanding,
  harmStanding,
  type Hold,
  middleGapMs,
} from '@holdfast/respond'
import { nameOf } from '../case/wire.ts'
import type { EndOfActs } from './end-of-acts.ts'
import { firstHeld } from './first-held.ts'
import type { Known } from '../containment/containments.ts'
import type { InputLine } from '../ladder/inputs.ts'
import { nextAction } from './next-action.ts'
import { releasedHold, workloadGone } from './released-hold.ts'
import { SENSOR } from '../response/sensor-responder.ts'

export type StandingFacts = {
  readonly incident: IncidentWire
  readonly decision: Decision
  readonly lines: readonly InputLine[]
  /** Plans of it, the newest first. */
  readonly plans: readonly ResponsePlanWire[]
  /** Holds of its agents, whoever asked for them, with their last records' positions where they are known. */
  readonly containments: readonly Known[]
  /** Agents of which a sensor watches something now. */
  readonly running: readonly string[]
  readonly quarantine: readonly (QuarantineRecord & { readonly entry: number })[]
  readonly state: CaseState | undefined
  /** When the first conclusion of it was recorded. */
  readonly foundAt: UnixNano | undefined
  readonly owner: StandingWire['owner']
  /** What {@link endOfActs} found; asked for where the last act is recent. */
  readonly ended?: EndOfActs | undefined
  readonly now: UnixNano
}

/** How an incident stands, by what is on record of it. */
export function standingOf(facts: StandingFacts): StandingWire {
  const { incident, plans, now, owner } = facts
  const acts = incident.harmfulActs.map((at) => BigInt(at) as UnixNano) // written from a UnixNano
  const lastAct = lastActOf(incident)
  const inForce = plans.filter(({ state }) => state === 'confirmed' || state === 'partial' || state === 'under-way')
  const released = releasedHold(plans, facts.containments)
  // That a host saw its cgroup go is more than what was told of spans.
  const ended = workloadGone(incident.actors, facts) ?? facts.ended
  const trigger = triggerOf(facts, inForce)
  const harm = harmStanding({
    outcome: incident.outcome,
    actors: incident.actors,
    acts: lastAct === undefined ? acts : [...acts, lastAct],
    holds: [...holdsOfPlans(inForce, facts.containments), ...holdsOf(facts.containments)],
    left: inForce.flatMap(({ left }) => left.map(({ what }) => what)),
    ...(ended === undefined ? {} : { ended }),
    ...(released === undefined ? {} : { released }),
    now,
  })
  return {
    incident: incident.id,
    harm: {
      state: harm.state,
      ...(harm.at === undefined ? {} : { at: String(harm.at) }),
      words: harm.words,
      because: harm.because.map((ground) => ({ ...ground, entries: [...ground.entries] })),
      ...(harm.hold === undefined ? {} : { hold: holdWire(harm.hold) }),
      ...(harm.open === undefined ? {} : { open: [...harm.open] }),
    },
    trigger,
    next: nextAction({ rung: facts.decision.rung, harm, isReadable: trigger.state === 'readable' }),
    clocks: { classification: classificationOf(facts), harm: harmClock(facts, acts) },
    ...(owner === undefined ? {} : { owner }),
  }
}

/** Whether harm goes on is asked of whoever told of it last; how fast it comes, of one clock alone. */
export function lastActOf({
  harmfulActs,
  lastHarmfulAct,
}: Pick<IncidentWire, 'harmfulActs' | 'lastHarmfulAct'>): UnixNano | undefined {
  const last = lastHarmfulAct ?? harmfulActs.at(-1)
  return last === undefined ? undefined : (BigInt(last) as UnixNano) // written from a UnixNano
}

function holdWire({ rung, probes, until }: NonNullable<HarmStanding['hold']>): StandingWire['harm']['hold'] {
  return { rung, probes, ...(until === undefined ? {} : { until: String(until) }) }
}

function holdsOfPlans(plans: readonly ResponsePlanWire[], containments: readonly Known[]): readonly Hold[] {
  return plans.flatMap(({ hash, steps, confirmedAt, appliedAt, plannedAt, endsAt }) =>
    steps.flatMap((step): readonly Hold[] => {
      if (step.deed.kind !== 'rung' || step.effect === 'none' || step.state === 'released') return []
      const state = step.effect === 'probed' ? 'confirmed' : step.effect === 'leaks' ? 'leaks' : 'claimed'
      const since = BigInt(confirmedAt ?? appliedAt ?? plannedAt) as UnixNano // written from a UnixNano
      const entries = step.entries.slice(-2)
      const where = step.provider === SENSOR ? { isInKernel: true as const } : {}
      const own = containments.find(({ record: { response: of } }) => of?.plan === hash && of.step === step.id)
      // A plan of one step ends with it.
      const ofPlan = steps.length === 1 && endsAt !== undefined ? (BigInt(endsAt) as UnixNano) : undefined // as above
      const until = own?.endsAt ?? ofPlan
      const tried = { probes: step.probes.length, ...(until === undefined ? {} : { until }) }
      return [{ agent: step.agent, rung: step.deed.rung, state, since, ...where, ...tried, entries }]
    }),
  )
}

function holdsOf(containments: readonly Known[]): readonly Hold[] {
  return containments.flatMap(
    ({ record: { plan, state, checks }, since: asked, steps, isExpired, endsAt: until }): readonly Hold[] => {
      if (isExpired) return []
      // It holds from when it was found to, and not from when somebody asked for it.
      const since = steps.find((step) => step.state === state)?.at ?? asked
      const entries = steps.slice(-2).map(({ entry }) => entry)
      const of = (what: Hold['state']): readonly Hold[] => [
        {
          agent: plan.agent,
          rung: plan.rung,
          state: what,
          since,
          probes: checks.length,
          ...(until === undefined ? {} : { until }),
          entries,
        },
      ]
      switch (state) {
        case 'confirmed':
          return of('confirmed')
        case 'requested':
        case 'applied':
          return of('claimed')
        case 'failed':
          // Where nothing was tried, nothing came to hold.
          return checks.some(({ held }) => !held) ? of('leaks') : []
        case 'refused':
        case 'released':
          return []
      }
    },
  )
}

/** Cuts by which what set it off is kept from being read again. */
const CUTS = new Set(['quarantine-item', 'pin-corpus', 'close-channel'])

function triggerOf(
  { incident, quarantine }: StandingFacts,
  plans: readonly ResponsePlanWire[],
): StandingWire['trigger'] {
  const names = incidentNames(incident)
  const items = quarantine.filter((one) => one.incident !== undefined && names.includes(one.incident))
  const cuts = plans.flatMap(({ steps }) =>
    steps.filter(({ deed, effect }) => deed.kind === 'cut' && CUTS.has(deed.cut) && effect === 'probed'),
  )
  const quote = incident.evidence.for.find((line) => line.quote !== undefined)?.quote
  if (items.length > 0 || cuts.length > 0) {
    const words = [
      ...(items.length === 0 ? [] : [`${items.length} ${items.length === 1 ? 'item is' : 'items are'} in quarantine`]),
      ...cuts.map(
        ({ deed, target }) => `${deed.kind === 'cut' ? deed.cut : ''} of ${target.name}: a probe found it in effect`,
      ),
    ]
    const entries = [...items.map(({ entry }) => entry), ...cuts.flatMap((cut) => cut.entries.slice(-1))]
    return { state: 'withheld', words: words.join('; '), entries }
  }
  if (quote === undefined)
    return { state: 'not-known', words: 'no captured text was found that asks for it', entries: [] }
  return { state: 'readable', words: 'nothing on record keeps an agent from reading it again', entries: [quote.entry] }
}

function classificationOf({ state, foundAt, decision }: StandingFacts): StandingWire['clocks']['classification'] {
  const from = state?.graphAt ?? foundAt
  if (from === undefined) return undefined
  const first = state?.types[0]
  return {
    from: String(from),
    ...(first === undefined ? {} : { until: String(first.at), by: nameOf(first.by) }),
    ...(decision.classifyWithinMs === undefined ? {} : { withinMs: decision.classifyWithinMs }),
  }
}

function harmClock(
  { incident, decision, lines, state, foundAt, plans, containments }: StandingFacts,
  acts: readonly UnixNano[],
): StandingWire['clocks']['harm'] {
  const ordered = acts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const [first, last] = [ordered[0], lastActOf(incident) ?? ordered.at(-1)]
  const gapMs = middleGapMs(ordered)
  const line = (name: string): InputLine | undefined => lines.find((one) => one.name === name)
  const speed = line('harm')?.value ?? 'unknown'
  const reversible = line('reversible')?.value ?? 'unknown'
  const from = state?.graphAt ?? foundAt
  const { deadline } = decision
  const heldAt = firstHeld(incident.actors, plans, containments)
  return {
    acts: incident.harmfulActsAtLeast ?? acts.length,
    ...(incident.harmfulActsAtLeast === undefined ? {} : { isLeast: true }),
    ...(first === undefined ? {} : { first: String(first) }),
    ...(last === undefined ? {} : { last: String(last) }),
    ...(gapMs === undefined ? {} : { gapMs }),
    speed: {
      value: speed.startsWith('fast') ? 'fast' : speed.startsWith('slow') ? 'slow' : 'unknown',
      from: line('harm')?.from ?? 'not-known',
    },
    reversible: {
      value: reversible === 'yes' || reversible === 'no' ? reversible : 'unknown',
      from: line('reversible')?.from ?? 'not-known',
    },
    clock: decision.clock,
    ...(from === undefined || deadline.kind !== 'within' || deadline.ms > CLOCK_MS['4 h']
      ? {}
      : { holdBy: String(from + BigInt(deadline.ms) * 1_000_000n) }),
    ...(heldAt === undefined ? {} : { heldAt: String(heldAt) }),
  }
}
