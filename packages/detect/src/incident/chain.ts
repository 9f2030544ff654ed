import type { AgentId, ChainLink, ChainTemplate, EventId, IncidentType, Signal, Surface } from '@holdfast/model'
import { type AlikeSignals, alikeSignals, referencesOf, repeated } from './alike.ts'
import type { Recall, Sight } from './evidence.ts'
import { MAX_DEEDS, MAX_REFERENCES } from './limits.ts'

export type Chain = { readonly template?: ChainTemplate; readonly links: readonly ChainLink[] }

type Chained = {
  readonly type: IncidentType
  readonly signals: readonly Signal[]
  readonly recalls: readonly Recall[]
  readonly agents: readonly AgentId[]
}

/** Which template the signals follow, and its stages: seen, concluded, or not seen. */
export function chainOf(chained: Chained): Chain {
  const template = templateOf(chained)
  return { ...(template === undefined ? {} : { template }), links: linksOf(chained) }
}

function templateOf({ type, signals }: Chained): ChainTemplate | undefined {
  switch (type) {
    case 'runtime-execution-escape':
      return 'T4'
    case 'privilege-boundary-escape':
      return 'T2'
    case 'reasoning-compromise': {
      // What colours a chain by itself tells none; the origin that a deed is traced to does.
      const from = (test: (signal: Signal) => boolean): boolean =>
        signals.some((signal) => signal.strength >= LEAST_TOLD && signal.speaksFor === type && test(signal))
      if (from(({ detector }) => detector.startsWith('definition/'))) return 'T5'
      if (from(isRecalled)) return 'T3'
      if (
        from(
          ({ detector, source, surface }) =>
            detector === 'provenance/delegation' || (source === 'provenance' && surface === 'S4'),
        )
      )
        return 'T6'
      // A deed that sends nothing anywhere is injection, and not to exfiltration.
      if (signals.some(({ sends }) => sends === true)) return 'T1'
      return signals.find((signal) => signal.source === 'rule' && from((one) => one === signal))?.template
    }
  }
}

/** A first step towards what a text asks is told from there on. */
const LEAST_TOLD = 0.3

function isRecalled({ source, detector }: Signal): boolean {
  return source === 'provenance' && /[/-]memory$/.test(detector)
}

function linksOf({ type, signals, recalls }: Chained): readonly ChainLink[] {
  const quotes = new Map(signals.flatMap(({ quote }) => (quote === undefined ? [] : [[quote.event, quote] as const])))
  // One sentence that two tiers told of came in once.
  const sentences = [...Map.groupBy(quotes.values(), ({ text }) => text).values()]
  const entry = sentences.slice(0, MAX_REFERENCES).map((same): ChainLink => ({
    stage: 'entry',
    state: 'seen',
    surface: 'S1',
    words: 'a text that nobody vouches for entered the context with a sentence that instructs',
    events: same.map(({ event }) => event).slice(0, MAX_REFERENCES),
    entries: [...new Set(same.map((quote) => quote.entry))].slice(0, MAX_REFERENCES),
  }))
  // What stood in the context as it acted on memory may all have had a part in it: each record leads back to its writes.
  const isOfMemory = signals.some(isRecalled)
  const recalled = recalls.filter(({ event }) => isOfMemory || quotes.has(event)).slice(0, MAX_REFERENCES)
  return [...recalled.flatMap(originsOf), ...entry, ...deedLinks(type, signals)]
}

/** Back through the silent stage: the record's id is the same, who wrote it and why is concluded. */
function originsOf({ writes, event, entry, record }: Recall): readonly ChainLink[] {
  if (writes.length === 0)
    return [
      {
        stage: 'origin',
        state: 'not-seen',
        surface: 'S1',
        words: `no write of memory record "${record}" was recorded`,
        events: [event],
        entries: [entry],
      },
    ]
  return [
    ...writes.slice(0, MAX_REFERENCES).map((write): ChainLink => ({
      stage: 'origin',
      state: 'seen',
      surface: 'S1',
      words: 'the record was written in another conversation',
      events: [write.event as EventId],
      entries: [write.entry],
    })),
    {
      stage: 'quiet',
      state: 'inferred',
      surface: 'S1',
      words: 'it lay in memory until it was recalled',
      events: [event],
      entries: [entry],
    },
  ]
}

