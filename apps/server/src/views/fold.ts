import { sourceTag } from '@holdfast/capture'
import { contagionKeys, contextEntry } from '@holdfast/graph'
import { CONTROL_AGENT, type EventSummary, type LogEntry } from '@holdfast/model'
import { POSTINGS_PER_EVENT } from '../limits.ts'
import { encodeBlock, type EventRow } from './event-block.ts'
import { addToAgent, isPrincipal, newAgent } from './agent-doc.ts'
import { addTrace, listedAgents, moveRecent, newConversation, subtractTrace } from './conversation-doc.ts'
import { type AgentDoc, type ConversationDoc, decodeDoc, encodeDoc, type LooseDoc, type TraceDoc } from './docs.ts'
import { epochOf, keys, traceKeyOf } from './keys.ts'
import { encodePosting } from './posting.ts'
import type { FoldInput } from './fold-input.ts'
import { wordsOf } from './name-words.ts'
import { factOf } from './socket-joins.ts'
import { decodeIds, encodeIds, type Place, placeOf } from './span-index.ts'
import { addToTrace, conversationsOf, newTrace, type Told } from './trace-doc.ts'

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
  batch.addRow(traceKey, { entry: entry.index, events })
  batch.tell(traceKey, { input, repeated: seenBefore })
  indexNames(batch, traceKey, input)
}

/** Posted under the trace: which conversation it belongs to may only be said by a later record. */
function indexNames(batch: Batch, trace: string, { entry, events }: FoldInput): void {
  const posted = { epoch: epochOf(entry.index), teller: sourceTag(entry.envelope), trace }
  for (const event of events) {
    const { body } = event
    if (body.kind === 'tool-call') {
      batch.putOnce(trace, keys.named('tool', body.toolName, trace), () => {
        indexWords(batch, 'tool', { name: body.toolName })
        return encodeDoc(event.id)
      })
    }
    if (body.kind === 'context-item' && body.origin !== undefined) {
      batch.putOnce(trace, keys.named('document', body.origin, trace), () => encodeDoc(event.id))
      indexWords(batch, 'document', { name: body.origin, ...(body.uri === undefined ? {} : { uri: body.uri }) })
    }
    // All postings of one text say the same.
    let last: { readonly as: string; readonly bytes: Uint8Array } | undefined
    for (const { key, as } of contagionKeys(event).slice(0, POSTINGS_PER_EVENT)) {
      batch.putOnce(trace, keys.posting(key, posted), () => {
        if (last?.as !== as) last = { as, bytes: encodePosting(contextEntry(trace, event, as)) }
        return last.bytes
      })
    }
  }
}

/** By the words of a name and of the address that it was read at, which no trace owns. */
function indexWords(
  batch: Batch,
  kind: 'tool' | 'document',
  { name, uri = '' }: { readonly name: string; readonly uri?: string },
): void {
  // Looking for its ten or so words is a third of what folding a known document takes: once for all that name it in a batch.
  if (!batch.isFirst(JSON.stringify([kind, name, uri]))) return
  for (const word of new Set([...wordsOf(name), ...wordsOf(uri)]))
    batch.putIfAbsent(keys.word(kind, word, name), () => encodeDoc(uri))
}

/** The rows of one trace in one batch, and which events of its spans they hold, by the start of their ids. */
type Block = {
  readonly rows: EventRow[]
  readonly spans: Map<string, { readonly place: Place; readonly ids: Set<string> }>
  /** Entries that tell of a connection, by its five-tuple. */
  readonly connections: Map<string, number[]>
}

/** Reads through to the store, writes into memory: the whole batch becomes one durable step. */
class Batch {
  readonly #reader: KeyReader
  readonly #puts = new Map<string, Uint8Array | undefined>()
  /** `listed`: under which key it was listed before the batch. */
  readonly #agents = new Map<string, { readonly listed: string | undefined; readonly doc: AgentDoc }>()
  /** `told`: what the batch adds, all of which is put in at its end. */
  readonly #traces = new Map<string, { readonly before: TraceDoc | undefined; readonly told: Told[] }>()
  readonly #blocks = new Map<string, Block>()
  readonly #conversations = new Map<string, { readonly before: ConversationDoc | undefined; doc: ConversationDoc }>()
  /** What was looked for already: no more than the batch names. */
  readonly #seen = new Set<string>()

