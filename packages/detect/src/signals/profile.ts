import { hash } from 'node:crypto'
import type {
  AgentClass,
  AgentId,
  ConversationId,
  Event,
  EventId,
  EvidenceLine,
  IncidentType,
  Signal,
  Surface,
} from '@holdfast/model'
import { outranks } from '@holdfast/model'
import type { AgentContext, CaseContext, KnownProfile } from '../known/case-context.ts'
import { type ActsTold, actsIn, actTimesOf, effectiveOf } from './act-times.ts'
import { onceInOrder } from './findings.ts'
import { CASE_NANOS, MAX_DEPARTURES, MAX_PROOFS } from './limits.ts'
import { amountDepartures } from './profile-amounts.ts'
import { departuresOf } from './profile-departures.ts'
import { changeFor, excuseLine } from './recorded-changes.ts'

/** What departs together makes a chain: one tool that is new brings new arguments and a new order, and is one departure. */
export type DepartureGroup = 'identity' | 'data' | 'egress' | 'amount' | 'tool' | 'delegate' | 'process' | 'model'

/** One thing that an agent did and its profile does not know, or not so much of. */
export type Departure = {
  readonly group: DepartureGroup
  readonly detector: string
  /** Repeats with the same key are one signal that counts them. */
  readonly key: string
  readonly strength: number
  /** Of a call that only reads. */
  readonly isRead?: boolean
  /** What is counted within a key: of several new values each. */
  readonly value?: string
  readonly speaksFor: IncidentType
  readonly surface: Surface
  readonly words: string
  /** The deed in short, of so many new values; absent where the words are short. */
  readonly title?: (values: number) => string
  readonly event: Event
  /** What a recorded change has to be, or to name, to explain it. */
  readonly explained: { readonly kind: 'parts' | 'reach'; readonly names: readonly string[] }
}

export type ProfileFindings = {
  readonly signals: readonly Signal[]
  /** Departures that a recorded change explains, which are no signals. */
  readonly excused: readonly (EvidenceLine & { readonly speaksFor: IncidentType })[]
  /** Agents of the case of which too little was observed before it. */
  readonly unknown: readonly AgentId[]
}

/**
 * What the agents of a case did for the first time, rarely, out of order or out of proportion, held against what was observed
 * of them before the case began, so that no attack vouches for itself. Pure; the order of events changes nothing.
 */
export function profileSignals(
  unordered: readonly Event[],
  {
    context,
    conversation,
    isOrdered = () => false,
  }: {
    readonly context: CaseContext
    readonly conversation?: ConversationId
    /** True for what the owner ordered by name: that it is new says nothing. */
    readonly isOrdered?: (event: Event, value?: string) => boolean
  },
): ProfileFindings {
  const events = onceInOrder(unordered.filter(({ claimedAt, context: of }) => claimedAt > 0n && of.isSetup !== true))
  const begun = events[0]?.claimedAt ?? 0n
  const found: ProfileFindings[] = []
  for (const [agent, own] of [...Map.groupBy(events, ({ agent: { id } }) => id)].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const known = context.ofAgent(agent)
    if (known === undefined || known.profileAt(begun) === undefined)
      found.push({ signals: [], excused: [], unknown: [agent] })
    else found.push(findingsOf(own, { known, begun, conversation, isOrdered }))
  }
  return {
    signals: found.flatMap(({ signals }) => signals),
    excused: found.flatMap(({ excused }) => excused),
    unknown: found.flatMap(({ unknown }) => unknown),
  }
}

/** What an act is held against: the profile as of the beginning, and in a case of more than a day as of a day before the act. */
export function knownBefore(claimedAt: bigint, begun: bigint): bigint {
  if (claimedAt - begun <= CASE_NANOS) return begun
  const day = (claimedAt / CASE_NANOS - 1n) * CASE_NANOS
  return day > begun ? day : begun
}

type About = {
  readonly known: AgentContext
  readonly begun: bigint
  readonly conversation: ConversationId | undefined
  readonly isOrdered: (event: Event, value?: string) => boolean
}

