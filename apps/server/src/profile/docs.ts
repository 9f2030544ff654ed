import type { Histogram, OrderedCall } from '@holdfast/observe'
import { VOLUME_MEASURES, type ClockKind, type ControlRecordOf, type VolumeMeasure } from '@holdfast/model'

/** What is kept of one agent's profile. Times are decimal nanoseconds. */
export type ProfileDoc = {
  readonly id: string
  name: string
  clocks: ClockKind[]
  /** Observations of all dimensions. */
  observations: number
  firstClaimed: string
  lastClaimed: string
  /** Observations left out: without a time, or of a live source whose clock is far from ours. */
  untimed: number
  outOfTime: number
  /** Processes that acted and whose start was not seen: the profile began after them. */
  unstarted: number
  /** Pod starts, ends and restarts, and changes of replicas: they explain no change of behaviour and reset nothing. */
  restarts: number
  scalings: number
  /** One more than the newest log entry that changed the profile. */
  version: number
}

export function newProfile(id: string, name: string): ProfileDoc {
  return {
    id,
    name,
    clocks: [],
    observations: 0,
    firstClaimed: '',
    lastClaimed: '',
    untimed: 0,
    outOfTime: 0,
    unstarted: 0,
    restarts: 0,
    scalings: 0,
    version: 0,
  }
}

/** [count, first, last]: times in decimal nanoseconds. */
export type CountDoc = readonly [count: number, first: string, last: string]

/** One amount, told apart by a digest of its event and measure. */
export type AmountDoc = readonly [id: string, measure: number, amount: number, claimedAt: string, entry: number]

export type ExecutionDoc = {
  readonly calls: readonly (readonly [
    claimedAt: string,
    event: string,
    toolName: string,
    teller: string,
    entry: number,
  ])[]
  readonly amounts: readonly AmountDoc[]
  /** Of amounts beyond the bound, by measure, and when the first of them was. */
  readonly more: readonly number[]
  readonly moreFrom: string
}

export const NO_EXECUTION: ExecutionDoc = { calls: [], amounts: [], more: VOLUME_MEASURES.map(() => 0), moreFrom: '' }

/** The earliest names given as one argument, when first and by which entry, and on which days how many were. */
export type ValuesDoc = {
  readonly values: readonly (readonly [digest: string, first: string, entry: number])[]
  readonly days: readonly (readonly [day: number, count: number])[]
  /** There were more than are kept. */
  readonly isOpen: boolean
}

export type MarkDoc = Omit<ControlRecordOf<'profile-mark'>, 'kind' | 'agent'> & {
  readonly entry: number
  readonly recordedAt: string
}

export type ChangeDoc = {
  readonly change: string
  readonly subject: string
  readonly from?: string
  readonly to?: string
  readonly changeId?: string
  readonly author?: string
  readonly claimedAt: string
  readonly entry: number
}

/** Whether a process was seen to start, and to act. */
export type ProcessDoc = { readonly started: boolean; readonly acted: boolean }

export function callsOf({ calls }: ExecutionDoc): readonly OrderedCall[] {
  return calls.map(([claimedAt, event, toolName, teller, entry]) => ({
    claimedAt: BigInt(claimedAt),
    event,
    toolName,
    teller,
    entry,
  }))
}

/** Sums of an execution, and the day that it counts for: that of its first amount. */
export type ExecutionSums = { readonly day: number; readonly sums: ReadonlyMap<VolumeMeasure, number> }

/** Undefined where no amount is left. `isKept` says which amounts count. */
export function sumsOf(
  doc: ExecutionDoc,
  isKept: (amount: { readonly claimedAt: bigint; readonly entry: number }) => boolean = () => true,
): ExecutionSums | undefined {
  const sums = new Map<VolumeMeasure, number>()
  let first: bigint | undefined = doc.moreFrom === '' ? undefined : BigInt(doc.moreFrom)
  for (const [i, measure] of VOLUME_MEASURES.entries()) {
    const more = doc.more[i] ?? 0
    if (more > 0) sums.set(measure, more)
  }
  for (const [, index, amount, time, entry] of doc.amounts) {
    const claimedAt = BigInt(time)
    const measure = VOLUME_MEASURES[index]
    if (measure === undefined || !isKept({ claimedAt, entry })) continue
    sums.set(measure, (sums.get(measure) ?? 0) + amount)
    if (first === undefined || claimedAt < first) first = claimedAt
  }
  return first === undefined ? undefined : { day: dayOf(first), sums }
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

export function encodeHistogram(histogram: Histogram): Uint8Array {
  return encode([...histogram].toSorted(([a], [b]) => a - b))
}

export function decodeHistogram(bytes: Uint8Array | undefined): Histogram {
  return bytes === undefined ? new Map() : new Map(decode<[number, number][]>(bytes))
}
