import { createHash } from 'node:crypto'

import type { ScriptReply, Turn } from './script.ts'

/** One reply of the script with the ids and token counts that a wire format needs to express it. */
export type Answer = {
  /** Counts the answers of one server from 1; every id in the answer is made of it. */
  readonly number: number
  readonly model: string
  readonly text: string
  readonly reasoning: string
  readonly calls: readonly AnsweredCall[]
  readonly usage: { readonly input: number; readonly output: number; readonly reasoning: number }
}

export type AnsweredCall = { readonly id: string; readonly name: string; readonly arguments: unknown }

/** Answers carry one moment, so that two recordings of the same conversation differ in nothing of ours. Unix seconds. */
export const CREATED_AT = 1_790_000_000

/** `firstCall` is the number of the first call id of this answer (`call_<n>`). */
export function buildAnswer(turn: Turn, reply: ScriptReply, ids: { number: number; firstCall: number }): Answer {
  const calls = (reply.toolCalls ?? []).map((call, index) => ({ id: `call_${ids.firstCall + index}`, ...call }))
  const text = reply.text ?? ''
  const reasoning = countTokens((reply.reasoning ?? '').length)
  const called = calls.reduce((sum, call) => sum + call.name.length + argumentsText(call).length, 0)
  return {
    number: ids.number,
    model: turn.model,
    text,
    reasoning: reply.reasoning ?? '',
    calls,
    usage: {
      input: countTokens(turn.promptChars),
      output: countTokens(text.length) + countTokens(called) + reasoning,
      reasoning,
    },
  }
}

/** Four characters a token: about right for English, and the same on every machine. */
export function countTokens(chars: number): number {
  return Math.ceil(chars / 4)
}

export function argumentsText(call: AnsweredCall): string {
  return JSON.stringify(call.arguments ?? {})
}

/** Splits as a model streams: a word and the white space after it. Joined again, the pieces are the text. */
export function streamedPieces(text: string): readonly string[] {
  return text.match(/\S+\s*|\s+/g) ?? []
}

/** JSON argument text in at most four fragments, so that a client has to put it together. */
export function streamedFragments(text: string): readonly string[] {
  const size = Math.max(1, Math.ceil(text.length / 4))
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  )
}

/** A unit vector that depends on the text alone: equal texts are equal, different ones nearly orthogonal. */
export function embeddingOf(text: string, dimensions: number): readonly number[] {
  const bytes = createHash('shake256', { outputLength: dimensions * 4 })
    .update(text)
    .digest()
  const raw = Array.from({ length: dimensions }, (_, index) => bytes.readInt32LE(index * 4) / 2 ** 31)
  const length = Math.hypot(...raw) || 1
  return raw.map((value) => value / length)
}
