import { normalise } from '@holdfast/capture'
import type { Content, Event, EventSummary } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { SweptText } from '@holdfast/respond'
import { parseJson } from './json-text.ts'
import { ENTRIES_KEPT } from './limits.ts'

/** Texts of events, read from the log as they are asked for. Captured text: untrusted. */
export class Texts {
  readonly #reader: Pick<LogReader, 'entry'>
  readonly #kept = new Map<number, ReadonlyMap<string, Event>>()

  constructor(reader: Pick<LogReader, 'entry'>) {
    this.#reader = reader
  }

  /** The event with its texts; undefined where its entry says nothing of it any more, as after an erasure. */
  event({ entry, id }: Pick<EventSummary, 'entry' | 'id'>): Event | undefined {
    const known = this.#kept.get(entry) ?? this.#read(entry)
    return known.get(id)
  }

  /** Everything that an entry says. */
  eventsOf(entry: number): readonly Event[] {
    return [...(this.#kept.get(entry) ?? this.#read(entry)).values()]
  }

  #read(index: number): ReadonlyMap<string, Event> {
    const entry = this.#reader.entry(index)
    const events = new Map((entry === undefined ? [] : normalise(entry).events).map((event) => [event.id, event]))
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= ENTRIES_KEPT && oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(index, events)
    return events
  }
}

/** A content as a sweep reads it. What was masked in it is no order: the rest is whole. */
export function sweptText(content: Content | undefined, entry: number): SweptText {
  if (content === undefined) return { state: 'absent', reason: 'its entry can no longer be read' }
  switch (content.state) {
    case 'captured':
    case 'redacted':
      return { state: 'whole', text: plainText(content.text), digest: content.digest, entry }
    case 'truncated':
      return { state: 'cut', text: plainText(content.text), entry }
    case 'suppressed':
      return { state: 'absent', reason: `it was suppressed by ${content.rule}` }
    case 'not-captured':
      return { state: 'absent', reason: `it was not captured: ${content.reason}` }
  }
}

/**
 * What an answer says, without what its protocol adds: the text parts of a result of MCP. Every answer of a server has the same
 * envelope, and that says nothing of where a text came from.
 */
export function plainText(text: string): string {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return text
  const content: unknown = Object.getOwnPropertyDescriptor(value, 'content')?.value
  if (!Array.isArray(content) || content.length === 0) return text
  const parts = content.map((part: unknown): unknown =>
    typeof part === 'object' && part !== null ? Object.getOwnPropertyDescriptor(part, 'text')?.value : undefined,
  )
  // A part that is no text, or something structured beside the parts, could be what carries it.
  const isPlain = parts.every((part) => typeof part === 'string') && !Object.hasOwn(value, 'structuredContent')
  return isPlain ? parts.join('\n') : text
}

/** The text that a body brought into a context; undefined for what brings none. */
export function broughtBy<C>(body: Event<C>['body']): C | undefined {
  switch (body.kind) {
    case 'prompt':
      return body.content
    case 'tool-result':
      return body.result
    case 'context-item':
      return body.content
    case 'memory':
      return body.operation === 'read' ? body.content : undefined
    case 'delegation':
      return body.payload
    case 'tool-definition':
      return body.description
    case 'model-call':
    case 'model-output':
    case 'tool-catalogue':
    case 'component':
    case 'declaration':
    case 'api-call':
    case 'change':
    case 'tool-call':
    case 'invocation':
    case 'identity':
    case 'guardrail':
    case 'egress':
    case 'step':
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
    case 'control':
      return undefined
  }
}

export function textOf(content: Content | undefined): string | undefined {
  return content !== undefined && 'text' in content ? content.text : undefined
}
