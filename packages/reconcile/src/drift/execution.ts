import type { DriftSubject, ProfileDimension, VolumeMeasure } from '@holdfast/model'

/** What an act is counted under: the dimensions of a profile, and what a profile does not list entry by entry. */
export type ActDimension = ProfileDimension | 'argument-value' | 'document' | 'tool-definition'

/** One thing that an execution did, once: its first time and the log position that proves it. */
export type Act = {
  readonly dimension: ActDimension
  /** As the profile has it. Untrusted text. */
  readonly key: string
  /** Claimed time in nanoseconds. */
  readonly at: bigint
  readonly entry: number
}

/** What began an execution, as far as its events say. */
export type Trigger = 'message' | 'invocation' | 'unstated'

/** From one triggering input to its last effect; without a trace, what a session did in a day. */
export type Execution = {
  readonly id: string
  /** Claimed time of the first act. */
  readonly at: bigint
  readonly trigger: Trigger
  readonly acts: readonly Act[]
  /** What it took; of several tellers of the same work the most that one of them told. */
  readonly amounts: ReadonlyMap<VolumeMeasure, number>
}

/** Parts of an execution whose combination is its pattern (requirement book, 6.3, P). */
export type ElementKind = 'trigger' | 'order' | 'tool' | 'data' | 'identity' | 'egress'

export type Element = { readonly kind: ElementKind; readonly name: string; readonly entry: number }

/** Of which element an act is a part, where it is of one. */
export function elementOf({ dimension, key, entry }: Act): Element | undefined {
  switch (dimension) {
    case 'tool':
      return { kind: 'tool', name: bareTool(key), entry }
    case 'tool-order':
      return { kind: 'order', name: barePair(key), entry }
    case 'retrieval-source':
      return { kind: 'data', name: key, entry }
    case 'memory':
      return { kind: 'data', name: `memory ${key}`, entry }
    case 'identity':
      return { kind: 'identity', name: key, entry }
    case 'destination':
      return { kind: 'egress', name: key, entry }
    case 'delegate':
      return { kind: 'egress', name: `agent ${key}`, entry }
    case 'tool-arguments':
    case 'file':
    case 'executable':
    case 'syscall':
    case 'model':
    case 'prompt-template':
    case 'argument-value':
    case 'document':
    case 'tool-definition':
      return undefined
  }
}

/** What a change of a dimension is about. */
export const SUBJECT_OF: Readonly<Record<ActDimension, DriftSubject>> = {
  identity: 'identity',
  'retrieval-source': 'data',
  memory: 'data',
  document: 'data',
  destination: 'egress',
  delegate: 'egress',
  tool: 'tool',
  'tool-arguments': 'tool',
  'tool-order': 'tool',
  'tool-definition': 'tool',
  'argument-value': 'tool',
  model: 'model',
  'prompt-template': 'model',
  executable: 'execution',
  file: 'execution',
  syscall: 'execution',
}

/** A tool is the same tool where one of two tellers does not say its server. */
export function bareTool(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

export function barePair(key: string): string {
  return key.split(' -> ').map(bareTool).join(' -> ')
}

/** What is the same again: dimension and key, an order without the servers of its tools. */
export function identityOf({ dimension, key }: Pick<Act, 'dimension' | 'key'>): string {
  return `${dimension}\n${dimension === 'tool-order' ? barePair(key) : key}`
}
