import type { TokenUsage } from '@holdfast/model'
import type { JsonObject } from '../decode/any-value.ts'
import type { StreamEvent } from '../http/sse.ts'

/** One wire format of a model provider. */
export type ModelApi = {
  readonly name: string
  /** `gen_ai.operation.name`. */
  readonly operation: string
  /** Paths, without their query, that speak it whatever the body says. */
  readonly path: RegExp
  /** Whether a request speaks it, by its path (without query) and body. */
  recognises(path: string, body: JsonObject): boolean
  /** The whole answer that a stream of events tells; what the events lack is lacking in it. */
  assemble(events: readonly StreamEvent[]): JsonObject | undefined
  finishReasons(answer: JsonObject): readonly string[]
  usage(answer: JsonObject): TokenUsage
  requestModel(path: string, body: JsonObject): string | undefined
}
