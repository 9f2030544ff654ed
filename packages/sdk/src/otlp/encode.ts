import { MAX_ATTRIBUTE_CHARS } from '../limits.ts'
import type { Attributes, AttributeValue, FinishedSpan } from './span.ts'

export type Batch = {
  readonly resource: Attributes
  readonly scope: { readonly name: string; readonly version: string }
  /** How many spans this process has dropped so far; sent along, so that the receiver can show the loss. */
  readonly droppedSpans: number
  readonly spans: readonly FinishedSpan[]
}

/** The body of an OTLP/HTTP trace export in its JSON encoding (`ExportTraceServiceRequest`). */
export function encodeBatch(batch: Batch): string {
  const dropped = batch.droppedSpans === 0 ? [] : [['holdfast.sdk.dropped_spans', batch.droppedSpans] as const]
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: encodeAttributes(batch.resource) },
        scopeSpans: [
          {
            scope: { ...batch.scope, attributes: encodeAttributes(new Map(dropped)) },
            spans: batch.spans.map(encodeSpan),
          },
        ],
      },
    ],
  })
}

function encodeSpan(span: FinishedSpan): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    // The lowest byte of the W3C flags says sampled; everything that gets here is.
    flags: 1,
    name: span.name,
    kind: span.kind === 'client' ? SPAN_KIND_CLIENT : SPAN_KIND_INTERNAL,
    startTimeUnixNano: String(span.startTimeUnixNano),
    endTimeUnixNano: String(span.endTimeUnixNano),
    attributes: encodeAttributes(bounded(span.attributes)),
    status: span.error === undefined ? {} : { code: STATUS_CODE_ERROR, message: span.error },
  }
}

const SPAN_KIND_INTERNAL = 1
const SPAN_KIND_CLIENT = 3
const STATUS_CODE_ERROR = 2

/** A text that was cut says so: a receiver must not take it for the whole. */
function bounded(attributes: Attributes): Attributes {
  const isTooLong = (value: AttributeValue): value is string =>
    typeof value === 'string' && value.length > MAX_ATTRIBUTE_CHARS
  const cut = [...attributes].filter(([, value]) => isTooLong(value)).map(([key]) => key)
  if (cut.length === 0) return attributes
  const kept = [...attributes].map(
    ([key, value]) => [key, isTooLong(value) ? value.slice(0, MAX_ATTRIBUTE_CHARS) : value] as const,
  )
  return new Map<string, AttributeValue>([...kept, ['holdfast.truncated_attributes', cut]])
}

/** OTLP's list of `KeyValue`, in its JSON encoding. */
export function encodeAttributes(attributes: Attributes): readonly object[] {
  return [...attributes].map(([key, value]) => ({ key, value: encodeValue(value) }))
}

function encodeValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map((item) => ({ stringValue: item })) } }
}
