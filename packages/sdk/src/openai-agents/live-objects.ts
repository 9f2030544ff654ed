import type { AttributeValue } from '../otlp/span.ts'

/*
 * The parts of the tracing objects of `@openai/agents` that are read here, described by shape so that the library is no
 * dependency. They are the live objects: `toJSON` drops a response's input and output.
 */

export type AgentsTrace = {
  readonly traceId: string
  readonly name: string
  readonly groupId: string | null
  readonly metadata?: Readonly<Record<string, unknown>>
}

export type AgentsSpan = {
  readonly type: 'trace.span'
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | null
  /** ISO 8601 with milliseconds; set by the library when the span starts and ends. */
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly error: { readonly message: string; readonly data?: unknown } | null
  /** One of the library's `SpanData`; read field by field, since its private fields have no promised shape. */
  readonly spanData: { readonly type: string }
}

/** Attributes that a helper of ours gave to a live span; they go out when it ends. */
const notes = new WeakMap<AgentsSpan, Map<string, AttributeValue>>()

/** Adds attributes to a span of the Agents library that has not ended; a later value of the same key wins. */
export function annotate(span: AgentsSpan, attributes: ReadonlyMap<string, AttributeValue>): void {
  notes.set(span, new Map([...(notes.get(span) ?? []), ...attributes]))
}

export function notesOf(span: AgentsSpan): ReadonlyMap<string, AttributeValue> {
  return notes.get(span) ?? new Map()
}
