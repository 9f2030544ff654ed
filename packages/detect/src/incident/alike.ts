import type { EvidenceLine, Signal, TrustTier } from '@holdfast/model'
import { MAX_GROUPED } from './limits.ts'
import { byWeight } from './unite.ts'

/** Signals that tell the same deed again and again, and where in the log the first of them is. */
export type AlikeSignals = {
  readonly strongest: Signal
  readonly signals: readonly Signal[]
  readonly position: number
}

/**
 * Signals of one agent's one tool and one sentence (or of one detector's one statement) together: sixty pages that were read
 * on the word of one sentence are one thing to read. In log order.
 */
export function alikeSignals(signals: readonly Signal[]): readonly AlikeSignals[] {
  return [...Map.groupBy(signals, keyOf).values()]
    .map((some) => {
      const [strongest = some[0] as Signal] = some.toSorted(byWeight) // a group has one at least
      return { strongest, signals: some, position: Math.min(...some.map(positionOf)) }
    })
    .toSorted((a, b) => a.position - b.position || byWeight(a.strongest, b.strongest))
}

function keyOf({ source, detector, agent, repeatKey, words, quote, hasEffect, speaksFor }: Signal): string {
  // By which channel a tier tells of a text differs; the sentence does not.
  const by = source === 'provenance' ? source : detector
  return JSON.stringify([by, speaksFor, agent, repeatKey ?? words, quote?.text, hasEffect])
}

/** Where the deed itself was recorded: what led to it came before, and only the text that it quotes may be told of later. */
function positionOf({ entries, quote }: Signal): number {
  const own = entries.filter((entry) => entry !== quote?.entry)
  return Math.max(0, ...(own.length === 0 ? entries : own))
}

/** Lines of the same words as one, in the order of the first of each. */
export function alikeLines(lines: readonly EvidenceLine[]): readonly EvidenceLine[] {
  const groups = Map.groupBy(lines, ({ words, basis }) => `${basis}\n${words}`)
  return [...groups.values()].map((some) => {
    const [first = some[0] as EvidenceLine] = some // a group has one at least
    return { ...first, words: repeated(first.words, some), ...referencesOf(some) }
  })
}

/** What is said of several, with how many there are. */
export function repeated(words: string, some: readonly { readonly tier: TrustTier }[]): string {
  const times = timesOf(some)
  return times === 1 ? words : `${words} (${times} times)`
}

/** Events and positions of several, bounded. */
export function referencesOf(
  some: readonly Pick<Signal, 'events' | 'entries'>[],
): Pick<EvidenceLine, 'events' | 'entries'> {
  return {
    events: [...new Set(some.flatMap(({ events }) => events))].slice(0, MAX_GROUPED),
    entries: [...new Set(some.flatMap(({ entries }) => entries))].toSorted((a, b) => a - b).slice(0, MAX_GROUPED),
  }
}

/** One act that two tiers tell of is one: each tier tells of an act once. */
function timesOf(some: readonly { readonly tier: TrustTier }[]): number {
  return Math.max(...[...Map.groupBy(some, ({ tier }) => tier).values()].map(({ length }) => length))
}
