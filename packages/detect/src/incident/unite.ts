import { outranks, type Signal } from '@holdfast/model'
import type { CaseEvidence, Sight } from './evidence.ts'
import { MAKES_INCIDENT, MAX_DOUBTS, MAX_JOINS, MAX_KEPT_SIGNALS, MAX_RECALLS, MAX_REFERENCES } from './limits.ts'

/**
 * Evidence of one case that was read in parts, as one. Bounded whatever its parts hold: the strongest signals stay and the
 * others are counted, so that a flood of one sort takes no more room than a few.
 */
export function uniteEvidence(parts: readonly [CaseEvidence, ...CaseEvidence[]]): CaseEvidence {
  const [first] = parts
  const signals = [...new Map(parts.flatMap((part) => part.signals).map((signal) => [signal.id, signal])).values()]
  const kept = weightiest(signals, MAX_KEPT_SIGNALS)
  const recalls = [...new Map(parts.flatMap((part) => part.recalls).map((recall) => [recall.event, recall])).values()]
  const moreSignals = parts.reduce((sum, part) => sum + (part.moreSignals ?? 0), signals.length - kept.length)
  const sight = uniteSights(parts.map((part) => part.sight))
  return {
    conversations: first.conversations,
    agents: [...new Set(parts.flatMap((part) => part.agents))].toSorted(),
    signals: kept,
    ...(moreSignals === 0 ? {} : { moreSignals }),
    doubts: parts.flatMap((part) => part.doubts).slice(0, MAX_DOUBTS),
    sight: parts.length === 1 ? sight : { ...sight, parts: parts.length },
    recalls: recalls.toSorted((a, b) => (a.event < b.event ? -1 : 1)).slice(0, MAX_RECALLS),
    joins: [...new Set(parts.flatMap((part) => part.joins))].toSorted().slice(0, MAX_JOINS),
  }
}

/** What could be seen of several together. */
export function uniteSights([first = NOTHING, ...others]: readonly Sight[]): Sight {
  return others.reduce((sum, sight): Sight => {
    const parts = Math.max(sum.parts ?? 1, sight.parts ?? 1)
    return {
      calls: uniteCounted(sum.calls, sight.calls),
      texts: uniteCounted(sum.texts, sight.texts),
      notCaptured: sum.notCaptured + sight.notCaptured,
      unread: sum.unread + sight.unread,
      ...uniteCut(sum, sight),
      kernel: uniteCounted(sum.kernel, sight.kernel),
      authority: uniteCounted(sum.authority, sight.authority),
      ...(parts === 1 ? {} : { parts }),
      ...uniteUnprofiled(sum, sight),
      ...unitePassed(sum, sight),
    }
  }, first)
}

function uniteCut({ rulesCut: a = 0 }: Sight, { rulesCut: b = 0 }: Sight): Pick<Sight, 'rulesCut'> {
  return a + b === 0 ? {} : { rulesCut: a + b }
}

function uniteUnprofiled(a: Sight, b: Sight): Pick<Sight, 'unprofiled'> {
  if (a.unprofiled === undefined && b.unprofiled === undefined) return {}
  return { unprofiled: [...new Set([...(a.unprofiled ?? []), ...(b.unprofiled ?? [])])].toSorted() }
}

function unitePassed({ passed: a }: Sight, { passed: b }: Sight): Pick<Sight, 'passed'> {
  if (a === undefined) return b === undefined ? {} : { passed: b }
  return { passed: b === undefined ? a : uniteCounted(a, b) }
}

function uniteCounted(a: Sight['calls'], b: Sight['calls']): Sight['calls'] {
  return {
    count: a.count + b.count,
    events: [...a.events, ...b.events].slice(0, MAX_REFERENCES),
    entries: [...a.entries, ...b.entries].slice(0, MAX_REFERENCES),
    tier: outranks(a.tier, b.tier) ? a.tier : b.tier,
  }
}

const NONE: Sight['calls'] = { count: 0, events: [], entries: [], tier: 'self-reported' }
const NOTHING: Sight = { calls: NONE, texts: NONE, notCaptured: 0, unread: 0, kernel: NONE, authority: NONE }

/**
 * The strongest, and among them whatever came last that speaks for each type, by its own time and by its place in the log: by them
 * is told whether harm goes on and whether it came back, however many stronger ones there were before.
 */
export function weightiest(signals: readonly Signal[], most: number): readonly Signal[] {
  if (signals.length <= most) return signals.toSorted(byWeight)
  const latest = new Map<Signal['speaksFor'], Signal>()
  const newest = new Map<Signal['speaksFor'], Signal>()
  for (const signal of signals) {
    if (signal.speaksFor === undefined || signal.strength < MAKES_INCIDENT) continue
    const known = latest.get(signal.speaksFor)
    if (known === undefined || isLater(signal, known)) latest.set(signal.speaksFor, signal)
    const logged = newest.get(signal.speaksFor)
    if (logged === undefined || isNewer(signal, logged)) newest.set(signal.speaksFor, signal)
  }
  const last = new Set([...latest.values(), ...newest.values()])
  const others = signals.toSorted(byWeight).filter((signal) => !last.has(signal))
  return [...others.slice(0, Math.max(0, most - last.size)), ...last].toSorted(byWeight)
}

/** Of two at the same time the first by id, whatever the order of arrival. */
function isLater(one: Signal, other: Signal): boolean {
  const [a, b] = [one.lastClaimedAt ?? one.claimedAt, other.lastClaimedAt ?? other.claimedAt]
  return a > b || (a === b && one.id < other.id)
}

/** By the place in the log of what each was last told by. */
function isNewer(one: Signal, other: Signal): boolean {
  const [a, b] = [lastLogged(one), lastLogged(other)]
  return a > b || (a === b && one.id < other.id)
}

/** Log position of what was logged last of what a signal stands for. */
export function lastLogged({ lastEntry, entries }: Pick<Signal, 'lastEntry' | 'entries'>): number {
  return entries.reduce((last, entry) => Math.max(last, entry), lastEntry ?? -1)
}

/** The strongest first; of equals the first by id, whatever the order of arrival. */
export function byWeight(a: Signal, b: Signal): number {
  return b.strength - a.strength || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
