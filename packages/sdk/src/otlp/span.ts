/** What an attribute may hold: OTLP's AnyValue without maps, which are sent as JSON text. */
export type AttributeValue = string | number | boolean | readonly string[]

/** Keys may come from a sender, so this is a Map and never an object. */
export type Attributes = ReadonlyMap<string, AttributeValue>

/** A finished span, ready to be encoded. Ids are lowercase hex; times are nanoseconds since 1970. */
export type FinishedSpan = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
  readonly kind: 'internal' | 'client'
  readonly startTimeUnixNano: bigint
  readonly endTimeUnixNano: bigint
  readonly attributes: Attributes
  /** Message of the error that ended it. */
  readonly error: string | undefined
}
