import type { ChangeRef } from '@holdfast/model'
import { bareTool, type ActDimension } from './execution.ts'
import { CHANGE_AFTER_NANOS, CHANGE_BEFORE_NANOS, NAMED_BEFORE_NANOS } from './limits.ts'

/** A change that somebody made and a system recorded, with its claimed time in nanoseconds. */
export type RecordedChange = ChangeRef & { readonly from?: string; readonly to?: string; readonly time: bigint }

/** What asks for a matching change: a dimension that has a new entry, or what was out of proportion. */
export type Asking = ActDimension | VolumeGroup | 'sequence'

/** Measures of which one cause moves all: `words` are tokens and model calls. */
export type VolumeGroup = 'words' | 'calls' | 'records' | 'bytes'

type Match = {
  readonly kinds: readonly string[]
  /** The change has to have an approver and to name what was done: a rollout that happens to be near does not explain it. */
  readonly mustName: boolean
}

const ROLLOUT = ['deploy', 'image']
const TOOLS = [...ROLLOUT, 'tool-catalogue', 'mcp-server']
const THINKING = [...TOOLS, 'model', 'prompt-template']

/**
 * Which kinds of recorded change may explain what. Identity, data and egress are explained by no rollout, but by an approved
 * change that names them (REC-4). Replicas and restarts stand nowhere: they explain no change of behaviour.
 */
export const MATCHING: Readonly<Record<Asking, Match>> = {
  identity: { kinds: ['grant'], mustName: true },
  'retrieval-source': { kinds: ['grant'], mustName: true },
  memory: { kinds: ['grant'], mustName: true },
  document: { kinds: ['grant'], mustName: true },
  destination: { kinds: ['grant', 'mcp-server'], mustName: true },
  delegate: { kinds: ['grant'], mustName: true },
  'tool-definition': { kinds: ['tool-catalogue', 'mcp-server'], mustName: true },
  'argument-value': { kinds: ['grant'], mustName: true },
  tool: { kinds: TOOLS, mustName: false },
  'tool-arguments': { kinds: THINKING, mustName: false },
  'tool-order': { kinds: THINKING, mustName: false },
  model: { kinds: [...ROLLOUT, 'model'], mustName: false },
  'prompt-template': { kinds: [...ROLLOUT, 'prompt-template'], mustName: false },
  executable: { kinds: TOOLS, mustName: false },
  file: { kinds: TOOLS, mustName: false },
  syscall: { kinds: TOOLS, mustName: false },
  words: { kinds: THINKING, mustName: false },
  calls: { kinds: THINKING, mustName: false },
  records: { kinds: ['grant'], mustName: true },
  bytes: { kinds: ['grant'], mustName: true },
  sequence: { kinds: THINKING, mustName: false },
}

/** What a rollout may say by name that it brings, and the kinds of change that do. */
const SAID: ReadonlySet<Asking> = new Set(['tool', 'model'])
const SAYING: ReadonlySet<string> = new Set(['tool-catalogue', 'mcp-server', 'model'])
/** How tools are used: a catalogue that says which tool it brings explains the use of that one. */
const OF_TOOLS: ReadonlySet<Asking> = new Set(['tool-order', 'tool-arguments', 'sequence'])
const CATALOGUES: ReadonlySet<string> = new Set(['tool-catalogue', 'mcp-server'])
/** What is inside a rollout, where its own change id says so. */
const PARTS: ReadonlySet<string> = new Set([...SAYING, 'prompt-template'])

/** A version or a digest is no name. */
function saysWhat({ change, to }: RecordedChange): boolean {
  if (!SAYING.has(change) || to === undefined) return false
  return !/^(?:v?[\d.]+|revision \d+|(?:sha256:)?[0-9a-f]{7,64})$/i.test(to.trim())
}

