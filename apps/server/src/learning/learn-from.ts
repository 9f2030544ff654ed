import { compileRules, instructionIn, type RuleSource, type StepsOfWork } from '@holdfast/detect'
import type { Event, EventId, Incident, Refinement } from '@holdfast/model'
import {
  type Candidate,
  candidatesOf,
  type CaughtAt,
  type LearningFigures,
  LEAST_ORDINARY,
  variantOf,
  verdictOn,
} from '@holdfast/respond'
import { type ChainSources, chainOf, type IncidentChain } from './chain.ts'
import { caughtBy, type Judging, withEvents } from './judged-chain.ts'
import { RULES_REPLAYED } from './limits.ts'
import {
  heldAgainstOrdinary,
  type OrdinaryAnswer,
  type OrdinaryKeys,
  ordinaryKeys,
  type OrdinarySources,
} from './ordinary.ts'
import { sourceOf, type Taught, taught, type Tried } from './taught.ts'

export type LearnSources = ChainSources &
  OrdinarySources & {
    readonly judging: Judging
    /** Files of the rules in force. */
    readonly files: () => readonly RuleSource[]
  }

type Caught = { readonly chain: CaughtAt; readonly variant: CaughtAt }

/**
 * The earliest rule of shapes that catches the chain and its variant strictly earlier and meets nothing of the agents' ordinary
 * past. Where there is none, the figures of the one that came nearest say why.
 */
export function* learnFrom(incident: Incident, sources: LearnSources): StepsOfWork<Taught> {
  const recorded = yield* chainOf(incident, sources)
  const past = yield* pastKeys(recorded, sources)
  const variant = withEvents(
    recorded,
    variantOf(
      recorded.cases.flatMap(({ events }) => events),
      { keys: past?.keys },
    ),
  )
  const caught = function* (judging: Judging, known?: Caught): StepsOfWork<Caught> {
    return {
      chain: yield* caughtBy(recorded, judging, known?.chain),
      variant: yield* caughtBy(variant, judging, known?.variant),
    }
  }
  const before = yield* caught(sources.judging)
  const events = recorded.chain.length
  const candidates = candidatesOf(recorded.chain, {
    incident: incident.id,
    type: incident.type,
    orders: instructionIn,
    keys: past?.keys,
    caseOf: caseOf(recorded),
  }).filter(({ at }) => at < (before.chain.incident ?? events))
  const ordinary = yield* ordinaryOf(candidates, { recorded, sources, from: past?.from })
  // Without a past nothing could be tried, and that is told instead.
  const triable =
    ordinary.cases < LEAST_ORDINARY
      ? candidates
      : candidates.filter((one) => isTriable(one, ordinary) && !isEveryday(one, ordinary))
  const figuresOf = (candidate: Candidate | undefined, after: Caught): LearningFigures => ({
    earlierSteps: new Set(triable.map(({ at }) => at)).size,
    chain: { events, before: before.chain, after: after.chain },
    variant: { events, before: before.variant, after: after.variant },
    ordinary: {
      cases: ordinary.cases,
      comparable: candidate === undefined ? 0 : comparable(candidate, ordinary),
      newFindings: candidate === undefined ? 0 : findings(candidate, ordinary),
    },
  })
  const worth = worthReplaying(incident.type, { candidates, ordinary })
  // Where everything that it suggests is ordinary, the earliest says so.
  const [earliest] = candidates
  let nearest: Tried = { candidate: worth.length > 0 ? undefined : earliest, figures: figuresOf(earliest, before) }
  for (const candidate of worth.slice(0, RULES_REPLAYED)) {
    const rules = compileRules([...sources.files(), sourceOf(candidate)]).rules
    const figures = figuresOf(candidate, yield* caught({ ...sources.judging, rules }, before))
    const isAccepted = verdictOn(figures).status === 'accepted'
    if (isAccepted || nearest.candidate === undefined) nearest = { candidate, figures }
    if (isAccepted) break
  }
  const met = candidates.filter((candidate) => findings(candidate, ordinary) > 0).length
  const own = recorded.chain.filter(({ agent }) => incident.agents.includes(agent.id))
  return taught(nearest, { chain: recorded.chain, own, tried: { rules: candidates.length, ordinary: met } })
}

