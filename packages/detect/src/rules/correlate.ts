import type { Event } from '@holdfast/model'
import type { EventView } from './event-view.ts'
import type { CutCount } from './cut-count.ts'
import { keyOf } from './key-of.ts'
import { MAX_FIRINGS, MAX_GROUPS, MAX_RULE_PROOFS } from './limits.ts'
import type { CorrelationRule } from './rule.ts'

/** A rule that came true: at the last of its events, proven by all of them. */
export type Match = {
  /** Under the names that the rule goes by, for aliases. */
  readonly names: readonly string[]
  readonly view: EventView
  readonly proofs: readonly Event[]
  /** How many events it rests on; the proofs are the first of them. */
  readonly count: number
}

/**
 * Where a correlation comes true, group by group, over matches in claimed order. The engine adds the agent to what they are
 * grouped by: what two agents do never adds up. After it came true in a group it begins there anew. Matches beyond the bounds are
 * counted in `cut`.
 */
export function correlate(
  rule: CorrelationRule,
  matches: readonly (readonly Match[])[],
  cut: CutCount,
): readonly Match[] {
  const found: Match[] = []
  for (const own of groupsOf(rule, matches, cut)) {
    const { firings, left } = own.length === 0 ? NOTHING : firingsOf(rule, own)
    cut.add(left)
    for (const firing of firings) found.push(matchOf(rule, firing))
  }
  return found.toSorted((a, b) => byTime(a.view.event, b.view.event))
}

/** One match of one of the rules; `stage` is the place of that rule in the correlation. */
type Step = { readonly match: Match; readonly stage: number; readonly at: bigint }

function groupsOf(
  rule: CorrelationRule,
  matches: readonly (readonly Match[])[],
  cut: CutCount,
): readonly (readonly Step[])[] {
  const groups = new Map<string, Step[]>()
  for (const [stage, some] of matches.entries())
    for (const match of some) {
      const key = groupKey(rule, match)
      if (key === undefined) continue
      const group = groups.get(key) ?? []
      if (group.length === 0 && groups.size >= MAX_GROUPS) {
        cut.add(1)
        continue
      }
      groups.set(key, group)
      group.push({ match, stage, at: match.view.event.claimedAt })
    }
  return [...groups.values()].map((group) =>
    group.toSorted((a, b) => byTime(a.match.view.event, b.match.view.event) || a.stage - b.stage),
  )
}

/** Undefined where the event lacks one of the fields: it belongs to no group. */
function groupKey({ groupBy, aliases }: CorrelationRule, { view, names }: Match): string | undefined {
  const parts: string[] = [view.event.agent.id]
  for (const name of groupBy) {
    const alias = aliases.get(name)
    const field = alias === undefined ? name : names.map((own) => alias.get(own)).find((own) => own !== undefined)
    const values = field === undefined ? [] : view.folded(field)
    if (values.length === 0) return undefined
    parts.push(keyOf(values.join(' ')))
  }
  return JSON.stringify(parts)
}

/** Where it came true in one group, and how many steps were left when the bound of that was reached. */
type Firings = { readonly firings: readonly (readonly Step[])[]; readonly left: number }

const NOTHING: Firings = { firings: [], left: 0 }

function firingsOf(rule: CorrelationRule, steps: readonly Step[]): Firings {
  switch (rule.type) {
    case 'temporal':
      return together(rule, steps)
    case 'temporal_ordered':
      return inOrder(rule, steps)
    case 'event_count':
      return windows(rule, steps, (window) => window.length)
    case 'value_count':
      return windows(rule, steps, (window) => new Set(window.flatMap((step) => valuesOf(rule, step))).size)
    case 'value_sum':
      return windows(rule, steps, (window) => sum(numbers(rule, window)))
    case 'value_avg':
      return windows(rule, steps, (window) => {
        const values = numbers(rule, window)
        return values.length === 0 ? undefined : sum(values) / values.length
      })
    case 'value_percentile':
      return windows(rule, steps, (window) => percentile(numbers(rule, window), rule.percentile))
  }
}

