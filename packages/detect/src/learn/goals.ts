import { hash } from 'node:crypto'
import {
  MAX_DEED_CHARS,
  MAX_GOAL_DEEDS,
  MAX_GOAL_DESTINATIONS,
  MAX_GOAL_INCIDENTS,
  MAX_GOAL_WORDS,
  MAX_GOALS,
  MAX_GOALS_OF_AGENT,
} from './limits.ts'
import type { CallTraits, LearnedCall } from './traits.ts'

/** An act of an incident that somebody confirmed. */
export type ConfirmedAct = { readonly incident: string; readonly agent: string; readonly traits: CallTraits }

/**
 * What an attacker wanted, as confirmed incidents show it. Words of tools stand as they are; what was named in arguments
 * is kept as salted digests with the share of the incidents that named it, never as text.
 */
export type LearnedGoal = {
  /** Incidents that it was learned from; `count` goes on where the names are full. */
  readonly incidents: readonly string[]
  readonly count: number
  readonly agent: string
  readonly deeds: readonly string[]
  readonly words: Readonly<Record<string, number>>
  readonly destinations: readonly string[]
}

/** Share of an act's words that must be a goal's for the two to be one goal. */
const SAME_GOAL = 0.35
/** Part of a goal's words that a call must name, and part of what the call names that must be the goal's. */
const NAMES_GOAL = 0.55
const IS_ABOUT_GOAL = 0.3
/** One word shared by chance is no goal. */
const LEAST_SHARED = 2

/** Puts confirmed acts together to goals. Deterministic; the order in which they are given changes nothing. */
export function learnGoals(acts: readonly ConfirmedAct[], salt: string): readonly LearnedGoal[] {
  const open: OpenGoal[] = []
  for (const act of acts.map((one) => digested(one, salt)).toSorted(byName)) {
    if (act.words.size === 0) continue
    const goal = open.find((one) => one.agent === act.agent && isSame(one, act))
    if (goal === undefined) open.push({ agent: act.agent, acts: [act] })
    else goal.acts.push(act)
  }
  return bounded(open.map(closed))
}

/** How like a learned goal a call is, and which; undefined where it is none. */
export function likeliest(
  call: LearnedCall,
  { goals, salt }: Learned,
): { readonly goal: LearnedGoal; readonly likeness: number } | undefined {
  if (call.traits === undefined || goals.length === 0 || call.traits.words.size === 0) return undefined
  const { deeds, words, destinations } = digestedOnce(call.traits, salt)
  let best: { readonly goal: LearnedGoal; readonly likeness: number } | undefined
  for (const goal of goals) {
    const likeness = likenessOf(goal, { deeds, words, destinations })
    if (likeness > 0 && (best === undefined || likeness > best.likeness)) best = { goal, likeness }
  }
  return best
}

/** Goals that were learned, and the salt of their digests. */
export type Learned = { readonly goals: readonly LearnedGoal[]; readonly salt: string }

type Act = {
  readonly incident: string
  readonly agent: string
  readonly deeds: readonly string[]
  /** Digest -> share of the act's weight. */
  readonly words: ReadonlyMap<string, number>
  readonly destinations: ReadonlySet<string>
}

type OpenGoal = { readonly agent: string; readonly acts: Act[] }

/** Many goals are held against one call: its digests are made once for as long as it is there. */
const digests = new WeakMap<CallTraits, { readonly salt: string; readonly act: Act }>()

function digestedOnce(traits: CallTraits, salt: string): Act {
  const known = digests.get(traits)
  if (known?.salt === salt) return known.act
  const act = digested({ incident: '', agent: '', traits }, salt)
  digests.set(traits, { salt, act })
  return act
}

function digested({ incident, agent, traits }: ConfirmedAct, salt: string): Act {
  const digest = (form: string): string => hash('sha256', `${salt}\n${form}`).slice(0, 16)
  const total = [...traits.words.values()].reduce((sum, weight) => sum + weight, 0)
  return {
    incident,
    agent,
    deeds: traits.deeds.map((form) => form.slice(0, MAX_DEED_CHARS)),
    words: new Map([...traits.words].map(([form, weight]) => [digest(form), total === 0 ? 0 : weight / total])),
    destinations: new Set([...traits.destinations].map(digest)),
  }
}

function byName(a: Act, b: Act): number {
  return a.incident < b.incident
    ? -1
    : a.incident > b.incident
      ? 1
      : [...a.words.keys()].join() < [...b.words.keys()].join()
        ? -1
        : 1
}

