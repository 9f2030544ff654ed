import { setSpanSource } from '../register/active-span.ts'
import type { SpanName } from '../register/active-span.ts'
import { isId } from '../register/span-fields.ts'

/** What is read of a span of Mastra. */
export type MastraSpan = {
  readonly id: string
  readonly traceId: string
  /** The nearest span that is exported, itself or one above; older versions lack it. */
  readonly getExportedSpanId?: () => string | undefined
}

/**
 * Tells which of Mastra's spans the running code is part of, which Mastra keeps outside of OpenTelemetry's context: what a
 * tool starts and connects then joins the tool call exactly. Pass Mastra's own `resolveCurrentSpan`, of
 * `@mastra/core/observability`. An OpenTelemetry span of the same trace is below Mastra's, and stays.
 */
export function followMastra(resolveCurrentSpan: () => MastraSpan | undefined): void {
  setSpanSource((active) => {
    const span = nameOf(resolveCurrentSpan())
    return span === undefined || active?.traceId === span.traceId ? active : span
  })
}

function nameOf(span: MastraSpan | undefined): SpanName | undefined {
  if (span === undefined) return undefined
  const { traceId } = span
  const spanId = span.getExportedSpanId === undefined ? span.id : span.getExportedSpanId()
  return isId(traceId, 32) && isId(spanId, 16) ? { traceId, spanId, flags: 1, traceState: undefined } : undefined
}
