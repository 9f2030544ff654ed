import type { ActDimension } from '@holdfast/reconcile'
import type { ClockKind, EventBody, TrustTier } from '@holdfast/model'

/** One agent of the drift projection. Times are decimal nanoseconds. */
export type AgentDoc = {
  readonly id: string
  name: string
  clocks: ClockKind[]
  firstClaimed: string
  lastClaimed: string
  /** One more than the newest log entry that changed anything here. */
  version: number
}

/** [dimension, key, claimed time, entry]: the first time that an execution did it. */
export type ActDoc = readonly [dimension: ActDimension, key: string, at: string, entry: number]

/** [claimed time, event, tool, teller, entry] */
export type CallDoc = readonly [at: string, event: string, tool: string, teller: string, entry: number]

/** One amount, told apart by a digest of its event and measure; `teller` is the place in the list of tellers. */
export type AmountDoc = readonly [
  id: string,
  measure: number,
  amount: number,
  teller: string,
  at: string,
  entry: number,
]

export type ExecutionDoc = {
  readonly first: string
  readonly acts: readonly ActDoc[]
  readonly calls: readonly CallDoc[]
  readonly amounts: readonly AmountDoc[]
  /** Amounts beyond the bound: `teller measure` and their sum. */
  readonly more: Readonly<Record<string, number>>
  /** What its events say of how it began. */
  readonly began: readonly ('message' | 'invocation')[]
}

/** What changed a day last (one more than a log position), and of which tiers something was told. */
export type DayDoc = { readonly version: number; readonly tiers: readonly TrustTier[] }

type ChangeBody = Omit<Extract<EventBody, { readonly kind: 'change' }>, 'kind'>

export type ChangeDoc = ChangeBody & { readonly at: string; readonly entry: number; readonly event: string }

/** Parts and grants that a document stated, each with a digest of what it says. */
export type DocumentDoc = {
  readonly at: string
  readonly entry: number
  readonly event: string
  readonly parts: readonly (readonly [kind: string, name: string, digest: string])[]
}

export type DecisionDoc = {
  readonly verdict: 'evolution' | 'risky' | 'withdrawn'
  readonly by: string
  readonly reason: string
  readonly at: string
  readonly entry: number
}

/** Days since 1970-01-01 in UTC. */
export function dayOf(claimedAt: bigint): number {
  return Number(claimedAt / 86_400_000_000_000n)
}

export function encode(doc: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(doc))
}

export function decode<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as T // only this fold writes them
}
