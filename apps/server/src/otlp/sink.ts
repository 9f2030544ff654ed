import type { OtlpEncoding } from '@holdfast/capture'
import type { CapturePolicy, EntryGroup, GapReason, TrustTier } from '@holdfast/model'
import type { Signal } from './answer-bytes.ts'

/** What the OTLP listeners need of the rest of the server. */
export type OtlpSink = {
  /** Resolves once the groups are durable; only then is the sender told so (FC1). Rejects with a `code`. */
  append(groups: readonly EntryGroup[]): Promise<{ readonly stored: number; readonly duplicates: number }>
  /** The capture policy in force; without one nothing is stored (FC15). */
  policy(): CapturePolicy | undefined
  /** Counts what was refused, so that the loss is recorded (FC4). */
  refused(refusal: OtlpRefusal): void
  /** Whether a sender may send. Where this is absent, only loopback may. */
  admit?(sender: { readonly address: string; readonly authorization: string | undefined }): Admission
  /** Where what was accepted is passed on to, if it is. */
  readonly forward?: OtlpForward | undefined
}

export type OtlpForward = {
  /** Which requests came back: those that name it among their hops. */
  readonly hop: string
  /** Takes a request that is durable. Returns at once and never throws; the body is the listener's again afterwards. */
  offer(accepted: {
    readonly signal: Signal
    readonly encoding: OtlpEncoding
    readonly body: Uint8Array
    readonly records: number
    readonly hops: readonly string[]
  }): void
  /** Counts one that is not passed on. */
  lose(why: 'rejected-in-part', records: number): void
}

export type Admission =
  | { readonly status: 'admitted'; readonly credential: string; readonly tier: TrustTier }
  | { readonly status: 'refused'; readonly reason: string }

export type OtlpRefusal = {
  readonly sender: string
  readonly channel: 'otlp'
  readonly reason: GapReason
  /** Absent where the body could not be read far enough to count. */
  readonly records?: number
  readonly detail: string
}

/** What a listener has done since it started. */
export type OtlpCounts = {
  requests: number
  stored: number
  duplicates: number
  rejected: number
  dataPoints: number
  refused: number
  masked: number
  attributesOverLimit: number
  termsDropped: number
  masksUnlisted: number
}

export type OtlpListenerOptions = {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly sink: OtlpSink
}

export type OtlpListener = AsyncDisposable & { readonly port: number; readonly counts: Readonly<OtlpCounts> }

export function noCounts(): OtlpCounts {
  return {
    requests: 0,
    stored: 0,
    duplicates: 0,
    rejected: 0,
    dataPoints: 0,
    refused: 0,
    masked: 0,
    attributesOverLimit: 0,
    termsDropped: 0,
    masksUnlisted: 0,
  }
}
