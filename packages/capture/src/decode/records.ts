import type { SpanId, TraceId, UnixNano } from '@holdfast/model'
import type { AnyValue, AttributeMap } from './any-value.ts'

/** One OTLP span, decoded. Everything in it is untrusted. */
export type SpanRecord = {
  readonly kind: 'span'
  readonly trace?: TraceId
  readonly span?: SpanId
  readonly parentSpan?: SpanId
  /** W3C `tracestate`; empty where none. */
  readonly traceState: string
  /** W3C trace flags in the low byte, and whether the parent ran elsewhere above it; 0 where none are stated. */
  readonly flags: number
  readonly name: string
  /** OTLP SpanKind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly spanKind: number
  readonly start: UnixNano
  readonly end: UnixNano
  readonly attributes: AttributeMap
  readonly events: readonly SpanEvent[]
  readonly links: readonly { readonly trace: TraceId; readonly span: SpanId }[]
  /** OTLP status code: 0 unset, 1 ok, 2 error. */
  readonly statusCode: number
  readonly statusMessage: string
  /** Attributes, events or values that the bounds of limits.ts left unread. */
  readonly cut: number
}

export type SpanEvent = { readonly name: string; readonly time: UnixNano; readonly attributes: AttributeMap }

/** One OTLP log record, decoded. Everything in it is untrusted. */
export type LogRecord = {
  readonly kind: 'log'
  readonly trace?: TraceId
  readonly span?: SpanId
  readonly time: UnixNano
  /** The `event_name` field, or the attribute `event.name` of older senders; empty where none. */
  readonly eventName: string
  readonly body: AnyValue
  readonly attributes: AttributeMap
  readonly cut: number
}

export type Resource = { readonly attributes: AttributeMap }
export type Scope = { readonly name: string; readonly version: string; readonly attributes: AttributeMap }

/** One received record with what its group shares. */
export type Received = {
  readonly record: SpanRecord | LogRecord
  readonly resource: Resource
  readonly scope: Scope
}
