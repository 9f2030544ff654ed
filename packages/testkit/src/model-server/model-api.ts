import type { Answer } from './answer.ts'
import type { JsonObject } from './json.ts'
import type { Turn } from './script.ts'

/** One message of a `text/event-stream`; `event` is left out where the wire format names no events. */
export type ServerSentEvent = { readonly event?: string; readonly data: unknown }

/** One wire format of a model provider: how a request is read and how an answer is said. No I/O. */
export type ModelApi = {
  readonly readTurn: (body: JsonObject, memory: Memory) => Turn
  readonly wantsStream: (body: JsonObject) => boolean
  readonly body: (answer: Answer, request: JsonObject) => unknown
  /** Everything between the response headers and the end of the stream, the closing marker included. */
  readonly events: (answer: Answer, request: JsonObject) => readonly ServerSentEvent[]
  readonly error: (message: string) => unknown
}

/** What a stateful format lets a client leave out because the server has said or heard it before. */
export type Memory = {
  /** The tool that an earlier answer called with this id; undefined when the id is not one of this server's. */
  readonly toolOfCall: (callId: string) => string | undefined
  /** Input and output items up to and including that response of the Responses API; empty when unknown. */
  readonly itemsOfResponse: (responseId: string) => readonly JsonObject[]
}