  constructor(reader: KeyReader) {
    this.#reader = reader
  }

  agent(entry: LogEntry): AgentDoc {
    const known = this.#knownAgent(entry.envelope.agent)
    if (known !== undefined) return known
    const doc = newAgent(entry)
    this.#agents.set(doc.id, { listed: undefined, doc })
    return doc
  }

  tell(trace: string, told: Told): void {
    this.#openTrace(trace).told.push(told)
  }

  addRow(trace: string, row: EventRow): void {
    const block: Block = this.#blocks.get(trace) ?? { rows: [], spans: new Map(), connections: new Map() }
    this.#blocks.set(trace, block)
    block.rows.push(row)
    const firstEntry = block.rows[0]?.entry ?? row.entry
    for (const event of row.events) {
      const fact = factOf(event)
      if (fact !== undefined) block.connections.set(fact, [...(block.connections.get(fact) ?? []), row.entry])
      const place = placeOf(event.id)
      if (place?.trace === trace) {
        const known = block.spans.get(place.prefix)
        if (known !== undefined) known.ids.add(event.id)
        else {
          block.spans.set(place.prefix, { place, ids: new Set([event.id]) })
          this.put(keys.traceOfSpan(epochOf(row.entry), place), NOTHING)
        }
      } else this.put(keys.looseEvent(event.id), encodeDoc({ trace, block: firstEntry } satisfies LooseDoc))
    }
  }

