import { SpanKind, trace } from '@opentelemetry/api'
import type { TimeInput } from '@opentelemetry/api'

import type { AttributeValue } from '../otlp/span.ts'
import { SDK_VERSION } from '../version.ts'
import { digestOf } from './digest.ts'
import { addTo } from './target.ts'
import type { Target } from './target.ts'

export type RetrievedDocument = {
  readonly id: string
  readonly uri?: string
  readonly version?: string
  /** SHA-256 of the content in lowercase hex; computed from `content` where it is left out. */
  readonly digest?: string
  /** How far the author trusts who can write it, in their own words: `internal`, `customer`, `public-web`. */
  readonly trust?: string
  readonly content?: string
  readonly score?: number
}

export type Retrieval = {
  readonly query: string
  /** Name of the index, corpus or knowledge base that was asked. */
  readonly source: string
  readonly documents: readonly RetrievedDocument[]
  /** When the search began; without it the span has no length. */
  readonly startedAt?: TimeInput
}

/**
 * Says which documents entered the context, with what OpenTelemetry has no name for: content, source, version, digest.
 * Writes a span `retrieval {source}` under the active one. With `on`, the attributes go to that span instead. False
 * where nothing is recording.
 */
export function recordRetrieval(retrieval: Retrieval, target: Target = {}): boolean {
  const pairs = describeRetrieval(retrieval)
  if ('on' in target) return addTo(target, pairs)
  const { source, startedAt } = retrieval
  const span = trace.getTracer('@holdfast/sdk', SDK_VERSION).startSpan(`retrieval ${source}`, {
    kind: SpanKind.CLIENT,
    ...(startedAt === undefined ? {} : { startTime: startedAt }),
  })
  const isRecorded = addTo({ on: span }, [['gen_ai.operation.name', 'retrieval'], ...pairs])
  span.end()
  return isRecorded
}

function describeRetrieval(retrieval: Retrieval): readonly (readonly [string, AttributeValue | undefined])[] {
  const documents = retrieval.documents.map((document) => ({
    ...document,
    digest: document.digest ?? digestOf(document.content),
  }))
  return [
    ['gen_ai.data_source.id', retrieval.source],
    ['gen_ai.retrieval.query.text', retrieval.query],
    ['gen_ai.retrieval.documents', JSON.stringify(documents.map(({ id, score }) => ({ id, score })))],
    ['holdfast.retrieval.documents', JSON.stringify(documents)],
  ]
}
