import type { Event, IncidentType, Signal, Surface, TrustTier } from '@holdfast/model'
import { outranks } from '@holdfast/model'
import { ActTimes } from './act-times.ts'
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
  /** What a title says after the agent's name; absent where it takes `words` after a colon. */
  readonly title?: string
}

type Open = {
  finding: Finding
  /** The first of them, in order of time; the others are counted. */
  readonly proofs: Event[]
  readonly times: ActTimes
  count: number
  tier: TrustTier
}

/**
 * Gathers findings of one agent into signals: what repeats is counted, and the strongest of the same kind stands. What
 * is given must come in order of claimed time, each event once for one finding. Keeps few events, however many repeat.
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
    const open = known ?? { finding, proofs: [], times: new ActTimes(), count: 0, tier: 'self-reported' }
    if (finding.strength > open.finding.strength) open.finding = finding
    for (const event of events) {
      open.times.add(event)
      if (open.proofs.length < MAX_PROOFS) open.proofs.push(event)
      if (outranks(event.source.tier, open.tier)) open.tier = event.source.tier
    }
    open.count += events.length
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

  #signal({ finding, proofs, times, count, tier }: Open): Signal {
    const [first] = proofs
    if (first === undefined) throw new Error('a finding has at least one event')
    const { detector, strength, surface, speaksFor, words, title } = finding
    const conversation = proofs.find(({ context }) => context.conversation !== undefined)?.context.conversation
    return {
      id: `${detector}.${first.id}`,
      detector,
      source: this.#source,
      speaksFor,
      strength,
      surface,
      agent: first.agent.id,
      ...(conversation === undefined ? {} : { conversation }),
      events: proofs.map(({ id }) => id),
      entries: proofs.map(({ entry }) => entry),
      claimedAt: first.claimedAt,
      ...times.told(first.claimedAt),
      tier,
      words: count > 1 ? `${words} (${count} events)` : words,
      ...(title === undefined ? {} : { title }),
    }
  }
}

/** Each event once, in order of claimed time: an entry may have arrived twice. */
export function onceInOrder<E extends Event>(events: readonly E[]): readonly E[] {
  return [...new Map(events.map((event) => [event.id, event])).values()].toSorted(inOrder)
}

/** By claimed time, then id: the same order whatever the order of arrival. */
function inOrder(a: Event, b: Event): number {
  if (a.claimedAt !== b.claimedAt) return a.claimedAt < b.claimedAt ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Captured text as words show it: cut, on one line, in quotes. Untrusted. */
export function quoted(text: string): string {
  // A value that came inside of JSON inside of JSON: its own marks are noise within ours.
  // A run of backslashes is tried from its beginning alone: from each of them, a long one would take minutes.
  const bare = text.replace(/(?<!\\)\\+"/g, '"').replace(/^"([^"]*)"$/, '$1')
  const line = bare
    .slice(0, MAX_QUOTED_CHARS + 1)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}“”]/gu, ' ')
  return `“${line.length > MAX_QUOTED_CHARS ? `${line.slice(0, MAX_QUOTED_CHARS).toWellFormed()}…` : line}”`
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
