import { contagionKeys, contextEntry } from '@holdfast/graph'
import type { EventSummary, LogEntry } from '@holdfast/model'
import { POSTINGS_PER_EVENT } from '../limits.ts'
import { encodeRow, type EventRow, idsOfRow } from './event-row.ts'
import { addToAgent, newAgent } from './agent-doc.ts'
import { addTrace, moveRecent, newConversation, subtractTrace } from './conversation-doc.ts'
import { type AgentDoc, type ConversationDoc, decodeDoc, encodeDoc, type TraceDoc } from './docs.ts'
import { keys, traceKeyOf } from './keys.ts'
import type { FoldInput } from './fold-input.ts'
import { addToTrace, conversationsOf, newTrace } from './trace-doc.ts'

/** What a fold reads from: the projection as it stood before the batch. */
export type KeyReader = {
  readonly get: (key: string) => Uint8Array | undefined
  readonly scan: (options: {
    readonly prefix: string
    readonly limit: number
  }) => readonly (readonly [string, Uint8Array])[]
}

export type FoldOutput = {
  readonly puts: readonly (readonly [string, Uint8Array])[]
  readonly deletes: readonly string[]
}

const NOTHING = new Uint8Array(0)

/**
 * Folds a run of entries into the workspace projection: a pure function of what it reads and of the entries. Counts and
 * lists come out the same in whatever order entries arrive, recorded times apart.
 */
export function foldEntries(reader: KeyReader, inputs: readonly FoldInput[]): FoldOutput {
  const batch = new Batch(reader)
  for (const input of inputs) foldEntry(batch, input)
  return batch.output()
}

function foldEntry(batch: Batch, input: FoldInput): void {
  const { entry, events } = input
  const agent = batch.agent(entry)
  const first = events[0]
  const seenBefore = first !== undefined && batch.holds(first)
  addToAgent(agent, input, { repeated: seenBefore })
  if (first === undefined || entry.envelope.channel === 'control') return
  const traceKey = traceKeyOf(first)
  const row: EventRow = { entry: entry.index, events }
  batch.put(keys.events(traceKey, first.context.span ?? '-', entry.index), encodeRow(row))
  if (first.context.span !== undefined) batch.put(keys.span(first.context.span), encodeDoc(traceKey))
  if (first.context.trace === undefined || !first.id.startsWith(first.context.trace)) {
    for (const event of events)
      batch.put(keys.looseEvent(event.id), encodeDoc({ trace: traceKey, span: event.context.span ?? '-' }))
  }
  foldTrace(batch, traceKey, input, seenBefore)
}

function foldTrace(batch: Batch, traceKey: string, input: FoldInput, seenBefore: boolean): void {
  const before = batch.trace(traceKey)
  const after = addToTrace(before ?? newTrace(traceKey, input.entry.envelope.clock), input, { repeated: seenBefore })
  batch.putTrace(after)
  const was = before === undefined ? [] : conversationsOf(before)
  const is = conversationsOf(after)
  for (const id of was) batch.change(id, (doc) => subtractTrace(doc, before as TraceDoc))
  for (const id of is) batch.change(id, (doc) => addTrace(doc, after))
  for (const id of was) if (!is.includes(id)) batch.remove(keys.member(id, traceKey))
  for (const id of is) batch.put(keys.member(id, traceKey), NOTHING)
  indexNames(batch, traceKey, input.events)
}

/** Posted under the trace: which conversation it belongs to may only be said by a later record. */
function indexNames(batch: Batch, trace: string, events: readonly EventSummary[]): void {
  for (const event of events) {
    const { body } = event
    if (body.kind === 'tool-call') batch.putOnce(keys.named('tool', body.toolName, trace), () => encodeDoc(event.id))
    if (body.kind === 'context-item' && body.origin !== undefined) {
      batch.putOnce(keys.named('document', body.origin, trace), () => encodeDoc(event.id))
    }
    for (const { key, as } of contagionKeys(event).slice(0, POSTINGS_PER_EVENT)) {
      batch.putOnce(keys.posting(key, trace), () => encodeDoc(contextEntry(trace, event, as)))
    }
  }
}

/** Reads through to the store, writes into memory: the whole batch becomes one durable step. */
class Batch {
  readonly #reader: KeyReader
  readonly #puts = new Map<string, Uint8Array | undefined>()
  readonly #agents = new Map<string, AgentDoc>()
  readonly #traces = new Map<string, TraceDoc>()
  readonly #conversations = new Map<string, { before: ConversationDoc | undefined; doc: ConversationDoc }>()

