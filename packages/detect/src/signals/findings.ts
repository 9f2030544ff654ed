import type { Event, EventId, IncidentType, Signal, Surface, TrustTier } from '@holdfast/model'
import { outranks } from '@holdfast/model'
import { MAX_PROOFS, MAX_QUOTED_CHARS, MAX_SIGNALS } from './limits.ts'

/** What a detector says of one or a few events. */
export type Finding = {
  readonly detector: string
  /** Repeats with the same key in the same place are one signal. */
  readonly key: string
  readonly strength: number
  readonly surface: Surface
  readonly speaksFor: IncidentType
  readonly words: string
}

type Open = {
  readonly finding: Finding
  /** Of one event only the first of each id counts: an entry may arrive twice. */
  readonly events: Map<EventId, Event>
}

/**
 * Gathers findings of one agent into signals: what repeats is counted, and the strongest of the same kind stands. What
 * is given must come in order of claimed time.
 */
export class Findings {
  readonly #source: Signal['source']
  readonly #open = new Map<string, Open>()

  constructor(source: Signal['source']) {
    this.#source = source
  }

  /** `place` is what repeats are counted within: a process tree, a principal. */
  add(place: string, finding: Finding, events: readonly Event[]): void {
    const key = JSON.stringify([place, finding.detector, finding.key])
    const known = this.#open.get(key)
    if (known === undefined && this.#open.size >= MAX_SIGNALS) return
    const isStronger = known !== undefined && finding.strength > known.finding.strength
    const open = known === undefined || isStronger ? { finding, events: known?.events ?? new Map() } : known
    for (const event of events) if (!open.events.has(event.id)) open.events.set(event.id, event)
    this.#open.set(key, open)
  }

  signals(): readonly Signal[] {
    const byId = new Map<string, Signal>()
    for (const signal of [...this.#open.values()].map((open) => this.#signal(open)).toSorted(strongestFirst)) {
      const other = byId.get(signal.id)
      byId.set(signal.id, other === undefined ? signal : { ...other, words: `${other.words}; ${signal.words}` })
    }
    return [...byId.values()].toSorted(byTime)
  }

  #signal({ finding, events }: Open): Signal {
    const all = [...events.values()].toSorted(inOrder)
    const [first] = all
    if (first === undefined) throw new Error('a finding has at least one event')
    const { detector, strength, surface, speaksFor, words } = finding
    const shown = all.slice(0, MAX_PROOFS)
    const conversation = all.find(({ context }) => context.conversation !== undefined)?.context.conversation
    return {
      id: `${detector}.${first.id}`,
      detector,
      source: this.#source,
      speaksFor,
      strength,
      surface,
      agent: first.agent.id,
      ...(conversation === undefined ? {} : { conversation }),
      events: shown.map(({ id }) => id),
      entries: shown.map(({ entry }) => entry),
      claimedAt: first.claimedAt,
      tier: strongest(all),
      words: all.length > 1 ? `${words} (${all.length} events)` : words,
    }
  }
}

/** By claimed time, then id: the same order whatever the order of arrival. */
export function inOrder(a: Event, b: Event): number {
  if (a.claimedAt !== b.claimedAt) return a.claimedAt < b.claimedAt ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Captured text as words show it: cut, on one line, in quotes. Untrusted. */
export function quoted(text: string): string {
  const line = text.slice(0, MAX_QUOTED_CHARS + 1).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}“”]/gu, ' ')
  return `“${line.length > MAX_QUOTED_CHARS ? `${line.slice(0, MAX_QUOTED_CHARS)}…` : line}”`
}

/** Of two that one event begins, of one detector, the stronger stands and says both. */
function strongestFirst(a: Signal, b: Signal): number {
  if (a.strength !== b.strength) return b.strength - a.strength
  return a.words < b.words ? -1 : a.words > b.words ? 1 : 0
}

function byTime(a: Signal, b: Signal): number {
  if (a.claimedAt !== b.claimedAt) return a.claimedAt < b.claimedAt ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function strongest(events: readonly Event[]): TrustTier {
  let best: TrustTier = 'self-reported'
  for (const { source } of events) if (outranks(source.tier, best)) best = source.tier
  return best
}
