import type { DriftChange, DriftSubject, VolumeMeasure } from '@holdfast/model'
import type { Shape } from './drift-day.ts'
import { partsOf } from './change-id.ts'
import { bareTool, barePair, elementOf, identityOf, SUBJECT_OF, type Act, type ActDimension } from './execution.ts'
import { nameOf } from './element-names.ts'
import type { KnownProfile, Over } from './known-profile.ts'
import { QUOTED_CHARS } from './limits.ts'
import { hostNames, namesOf, type Asking, type VolumeGroup } from './matching.ts'

/** Something that is not as the profile has it, before it is judged. */
export type Candidate = {
  /** What is the same change again: dimension and key, or the measures that are out of proportion. */
  readonly identity: string
  /** Identities that are this change as well: keys that came together. */
  readonly also: readonly string[]
  /** All that it consists of, in order of time, and since when: what a verdict on it is a verdict on. */
  readonly parts: readonly string[]
  readonly since: string
  readonly kind: DriftChange['kind']
  readonly asking: Asking
  readonly subject: DriftSubject
  readonly dimension?: ActDimension
  readonly key?: string
  readonly what: string
  readonly at: bigint
  readonly entries: readonly number[]
  /** By which a recorded change may name it. */
  readonly names: readonly string[]
  /** Names of the elements that it consists of: not looked at when the rest of the execution is. */
  readonly aside: readonly string[]
  /** Its dimension goes on growing: it is told where a recorded change explains it, and is nothing new otherwise. */
  readonly isUsualNews: boolean
  /** What is out of proportion, where that is the change. */
  readonly over?: readonly Over[]
}

/**
 * What of a shape's first sightings is new, or back after it was stale. Like things that came together are one, and what a tool
 * brings that was refused (`isRefused`, by the name of its element) is part of that. `decided` says how many of the first parts
 * of a group a person decided on: what came later is apart from them.
 */
export function entryCandidates(
  shape: Shape,
  known: KnownProfile,
  {
    isRefused,
    decided,
  }: { readonly isRefused: (element: string) => boolean; readonly decided: (candidate: Candidate) => number },
): readonly Candidate[] {
  const news = shape.firsts.filter((act) => isNews(act, known))
  const newTools = new Set(news.flatMap(({ dimension, key }) => (dimension === 'tool' ? [bareTool(key)] : [])))
  const back = news.filter(({ dimension, key }) => dimension === 'tool' && known.entry(dimension, key) !== undefined)
  const own = news.filter(
    (act) =>
      !isOfTool(act, (tool) => newTools.has(tool) || isRefused(`tool ${tool}`) || known.isYoungTool(tool, act.at)) &&
      !(
        act.dimension === 'tool-order' &&
        known.isYoungOrder(barePair(act.key).split(' -> '), { among: shape.elements, at: act.at })
      ) &&
      // A tool that is back comes with the host that it always asked: one piece of news.
      !(act.dimension === 'destination' && back.some(({ key }) => known.alwaysAsked(bareTool(key), act.key))),
  )
  return [...Map.groupBy(own, groupOf).values()].flatMap((acts): readonly Candidate[] => {
    const whole = entryCandidate(acts, known)
    if (whole === undefined) return []
    const count = acts[0]?.dimension === 'tool' ? 0 : decided(whole)
    if (count === 0) return [whole]
    return [acts.slice(0, count), acts.slice(count)].flatMap((some) => entryCandidate(some, known) ?? [])
  })
}

/** Like things that came together, the earliest first, as one candidate. */
function entryCandidate(acts: readonly Act[], known: KnownProfile): Candidate | undefined {
  const [first] = acts
  if (first === undefined) return undefined
  const { dimension, key, at } = first
  const back = known.entry(dimension, key)
  const more = acts.length === 1 || dimension === 'tool' ? '' : ` and ${acts.length - 1} more like it`
  const kind = dimension === 'tool-definition' ? 'definition' : back === undefined ? 'new' : 'returned'
  return {
    identity: identityOf(first),
    also: acts.slice(1).map(identityOf),
    parts: partsOf(acts),
    since: `${at}`,
    kind,
    asking: dimension,
    subject: SUBJECT_OF[dimension],
    dimension,
    key,
    what: `${WORDS[dimension](quoted(key))}${more}${ENDS[kind]}`,
    at,
    entries: acts.map(({ entry }) => entry),
    names: acts.flatMap((act) => namesOf(act.dimension, act.key)),
    aside: acts.flatMap((act) => elementOf(act) ?? []).map(nameOf),
    isUsualNews: dimension !== 'tool-definition' && !known.isSettled(dimension),
  }
}

/** Measures of one execution that are out of proportion, by what they are of. */
export function volumeCandidates(shape: Shape, over: readonly Over[]): readonly Candidate[] {
  return [...Map.groupBy(over, ({ measure }) => GROUP_OF[measure])].flatMap(([group, own]): readonly Candidate[] => {
    const most = own.toSorted((a, b) => b.amount / b.limit - a.amount / a.limit)[0]
    if (most === undefined) return []
    const { subject, unit } = GROUPS[group]
    return [
      {
        identity: `volume\n${group}`,
        also: [],
        // Of a day and of work that is made alike, and only up to about that size.
        parts: [`volume\n${group}`, shape.signature, ...own.map(sizeOf).toSorted()],
        since: `day ${shape.at / DAY_NANOS}`,
        kind: 'volume',
        asking: group,
        subject,
        what: `${rounded(most.amount)} ${UNITS[most.measure] ?? unit} in one execution, where ${rounded(most.limit)} are within bounds`,
        at: most.at,
        entries: shape.entries,
        names: shape.elements.flatMap(({ kind, name }) =>
          kind === 'egress' ? hostNames(name) : kind === 'tool' || kind === 'data' ? [name] : [],
        ),
        aside: [],
        isUsualNews: false,
        over: own,
      },
    ]
  })
}

