import type { Json, JsonObject } from '../decode/any-value.ts'

/** One imported agent run, as a list of messages in the order in which they were said. Untrusted. */
export type Run = {
  /** The format's own name: `agentdojo`, `drift`, `tau-bench`, `swe-agent`, `agent-sentinel`. */
  readonly format: string
  /** Says which agent this is: what of set, model, defence and suite the source states. */
  readonly agent: readonly string[]
  /** Distinguishes runs of one file: member path, line, task. */
  readonly name: string
  readonly model?: string
  readonly messages: readonly RunMessage[]
}

export type RunMessage = {
  /** The message as the source has it, or put together from the parts of a step. */
  readonly message: JsonObject
  readonly usage?: { readonly outputTokens: number }
}

/** What a format's reader makes of one value: a run, or why it is none. */
export type RunReading =
  | { readonly status: 'run'; readonly run: Run }
  | { readonly status: 'rejected'; readonly why: string }

/** The entry body of one message, encoding `run-json`. Ids are derived from the run, because the sources have none. */
export type RunEntryBody = {
  readonly format: string
  readonly run: string
  readonly ordinal: number
  readonly at: string
  readonly trace: string
  /** The model call that read this message, or that wrote it. */
  readonly span: string
  /** The model call after the one that wrote it, which reads it as history. */
  readonly next?: string
  readonly model?: string
  readonly usage?: { readonly outputTokens: number }
  /** Ids of the calls in the message, in its order. */
  readonly calls?: readonly string[]
  /** For a tool message: which call it answers. */
  readonly answers?: { readonly callId: string; readonly tool: string }
  /** SHA-256 of the record of the source. */
  readonly original: string
  readonly message: Json
}
