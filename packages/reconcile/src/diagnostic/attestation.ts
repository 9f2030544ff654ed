import type { Channel } from '@holdfast/model'
import { ATTESTED_GAPS, ATTESTED_STREAMS, EXPECTED_DAYS } from './limits.ts'

/** Who is heard on a channel: each agent by itself, or one source for all of whom it tells; documents are no stream. */
const STREAM_OF: Readonly<Record<Channel, 'agent' | 'source' | 'none'>> = {
  otlp: 'agent',
  sensor: 'agent',
  tls: 'agent',
  tetragon: 'agent',
  falco: 'agent',
  'mcp-proxy': 'agent',
  'llm-proxy': 'agent',
  cloudtrail: 'source',
  'kubernetes-audit': 'source',
  'gcp-audit': 'source',
  'azure-activity': 'source',
  'entra-audit': 'source',
  'openai-audit': 'source',
  'anthropic-audit': 'source',
  // Handed over when somebody does so, not as it happens.
  import: 'none',
  declared: 'none',
  change: 'none',
  control: 'none',
}

/** What was received of one stream in one day. */
export type HeardStream = {
  /** Empty where the channel tells of many. */
  readonly agent: string
  /** Untrusted. */
  readonly name: string
  readonly channel: Channel
  readonly entries: number
  /** Hours of the day in UTC, 0 to 23, in which something came. */
  readonly hours: readonly number[]
}

export type AttestedGap = {
  readonly entry: number
  readonly channel: string
  readonly reason: string
  readonly from: string
  readonly to: string
}

/** A time in which nothing could be recorded, because the server did not run. */
export type AwayTime = { readonly from: string; readonly to: string; readonly reason: string }

export type AttestedStream = {
  readonly agent: string
  readonly name: string
  readonly channel: Channel
  /** `silent`: it was heard before and sent nothing. `gaps`: something of it is missing. Neither is ever whole. */
  readonly state: 'whole' | 'gaps' | 'silent'
  readonly entries: number
  /** A character an hour: `1` something came, `0` nothing, `!` nothing although it came in that hour on every day before. */
  readonly hours: string
  /** Day on which it was heard last; of one that is silent. */
  readonly lastHeard?: string
  readonly gaps: readonly number[]
}

/** The statement of one day, as it is signed. */
export type Attestation = {
  readonly day: string
  /** The day is not over: such a statement is shown and never signed. */
  readonly isProvisional: boolean
  /** Log positions of the day: from the first up to, and without, the last. */
  readonly entries: { readonly from: number; readonly to: number }
  readonly checkpoint: { readonly size: number; readonly rootHash: string }
  readonly streams: readonly AttestedStream[]
  readonly streamsLeftOut: number
  /** Gaps in the day, and those of earlier days that became known on it. */
  readonly gaps: readonly AttestedGap[]
  readonly lateGaps: readonly AttestedGap[]
  readonly gapsLeftOut: number
  readonly away: readonly AwayTime[]
}

export type DayFacts = Pick<Attestation, 'day' | 'isProvisional' | 'entries' | 'checkpoint' | 'away'> & {
  /** Hours of the day that are over; all 24 of a day that is. */
  readonly hoursPast: number
  readonly heard: readonly HeardStream[]
  readonly gaps: readonly AttestedGap[]
  readonly lateGaps: readonly AttestedGap[]
}

/** The stream that a segment belongs to; undefined for what is no stream. */
export function streamOf(channel: Channel, agent: string): { readonly agent: string } | undefined {
  const by = STREAM_OF[channel]
  return by === 'none' ? undefined : { agent: by === 'agent' ? agent : '' }
}