  constructor(reader: KeyReader) {
    this.#reader = reader
  }

  agent(entry: LogEntry): AgentDoc {
    const id = entry.envelope.agent
    const known = this.#agents.get(id) ?? this.#load<AgentDoc>(keys.agent(id)) ?? newAgent(entry)
    this.#agents.set(id, known)
    return known
  }

  trace(key: string): TraceDoc | undefined {
    return this.#traces.get(key) ?? this.#load<TraceDoc>(keys.trace(key))
  }

  putTrace(doc: TraceDoc): void {
    this.#traces.set(doc.key, doc)
  }

  /** True where the same event of the same span was folded before: a retry by another way in, or beyond the log's own window. */
  holds(event: EventSummary): boolean {
    if (event.context.span === undefined) return this.#has(keys.looseEvent(event.id))
    const prefix = keys.eventsOfSpan(traceKeyOf(event), event.context.span)
    const rows = [...this.#reader.scan({ prefix, limit: 16 }), ...this.#pending(prefix)]
    return rows.some(([, bytes]) => idsOfRow(bytes).includes(event.id))
  }

  change(id: string, by: (doc: ConversationDoc) => ConversationDoc): void {
    const known = this.#conversations.get(id)
    const before = known === undefined ? this.#load<ConversationDoc>(keys.conversation(id)) : known.before
    this.#conversations.set(id, { before, doc: by(known?.doc ?? before ?? newConversation(id)) })
  }

  put(key: string, bytes: Uint8Array): void {
    this.#puts.set(key, bytes)
    const span = spanPrefix(key)
    if (span !== undefined) this.#spans.set(span, [...(this.#spans.get(span) ?? []), key])
  }

  /** Keeps what is there: the first writer in log order names the example. */
  putOnce(key: string, bytes: () => Uint8Array): void {
    if (!this.#has(key)) this.#puts.set(key, bytes())
  }

  remove(key: string): void {
    this.#puts.set(key, undefined)
  }

  output(): FoldOutput {
    for (const [id, { before, doc: counted }] of this.#conversations) {
      // A conversation that all its traces have left for the one they named is nobody's.
      const doc = counted.traces === 0 ? { ...counted, agents: [] } : counted
      moveRecent(this, before, doc)
      if (doc.traces === 0) this.remove(keys.conversation(id))
      else this.put(keys.conversation(id), encodeDoc(doc))
      const was = new Set(before?.agents.map(([agent]) => agent))
      const is = new Set(doc.agents.map(([agent]) => agent))
      for (const agent of is.difference(was)) this.#countConversation(agent, 1)
      for (const agent of was.difference(is)) this.#countConversation(agent, -1)
    }
    for (const [key, doc] of this.#traces) this.put(keys.trace(key), encodeDoc(doc))
    for (const [id, doc] of this.#agents) this.put(keys.agent(doc.id), encodeDoc({ ...doc, id }))
    const puts: [string, Uint8Array][] = []
    const deletes: string[] = []
    for (const [key, bytes] of this.#puts) {
      if (bytes === undefined) deletes.push(key)
      else puts.push([key, bytes])
    }
    return { puts, deletes }
  }

  #spans = new Map<string, string[]>()

  #pending(prefix: string): readonly (readonly [string, Uint8Array])[] {
    return (this.#spans.get(prefix) ?? []).flatMap((key) => {
      const bytes = this.#puts.get(key)
      return bytes === undefined ? [] : [[key, bytes] as const]
    })
  }

  #countConversation(agent: string, by: number): void {
    const doc = this.#agents.get(agent) ?? this.#load<AgentDoc>(keys.agent(agent as AgentDoc['id'])) // an id that a document holds
    if (doc === undefined) return
    doc.conversations += by
    this.#agents.set(agent, doc)
  }

  #has(key: string): boolean {
    return this.#puts.has(key) ? this.#puts.get(key) !== undefined : this.#reader.get(key) !== undefined
  }

  #load<T>(key: string): T | undefined {
    const bytes = this.#puts.has(key) ? this.#puts.get(key) : this.#reader.get(key)
    return bytes === undefined ? undefined : decodeDoc<T>(bytes)
  }
}

function spanPrefix(key: string): string | undefined {
  return key.startsWith('e/') ? key.slice(0, key.lastIndexOf('/') + 1) : undefined
}