/** Events of one window that are looked at, the last ones: what is measured is measured again with each event. */
const WINDOW = 512

/** The window that ends with each event. A count that only grows is met first where it is met at all. */
function windows(
  { spanNanos, isMet, type }: CorrelationRule,
  steps: readonly Step[],
  measure: (window: readonly Step[]) => number | undefined,
): Firings {
  const firings: (readonly Step[])[] = []
  let from = 0
  for (const [at, step] of steps.entries()) {
    while ((steps[from]?.at ?? 0n) < step.at - spanNanos) from += 1
    const begin = type === 'event_count' ? from : Math.max(from, at + 1 - WINDOW)
    const measured = type === 'event_count' ? at + 1 - from : measure(steps.slice(begin, at + 1))
    if (measured === undefined || !isMet(measured)) continue
    firings.push(steps.slice(begin, at + 1))
    if (firings.length >= MAX_FIRINGS) return { firings, left: steps.length - at - 1 }
    from = at + 1
  }
  return { firings, left: 0 }
}

/** All rules within the span, in whatever order: the latest match of each is the one that counts. */
function together({ spanNanos, refers }: CorrelationRule, steps: readonly Step[]): Firings {
  const firings: (readonly Step[])[] = []
  const latest = new Map<number, Step>()
  for (const [at, step] of steps.entries()) {
    latest.set(step.stage, step)
    const all = [...latest.values()].filter((one) => one.at >= step.at - spanNanos)
    if (all.length < refers.length) continue
    firings.push(all.toSorted((a, b) => byTime(a.match.view.event, b.match.view.event)))
    latest.clear()
    if (firings.length >= MAX_FIRINGS) return { firings, left: steps.length - at - 1 }
  }
  return { firings, left: 0 }
}

/** One after the other, each by an event of its own: the chain that began last is the one that fits a span. */
function inOrder({ spanNanos, refers }: CorrelationRule, steps: readonly Step[]): Firings {
  const firings: (readonly Step[])[] = []
  let chains: (readonly Step[] | undefined)[] = []
  const events = byEvent(steps)
  for (const [at, event] of events.entries()) {
    // Of one event's matches, later stages first: it cannot be two steps of one chain.
    for (const step of event.toSorted((a, b) => b.stage - a.stage)) {
      const before = step.stage === 0 ? [] : chains[step.stage - 1]
      if (before !== undefined) chains[step.stage] = [...before, step]
    }
    const whole = chains[refers.length - 1]
    const first = whole?.[0]
    const last = whole?.at(-1)
    if (whole === undefined || first === undefined || last === undefined || last.at - first.at > spanNanos) continue
    firings.push(whole)
    chains = []
    if (firings.length >= MAX_FIRINGS) return { firings, left: events.length - at - 1 }
  }
  return { firings, left: 0 }
}

/** Steps of one event stand together. */
function byEvent(steps: readonly Step[]): readonly (readonly Step[])[] {
  return [...Map.groupBy(steps, ({ match }) => match.view.event.id).values()]
}

function valuesOf({ field }: CorrelationRule, { match }: Step): readonly string[] {
  return field === undefined ? [] : match.view.folded(field).map(keyOf)
}

function numbers({ field }: CorrelationRule, window: readonly Step[]): readonly number[] {
  if (field === undefined) return []
  return window.flatMap(({ match }) => match.view.values(field).filter((value) => typeof value === 'number'))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** The smallest value that so many in a hundred do not exceed. */
function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
}

function matchOf({ names }: CorrelationRule, steps: readonly Step[]): Match {
  const last = steps.at(-1)
  if (last === undefined) throw new Error('a correlation comes true by at least one event')
  const proofs = new Map(steps.flatMap(({ match }) => match.proofs).map((event) => [event.id, event]))
  return {
    names,
    view: last.match.view,
    proofs: [...proofs.values()].slice(0, MAX_RULE_PROOFS),
    count: steps.reduce((total, { match }) => total + match.count, 0),
  }
}

function byTime(a: Event, b: Event): number {
  if (a.claimedAt !== b.claimedAt) return a.claimedAt < b.claimedAt ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
