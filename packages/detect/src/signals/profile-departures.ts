import {
  argumentValues,
  observationsOf,
  pairsOf,
  withCalls,
  type Observation,
  type OrderedCall,
} from '@holdfast/observe'
import type { Event, IncidentType, ProfileDimension, Surface } from '@holdfast/model'
import { effectOf } from '../provenance/side-effect.ts'
import type { KnownEntry, KnownProfile, KnownValues } from '../known/case-context.ts'
import { quoted } from './findings.ts'
import { MAX_VALUES } from './limits.ts'
import type { Departure, DepartureGroup } from './profile.ts'

type ProfileOf = (event: Event) => KnownProfile | undefined

/** What of these events of one agent its profile does not know, or knows as rare. Events come in order, each once. */
export function departuresOf(events: readonly Event[], profileOf: ProfileOf): readonly Departure[] {
  const found: Departure[] = []
  const calls = new Map<string, { readonly event: Event; readonly call: Call }[]>()
  for (const event of events) {
    // What authorities recorded is held against what they recorded before, resource by resource.
    const profile = event.body.kind === 'api-call' ? undefined : profileOf(event)
    if (profile === undefined) continue
    for (const observation of observationsOf(event)) {
      if (observation.kind === 'seen') found.push(...ofEntry(event, observation, profile))
      else if (observation.kind === 'call') {
        const own = calls.get(observation.execution) ?? []
        if (own.length === 0) calls.set(observation.execution, own)
        own.push({ event, call: observation })
      }
    }
    found.push(...ofValues(event, profile))
  }
  for (const own of calls.values()) found.push(...ofOrder(own, profileOf))
  return found
}

type Call = Extract<Observation, { readonly kind: 'call' }>
type Entry = { readonly dimension: ProfileDimension; readonly key: string }

type Weight = {
  readonly group: DepartureGroup
  /** How far one new entry speaks, where the dimension had stopped growing. */
  readonly strength: number
  readonly speaksFor: IncidentType
  readonly surface: Surface
  readonly kind: 'parts' | 'reach'
  readonly words: (key: string) => string
}

/** Identity and data before tools, tools before models (requirement book, REC-5). */
const WEIGHTS: Readonly<Record<ProfileDimension, Weight>> = {
  identity: reach('identity', 0.48, 'S3', (key) => `acted as ${key}`),
  destination: reach('egress', 0.4, 'S2', (key) => `reached ${key}`),
  'retrieval-source': reach('data', 0.4, 'S1', (key) => `retrieved from ${key}`),
  memory: reach('data', 0.25, 'S1', (key) => `did ${key} of a memory`),
  delegate: { ...reach('delegate', 0.4, 'S4', (key) => `handed work on by ${key}`), kind: 'parts' },
  tool: parts('tool', 0.35, 'S2', (key) => `called the tool ${key}`),
  'tool-arguments': parts('tool', 0.12, 'S2', (key) => `gave a tool arguments of the form ${key}`),
  'tool-order': parts('tool', 0.12, 'S2', (key) => `called tools in the order ${key}`),
  executable: kernel(0.3, (key) => `ran ${key}`),
  file: kernel(0.15, (key) => `used the file ${key}`),
  syscall: kernel(0.1, (key) => `made the system call ${key}`),
  model: {
    ...parts('model', 0.2, 'S1', (key) => `was answered by the model ${key}`),
    speaksFor: 'reasoning-compromise',
  },
  'prompt-template': {
    ...parts('model', 0.2, 'S1', (key) => `had the prompt template ${key}`),
    speaksFor: 'reasoning-compromise',
  },
}

/** Of a dimension that still grew, of tools that only read, of entries that were seen, and long ago or seldom. */
const STILL_GROWING = 0.6
const ONLY_READS = 0.5
const RARE = 0.4
/** Seen on fewer days than that an entry is thin; in a profile of many days that is rare. */
const THIN_DAYS = 3
const DAYS_FOR_RARE = 14

function ofEntry(event: Event, { dimension, key }: Entry, profile: KnownProfile): readonly Departure[] {
  if (profile.size(dimension) === 0) return []
  const known = entryOf(profile, dimension, key)
  if (known !== undefined && !isRare(known, profile)) return []
  const { group, strength, speaksFor, surface, kind, words } = WEIGHTS[dimension]
  const shown = profile.shownAs(dimension, key)
  const isRead = dimension === 'tool' && event.body.kind === 'tool-call' && effectIn(event.body) === 'read'
  const sure = strength * (profile.isSettled(dimension) ? 1 : STILL_GROWING) * (isRead ? ONLY_READS : 1)
  const said = words(quoted(shown))
  return [
    {
      group,
      detector: known === undefined ? `profile/new-${dimension}` : `profile/rare-${dimension}`,
      // Paths and system calls come by the dozen, and are one piece of news.
      key: dimension === 'file' || dimension === 'syscall' ? '' : shown,
      strength: rounded(known === undefined ? sure : sure * RARE),
      speaksFor,
      surface,
      words: known === undefined ? `${said} for the first time` : `${said}, as it did on ${daysWords(known)}`,
      event,
      explained: { kind, names: namesOf(shown) },
    },
  ]
}