  /** True where the same event of the same span was folded before: a retry by another way in, or beyond the log's own window. */
  holds(event: EventSummary): boolean {
    const trace = traceKeyOf(event)
    const place = placeOf(event.id)
    if (place?.trace !== trace) return this.#has(keys.looseEvent(event.id))
    if (this.#blocks.get(trace)?.spans.get(place.prefix)?.ids.has(event.id) === true) return true
    if (this.#isNew(trace)) return false
    const rows = this.#reader.scan({ prefix: keys.spanInTrace(place), limit: 16 })
    return rows.some(([, bytes]) => decodeIds(place.prefix, bytes).includes(event.id))
  }

  /** True the first time that the batch comes to this. */
  isFirst(what: string): boolean {
    if (this.#seen.has(what)) return false
    this.#seen.add(what)
    return true
  }

  put(key: string, bytes: Uint8Array): void {
    this.#puts.set(key, bytes)
  }

  /** Keeps what is there, under a key of that trace: the first writer in log order names the example. */
  putOnce(trace: string, key: string, bytes: () => Uint8Array): void {
    if (!this.#puts.has(key) && (this.#isNew(trace) || this.#reader.get(key) === undefined))
      this.#puts.set(key, bytes())
  }

  putIfAbsent(key: string, bytes: () => Uint8Array): void {
    if (!this.#puts.has(key) && this.#reader.get(key) === undefined) this.#puts.set(key, bytes())
  }

  remove(key: string): void {
    this.#puts.set(key, undefined)
  }

  output(): FoldOutput {
    for (const [key, { before, told }] of this.#traces) {
      const [first] = told
      if (first === undefined) continue
      const doc = addToTrace(before ?? newTrace(key, first.input.entry.envelope.clock), told)
      this.#countTrace(before, doc)
      this.put(keys.trace(key), encodeDoc(doc))
    }
    for (const [id, { before, doc: counted }] of this.#conversations) {
      // A conversation that all its traces have left for the one they named is nobody's.
      const doc = counted.traces === 0 ? { ...counted, agents: [] } : counted
      moveRecent(this, before, doc)
      if (doc.traces === 0) this.remove(keys.conversation(id))
      else this.put(keys.conversation(id), encodeDoc(doc))
      const was = new Set(before === undefined ? [] : listedAgents(before).map(([agent]) => agent))
      const is = new Set(listedAgents(doc).map(([agent]) => agent))
      for (const agent of is.difference(was)) this.#countConversation(agent, 1)
      for (const agent of was.difference(is)) this.#countConversation(agent, -1)
    }
    this.#putAgents()
    for (const [trace, block] of this.#blocks) this.#putBlock(trace, block)
    const puts: [string, Uint8Array][] = []
    const deletes: string[] = []
    for (const [key, bytes] of this.#puts) {
      if (bytes === undefined) deletes.push(key)
      else puts.push([key, bytes])
    }
    // In the store's own order neighbours land on one page.
    return { puts: puts.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)), deletes }
  }

  /** True where the store holds nothing of the trace, so that nothing of it need be looked for. */
  #isNew(trace: string): boolean {
    return this.#openTrace(trace).before === undefined
  }

  #openTrace(key: string): { readonly before: TraceDoc | undefined; readonly told: Told[] } {
    const known = this.#traces.get(key)
    if (known !== undefined) return known
    const opened = { before: this.#load<TraceDoc>(keys.trace(key)), told: [] }
    this.#traces.set(key, opened)
    return opened
  }

  /** Takes what the trace counted before the batch out of its conversations, and puts in what it counts now. */
  #countTrace(before: TraceDoc | undefined, after: TraceDoc): void {
    const was = before === undefined ? [] : conversationsOf(before)
    const is = conversationsOf(after)
    for (const id of was) this.#change(id, (doc) => subtractTrace(doc, before as TraceDoc)) // `was` is empty without it
    for (const id of is) this.#change(id, (doc) => addTrace(doc, after))
    for (const id of was) if (!is.includes(id)) this.remove(keys.member(id, after.key))
    for (const id of is) if (!was.includes(id)) this.put(keys.member(id, after.key), NOTHING)
  }

  #change(id: string, by: (doc: ConversationDoc) => ConversationDoc): void {
    const known = this.#conversations.get(id)
    const before = known === undefined ? this.#load<ConversationDoc>(keys.conversation(id)) : known.before
    this.#conversations.set(id, { before, doc: by(known?.doc ?? before ?? newConversation(id)) })
  }

  #putAgents(): void {
    let more = 0
    for (const { listed, doc } of this.#agents.values()) {
      this.put(keys.agent(doc.id), encodeDoc(doc))
      // The product's own records are no agent's.
      if (doc.id === CONTROL_AGENT) continue
      const listing = listingOf(doc)
      const wasAgent = listed?.startsWith(keys.recentAgents()) ?? false
      more += Number(listing.startsWith(keys.recentAgents())) - Number(wasAgent)
      if (listed === listing) continue
      if (listed !== undefined) this.remove(listed)
      this.put(listing, NOTHING)
    }
    if (more !== 0) this.put(keys.agentCount(), encodeDoc((this.#load<number>(keys.agentCount()) ?? 0) + more))
  }

  #putBlock(trace: string, { rows, spans, connections }: Block): void {
    const firstEntry = rows[0]?.entry ?? 0
    this.put(keys.events(trace, firstEntry), encodeBlock(rows))
    for (const [tuple, entries] of connections) this.put(keys.connection(tuple, trace, firstEntry), encodeDoc(entries))
    for (const [prefix, { place, ids }] of spans) this.put(keys.span(place, firstEntry), encodeIds(prefix, ids))
  }

  #countConversation(agent: string, by: number): void {
    const doc = this.#knownAgent(agent as AgentDoc['id']) // an id that a document holds
    if (doc !== undefined) doc.conversations += by
  }

  #knownAgent(id: AgentDoc['id']): AgentDoc | undefined {
    const known = this.#agents.get(id)?.doc
    if (known !== undefined) return known
    const doc = this.#load<AgentDoc>(keys.agent(id))
    if (doc !== undefined) this.#agents.set(id, { listed: listingOf(doc), doc })
    return doc
  }

  #has(key: string): boolean {
    return this.#puts.has(key) ? this.#puts.get(key) !== undefined : this.#reader.get(key) !== undefined
  }

  #load<T>(key: string): T | undefined {
    const bytes = this.#puts.has(key) ? this.#puts.get(key) : this.#reader.get(key)
    return bytes === undefined ? undefined : decodeDoc<T>(bytes)
  }
}

/** The key under which an agent stands in its list. */
function listingOf(doc: AgentDoc): string {
  return isPrincipal(doc) ? keys.recentPrincipal(doc.lastRecorded, doc.id) : keys.recentAgent(doc.lastRecorded, doc.id)
}
