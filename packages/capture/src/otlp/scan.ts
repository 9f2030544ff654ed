import type { EntryGroup, TrustTier } from '@holdfast/model'
import { maskSecrets } from '../masking/mask-secrets.ts'
import { scanJson } from './scan-json.ts'
import { scanProto } from './scan-proto.ts'

/** `traces` holds spans, `logs` log records. */
export type OtlpSignal = 'traces' | 'logs'
export type OtlpEncoding = 'proto' | 'json'

/** Which way a request came in and whose it is. */
export type Arrival = {
  /** Which listener: `http:4318`, `grpc:4317`. */
  readonly instance: string
  readonly credential: string
  readonly tier: TrustTier
}

/** Records of one request that were not taken, grouped by the reason, so that a flood of them stays small. */
export type Rejection = { readonly reason: string; readonly records: number }

export type Scanned =
  | {
      readonly status: 'scanned'
      readonly groups: readonly EntryGroup[]
      /** Records in `groups`. */
      readonly accepted: number
      readonly rejected: readonly Rejection[]
      /** Attributes beyond the limit of their record: stored, but not looked at. */
      readonly attributesOverLimit: number
      /** Index terms that found no room. */
      readonly termsDropped: number
      /** Credentials that were masked and are in no group's list of masks, because the list is full. */
      readonly masksUnlisted: number
    }
  | { readonly status: 'malformed'; readonly message: string }

export type ScanInput = {
  readonly signal: OtlpSignal
  readonly encoding: OtlpEncoding
  /** Untrusted. Credentials in it are masked in place, and the groups refer to it: the caller gives it away. */
  readonly body: Uint8Array
  readonly arrival: Arrival
}

/**
 * Finds the spans or log records of one OTLP request and what they are indexed by, without decoding them: the groups
 * hold offsets into `body`. Credentials are masked first, so nothing derived from the body can hold one. Never throws
 * on any bytes; a record that is malformed in itself is rejected and the rest goes on.
 */
export function scanOtlp(input: ScanInput): Scanned {
  const masks = maskSecrets(input.body, input.encoding === 'json' ? 'json' : input.signal)
  const scan = input.encoding === 'json' ? scanJson : scanProto
  return scan(input, masks)
}