/** A tool is the same tool where one of two tellers does not say its server. */
function entryOf(profile: KnownProfile, dimension: ProfileDimension, key: string): KnownEntry | undefined {
  const known = profile.entry(dimension, key)
  if (known !== undefined || dimension !== 'tool') return known
  const bare = key.slice(key.lastIndexOf('/') + 1)
  return bare === key ? profile.anyServer(bare) : profile.entry(dimension, bare)
}

function isRare(entry: KnownEntry, profile: KnownProfile): boolean {
  return entry.isStale || (entry.days < THIN_DAYS && profile.days >= DAYS_FOR_RARE)
}

/** Values never given before, where an argument takes its values from a set that hardly grows. */
function ofValues(event: Event, profile: KnownProfile): readonly Departure[] {
  const { body } = event
  if (body.kind !== 'tool-call' || !('text' in body.arguments)) return []
  const { toolName } = body
  const isRead = effectIn(body) === 'read'
  return argumentValues(body.arguments.text)
    .slice(0, MAX_VALUES)
    .flatMap(({ path, value, digest }): readonly Departure[] => {
      const known = profile.values(toolName, path)
      if (known === undefined || known.knows(digest)) return []
      const strength = closedness(known) * (isRead ? 0.9 : 1)
      if (strength === 0) return []
      const key = `${toolName} ${path}`
      const what = `gave ${quoted(toolName)} the value ${quoted(value)} at ${quoted(path)}`
      return [
        {
          group: 'data',
          detector: 'profile/new-value',
          key,
          value: digest,
          isRead,
          strength: rounded(strength),
          speaksFor: 'privilege-boundary-escape',
          surface: 'S2',
          words: `${what}, which it never gave in ${known.calls} calls of ${known.distinct} values`,
          title: (values) => newValuesTitle(toolName, { path, value, values }),
          event,
          explained: { kind: 'reach', names: [value] },
        },
      ]
    })
}

/** `$.order.payee` is `payee` to whoever reads a title. */
function newValuesTitle(
  toolName: string,
  { path, value, values }: { readonly path: string; readonly value: string; readonly values: number },
): string {
  const argument = quoted(path.slice(path.lastIndexOf('.') + 1))
  return values > 1
    ? `called ${quoted(toolName)} with ${values} values of ${argument} it never gave before`
    : `called ${quoted(toolName)} with ${quoted(value)} as ${argument}, which it never gave before`
}

/** A set is closed where calls come back to it: each value was given that often. */
function closedness({ calls, distinct }: KnownValues): number {
  if (calls < 20 || distinct === 0) return 0
  const each = calls / distinct
  return each >= 20 ? 0.42 : each >= 8 ? 0.35 : each >= 3 ? 0.25 : 0
}

/** Two calls after one another that never were. Only where both tools are known: a new one is told of as itself. */
function ofOrder(
  own: readonly { readonly event: Event; readonly call: Call }[],
  profileOf: ProfileOf,
): readonly Departure[] {
  const byEntry = new Map(own.map(({ event, call }) => [call.entry, event]))
  const ordered = withCalls(
    [],
    own.map(({ call: { claimedAt, event, toolName, teller, entry } }): OrderedCall => ({
      claimedAt,
      event,
      toolName,
      teller,
      entry,
    })),
  )
  return pairsOf(ordered).flatMap(({ key, entry }) => {
    const event = byEntry.get(entry)
    const profile = event === undefined ? undefined : profileOf(event)
    if (event === undefined || profile === undefined) return []
    const [before = '', after = ''] = key.split(' -> ')
    const areKnown = [before, after].every((tool) => entryOf(profile, 'tool', tool) !== undefined)
    if (!areKnown) return []
    return ofEntry(event, { dimension: 'tool-order', key }, profile)
  })
}

function reach(group: DepartureGroup, strength: number, surface: Surface, words: Weight['words']): Weight {
  return { group, strength, surface, words, speaksFor: 'privilege-boundary-escape', kind: 'reach' }
}

function parts(group: DepartureGroup, strength: number, surface: Surface, words: Weight['words']): Weight {
  return { group, strength, surface, words, speaksFor: 'privilege-boundary-escape', kind: 'parts' }
}

function kernel(strength: number, words: Weight['words']): Weight {
  return { group: 'process', strength, surface: 'S2', words, speaksFor: 'runtime-execution-escape', kind: 'parts' }
}

function effectIn({ toolName, arguments: args }: Extract<Event['body'], { readonly kind: 'tool-call' }>): string {
  return effectOf(toolName, 'text' in args ? args.text : '')
}

/** What of a key a change may name: a host without its port, a tool without its server, an identity without its kind. */
/** Under which names a change may speak of what a key of the profile stands for. */
export function namesOf(key: string): readonly string[] {
  const bare = key.replace(/ \([a-z-]+\)$/, '')
  return [
    ...new Set([
      key,
      key.replace(/:[\d-]+$/, ''),
      bare,
      key.slice(key.lastIndexOf('/') + 1),
      bare.slice(bare.lastIndexOf('/') + 1),
    ]),
  ]
}

function daysWords({ days, isStale }: KnownEntry): string {
  return `${days} ${days === 1 ? 'day' : 'days'}${isStale ? ' long ago' : ''}`
}

function rounded(strength: number): number {
  return Math.round(strength * 100) / 100
}