/** What the agents ordinarily keep in their memory; it is looked up where something of the chain was kept there. */
function* pastKeys({ chain }: IncidentChain, sources: OrdinarySources): StepsOfWork<OrdinaryKeys | undefined> {
  const [first] = chain
  if (first === undefined || !chain.some(({ body }) => body.kind === 'memory')) return undefined
  return yield* ordinaryKeys({ agents: agentsOf(chain), until: first.claimedAt }, sources)
}

/** By which case an event of the chain is judged. */
function caseOf({ cases }: IncidentChain): (event: Event) => string {
  const by = new Map<EventId, string>()
  for (const { conversation, events } of cases) for (const { id } of events) by.set(id, conversation)
  return ({ id }) => by.get(id) ?? ''
}

type TriedOn = {
  readonly recorded: IncidentChain
  readonly sources: OrdinarySources
  readonly from: OrdinaryKeys['from'] | undefined
}

function* ordinaryOf(
  candidates: readonly Candidate[],
  { recorded: { chain }, sources, from }: TriedOn,
): StepsOfWork<OrdinaryAnswer> {
  const [first] = chain
  if (first === undefined) return { cases: 0, met: new Map(), metLately: new Map() }
  const { rules } = compileRules(candidates.flatMap((one) => [sourceOf(one), sourceOf(one.comparable)]))
  return yield* heldAgainstOrdinary({ agents: agentsOf(chain), until: first.claimedAt, rules, from }, sources)
}

/**
 * Rules that meet nothing ordinary, those first that could have; of a reasoning compromise those of its sources before all. A deed makes an incident: where its kind was never recorded
 * before, that it is new says nothing. What only came in is an attempt, which nobody is woken for.
 */
function worthReplaying(
  type: Incident['type'],
  { candidates, ordinary }: { readonly candidates: readonly Candidate[]; readonly ordinary: OrdinaryAnswer },
): readonly Candidate[] {
  const quiet = candidates.filter((one) => findings(one, ordinary) === 0 && isTriable(one, ordinary))
  const isTried = (candidate: Candidate): boolean => comparable(candidate, ordinary) >= LEAST_ORDINARY
  const inOrder = [...quiet.filter(isTried), ...quiet.filter((one) => !isTried(one))]
  if (type !== 'reasoning-compromise') return inOrder
  // What began with a text is to be seen as the text comes in: its source is what has to be governed.
  return [...inOrder.filter(({ about }) => about === 'source'), ...inOrder.filter(({ about }) => about === 'act')]
}

function isTriable(candidate: Candidate, ordinary: OrdinaryAnswer): boolean {
  return candidate.about === 'source' || comparable(candidate, ordinary) >= LEAST_ORDINARY
}

/** What every ordinary conversation has that could have it is how the agent works: no rule could speak of it. */
function isEveryday(candidate: Candidate, ordinary: OrdinaryAnswer): boolean {
  const met = findings(candidate, ordinary)
  return candidate.about === 'act' && met >= LEAST_ORDINARY && met === comparable(candidate, ordinary)
}

function findings({ name }: Candidate, { met }: OrdinaryAnswer): number {
  return met.get(`rule/${name}`) ?? 0
}

/** What says what is ordinary by one half of the past was tried on the other half alone. */
function comparable({ comparable: { name }, isOfPast }: Candidate, { met, metLately }: OrdinaryAnswer): number {
  return (isOfPast ? metLately : met).get(`rule/${name}`) ?? 0
}

function agentsOf(chain: readonly Event[]): Refinement['agent'][] {
  return [...new Set(chain.map(({ agent }) => agent.id))]
}