/** Puts a day together. `before`: the statements of earlier days, the newest last; they say who was to be heard, and when. */
export function attestationOf(facts: DayFacts, before: readonly Attestation[]): Attestation {
  const recent = before.filter(({ day }) => daysBetween(day, facts.day) <= EXPECTED_DAYS)
  const heard = facts.heard.map((stream) => heardStream(stream, facts, recent))
  const known = new Set(facts.heard.map(keyOf))
  const silent = [...lastHeard(recent).values()]
    .filter((stream) => !known.has(keyOf(stream)))
    .map((stream) => silentStream(stream, facts))
  // What is not whole stands first, so that the bound cuts what is.
  const all = [...silent, ...heard].toSorted(
    (a, b) => ORDER[a.state] - ORDER[b.state] || (keyOf(a) < keyOf(b) ? -1 : 1),
  )
  const { day, isProvisional, entries, checkpoint, away, gaps, lateGaps } = facts
  return {
    day,
    isProvisional,
    entries,
    checkpoint,
    streams: all.slice(0, ATTESTED_STREAMS),
    streamsLeftOut: Math.max(0, all.length - ATTESTED_STREAMS),
    gaps: gaps.slice(0, ATTESTED_GAPS),
    lateGaps: lateGaps.slice(0, ATTESTED_GAPS),
    gapsLeftOut: Math.max(0, gaps.length - ATTESTED_GAPS) + Math.max(0, lateGaps.length - ATTESTED_GAPS),
    away,
  }
}

const ORDER = { silent: 0, gaps: 1, whole: 2 } as const

function heardStream(
  stream: HeardStream,
  { gaps, away, hoursPast }: DayFacts,
  before: readonly Attestation[],
): AttestedStream {
  const own = gaps.filter(({ channel, reason }) => channel === stream.channel || EVERYBODYS.has(reason))
  const expected = expectedHours(stream, before)
  const hours = Array.from({ length: 24 }, (_, hour) => {
    if (stream.hours.includes(hour)) return '1'
    return expected.has(hour) && hour < hoursPast ? '!' : '0'
  }).join('')
  const isWhole = own.length === 0 && away.length === 0 && !hours.includes('!')
  const { agent, name, channel, entries } = stream
  return {
    agent,
    name,
    channel,
    state: isWhole ? 'whole' : 'gaps',
    entries,
    hours,
    gaps: own.slice(0, ATTESTED_GAPS).map(({ entry }) => entry),
  }
}

/** Losses that name no channel of their own. */
const EVERYBODYS: ReadonlySet<string> = new Set(['lost-on-crash', 'clock-step'])

function silentStream(
  { agent, name, channel, lastHeard: last }: Known,
  { gaps }: Pick<DayFacts, 'gaps'>,
): AttestedStream {
  const own = gaps.filter((gap) => gap.channel === channel || EVERYBODYS.has(gap.reason))
  return {
    agent,
    name,
    channel,
    state: 'silent',
    entries: 0,
    hours: '0'.repeat(24),
    lastHeard: last,
    gaps: own.slice(0, ATTESTED_GAPS).map(({ entry }) => entry),
  }
}

type Known = Pick<AttestedStream, 'agent' | 'name' | 'channel'> & { readonly lastHeard: string }

function lastHeard(before: readonly Attestation[]): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>()
  for (const { day, streams } of before)
    for (const { agent, name, channel, entries } of streams)
      if (entries > 0) known.set(keyOf({ agent, channel }), { agent, name, channel, lastHeard: day })
  return known
}

/** Days of a stream that make an hour one to expect. */
const HABIT_DAYS = 3
/** Of so many of its newest days. */
const HABIT_OF = 7

/** Hours in which it came on each of its last days; none before there are three of them. */
function expectedHours(
  stream: Pick<HeardStream, 'agent' | 'channel'>,
  before: readonly Attestation[],
): ReadonlySet<number> {
  const key = keyOf(stream)
  const own = before
    .flatMap(({ streams }) => streams.filter((one) => keyOf(one) === key && one.entries > 0))
    .slice(-HABIT_OF)
  if (own.length < HABIT_DAYS) return new Set()
  return new Set(
    Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => own.every(({ hours }) => hours[hour] === '1')),
  )
}

function keyOf({ agent, channel }: { readonly agent: string; readonly channel: string }): string {
  return `${channel} ${agent}`
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}