function findingsOf(events: readonly Event[], { known, begun, conversation, isOrdered }: About): ProfileFindings {
  const profiles = new Map<bigint, KnownProfile | undefined>()
  const profileOf = ({ claimedAt }: Event): KnownProfile | undefined => {
    const at = knownBefore(claimedAt, begun)
    if (!profiles.has(at)) profiles.set(at, known.profileAt(at))
    return profiles.get(at)
  }
  const departures = [...departuresOf(events, profileOf), ...amountDepartures(events, profileOf)]
  const groups = [...Map.groupBy(departures, ({ detector, key }) => `${detector}\n${key}`).values()]
  const excused: ProfileFindings['excused'][number][] = []
  const kept: (readonly Departure[])[] = []
  for (const group of groups) {
    const open: Departure[] = []
    for (const departure of group) {
      const { event, explained, words, speaksFor } = departure
      const change = changeFor({ at: event.claimedAt, ...explained }, known.changes)
      if (change === undefined && (!isAskedFor(departure, known) || !isOrdered(event, givenValue(departure))))
        open.push(departure)
      else if (excused.length < MAX_DEPARTURES)
        excused.push({
          ...(change === undefined ? orderLine(event, words) : excuseLine(change, words)),
          speaksFor,
          events: [event.id],
        })
    }
    if (open.length > 0) kept.push(weighed(open))
  }
  const within: Within = { conversation, acted: effectiveOf(events) }
  const signals = [...told(kept.map((group) => signalOf(group, within))), ...chainOf(kept, within)]
  const earliest = kept.flat().reduce<Event | undefined>(earlier, undefined)
  const days = earliest === undefined ? 0 : (profileOf(earliest)?.days ?? 0)
  return { signals: days < DAYS_TO_JUDGE ? signals.map(asHint) : signals, excused, unknown: [] }
}

/** Who talks to these may be anybody: that somebody asked for money to go to a new name is no word of the owner. */
const PUBLIC: ReadonlySet<AgentClass> = new Set(['support', 'transaction'])

/** True where the word of who asked is worth something: nobody asks for an amount by name. */
function isAskedFor({ group, detector, isRead }: Departure, { class: of }: AgentContext): boolean {
  if (group === 'amount') return false
  return detector !== 'profile/new-value' || isRead === true || !PUBLIC.has(of)
}

/** Nothing settles sooner (requirement book, 6.1): what comes once a week is new to a profile of some days. */
const DAYS_TO_JUDGE = 14
/** What departs from a younger profile colours a chain, and makes none. */
const HINT = 0.4

function asHint(signal: Signal): Signal {
  return { ...signal, strength: Math.min(signal.strength, HINT) }
}

function earlier(known: Event | undefined, { event }: Departure): Event {
  return known !== undefined && known.claimedAt <= event.claimedAt ? known : event
}

/** The value that departs, where it is one that a call gave. */
function givenValue({ detector, explained: { names } }: Departure): string | undefined {
  return detector === 'profile/new-value' && names.length === 1 ? names[0] : undefined
}

function orderLine({ entry, source: { tier } }: Event, of: string): EvidenceLine {
  return { words: `${of}: the owner asked for it by name`, events: [], entries: [entry], tier, basis: 'inferred' }
}

/** One new value is work that goes on, many are a list that somebody brought. */
function weighed(group: readonly Departure[]): readonly Departure[] {
  const values = new Set(group.flatMap(({ value }) => value ?? [])).size
  const more = values >= MANY_VALUES ? 0.25 : values >= SOME_VALUES ? 0.15 : 0
  if (more === 0) return group
  return group.map((one) => ({ ...one, strength: Math.round((one.strength + more) * 100) / 100 }))
}

const SOME_VALUES = 3
const MANY_VALUES = 5

/** Of one detector the strongest are told one by one. */
function told(signals: readonly Signal[]): readonly Signal[] {
  return [...Map.groupBy(signals, ({ detector }) => detector).values()].flatMap((some) =>
    some.toSorted((a, b) => b.strength - a.strength || (a.id < b.id ? -1 : 1)).slice(0, MAX_DEPARTURES),
  )
}

