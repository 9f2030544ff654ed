import { parseConversationId } from '@holdfast/model'
import { MAX_TERM_CHARS } from '../limits.ts'
import { byteAt } from './wire.ts'

/** What an attribute is indexed as. `agent-name` is no term: it stands in for a missing `service.name`. */
export type TermField = 'conversation' | 'tool' | 'model' | 'call' | 'agent-name'

/**
 * Attributes whose text is an index term, by the dialects that send them. Spelled as their sources spell them; the list
 * is the conversation, tool and model columns of the dialect table.
 */
const TERM_ATTRIBUTES: readonly (readonly [TermField, readonly string[]])[] = [
  [
    'conversation',
    [
      'gen_ai.conversation.id',
      'session.id',
      'conversation.id',
      'langsmith.metadata.session_id',
      'langsmith.metadata.thread_id',
      'langsmith.metadata.conversation_id',
      'langfuse.session.id',
      'traceloop.association.properties.session_id',
      'traceloop.association.properties.thread_id',
      'traceloop.association.properties.conversation_id',
      'ai.telemetry.metadata.sessionId',
      'ai.telemetry.metadata.session_id',
      'ai.telemetry.metadata.conversationId',
      'ai.telemetry.metadata.conversation_id',
      'ai.telemetry.metadata.chatId',
      'ai.telemetry.metadata.chat_id',
      'ai.telemetry.metadata.threadId',
      'ai.telemetry.metadata.thread_id',
      'ai.settings.context.sessionId',
      'ai.settings.context.conversationId',
      'ai.settings.context.chatId',
      'ai.settings.context.threadId',
      'mlflow.trace.session',
      'gcp.vertex.agent.session_id',
      'microsoft.session.id',
    ],
  ],
  ['tool', ['gen_ai.tool.name', 'tool.name', 'tool_name', 'ai.toolCall.name']],
  ['model', ['gen_ai.request.model', 'gen_ai.response.model', 'llm.model_name', 'ai.model.id']],
  ['call', ['gen_ai.tool.call.id', 'tool_call.id', 'tool_use_id', 'ai.toolCall.id']],
  ['agent-name', ['gen_ai.agent.name']],
]

type TermKey = { readonly slot: number; readonly field: TermField; readonly key: Uint8Array }

const KEYS: readonly TermKey[] = TERM_ATTRIBUTES.flatMap(([field, keys]) => keys.map((key) => ({ field, key }))).map(
  ({ field, key }, slot) => ({ slot, field, key: new TextEncoder().encode(key) }),
)

/** Keys by their length: one array read rejects most attributes, the last byte most of the others. */
const KEYS_BY_LENGTH: readonly (readonly TermKey[])[] = Array.from(
  { length: Math.max(...KEYS.map(({ key }) => key.length)) + 1 },
  (_, length) => KEYS.filter(({ key }) => key.length === length),
)

const FIELD_BY_KEY: ReadonlyMap<string, TermField> = new Map(
  TERM_ATTRIBUTES.flatMap(([field, keys]) => keys.map((key): [string, TermField] => [key, field])),
)

const TRACE_SLOTS = 256

/**
 * Collects the index terms of one group. Most values repeat from one span to the next, so a value equal to the last one
 * under the same key, or a trace id seen in the same slot, makes no string at all.
 */
export class TermCollector {
  readonly #terms = new Set<string>()
  readonly #lastFrom = new Int32Array(KEYS.length).fill(-1)
  readonly #lastTo = new Int32Array(KEYS.length)
  readonly #traces = new Int32Array(TRACE_SLOTS).fill(-1)
  readonly #bytes: Uint8Array
  readonly #buffer: Buffer
  readonly #capacity: number
  /** Terms that found no room. */
  dropped = 0
  /** First `gen_ai.agent.name` seen, untrusted. */
  agentName = ''

  constructor(bytes: Uint8Array, capacity: number) {
    this.#bytes = bytes
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#capacity = capacity
  }

  get size(): number {
    return this.#terms.size
  }

  /** Distinct terms in the order in which they were first seen. */
  list(): readonly string[] {
    return [...this.#terms]
  }

  add(term: string): void {
    if (this.#terms.size < this.#capacity || this.#terms.has(term)) this.#terms.add(term)
    else this.dropped += 1
  }

  /** Notes the 16 bytes at `from` as a trace id. */
  addTrace(from: number): void {
    const bytes = this.#bytes
    const slot = (byteAt(bytes, from) ^ byteAt(bytes, from + 15)) & (TRACE_SLOTS - 1)
    const seen = this.#traces[slot] ?? -1
    if (seen >= 0 && equalRanges(bytes, seen, from, 16)) return
    this.#traces[slot] = from
    this.add(`trace:${this.#buffer.toString('hex', from, from + 16)}`)
  }

  /** Notes the text `[from, to)` if the attribute key `[keyFrom, keyTo)` is one that is indexed. */
  addAttribute(keyFrom: number, keyTo: number, from: number, to: number): void {
    const known = this.#find(keyFrom, keyTo)
    if (known === undefined) return
    const { slot } = known
    const lastFrom = this.#lastFrom[slot] ?? -1
    const length = to - from
    const isRepeated =
      lastFrom >= 0 &&
      (this.#lastTo[slot] ?? 0) - lastFrom === length &&
      equalRanges(this.#bytes, lastFrom, from, length)
    if (isRepeated) return
    this.#lastFrom[slot] = from
    this.#lastTo[slot] = to
    // Four bytes a character at most: a longer value is cut before a string is made of it.
    this.addText(known.field, this.#buffer.toString('utf8', from, Math.min(to, from + MAX_TERM_CHARS * 4)))
  }

  addText(field: TermField, text: string): void {
    if (field === 'agent-name') {
      if (this.agentName === '') this.agentName = text.slice(0, MAX_TERM_CHARS)
      return
    }
    const value = field === 'conversation' ? parseConversationId(text) : text.slice(0, MAX_TERM_CHARS)
    if (value !== undefined && value !== '') this.add(`${field}:${value}`)
  }

  #find(keyFrom: number, keyTo: number): TermKey | undefined {
    const candidates = KEYS_BY_LENGTH[keyTo - keyFrom]
    if (candidates === undefined) return undefined
    for (const candidate of candidates) {
      if (isKeyAt(this.#bytes, keyFrom, candidate.key)) return candidate
    }
    return undefined
  }
}

/** The field that an attribute key, already a string, is indexed as. */
export function termFieldOf(key: string): TermField | undefined {
  return FIELD_BY_KEY.get(key)
}

function isKeyAt(bytes: Uint8Array, from: number, key: Uint8Array): boolean {
  for (let i = key.length - 1; i >= 0; i -= 1) {
    if (byteAt(bytes, from + i) !== byteAt(key, i)) return false
  }
  return true
}

function equalRanges(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i += 1) {
    if (byteAt(bytes, a + i) !== byteAt(bytes, b + i)) return false
  }
  return true
}
