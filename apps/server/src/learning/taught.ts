import { compileRules, type RuleSource } from '@holdfast/detect'
import type { Event, LearnedRuleText, Refinement } from '@holdfast/model'
import { type Candidate, type LearningFigures, type LearningVerdict, verdictOn } from '@holdfast/respond'
import { MATCHES_KEPT, RUNS_KEPT } from './limits.ts'

/** One event of a chain, for people. */
type ChainStep = { readonly at: number; readonly kind: string; readonly entry: number; readonly event: string }

/** What an incident teaches, with what it was held against. */
export type Taught = {
  readonly verdict: LearningVerdict
  readonly figures: LearningFigures
  /** Absent unless the verdict is `accepted`: what could not be tried, or failed, is not to be applied with the cut. */
  readonly rule?: LearnedRuleText
  readonly refinements: readonly Refinement[]
  /** Rules that were tried, and those of them that met something ordinary. */
  readonly tried: { readonly rules: number; readonly ordinary: number }
  /** The steps that the figures name. */
  readonly steps: readonly ChainStep[]
}

/** A rule, where one was tried, with what it was held against. */
export type Tried = { readonly candidate: Candidate | undefined; readonly figures: LearningFigures }

/** What is to be proposed of the rule that came nearest; `own`: the part of the chain that is of the incident's agents. */
export function taught(
  { candidate, figures }: Tried,
  {
    chain,
    own,
    tried,
  }: { readonly chain: readonly Event[]; readonly own: readonly Event[]; readonly tried: Taught['tried'] },
): Taught {
  const places = [figures.chain.before, figures.chain.after].flatMap(({ attempt, incident }) => [attempt, incident])
  const verdict = verdictOn(figures)
  return {
    verdict,
    figures,
    ...(candidate === undefined || verdict.status !== 'accepted' ? {} : { rule: ruleOf(candidate, chain) }),
    // Who only stood beside it goes on as before.
    refinements: refinementsOf(own),
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

/** The file of a rule that was derived. */
export function sourceOf({ name, text }: Pick<Candidate, 'name' | 'text'>): RuleSource {
  return { name, file: `${name}/rule.yml`, text }
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
