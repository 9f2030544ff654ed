import type { StepsOfWork } from '@holdfast/detect'
import type { ControlKind, ControlRecord, ControlRecordOf, UnixNano } from '@holdfast/model'
import type { ControlEntry, LogReader } from '@holdfast/recorder'
import { CUSTODY_LINES, DEEDS_PER_STEP } from './limits.ts'
import type { ReadMoment } from './reading.ts'

/** Who sealed, read or exported the evidence: each line is one entry of the log, with the whole record that the entry holds. */
export type CustodyLine = {
  readonly entry: number
  /** Decimal nanoseconds. */
  readonly recordedAt: string
  readonly record: ControlRecord
}

type About = {
  /** Every id of the incident. */
  readonly names: readonly string[]
  readonly conversations: readonly string[]
  readonly traces: readonly string[]
  readonly agents: readonly string[]
  /** Log positions and ids of what it is made of: people read single ones of them. */
  readonly entries: ReadonlySet<number>
  readonly events: ReadonlySet<string>
}

type Deeds = {
  readonly moments: readonly ReadMoment[]
  readonly custody: readonly CustodyLine[]
  readonly custodyLeftOut: number
}

/** Kinds of control records that tell of people and of the product at work on an incident. */
export const DEED_KINDS = [
  'case-step',
  'containment',
  'operator-action',
  'incident-decision',
  'incident-report',
  'proxy-order',
  'response-plan',
  'skill-run',
  'duty',
  'learning',
  'scope-frozen',
  'audit-mark',
  'quarantine',
] as const satisfies readonly ControlKind[]

export type Deed = ControlRecordOf<(typeof DEED_KINDS)[number]>

/** Whether a record is one of those that tell of work on incidents. */
export function isDeed(record: ControlRecord): record is Deed {
  return DEED_KINDS.some((kind) => kind === record.kind)
}

/** Where the log tells of what, as far as it was read (timeline/deed-index.ts). */
export type DeedPlaces = {
  /** Reads what was recorded since. */
  readonly caughtUp: () => StepsOfWork<void>
  /** Positions of everything that names one of these, in the order of the log. */
  readonly of: (names: Iterable<string>) => readonly number[]
  /** Places that were forgotten: then it does not have all. */
  readonly dropped: number
}

/** What was done about an incident, and who had its evidence in hand, as the log's own records say. */
export function* deedsOf(
  { reader, places }: { readonly reader: Pick<LogReader, 'control' | 'eachControl'>; readonly places: DeedPlaces },
  about: About,
): StepsOfWork<Deeds> {
  const targets = targetsOf(about)
  yield* places.caughtUp()
  // Of what it forgot nobody knows whose it was.
  const candidates = places.dropped > 0 ? everyDeed(reader) : deedsAt(reader, places.of(targets))
  const found: (readonly [deed: Deed, place: Place])[] = []
  let read = 0
  for (const { index, recordedAt, record } of candidates) {
    if (++read % DEEDS_PER_STEP === 0) yield
    if (isDeed(record) && concerns(record, about, targets)) found.push([record, { entry: index, at: recordedAt }])
  }
  const custody = found.flatMap(([deed, place]) => custodyOf(deed, place) ?? [])
  const kept = withinBounds(custody)
  return {
    moments: found.toSorted(byKind).map(([deed, place]) => momentOf(deed, place)),
    custody: kept,
    custodyLeftOut: custody.length - kept.length,
  }
}

function* everyDeed(reader: Pick<LogReader, 'eachControl'>): Generator<ControlEntry> {
  for (const kind of DEED_KINDS) yield* reader.eachControl(kind)
}

function* deedsAt(reader: Pick<LogReader, 'control'>, places: readonly number[]): Generator<ControlEntry> {
  for (const place of places) {
    const found = reader.control(place)
    if (found !== undefined) yield found
  }
}

/** Whatever a record may call the incident and its parts: people read single entries and events of it, and that is recorded. */
function targetsOf({ names, conversations, traces, agents, entries, events }: About): ReadonlySet<string> {
  const targets = new Set([...names, ...conversations, ...agents])
  for (const trace of traces) targets.add(`trace ${trace}`)
  for (const entry of entries) targets.add(`log entry ${entry}`)
  for (const event of events) targets.add(`event ${event}`)
  return targets
}

/** Kind after kind, each in the order of the log. */
function byKind([a, at]: readonly [Deed, Place], [b, bt]: readonly [Deed, Place]): number {
  return DEED_KINDS.indexOf(a.kind) - DEED_KINDS.indexOf(b.kind) || at.entry - bt.entry
}

