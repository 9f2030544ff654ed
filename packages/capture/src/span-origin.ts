import type { LogEntry, SpanId } from '@holdfast/model'
import { decodeEntry } from './decode/decode-entry.ts'
import { MAX_TRACE_STATE_CHARS } from './decode/limits.ts'
import type { SpanRecord } from './decode/records.ts'

/** Where a span says it came from, and what it says of those that its sampler left out. Claims of the sender: untrusted. */
export type SpanOrigin = {
  readonly span: SpanId | undefined
  /** The span of the same process that it ran in; undefined for what nothing, or a caller elsewhere, began. */
  readonly localParent: SpanId | undefined
  /** Share of spans that its sampler keeps, above 0 and below 1; undefined where it states none, or that it keeps all. */
  readonly keptShare: number | undefined
}

/** Undefined for what is no OTLP span, cannot be decoded, or was erased. */
export function spanOrigin(entry: LogEntry): SpanOrigin | undefined {
  const { encoding } = entry.envelope
  if (entry.body === undefined || (encoding !== 'otlp-span-proto' && encoding !== 'otlp-span-json')) return undefined
  const decoded = decodeEntry(entry, entry.body)
  if (decoded.status !== 'decoded' || decoded.received.record.kind !== 'span') return undefined
  const { record } = decoded.received
  return {
    span: record.span,
    localParent: isParentElsewhere(record) ? undefined : record.parentSpan,
    keptShare: keptShareOf(record.traceState),
  }
}

// Bits of Span.flags (opentelemetry-proto, trace.proto); older senders set none. The bit below, whether the sampler chose the span, is
// of no use: the exporter of OpenTelemetry for Python sends it as zero with every span.
const HAS_IS_REMOTE = 0x100
const IS_REMOTE = 0x200

/** A sender that does not say is taken at its kind: what serves or consumes was asked by somebody else. */
function isParentElsewhere({ flags, spanKind }: SpanRecord): boolean {
  if ((flags & HAS_IS_REMOTE) !== 0) return (flags & IS_REMOTE) !== 0
  return spanKind === SERVER || spanKind === CONSUMER
}

const SERVER = 2
const CONSUMER = 5

/**
 * The rejection threshold of consistent probability sampling: `th` of the `ot` member, up to 14 hex digits of 56 bits
 * (https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/).
 */
function keptShareOf(traceState: string): number | undefined {
  const [, member = ''] = /(?:^|,)\s*ot=([^,]*)/.exec(traceState.slice(0, MAX_TRACE_STATE_CHARS)) ?? []
  const [, digits] = /(?:^|;)th:([0-9a-f]{1,14})(?:;|\s*$)/.exec(member) ?? []
  const threshold = digits === undefined ? 0 : Number.parseInt(digits.padEnd(14, '0'), 16)
  return threshold === 0 ? undefined : 1 - threshold / 2 ** 56
}
