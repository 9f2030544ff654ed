import type { AgentId, ChainLink, ChainTemplate, EventId, IncidentType, Signal, Surface } from '@holdfast/model'
import type { Recall, Sight } from './evidence.ts'
import { MAX_REFERENCES } from './limits.ts'

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

function linksOf({ signals, recalls }: Chained): readonly ChainLink[] {
  const quotes = new Map(signals.flatMap(({ quote }) => (quote === undefined ? [] : [[quote.event, quote] as const])))
  const entry = [...quotes.values()].slice(0, MAX_REFERENCES).map((quote): ChainLink => ({
    stage: 'entry',
    state: 'seen',
    surface: 'S1',
    words: 'a text that nobody vouches for entered the context with a sentence that instructs',
    events: [quote.event],
    entries: [quote.entry],
  }))
  // What stood in the context as it acted on memory may all have had a part in it: each record leads back to its writes.
  const isOfMemory = signals.some(isRecalled)
  const recalled = recalls.filter(({ event }) => isOfMemory || quotes.has(event)).slice(0, MAX_REFERENCES)
  return [...recalled.flatMap(originsOf), ...entry, ...signals.slice(0, MAX_REFERENCES).map(deedLink)]
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

function deedLink({ detector, surface, words, events, entries, deed, hasEffect }: Signal): ChainLink {
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
    words,
    events: deed === undefined ? events.slice(0, MAX_REFERENCES) : [deed],
    entries: entries.slice(0, MAX_REFERENCES),
  }
}

/**
 * Red where a signal says that something was done there, amber where one hints or a text came in, else green. Where a guard looked
 * at the input and let it through, the text alone is no colour: what watches that surface saw nothing, and a reader must know it.
 */
export function surfacesOf(
  signals: readonly Signal[],
  { passed }: Pick<Sight, 'passed'>,
): Readonly<Record<Surface, 'green' | 'amber' | 'red'>> {
  const isPassed = passed !== undefined && passed.count > 0
  const colour = (surface: Surface): 'green' | 'amber' | 'red' => {
    const own = signals.filter((signal) => signal.surface === surface)
    if (own.some(({ strength }) => strength >= 0.5)) return 'red'
    if (own.length > 0) return 'amber'
    return surface === 'S1' && !isPassed && signals.some(({ quote }) => quote !== undefined) ? 'amber' : 'green'
  }
  return { S1: colour('S1'), S2: colour('S2'), S3: colour('S3'), S4: colour('S4') }
}
