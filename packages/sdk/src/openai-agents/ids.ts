import { createHash } from 'node:crypto'

/**
 * The OTLP trace id of a trace of the Agents library: the 32 hex digits after `trace_` where the id has that form (it
 * does unless the author chose one), else a hash of it. The same id gives the same result in every process.
 */
export function otlpTraceId(traceId: string): string {
  return hexId(/^trace_([0-9a-f]{32})$/.exec(traceId)?.[1] ?? '', traceId, 32)
}

/** The same for a span: the first 16 of the 24 hex digits after `span_`, else a hash. */
export function otlpSpanId(spanId: string): string {
  return hexId(/^span_([0-9a-f]{16})[0-9a-f]{8}$/.exec(spanId)?.[1] ?? '', spanId, 16)
}

/** The span that stands for the trace as a whole; no span of the library has this id. */
export function rootSpanId(traceId: string): string {
  return hexId('', `root of ${traceId}`, 16)
}

/** All zero is no valid id (W3C Trace Context), so that is hashed too. */
function hexId(digits: string, source: string, length: 16 | 32): string {
  if (/[1-9a-f]/.test(digits)) return digits
  return createHash('sha256').update(source).digest('hex').slice(0, length)
}