/** In log order: the decisive deed whatever its place, the first ones beside it, and how many there are beyond. */
function deedLinks(type: IncidentType, signals: readonly Signal[]): readonly ChainLink[] {
  const all = alikeSignals(signals)
  if (all.length <= MAX_DEEDS) return all.map(deedLink)
  const [decisive] = all.toSorted((a, b) => weightOf(type, b) - weightOf(type, a))
  const first = new Set(all.filter((one) => one !== decisive).slice(0, MAX_DEEDS - 1))
  const isKept = (one: AlikeSignals): boolean => one === decisive || first.has(one)
  const cut = all.filter((one) => !isKept(one))
  return [
    ...all.filter(isKept).map(deedLink),
    {
      stage: 'deed',
      state: 'seen',
      surface: cut[0]?.strongest.surface ?? 'S2',
      words: `${cut.length} more that are not told one by one here: they are in the columns`,
      ...referencesOf(cut.flatMap((one) => one.signals)),
    },
  ]
}

/** The strongest of its type decides; of such, what sends something out, then what had an effect. */
function weightOf(type: IncidentType, { signals }: AlikeSignals): number {
  const own = signals.filter(({ speaksFor }) => speaksFor === type)
  return Math.max(
    0,
    ...own.map(({ strength, sends, hasEffect }) => strength + (sends === true ? 2 : hasEffect === true ? 1 : 0)),
  )
}

function deedLink({ strongest, signals }: AlikeSignals): ChainLink {
  const { detector, surface, words, hasEffect } = strongest
  const deeds = signals.map(({ deed, events, entries }) => ({ events: deed === undefined ? events : [deed], entries }))
  return {
    stage:
      detector === 'retrieval/rising-share'
        ? 'origin'
        : surface === 'S4'
          ? 'hand-over'
          : hasEffect === false
            ? 'deed'
            : 'effect',
    state: 'seen',
    surface,
    words: repeated(words, signals),
    ...referencesOf(deeds),
  }
}

/**
 * Red where signals together say that something was done there, amber where one hints or a text came in, else green. Where a guard looked
 * at the input and let it through, the text alone is no colour: what watches that surface saw nothing, and a reader must know it.
 */
export function surfacesOf(
  signals: readonly Signal[],
  { passed }: Pick<Sight, 'passed'>,
): Readonly<Record<Surface, 'green' | 'amber' | 'red'>> {
  const isPassed = passed !== undefined && passed.count > 0
  const colour = (surface: Surface): 'green' | 'amber' | 'red' => {
    const own = signals.filter((signal) => signal.surface === surface)
    if (togetherOf(own) >= 0.5) return 'red'
    if (own.length > 0) return 'amber'
    return surface === 'S1' && !isPassed && signals.some(({ quote }) => quote !== undefined) ? 'amber' : 'green'
  }
  return { S1: colour('S1'), S2: colour('S2'), S3: colour('S3'), S4: colour('S4') }
}

/** Two hints from different detectors confirm each other; one profile's are one witness, as in the score of a type. */
function togetherOf(signals: readonly Signal[]): number {
  const named = signals.filter(({ speaksFor }) => speaksFor !== undefined)
  const byWitness = Map.groupBy(named, ({ detector, source }) => (source === 'profile' ? 'profile' : detector))
  const strongest = [...byWitness.values()].map((some) => Math.max(...some.map(({ strength }) => strength)))
  const alone = Math.max(0, ...signals.map(({ strength }) => strength))
  return Math.max(alone, 1 - strongest.reduce((left, strength) => left * (1 - strength), 1))
}