type Within = {
  readonly conversation: ConversationId | undefined
  /** False of a call that came to nothing, as its own teller says. */
  readonly acted: (event: Event) => boolean
}

function signalOf(group: readonly Departure[], { conversation, acted }: Within): Signal {
  const strongest = group.reduce((best, one) => (one.strength > best.strength ? one : best))
  const times = actsIn(group.map(({ event }) => event))
  const { detector, key, strength, speaksFor, surface, words } = strongest
  return {
    ...provenBy(group.map(({ event }) => event)),
    ...timesOf(group, acted),
    knownAt: firstEntry(group),
    // One event may depart in several ways: the key tells them apart.
    id: `${detector}.${group[0]?.event.id ?? ''}.${hash('sha256', key).slice(0, 8)}`,
    detector,
    source: 'profile',
    speaksFor,
    strength,
    surface,
    ...(conversation === undefined ? {} : { conversation }),
    words: times > 1 ? `${words} (${times} times)` : words,
    title: titleOf(strongest, group),
    repeatKey: `${detector}\n${key}`,
  }
}

/** Groups of which one alone may be work that goes on; with another beside it, it is not. */
const TELLING: ReadonlySet<DepartureGroup> = new Set(['identity', 'data', 'amount', 'delegate'])
const GROUPS_ALONE = 3
/** What departures of several kinds amount to, never more. */
const MOST_OF_CHAIN = 0.75

/**
 * One departure colours, several along one chain make an incident: of two kinds where one of them is identity, data, amount
 * or delegation, else of three. A new tool with its own new host is one piece of news.
 */
function chainOf(kept: readonly (readonly Departure[])[], { conversation, acted }: Within): readonly Signal[] {
  const best = new Map<DepartureGroup, Departure>()
  const witnesses = new Map<DepartureGroup, readonly Departure[]>()
  for (const group of kept)
    for (const departure of group) {
      const known = best.get(departure.group)
      if (known !== undefined && departure.strength <= known.strength) continue
      best.set(departure.group, departure)
      witnesses.set(departure.group, group)
    }
  const kinds = [...best.values()].filter(({ strength }) => strength >= LEAST_IN_CHAIN)
  const isTelling = kinds.some(({ group }) => TELLING.has(group))
  if (kinds.length < (isTelling ? 2 : GROUPS_ALONE)) return []
  const ordered = kinds.toSorted(
    (a, b) => Number(a.event.claimedAt - b.event.claimedAt) || (a.detector < b.detector ? -1 : 1),
  )
  const strength = Math.min(MOST_OF_CHAIN, 1 - kinds.reduce((left, one) => left * (1 - one.strength), 1))
  const strongest = kinds.reduce((a, b) => (b.strength > a.strength ? b : a))
  // Each kind by its own event first, then by all that tell of it: the strongest tier among them counts.
  const told = ordered.flatMap(({ group }) => witnesses.get(group) ?? []).map(({ event }) => event)
  const outranking = told.toSorted(byTier)
  return [
    {
      ...provenBy([...new Set([...ordered.map(({ event }) => event), ...outranking])]),
      ...longest(ordered.map(({ group }) => timesOf(witnesses.get(group) ?? [], acted))),
      knownAt: Math.max(...kinds.map(({ group }) => firstEntry(witnesses.get(group) ?? []))),
      id: `profile/chain.${ordered[0]?.event.id ?? ''}`,
      detector: 'profile/chain',
      source: 'profile',
      speaksFor: strongest.speaksFor,
      strength: Math.round(strength * 100) / 100,
      surface: strongest.surface,
      ...(conversation === undefined ? {} : { conversation }),
      words: `${wordsOf(ordered, witnesses)}: ${kinds.length} departures from its profile at once`,
      title: chainTitle(ordered, witnesses),
      repeatKey: `profile/chain\n${kinds
        .map(({ detector, key }) => `${detector} ${key}`)
        .toSorted()
        .join('\n')}`,
    },
  ]
}

