import type { CapturePolicy, EntryGroup, GapReason, TrustTier } from '@holdfast/model'

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