/** The matching change of a day before `at` up to ten minutes after it: one that names it first, then the nearest. */
export function matchingChange(
  { asking, at, names }: { readonly asking: Asking; readonly at: bigint; readonly names: readonly string[] },
  changes: readonly RecordedChange[],
  before: bigint = CHANGE_BEFORE_NANOS,
): RecordedChange | undefined {
  const { kinds, mustName } = MATCHING[asking]
  const within = changes
    .filter(({ time }) => time >= at - NAMED_BEFORE_NANOS && time <= at + CHANGE_AFTER_NANOS)
    .map((change) => ({ change, isNamed: isNamedIn(change, names) }))
  const near = within.filter(({ change }) => change.time >= at - before)
  // A rollout that says what it brings explains that, and not what else came with it.
  const mustBeSaid = SAID.has(asking) && near.some(({ change }) => saysWhat(change))
  const explains = ({ change, isNamed }: Near): boolean =>
    kinds.includes(change.change) &&
    (!mustName || (isNamed && (change.approver ?? '').trim() !== '')) &&
    (!mustBeSaid || isNamed) &&
    (isNamed || !OF_TOOLS.has(asking) || !CATALOGUES.has(change.change) || !saysWhat(change))
  const approved = PARTS_USED.has(asking) ? within.filter((one) => isApprovedByName(one) && explains(one)) : []
  return [...new Set([...near, ...approved])]
    .filter((one) => {
      // A rollout whose change says what is in it explains what that does: a new prompt is no reason for a new tool.
      const parts = partsIn(one.change, near)
      return explains(one) && (parts.length === 0 || parts.some(explains))
    })
    .toSorted(
      (a, b) =>
        Number(b.isNamed) - Number(a.isNamed) ||
        Number(distance(a.change.time, at) - distance(b.change.time, at)) ||
        (a.change.event < b.change.event ? -1 : 1),
    )[0]?.change
}

/** Parts of an agent, of which an approval that names one speaks of the first use, whenever that is. */
const PARTS_USED: ReadonlySet<Asking> = new Set([
  'identity',
  'retrieval-source',
  'memory',
  'destination',
  'delegate',
  'tool',
  'model',
])

/** A rollout is of its hours, whatever it is called; a grant and a catalogue say what may be used from then on. */
function isApprovedByName({ change, isNamed }: Near): boolean {
  return isNamed && !ROLLOUT.includes(change.change) && (change.approver ?? '').trim() !== ''
}

type Near = { readonly change: RecordedChange; readonly isNamed: boolean }

/** Of a rollout, what the same change brought in by its own records. */
function partsIn({ change, changeId }: RecordedChange, near: readonly Near[]): readonly Near[] {
  if (!ROLLOUT.includes(change) || changeId === undefined || changeId.trim() === '') return []
  return near.filter((one) => one.change.changeId === changeId && PARTS.has(one.change.change))
}

/** Names under which a change may speak of an entry: whole, without port or kind, and a host by its first label. */
export function namesOf(dimension: ActDimension, key: string): readonly string[] {
  switch (dimension) {
    case 'tool-definition':
      return [bareTool(key.split(' ')[0] ?? key)]
    case 'tool':
      return [bareTool(key.split(' ')[0] ?? key), ...(key.includes('/') ? [key.slice(0, key.lastIndexOf('/'))] : [])]
    case 'tool-order':
      return key.split(' -> ').map(bareTool)
    case 'tool-arguments':
    case 'argument-value':
      return key.split(' ').slice(0, 1)
    case 'destination':
      return hostNames(key)
    case 'identity':
      return [key.replace(/ \([^()]*\)$/, ''), key.replace(/^.*[:/]/, '').replace(/ \([^()]*\)$/, '')]
    case 'memory':
    case 'delegate':
      return [key, key.slice(key.indexOf(' ') + 1)]
    case 'retrieval-source':
    case 'document':
    case 'model':
    case 'prompt-template':
    case 'executable':
    case 'file':
    case 'syscall':
      return [key]
  }
}

/** `exports.example.test:443` as itself, as its host and, where that is a name, as `exports`. */
export function hostNames(destination: string): readonly string[] {
  const host = destination.replace(/:\d+$/, '')
  return /^[\d.:[\]]+$/.test(host) ? [destination, host] : [destination, host, host.split('.')[0] ?? host]
}

/** A shorter name stands in any text. */
const LEAST_NAME = 3

function isNamedIn({ subject, to, from }: RecordedChange, names: readonly string[]): boolean {
  const text = `${subject}\n${to ?? ''}`.toLowerCase()
  const before = (from ?? '').toLowerCase()
  return names.some((name) => {
    const word = name.toLowerCase()
    if (word.length < LEAST_NAME || !standsIn(text, word)) return false
    // What a change takes away is named by where it comes from.
    return !(standsIn(before, word) && to !== undefined && !standsIn(to.toLowerCase(), word))
  })
}

/** As a word of its own: `acme` does not stand in `acme-exports`, and `exports/2026` names `exports`. */
function standsIn(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (!isInner(text[at - 1]) && !isInner(text[at + word.length])) return true
  return false
}

function isInner(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}_-]/u.test(char)
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a
}
