import type { GapReason } from '@holdfast/model'

/** How a request ended, before it is said in HTTP or gRPC. */
export type Outcome = { readonly status: 'stored'; readonly rejected: number; readonly message: string } | Refused

export type Refused = {
  readonly status: 'refused'
  readonly code: RefusalCode
  readonly message: string
  /** Records that the refused body held, where it was read that far. */
  readonly records?: number
}

/** A body that is there whole. Its memory is the request's: it may be used again once the request is answered. */
export type ReadBody = { readonly status: 'read'; readonly body: Buffer<ArrayBuffer> } | Refused

export type RefusalCode =
  | 'malformed'
  | 'oversized'
  | 'unsupported'
  | 'no-policy'
  | 'unauthenticated'
  | 'sender-overload'
  | 'overload'
  | 'unavailable'
  | 'not-found'
  | 'wrong-method'
  | 'loop'

type Meaning = {
  readonly http: number
  /** https://grpc.io/docs/guides/status-codes/ */
  readonly grpc: number
  readonly isRetryable: boolean
  /** Absent where no telemetry was lost. */
  readonly gap: GapReason | undefined
}

/** The one place where a refusal becomes a status. */
export const REFUSALS: Readonly<Record<RefusalCode, Meaning>> = {
  malformed: { http: 400, grpc: 3, isRetryable: false, gap: 'refused-malformed' },
  oversized: { http: 413, grpc: 8, isRetryable: false, gap: 'refused-oversized' },
  unsupported: { http: 415, grpc: 12, isRetryable: false, gap: 'refused-malformed' },
  'no-policy': { http: 403, grpc: 7, isRetryable: false, gap: 'refused-no-policy' },
  unauthenticated: { http: 401, grpc: 16, isRetryable: false, gap: 'refused-no-policy' },
  'sender-overload': { http: 429, grpc: 8, isRetryable: true, gap: 'refused-overload' },
  overload: { http: 503, grpc: 8, isRetryable: true, gap: 'refused-overload' },
  unavailable: { http: 503, grpc: 14, isRetryable: true, gap: 'refused-overload' },
  'not-found': { http: 404, grpc: 12, isRetryable: false, gap: undefined },
  'wrong-method': { http: 405, grpc: 12, isRetryable: false, gap: undefined },
  // What comes back was recorded when it first came.
  loop: { http: 508, grpc: 9, isRetryable: false, gap: undefined },
}

export function refused(code: RefusalCode, message: string, records?: number): Refused {
  return { status: 'refused', code, message, ...(records === undefined ? {} : { records }) }
}