/** The same deed at the same place, or with mostly the same words. */
function isSame({ acts }: OpenGoal, act: Act): boolean {
  return acts.some(
    (other) =>
      other.deeds.some((deed) => act.deeds.includes(deed)) &&
      ([...act.destinations].some((one) => other.destinations.has(one)) ||
        Math.min(shared(act.words, other.words), shared(other.words, act.words)) >= SAME_GOAL),
  )
}

/** Share of the weight of the one that the other names too. */
function shared(words: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const [word, weight] of words) if (others.has(word)) sum += weight
  return sum
}

/** What most of the acts name stays; with one act, all of it. */
function closed({ agent, acts }: OpenGoal): LearnedGoal {
  const incidents = [...new Set(acts.map(({ incident }) => incident))]
  const words = new Map<string, { weight: number; acts: number }>()
  const destinations = new Map<string, number>()
  const deeds = new Map<string, number>()
  for (const act of acts) {
    for (const [word, weight] of act.words) {
      const known = words.get(word) ?? { weight: 0, acts: 0 }
      words.set(word, { weight: known.weight + weight, acts: known.acts + 1 })
    }
    for (const one of act.destinations) destinations.set(one, (destinations.get(one) ?? 0) + 1)
    for (const one of act.deeds) deeds.set(one, (deeds.get(one) ?? 0) + 1)
  }
  const often = <T>(counts: ReadonlyMap<T, number>): readonly T[] =>
    [...counts].filter(([, count]) => count * 2 > acts.length || acts.length === 1).map(([one]) => one)
  const kept = [...words]
    .filter(([, { acts: count }]) => count * 2 > acts.length || acts.length === 1)
    .toSorted(([a, one], [b, other]) => other.weight - one.weight || (a < b ? -1 : 1))
    .slice(0, MAX_GOAL_WORDS)
  const total = kept.reduce((sum, [, { weight }]) => sum + weight, 0)
  return {
    incidents: incidents.slice(0, MAX_GOAL_INCIDENTS),
    count: incidents.length,
    agent,
    deeds: often(deeds).toSorted().slice(0, MAX_GOAL_DEEDS),
    words: Object.fromEntries(kept.map(([word, { weight }]) => [word, Math.round((weight / total) * 1e4) / 1e4])),
    destinations: often(destinations).toSorted().slice(0, MAX_GOAL_DESTINATIONS),
  }
}

/** 1 for the same destination; for a goal without one how much of it the call names, where it is the same deed. */
function likenessOf(goal: LearnedGoal, call: Pick<Act, 'deeds' | 'words' | 'destinations'>): number {
  const isSameDeed = goal.deeds.some((deed) => call.deeds.includes(deed))
  if (goal.destinations.length > 0) {
    // Of several, some are what the agent had anyway: they say nothing without the deed. A goal with a place of its own is
    // not the same goal at another one, whatever else the calls share.
    const isThere = goal.destinations.some((one) => call.destinations.has(one))
    return isThere && (isSameDeed || goal.destinations.length === 1) ? 1 : 0
  }
  if (!isSameDeed) return 0
  let named = 0
  let about = 0
  let count = 0
  for (const [word, weight] of Object.entries(goal.words)) {
    const own = call.words.get(word)
    if (own === undefined) continue
    named += weight
    about += own
    count++
  }
  return count >= LEAST_SHARED && named >= NAMES_GOAL && about >= IS_ABOUT_GOAL ? named : 0
}

/** The goals with the most incidents stay, within the bound of each agent first. */
function bounded(goals: readonly LearnedGoal[]): readonly LearnedGoal[] {
  const byWeight = (a: LearnedGoal, b: LearnedGoal): number =>
    b.count - a.count || ((a.incidents[0] ?? '') < (b.incidents[0] ?? '') ? -1 : 1)
  const ofAgents = [...Map.groupBy(goals, ({ agent }) => agent).values()].map((own) =>
    own.toSorted(byWeight).slice(0, MAX_GOALS_OF_AGENT),
  )
  // In turn, so that no agent fills the whole before another has its share.
  const turns = Math.max(0, ...ofAgents.map(({ length }) => length))
  const inTurn = Array.from({ length: turns }, (_, i) => ofAgents.flatMap((own) => own[i] ?? [])).flat()
  return inTurn.slice(0, MAX_GOALS).toSorted((a, b) => ((a.incidents[0] ?? '') < (b.incidents[0] ?? '') ? -1 : 1))
}