/** The deed that says most, and how much of it: the rest stands in the words. */
function chainTitle(
  ordered: readonly Departure[],
  witnesses: ReadonlyMap<DepartureGroup, readonly Departure[]>,
): string {
  const strongest = (some: readonly Departure[]): Departure | undefined =>
    some.toSorted((a, b) => b.strength - a.strength)[0]
  const [amounts, deeds] = [true, false].map((isAmount) =>
    strongest(ordered.filter(({ group }) => (group === 'amount') === isAmount)),
  )
  return [deeds, amounts]
    .flatMap((one) => (one === undefined ? [] : [titleOf(one, witnesses.get(one.group) ?? [])]))
    .join(' and ')
}

function titleOf({ title, words }: Departure, group: readonly Departure[]): string {
  return title?.(new Set(group.flatMap(({ value }) => value ?? [])).size) ?? words
}

/** What was done before how much of it. */
function wordsOf(ordered: readonly Departure[], witnesses: ReadonlyMap<DepartureGroup, readonly Departure[]>): string {
  return ordered
    .toSorted((a, b) => Number(a.group === 'amount') - Number(b.group === 'amount'))
    .map(({ group, words }) => {
      const values = new Set(witnesses.get(group)?.flatMap(({ value }) => value ?? [])).size
      return values > 1 ? `${words}, and ${values - 1} more such values` : words
    })
    .join('; ')
}

function timesOf(group: readonly Departure[], acted: Within['acted']): ActsTold {
  const [first] = group
  if (first === undefined) return {}
  const events = group.map(({ event }) => event)
  return {
    ...actTimesOf(events.filter(acted), first.event.claimedAt),
    // What came to nothing was tried all the same.
    ...(events.length > 1 ? { lastEntry: lastEntryOf(events) } : {}),
  }
}

function lastEntryOf(events: readonly Event[]): number {
  return events.reduce((last, { entry }) => Math.max(last, entry), -1)
}

function countOf({ acts, actCount }: ActsTold): number {
  return actCount ?? acts?.length ?? 0
}

/** One act departs in several ways: the acts of a chain are those of the way that was gone most often. */
function longest(ways: readonly ActsTold[]): ActsTold {
  const { acts = [], actCount } = ways.reduce((most, some) => (countOf(some) > countOf(most) ? some : most), {})
  const lasts = ways.flatMap(({ lastClaimedAt }) => lastClaimedAt ?? [])
  const [last] = lasts.toSorted((a, b) => (a > b ? -1 : 1))
  const entries = ways.flatMap(({ lastEntry }) => lastEntry ?? [])
  return {
    ...(acts.length === 0 ? {} : { acts }),
    ...(actCount === undefined ? {} : { actCount }),
    ...(last === undefined ? {} : { lastClaimedAt: last }),
    ...(entries.length === 0 ? {} : { lastEntry: Math.max(...entries) }),
  }
}

/** One witness is enough: what tells of the same again comes later and changes no name. */
function firstEntry(group: readonly Departure[]): number {
  return group.reduce((least, { event: { entry } }) => Math.min(least, entry), Infinity)
}

function byTier({ source: { tier: a } }: Event, { source: { tier: b } }: Event): number {
  return outranks(a, b) ? -1 : outranks(b, a) ? 1 : 0
}

/** A hint below this is seen in every second conversation of a busy agent. */
const LEAST_IN_CHAIN = 0.2

function provenBy(events: readonly Event[]): Pick<Signal, 'agent' | 'events' | 'entries' | 'claimedAt' | 'tier'> {
  const [first] = events
  if (first === undefined) throw new Error('a departure has at least one event')
  const some = events.slice(0, MAX_PROOFS)
  return {
    agent: first.agent.id,
    events: some.map(({ id }): EventId => id),
    entries: [...new Set(some.map(({ entry }) => entry))].toSorted((a, b) => a - b),
    claimedAt: first.claimedAt,
    tier: events.reduce((best, { source: { tier } }) => (outranks(tier, best) ? tier : best), first.source.tier),
  }
}
