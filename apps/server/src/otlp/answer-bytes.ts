import type { OtlpEncoding } from '@holdfast/capture'
import { RETRY_AFTER_SECONDS } from './limits.ts'
import { REFUSALS } from './outcome.ts'
import type { Outcome, Refused } from './outcome.ts'

/** The signals, with the name of the count in their partial success. */
export const REJECTED_NAMES = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
} as const
export type Signal = keyof typeof REJECTED_NAMES

/**
 * `Export...ServiceResponse`: empty, or with a partial success (opentelemetry-proto, `collector/trace/v1`); the field
 * numbers are the same for the three signals.
 */
export function encodeStored(
  encoding: OtlpEncoding,
  signal: Signal,
  outcome: Extract<Outcome, { status: 'stored' }>,
): Buffer {
  const isPartial = outcome.rejected > 0
  if (encoding === 'json') {
    const partialSuccess = { [REJECTED_NAMES[signal]]: String(outcome.rejected), errorMessage: outcome.message }
    return Buffer.from(JSON.stringify(isPartial ? { partialSuccess } : {}))
  }
  if (!isPartial) return Buffer.alloc(0)
  return lengthField(1, Buffer.concat([varintField(1, outcome.rejected), lengthField(2, Buffer.from(outcome.message))]))
}

/** `google.rpc.Status`; with a `RetryInfo` in protobuf where the sender may try again. */
export function encodeStatus(encoding: OtlpEncoding, refusal: Refused): Buffer {
  const { grpc, isRetryable } = REFUSALS[refusal.code]
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code: grpc, message: refusal.message }))
  const parts = [varintField(1, grpc), lengthField(2, Buffer.from(refusal.message))]
  if (isRetryable) parts.push(lengthField(3, RETRY_INFO))
  return Buffer.concat(parts)
}

const RETRY_INFO = Buffer.concat([
  lengthField(1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')),
  lengthField(2, lengthField(1, varintField(1, RETRY_AFTER_SECONDS))),
])

function varintField(field: number, value: number): Buffer {
  return Buffer.from([field << 3, ...varint(value)])
}

function lengthField(field: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(payload.length)]), payload])
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}
