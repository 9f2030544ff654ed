import { normalise } from '@holdfast/capture'
import type { StepsOfWork } from '@holdfast/detect'
import type { ConversationId, Event, Incident } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { MAX_REPLAY_EVENTS } from '@holdfast/respond'
import type { Case, CaseReader } from '../incidents/case-reader.ts'
import type { Conversations } from '../views/conversations.ts'
import { CASES_REPLAYED } from './limits.ts'

/** What one case of an incident says, and what of it belongs to the chain. */
export type ChainCase = { readonly conversation: ConversationId; readonly events: readonly Event[] }

export type IncidentChain = {
  readonly cases: readonly ChainCase[]
  /** Events from the first tainted one on, in claimed order: what a replay goes through. All before them is known from the start. */
  readonly chain: readonly Event[]
  readonly before: ReadonlySet<Event['id']>
}

export type ChainSources = {
  readonly reader: Pick<LogReader, 'entry'>
  readonly conversations: Conversations
  readonly cases: CaseReader
}

/**
 * The events of an incident in the order in which they are said to have happened, from the input that it began with; where none
 * is known, from the first deed. Origins in other conversations are read with them.
 */
export function* chainOf(incident: Incident, sources: ChainSources): StepsOfWork<IncidentChain> {
  const cases: ChainCase[] = []
  for (const one of casesOf(incident, sources)) {
    const events = yield* sources.cases.events(one, MAX_REPLAY_EVENTS)
    cases.push({ conversation: one.conversation as ConversationId, events }) // the workspace's own id of it
  }
  const known = new Set(cases.flatMap(({ events }) => events.map(({ id }) => id)))
  const origins = originEvents(incident, sources.reader).filter(({ id }) => !known.has(id))
  for (const [conversation, events] of Map.groupBy(origins, (event) => nameOf(event, sources.conversations)))
    cases.push({ conversation, events })
  const all = cases.flatMap(({ events }) => events).toSorted(byClaim)
  const start = startOf(incident, all)
  const chain = all.slice(start, start + MAX_REPLAY_EVENTS)
  return { cases, chain, before: new Set(all.slice(0, start).map(({ id }) => id)) }
}

function casesOf(incident: Incident, { conversations, cases }: ChainSources): readonly Case[] {
  const found = new Map<string, Case>()
  for (const name of incident.conversations) {
    const [one] = conversations.called(name)
    const trace = one?.traces[0]
    const read = trace === undefined ? undefined : cases.caseOf(trace)
    if (read !== undefined) found.set(read.conversation, read)
  }
  return [...found.values()].slice(0, CASES_REPLAYED)
}

function originEvents({ chain, signals }: Incident, reader: ChainSources['reader']): readonly Event[] {
  const origins = chain.links.filter(({ stage, state }) => stage === 'origin' && state !== 'not-seen')
  const named = new Set<string>(
    [...origins, ...signals.filter(({ detector }) => ORIGIN_DETECTORS.test(detector))].flatMap(({ events }) => events),
  )
  const entries = new Set(
    [...origins, ...signals.filter(({ detector }) => ORIGIN_DETECTORS.test(detector))].flatMap((one) => one.entries),
  )
  return [...entries].flatMap((index) => {
    const entry = reader.entry(index)
    return entry === undefined ? [] : normalise(entry).events.filter(({ id }) => named.has(id))
  })
}

/** Detectors that name where something came from rather than a deed. */
const ORIGIN_DETECTORS = /^(?:retrieval\/|provenance\/.*memory$)/

function nameOf(event: Event, conversations: Conversations): ConversationId {
  const trace = event.context.trace ?? event.context.session ?? ''
  return (conversations.nameOf(trace) ?? event.context.conversation ?? `origin~${trace}`) as ConversationId // an id that the workspace holds, or one of our own
}

/** The first event that a stage of the chain is about: what came in before what was done. */
function startOf({ chain, signals }: Incident, all: readonly Event[]): number {
  const of = (names: Iterable<string>): number => {
    const wanted = new Set<string>(names)
    return all.findIndex(({ id }) => wanted.has(id))
  }
  const early = chain.links.filter(({ stage }) => stage === 'origin' || stage === 'entry')
  const first = of([...early.flatMap(({ events }) => events), ...signals.flatMap(({ quote }) => quote?.event ?? [])])
  if (first !== -1) return first
  return Math.max(0, of(signals.flatMap(({ deed, events }) => (deed === undefined ? events : [deed]))))
}

function byClaim(a: Event, b: Event): number {
  return a.claimedAt < b.claimedAt ? -1 : a.claimedAt > b.claimedAt ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
