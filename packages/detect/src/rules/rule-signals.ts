import { outranks, type Event, type Signal, type TrustTier } from '@holdfast/model'
import { actTimesOf } from '../signals/act-times.ts'
import { quoted } from '../signals/findings.ts'
import type { Match } from './correlate.ts'
import type { CutCount } from './cut-count.ts'
import { keyOf } from './key-of.ts'
import { MAX_RULE_PROOFS, MAX_RULE_SIGNALS } from './limits.ts'
import type { Rule } from './rule.ts'

/** Signals of one rule: one for each agent and each set of values that the rule tells repeats apart by, which counts them. */
export function signalsOf(
  rule: Rule,
  {
    matches,
    said,
    cut,
  }: { readonly matches: readonly Match[]; readonly said: readonly Signal[]; readonly cut: CutCount },
): readonly Signal[] {
  const restated = new Set(
    said
      .filter(({ detector }) => rule.restates.some((name) => detector === name || detector.startsWith(`${name}/`)))
      .flatMap(({ events }) => events),
  )
  const groups = Map.groupBy(
    matches.filter(({ proofs }) => !proofs.some(({ id }) => restated.has(id))),
    ({ view }) => JSON.stringify([view.event.agent.id, ...rule.repeat.map((field) => view.folded(field).map(keyOf))]),
  )
  return cut.first([...groups.values()], MAX_RULE_SIGNALS).flatMap((group) => signalOf(rule, group) ?? [])
}

function signalOf(rule: Rule, group: readonly Match[]): Signal | undefined {
  const [first] = group
  const last = first?.view.event
  if (first === undefined || last === undefined) return undefined
  const proofs = [...new Map(group.flatMap((match) => match.proofs).map((event) => [event.id, event])).values()]
  const shown = proofs.slice(0, MAX_RULE_PROOFS)
  const conversation = proofs.find(({ context }) => context.conversation !== undefined)?.context.conversation
  const { name, speaksFor, template } = rule
  return {
    id: `rule/${name}.${last.id}`,
    detector: `rule/${name}`,
    source: 'rule',
    strength: rule.strength,
    surface: rule.surface,
    agent: last.agent.id,
    events: shown.map(({ id }) => id),
    entries: [...new Set(shown.map(({ entry }) => entry))].toSorted((a, b) => a - b),
    claimedAt: last.claimedAt,
    ...actTimesOf(
      group.map(({ view }) => view.event),
      last.claimedAt,
    ),
    tier: strongest(proofs),
    words: wordsOf(rule, group),
    repeatKey: JSON.stringify([`rule/${name}`, ...rule.repeat.map((field) => first.view.folded(field).map(keyOf))]),
    ...(speaksFor === undefined ? {} : { speaksFor }),
    ...(template === undefined ? {} : { template }),
    ...(conversation === undefined ? {} : { conversation }),
  }
}

function wordsOf({ title, shown }: Rule, group: readonly Match[]): string {
  const [first] = group
  const values = shown.flatMap((field) => first?.view.values(field)[0] ?? []).map((value) => quoted(String(value)))
  const about = values.length === 0 ? '' : ` (${values.join(', ')})`
  return group.length > 1 ? `${title}${about}, ${group.length} times` : `${title}${about}`
}

function strongest(events: readonly Event[]): TrustTier {
  return events.reduce<TrustTier>(
    (best, { source }) => (outranks(source.tier, best) ? source.tier : best),
    'self-reported',
  )
}