/** Steps that are each known in a combination that is not. */
export function sequenceCandidate(shape: Shape, known: KnownProfile): Candidate | undefined {
  // An order by itself is an entry of the profile like any other; it is the combination that is looked at here.
  const parts = shape.elements.filter(({ kind }) => kind !== 'order')
  const found = known.breakOf(parts, new Set(), shape.at)
  if (found === undefined) return undefined
  return {
    identity: `sequence\n${shape.signature}`,
    also: [],
    parts: [`sequence\n${shape.signature}`],
    since: `day ${shape.at / DAY_NANOS}`,
    kind: 'sequence',
    asking: 'sequence',
    subject: 'sequence',
    what: `known steps in a combination that is not: ${quoted(found.words)}`,
    at: shape.at,
    entries: found.entries,
    names: found.tools,
    aside: [],
    isUsualNews: false,
  }
}

function isNews(act: Act, known: KnownProfile): boolean {
  const { dimension, key, at } = act
  if (dimension === 'tool-definition')
    return known.entry(dimension, key) === undefined && known.hasDefinition(key.slice(0, key.lastIndexOf(' ')))
  if (!known.isObserved(dimension)) return false
  if (dimension === 'tool-order' && known.knowsOrder(barePair(key))) return false
  const entry = known.entry(dimension, key)
  return entry === undefined || (RETURNS.has(dimension) && known.isBack(entry, at))
}

/** A tool that two tellers name is one tool. */
function groupOf({ dimension, key }: Act): string {
  if (dimension === 'tool') return `tool\n${bareTool(key)}`
  return GROUPED.has(dimension) ? dimension : `${dimension}\n${key}`
}

/** Orders, arguments and definitions of a tool that is itself new are part of that. */
function isOfTool({ dimension, key }: Act, isNew: (tool: string) => boolean): boolean {
  if (dimension === 'tool-order') return barePair(key).split(' -> ').some(isNew)
  return dimension === 'tool-arguments' && isNew(bareTool(key.split(' ')[0] ?? key))
}

const ENDS = { new: ' for the first time', returned: ' again, after it was stale', definition: '' } as const

/** They come by the dozen, and are one piece of news. */
const GROUPED: ReadonlySet<ActDimension> = new Set(['tool-order', 'tool-arguments', 'file', 'executable', 'syscall'])
const RETURNS: ReadonlySet<ActDimension> = new Set([
  'tool',
  'destination',
  'identity',
  'model',
  'retrieval-source',
  'delegate',
  'executable',
])

const WORDS: Readonly<Record<ActDimension, (key: string) => string>> = {
  identity: (key) => `acted as ${key}`,
  'retrieval-source': (key) => `retrieved from ${key}`,
  memory: (key) => `did ${key} of a memory`,
  document: (key) => `retrieved ${key}`,
  destination: (key) => `reached ${key}`,
  delegate: (key) => `handed work on by ${key}`,
  tool: (key) => `called the tool ${key}`,
  'tool-arguments': (key) => `gave a tool arguments of the form ${key}`,
  'tool-order': (key) => `called tools in the order ${key}`,
  'tool-definition': (key) => `was offered ${key.replace(/ [0-9a-f]+(?=”?$)/, '')} under another definition`,
  'argument-value': (key) => `gave ${key} a value`,
  model: (key) => `was answered by the model ${key}`,
  'prompt-template': (key) => `had the prompt template ${key}`,
  executable: (key) => `ran ${key}`,
  file: (key) => `used the file ${key}`,
  syscall: (key) => `made the system call ${key}`,
}

const GROUP_OF: Readonly<Record<VolumeMeasure, VolumeGroup>> = {
  'input-tokens': 'words',
  'output-tokens': 'words',
  'model-calls': 'words',
  calls: 'calls',
  rows: 'records',
  'bytes-out': 'bytes',
}

const GROUPS: Readonly<Record<VolumeGroup, { readonly subject: DriftSubject; readonly unit: string }>> = {
  words: { subject: 'model', unit: 'tokens' },
  calls: { subject: 'tool', unit: 'tool calls' },
  records: { subject: 'data', unit: 'records' },
  bytes: { subject: 'egress', unit: 'bytes sent' },
}

const UNITS: Readonly<Partial<Record<VolumeMeasure, string>>> = {
  'input-tokens': 'tokens read',
  'output-tokens': 'tokens written',
  'model-calls': 'model calls',
}

const DAY_NANOS = 86_400_000_000_000n

/** An amount to a power of two: a verdict on some thousand records is none on a million. */
function sizeOf({ measure, amount }: Over): string {
  return `${measure} ${Math.floor(Math.log2(Math.max(1, amount)))}`
}

/** Untrusted text, cut. */
export function quoted(text: string): string {
  return text.length > QUOTED_CHARS ? `${text.slice(0, QUOTED_CHARS)}…` : text
}

function rounded(amount: number): string {
  // Small amounts with their fraction: 2 is over 1.5.
  return (amount < 10 ? Math.round(amount * 10) / 10 : Math.round(amount)).toLocaleString('en')
}
