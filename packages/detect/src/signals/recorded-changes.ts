import type { EvidenceLine } from '@holdfast/model'
import type { KnownChange } from '../known/case-context.ts'
import { quoted } from './findings.ts'
import { CHANGE_AFTER_NANOS, CHANGE_BEFORE_NANOS, MAX_QUOTED_CHARS } from './limits.ts'

/** What departs from a profile, as far as a recorded change may explain it. */
export type Explainable = {
  readonly at: bigint
  /**
   * `parts`: what a rollout brings, a tool or a model. `reach`: identity, data and egress, which no rollout excuses.
   * `definition`: an approved tool's text, which only a change of that tool does.
   */
  readonly kind: 'parts' | 'reach' | 'definition'
  /** Names and values of which a change has to name one, but for a rollout: a tool, a host, a bucket, a payee. */
  readonly names: readonly string[]
}

/** Kinds of change that bring new parts. */
const ROLLOUTS: ReadonlySet<KnownChange['change']> = new Set([
  'deploy',
  'image',
  'model',
  'prompt-template',
  'tool-catalogue',
  'mcp-server',
])
/** These say nothing of behaviour. */
const IDLE: ReadonlySet<KnownChange['change']> = new Set(['replicas', 'restart'])
/** A name shorter than this stands in any text. */
const LEAST_NAME = 3

/**
 * The recorded change that explains a departure, the nearest first: of a day before it to ten minutes after (requirement
 * book, 6.3). A rollout explains new parts. Identity, data and egress are explained only by a change that somebody approved
 * and that names what was done; a rollout that says so by the way does not.
 */
export function changeFor({ at, kind, names }: Explainable, changes: readonly KnownChange[]): KnownChange | undefined {
  const near = changes.filter(
    (change) =>
      !IDLE.has(change.change) && change.at >= at - CHANGE_BEFORE_NANOS && change.at <= at + CHANGE_AFTER_NANOS,
  )
  const fitting = near.filter((change) => fits(change, kind, names))
  return fitting.toSorted((a, b) => distance(a.at, at) - distance(b.at, at) || a.entry - b.entry)[0]
}

/** The change as what speaks against a departure. */
export function excuseLine({ change, subject, changeId, approver, entry }: KnownChange, of: string): EvidenceLine {
  const by = approver === undefined ? '' : `, approved by ${quoted(approver)}`
  const id = changeId === undefined ? '' : ` ${quoted(changeId)}`
  return {
    words: `${of}: the recorded change${id} of ${change} ${quoted(subject)}${by} explains it`,
    events: [],
    entries: [entry],
    tier: 'boundary',
    basis: 'proven',
  }
}

function fits(change: KnownChange, kind: Explainable['kind'], names: readonly string[]): boolean {
  const isRollout = ROLLOUTS.has(change.change)
  switch (kind) {
    case 'parts':
      return isRollout || isApprovedFor(change, names)
    case 'reach':
      return !isRollout && isApprovedFor(change, names)
    case 'definition':
      return (!isRollout || OF_TOOLS.has(change.change)) && isApprovedFor(change, names)
  }
}

/** Rollouts that are of tools, and may name one. */
const OF_TOOLS: ReadonlySet<KnownChange['change']> = new Set(['tool-catalogue', 'mcp-server'])

function isApprovedFor({ approver, subject, from, to }: KnownChange, names: readonly string[]): boolean {
  if (approver === undefined || approver.trim() === '') return false
  const text = `${subject}\n${to ?? ''}`.toLowerCase()
  const before = (from ?? '').toLowerCase()
  return names.some((name) => {
    const word = name.toLowerCase().slice(0, MAX_QUOTED_CHARS)
    // What a change takes away is named by where it comes from.
    return (
      word.length >= LEAST_NAME &&
      standsIn(text, word) &&
      !(standsIn(before, word) && to !== undefined && !standsIn(to.toLowerCase(), word))
    )
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

function distance(a: bigint, b: bigint): number {
  return Number(a > b ? a - b : b - a)
}
