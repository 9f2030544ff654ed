import { activeLangChainSpan } from './langchain-span.ts'
import { call, field, spanNameOf } from './span-fields.ts'

/** A span as W3C Trace Context names it. Ids are lowercase hex. */
export type SpanName = {
  readonly traceId: string
  readonly spanId: string
  readonly flags: number
  readonly traceState: string | undefined
}

/** Tells the span of a library that keeps its own, given the OpenTelemetry span that is active beside it. */
export type SpanSource = (active: SpanName | undefined) => SpanName | undefined

/**
 * The span that the running code is part of. The agent's own copy of `@opentelemetry/api` is asked, through the symbols
 * that every 1.x version registers itself under: this module may be a different copy, and must not need any.
 */
export function activeSpan(): SpanName | undefined {
  try {
    const nearest = openTelemetrySpan()
    if (nearest === 'suppressed') return undefined
    const active = activeLangChainSpan(nearest)
    const source: unknown = Reflect.get(globalThis, SPAN_SOURCE)
    // Whoever set the symbol is the processor of this package, of some version.
    return typeof source === 'function' ? (source as SpanSource)(active) : active
  } catch {
    // A foreign or half-loaded copy: as if nothing were active.
    return undefined
  }
}

/** Lets a library that keeps its own spans be asked as well; the last one is. */
export function setSpanSource(source: SpanSource): void {
  Reflect.set(globalThis, SPAN_SOURCE, source)
}

/** The value of a `traceparent` header. */
export function traceparentOf({ traceId, spanId, flags }: SpanName): string {
  return `00-${traceId}-${spanId}-${(flags & 0xff).toString(16).padStart(2, '0')}`
}

const SPAN_SOURCE = Symbol.for('holdfast.sdk.span-source.1')
const API = Symbol.for('opentelemetry.js.api.1')
// createContextKey() of the API makes these of their descriptions.
const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN')
const SUPPRESSED_KEY = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

function openTelemetrySpan(): SpanName | 'suppressed' | undefined {
  const manager = field(Reflect.get(globalThis, API), 'context')
  const context = call(manager, 'active')
  if (context === undefined) return undefined
  // An exporter at work: what it sends is nobody's act, though a span may still be active.
  if (call(context, 'getValue', SUPPRESSED_KEY) === true) return 'suppressed'
  return spanNameOf(call(context, 'getValue', SPAN_KEY))
}
