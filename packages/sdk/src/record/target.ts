import { trace } from '@opentelemetry/api'
import type { Span } from '@opentelemetry/api'

import { annotate } from '../openai-agents/live-objects.ts'
import type { AgentsSpan } from '../openai-agents/live-objects.ts'
import type { AttributeValue } from '../otlp/span.ts'

/**
 * The span that a fact belongs to: an OpenTelemetry span, or the live span of OpenAI Agents JS (`getCurrentSpan()`).
 * `null` is accepted because that is what `getCurrentSpan()` gives where no trace runs.
 */
export type Target = { readonly on?: Span | AgentsSpan | null }

type Pairs = readonly (readonly [key: string, value: AttributeValue | undefined])[]

/** Adds what is defined to the target, by default the active OpenTelemetry span; false where none is recording. */
export function addTo(target: Target, pairs: Pairs): boolean {
  const span = 'on' in target ? target.on : trace.getActiveSpan()
  if (span === undefined || span === null) return false
  const defined = pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
  if ('spanData' in span) {
    annotate(span, new Map(defined))
    return true
  }
  for (const [key, value] of defined) span.setAttribute(key, typeof value === 'object' ? [...value] : value)
  return span.isRecording()
}