/** In the order of the log. Every seal stays; of what people read and exported, the newest. */
function withinBounds(custody: readonly CustodyLine[]): readonly CustodyLine[] {
  const ordered = custody.toSorted((a, b) => a.entry - b.entry)
  let tooMany = ordered.length - CUSTODY_LINES
  return ordered.filter(({ record }) => record.kind === 'case-step' || tooMany-- <= 0)
}

/** Whether a deed is about an incident. Each kind names it in its own way: an agent may call its conversation as another agent is called. */
export function concerns(
  deed: Deed,
  about: Pick<About, 'names' | 'conversations' | 'agents'>,
  targets: ReadonlySet<string>,
): boolean {
  const { names, conversations, agents } = about
  switch (deed.kind) {
    case 'case-step':
    case 'incident-decision':
    case 'proxy-order':
    case 'response-plan':
    case 'skill-run':
    case 'learning':
    case 'scope-frozen':
    case 'audit-mark':
      return names.includes(deed.incident)
    case 'quarantine':
      return deed.incident !== undefined && names.includes(deed.incident)
    case 'duty':
      return 'incident' in deed.decision && names.includes(deed.decision.incident)
    case 'containment':
      return names.includes(deed.plan.target) || agents.includes(deed.plan.agent)
    case 'operator-action':
      return isAboutAgents(deed) && targets.has(deed.target)
    case 'incident-report':
      return conversations.includes(deed.conversation)
  }
}

/** Their targets are accounts, files and parts of the server: an agent may call its conversation the same. */
const ABOUT_THE_SERVER: ReadonlySet<string> = new Set([
  'sign-in',
  'sign-in-link',
  'sign-out',
  'import',
  'cool-log',
  'restore-log',
])

/** Whether what a person did is about agents and what they did, and not about the server. */
export function isAboutAgents({ action }: Pick<ControlRecordOf<'operator-action'>, 'action'>): boolean {
  return !ABOUT_THE_SERVER.has(action)
}

type Place = { readonly entry: number; readonly at: UnixNano }

/** One record as a line of a timeline. */
export function momentOf(deed: Deed, { entry, at }: Place): ReadMoment {
  return {
    at: String(at),
    kind: deed.by === undefined ? 'product' : 'operator',
    who: deed.by ?? 'Holdfast',
    words: wordsOf(deed),
    entries: [entry],
  }
}

function wordsOf(deed: Deed): string {
  switch (deed.kind) {
    case 'case-step':
      return `case: ${stepWords(deed.deed)}`
    case 'containment':
      return `${deed.plan.rung} of ${deed.plan.agentName}: ${deed.state}${deed.detail === '' ? '' : `, ${deed.detail}`}`
    case 'operator-action':
      return `${deed.action} ${deed.outcome}: ${deed.detail}`
    case 'incident-decision':
      return `${deed.decision} the incident: ${deed.reason}`
    case 'incident-report':
      return `${deed.do} it as ${deed.type}: ${deed.reason}`
    case 'proxy-order':
      return `${deed.hold.kind} in the proxies of ${deed.agentName}: ${deed.state}${deed.detail === '' ? '' : `, ${deed.detail}`}`
    case 'response-plan':
      return `plan ${deed.plan.slice(0, 12)}: ${stepWords(deed.deed)}`
    case 'skill-run':
      return `skill ${deed.skill}: ${deed.step ?? 'run'} ${deed.state}${deed.step === 'acquire' ? '' : `, ${deed.detail.slice(0, 500)}`}`
    case 'duty':
      return `duty: ${stepWords({ ...deed.decision, reason: deed.reason })}`
    case 'learning':
      return `learning: ${deed.do}`
    case 'scope-frozen':
      return 'the scope is fixed'
    case 'audit-mark':
      return `audit: ${stepWords({ ...deed })}`
    case 'quarantine':
      return `quarantine: ${stepWords({ ...deed })}`
  }
}

/** Members of a step that say what it was about. */
const TOLD = 'type phase task team evidence fact value how resolution role step regime stage start reason'.split(' ')

function stepWords(deed: Readonly<Record<string, unknown>>): string {
  const named = deed['kind'] ?? deed['do']
  const kind = typeof named === 'string' ? named : 'step'
  const told = TOLD.flatMap((name) => {
    const value = deed[name]
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : []
  })
  return [kind, ...told].join(' ')
}

/** Sealing is a step of the case; reading and exporting are acts of people. */
function custodyOf(deed: Deed, { entry, at }: Place): CustodyLine | undefined {
  const isSeal = deed.kind === 'case-step' && deed.deed['kind'] === 'sealed'
  if (!isSeal && deed.kind !== 'operator-action') return undefined
  return { entry, recordedAt: String(at), record: deed }
}
