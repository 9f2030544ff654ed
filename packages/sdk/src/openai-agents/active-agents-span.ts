import type { SpanName } from '../register/active-span.ts'
import { otlpSpanId } from './ids.ts'
import { isRecord, textOf } from './json.ts'
import type { TraceContexts } from './trace-context.ts'

/** Where every copy of the library keeps the store of its running trace (`@openai/agents-core`, tracing/context). */
const STORE = Symbol.for('openai.agents.core.asyncLocalStorage')

/**
 * The library's span that the running code is part of, under the ids that it is exported with. An OpenTelemetry span
 * that was opened since the trace began is nearer, and stays.
 */
export function activeAgentsSpan(traces: TraceContexts, active: SpanName | undefined): SpanName | undefined {
  const storage: unknown = Reflect.get(globalThis, STORE)
  const read = isObject(storage) ? Reflect.get(storage, 'getStore') : undefined
  const store: unknown = typeof read === 'function' ? Reflect.apply(read, storage, []) : undefined
  if (!isRecord(store) || store['active'] !== true) return active
  const span = store['span']
  const traceId = textOf(span, 'traceId')
  const spanId = textOf(span, 'spanId')
  // A span of a trace that is switched off has this id.
  if (traceId === undefined || spanId === undefined || spanId === 'no-op') return active
  const known = traces.get(traceId)
  if (active !== undefined && (active.traceId !== known.traceId || active.spanId !== known.outerSpanId)) return active
  return { traceId: known.traceId, spanId: otlpSpanId(spanId), flags: 1, traceState: undefined }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
