import { compileRules, instructionIn, type RuleSource, type StepsOfWork } from '@holdfast/detect'
import type { Event, Incident, LearnedRuleText, Refinement } from '@holdfast/model'
import {
  type Candidate,
  candidatesOf,
  type CaughtAt,
  type LearningFigures,
  type LearningVerdict,
  type Replayed,
  variantOf,
  verdictOn,
} from '@holdfast/respond'
import { type ChainSources, chainOf, type IncidentChain } from './chain.ts'
import { caughtBy, type Judging, withEvents } from './judged-chain.ts'
import { MATCHES_KEPT, RULES_REPLAYED, RUNS_KEPT } from './limits.ts'
import { heldAgainstOrdinary, type OrdinarySources } from './ordinary.ts'

export type LearnSources = ChainSources &
  OrdinarySources & {
    readonly judging: Judging
    /** Files of the rules in force. */
    readonly files: () => readonly RuleSource[]
  }

/** One event of a chain, for people. */
export type ChainStep = { readonly at: number; readonly kind: string; readonly entry: number; readonly event: string }

/** What an incident teaches, with what it was held against. */
export type Taught = {
  readonly verdict: LearningVerdict
  readonly figures: LearningFigures
  readonly rule?: LearnedRuleText
  readonly refinements: readonly Refinement[]
  /** Rules that were tried, and those of them that met something ordinary. */
  readonly tried: { readonly rules: number; readonly ordinary: number }
  /** The steps that the figures name. */
  readonly steps: readonly ChainStep[]
}

type Tried = { readonly candidate: Candidate | undefined; readonly figures: LearningFigures }

/**
 * The earliest rule of shapes that catches the chain and its variant strictly earlier and meets nothing of the agents' ordinary
 * past. Where there is none, the figures of the one that came nearest say why.
 */
export function* learnFrom(incident: Incident, sources: LearnSources): StepsOfWork<Taught> {
  const recorded = yield* chainOf(incident, sources)
  const variant = withEvents(recorded, variantOf(recorded.cases.flatMap(({ events }) => events)))
  const before = {
    chain: yield* caughtBy(recorded, sources.judging),
    variant: yield* caughtBy(variant, sources.judging),
  }
  const candidates = candidatesOf(recorded.chain, {
    incident: incident.id,
    type: incident.type,
    orders: instructionIn,
  }).filter(({ at }) => at < (before.chain.incident ?? recorded.chain.length))
  const { rules } = compileRules(candidates.map(sourceOf))
  const [first] = recorded.chain
  const ordinary =
    first === undefined
      ? { cases: 0, met: new Map<string, number>() }
      : yield* heldAgainstOrdinary({ agents: agentsOf(recorded.chain), until: first.claimedAt, rules }, sources)
  const quiet = candidates.filter(({ name }) => !ordinary.met.has(`rule/${name}`))
  const none: Replayed = { events: recorded.chain.length, before: before.chain, after: before.chain }
  const figuresOf = (after: { readonly chain: CaughtAt; readonly variant: CaughtAt }): LearningFigures => ({
    chain: { events: recorded.chain.length, before: before.chain, after: after.chain },
    variant: { events: variant.chain.length, before: before.variant, after: after.variant },
    ordinary: { cases: ordinary.cases, newFindings: 0 },
  })
  let nearest: Tried = {
    candidate: undefined,
    figures: {
      chain: none,
      variant: { ...none, before: before.variant, after: before.variant },
      ordinary: { cases: ordinary.cases, newFindings: 0 },
    },
  }
  for (const candidate of quiet.slice(0, RULES_REPLAYED)) {
    const judging = { ...sources.judging, rules: compileRules([...sources.files(), sourceOf(candidate)]).rules }
    const figures = figuresOf({ chain: yield* caughtBy(recorded, judging), variant: yield* caughtBy(variant, judging) })
    const isAccepted = verdictOn(figures).status === 'accepted'
    if (isAccepted || nearest.candidate === undefined) nearest = { candidate, figures }
    if (isAccepted) break
  }
  return taught(nearest, {
    recorded,
    tried: { rules: candidates.length, ordinary: candidates.length - quiet.length },
  })
}

function taught(
  { candidate, figures }: Tried,
  { recorded, tried }: { readonly recorded: IncidentChain; readonly tried: Taught['tried'] },
): Taught {
  const { chain } = recorded
  const places = [figures.chain.before, figures.chain.after].flatMap(({ attempt, incident }) => [attempt, incident])
  return {
    verdict: verdictOn(figures),
    figures,
    ...(candidate === undefined ? {} : { rule: ruleOf(candidate, chain) }),
    refinements: refinementsOf(chain),
    tried,
    steps: [...new Set(places)]
      .flatMap((at) => {
        const event = at === undefined ? undefined : chain[at]
        return event === undefined || at === undefined
          ? []
          : [{ at, kind: event.body.kind, entry: event.entry, event: event.id }]
      })
      .toSorted((a, b) => a.at - b.at),
  }
}

function ruleOf({ name, text, words, about }: Candidate, chain: readonly Event[]): LearnedRuleText {
  const { rules } = compileRules([sourceOf({ name, text })])
  const match = [...new Set(rules.signals(chain).flatMap(({ entries }) => entries))].toSorted((a, b) => a - b)
  return { name, text, words, about, match: match.slice(0, MATCHES_KEPT) }
}

/** Log positions of the chain, agent by agent: what they add to a profile is not what the agent ordinarily does. */
function refinementsOf(chain: readonly Event[]): readonly Refinement[] {
  return [...Map.groupBy(chain, ({ agent }) => agent.id)].map(([agent, events]) => {
    const entries = [...new Set(events.map(({ entry }) => entry))].toSorted((a, b) => a - b)
    const runs: [number, number][] = []
    for (const entry of entries) {
      const last = runs.at(-1)
      if (last !== undefined && (entry === last[1] + 1 || runs.length === RUNS_KEPT)) last[1] = entry
      else runs.push([entry, entry])
    }
    return { agent, positions: runs }
  })
}

function agentsOf(chain: readonly Event[]): Refinement['agent'][] {
  return [...new Set(chain.map(({ agent }) => agent.id))]
}

function sourceOf({ name, text }: Pick<Candidate, 'name' | 'text'>): RuleSource {
  return { name, file: `${name}/rule.yml`, text }
}
