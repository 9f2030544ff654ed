import type { AgentId, Channel, ClockKind, ContentState, TrustTier } from '@holdfast/model'

/** What the projection keeps of one agent. Times are decimal nanoseconds. */
export type AgentDoc = {
  readonly id: AgentId
  name: string
  class: string
  entries: number
  mappedEntries: number
  conversations: number
  members: string[]
  versions: string[]
  channels: Channel[]
  clocks: ClockKind[]
  tier: TrustTier
  firstRecorded: string
  lastRecorded: string
  /** `dialect`, a line feed, `instrumentation` -> entries. */
  dialects: [string, number][]
  unmapped: [string, number][]
  /** Keys beyond the bound, counted once an entry. */
  unmappedBeyond: number
  contents: [ContentState, number][]
}

/** What the projection keeps of one trace (or of what stands for one). */
export type TraceDoc = {
  readonly key: string
  conversations: string[]
  /** What ties it to other traces: linked traces and delegations, as `trace:<id>` and `delegation:<id>`. */
  joins: string[]
  agents: [AgentId, string][]
  /** True where more agents told of it than are kept. */
  moreAgents: boolean
  /** True where a record tells of an act, and not of structure alone. */
  hasAct: boolean
  entries: number
  modelCalls: number
  toolCalls: number
  errors: number
  firstClaimed: string
  lastClaimed: string
  lastRecorded: string
  clock: ClockKind
  dialects: string[]
  title: TitleDoc | undefined
}

/** Start of the input that set the execution off, and what made it win. */
export type TitleDoc = {
  readonly rank: number
  readonly at: string
  readonly ordinal: number
  readonly id: string
  readonly text: string
}

/** Sum over the traces of a conversation. */
export type ConversationDoc = Omit<TraceDoc, 'key' | 'conversations' | 'joins' | 'hasAct'> & {
  readonly id: string
  traces: number
  /** Traces that have an act; where none has, lists leave the conversation out. */
  acting: number
}

/** Where an event lies whose id does not say it: the block by its trace and first entry. */
export type LooseDoc = { readonly trace: string; readonly block: number }

const decoder = new TextDecoder()

/** JSON bytes. Documents hold no bigint: times are decimal text in them. */
export function encodeDoc(doc: unknown): Uint8Array {
  // Most are short, and a Buffer takes those from a pool.
  return Buffer.from(JSON.stringify(doc))
}

export function decodeDoc<T>(bytes: Uint8Array): T {
  // Written by encodeDoc of this version of the projection; another version's file is thrown away at open.
  return JSON.parse(decoder.decode(bytes)) as T
}
