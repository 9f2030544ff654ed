import { ConversationGraph } from '@holdfast/graph'
import type { EventSummary } from '@holdfast/model'
import {
  AHEAD_ENTRIES,
  ENTRIES_HELD,
  ENTRIES_PER_GRAPH,
  GRAPHS_CACHED,
  LARGE_ENTRIES,
  SOCKETS_PER_GRAPH,
} from '../limits.ts'
import type { Conversations } from './conversations.ts'
import { decodeBlock, type EventRow } from './event-block.ts'
import type { FoldInput } from './fold-input.ts'
import { keys, traceKeyOf } from './keys.ts'
import { lookAt, type Look } from './sights.ts'
import { claimOf, factOf, meantBy, SocketJoins } from './socket-joins.ts'
import type { ViewSources } from './view-sources.ts'

/** Blocks read at once; each holds up to a whole batch of the fold. */
const SCAN = 32

/** One conversation's graph, kept while it is asked for and extended as entries arrive. */
export type OpenGraph = {
  readonly id: string
  readonly traces: Set<string>
  readonly graph: ConversationGraph
  readonly entries: Set<number>
  /** Entries of connections and model calls that its spans claim, which other traces hold. */
  readonly joined: Set<number>
  /** What its spans claim, with the socket or exchange of each that was seen. */
  readonly sockets: Map<string, string | undefined>
  cut: number
  /** Entries that it had when it was last asked for; 0 where it was opened ahead of that. */
  askedAt: number
  readonly events: EventSummary[]
  /** Made on demand, dropped when an entry is added. */
  look?: Look
}

/** Graphs of conversations that somebody looks at or soon will, within bounds on their number and their entries. */
export class OpenGraphs {
  readonly #store: ViewSources['store']
  readonly #conversations: Conversations
  readonly #sockets: SocketJoins
  readonly #cache = new Map<string, OpenGraph>()
  #still: string | undefined

  constructor({ store }: Pick<ViewSources, 'store'>, conversations: Conversations) {
    this.#store = store
    this.#conversations = conversations
    this.#sockets = new SocketJoins({ store })
  }

  /** The graph of a conversation that somebody asks about; undefined where that is not known. */
  asked(conversation: string): OpenGraph | undefined {
    const cached = this.#open(conversation)
    if (cached !== undefined) cached.askedAt = cached.entries.size
    return cached
  }

  /**
   * Extends the graphs that are open, so that asking again costs the new entries only, and opens those that become large
   * now: reading all their events when somebody asks is a third of what the page takes.
   */
  grew(inputs: readonly FoldInput[]): void {
    const told = inputs.flatMap(({ entry, events: [first, ...others] }) =>
      first === undefined
        ? []
        : [{ trace: traceKeyOf(first), row: { entry: entry.index, events: [first, ...others] } }],
    )
    for (const { row } of told) for (const event of row.events) this.#connected(event, row)
    for (const [trace, rows] of Map.groupBy(told, ({ trace: key }) => key)) {
      const holders = [...this.#cache.values()].filter(({ traces }) => traces.has(trace))
      for (const cached of holders) {
        for (const { row } of rows) this.#extend(cached, row)
        this.#letGo(cached)
      }
      if (holders.length === 0) this.#joinOrOpen(trace)
    }
  }

  /** True where the whole graph of a conversation is at hand. */
  isDerived({ id, entries }: { readonly id: string; readonly entries: number }): boolean {
    const known = this.#cache.get(id)
    return known?.look !== undefined && known.entries.size + known.cut >= entries
  }

  /** All that is asked of that conversation is answered from the graph that is open, whatever was recorded since. */
  holdStill(id: string | undefined): void {
    this.#still = id
  }

  forget(): void {
    this.#cache.clear()
  }

  #open(conversation: string): OpenGraph | undefined {
    const found = this.#conversations.find(conversation)
    if (found === undefined) return undefined
    const { id, entries } = found.doc
    const known = this.#cache.get(id)
    const isWhole = known !== undefined && known.entries.size + known.cut >= entries && isOf(known.traces, found.traces)
    if (known !== undefined && (isWhole || id === this.#still)) {
      this.#cache.delete(id)
      this.#cache.set(id, known)
      return known
    }
    const cached: OpenGraph = {
      id,
      traces: new Set(found.traces),
      graph: new ConversationGraph(id),
      entries: new Set(),
      joined: new Set(),
      sockets: new Map(),
      cut: 0,
      askedAt: 0,
      events: [],
    }
    for (const trace of found.traces) this.#readTrace(cached, trace)
    // What lies in traces past the bound on traces was not even looked at.
    cached.cut = Math.max(cached.cut, entries - cached.entries.size)
    this.#cache.set(id, cached)
    this.#evict()
    return cached
  }

  /** One that has doubled since somebody looked at it is nobody's any more: a storm would keep all of it in memory. */
  #letGo({ id, entries, askedAt }: OpenGraph): void {
    if (entries.size > Math.max(AHEAD_ENTRIES, 2 * askedAt)) this.#cache.delete(id)
  }

  /** Graphs asked for least recently go first; the newest stays, whatever its size. */
  #evict(): void {
    let held = [...this.#cache.values()].reduce((sum, { entries }) => sum + entries.size, 0)
    for (const [id, { entries }] of this.#cache) {
      if (this.#cache.size === 1 || (this.#cache.size <= GRAPHS_CACHED && held <= ENTRIES_HELD)) return
      held -= entries.size
      this.#cache.delete(id)
    }
  }

  /** A trace of which no open graph knew: one more of a conversation that is open, or the one that makes it large. */
  #joinOrOpen(trace: string): void {
    const doc = this.#conversations.namedBy(trace)
    if (doc === undefined || doc.entries < LARGE_ENTRIES) return
    const cached = this.#cache.get(doc.id)
    // Where agents that never met share a name, which trace is whose is found out when somebody asks.
    if (doc.agents.length > 1) return
    if (cached !== undefined) {
      cached.traces.add(trace)
      this.#readTrace(cached, trace)
      changed(cached)
    } else if (doc.entries < 4 * LARGE_ENTRIES && this.#cache.size < GRAPHS_CACHED) this.#open(doc.id)
  }

  #readTrace(cached: OpenGraph, trace: string): void {
    const prefix = keys.eventsOfTrace(trace)
    for (let after: string | undefined; ;) {
      const rows = this.#store.scan({ prefix, limit: SCAN, ...(after === undefined ? {} : { after }) })
      const batch: EventSummary[] = []
      for (const [key, bytes] of rows) {
        after = key
        for (const row of decodeBlock(bytes)) {
          if (cached.entries.has(row.entry)) continue
          if (cached.entries.size >= ENTRIES_PER_GRAPH) cached.cut += 1
          else {
            cached.entries.add(row.entry)
            if (!cached.joined.has(row.entry)) for (const event of row.events) batch.push(event)
          }
        }
      }
      this.#add(cached, batch)
      if (rows.length < SCAN) return
    }
  }

  #extend(cached: OpenGraph, row: EventRow): void {
    if (cached.entries.has(row.entry)) return
    if (cached.entries.size >= ENTRIES_PER_GRAPH) {
      cached.cut += 1
      return
    }
    cached.entries.add(row.entry)
    if (!cached.joined.has(row.entry)) this.#add(cached, row.events)
    changed(cached)
  }

  /** Adds events of the conversation's own, and what was seen of the sockets and model calls that they claim. */
  #add(cached: OpenGraph, events: readonly EventSummary[]): void {
    cached.graph.add(events)
    for (const event of events) {
      cached.events.push(event)
      const claim = claimOf(event)
      if (claim === undefined || cached.sockets.has(claim)) continue
      if (cached.sockets.size >= SOCKETS_PER_GRAPH) {
        cached.cut += 1
        continue
      }
      cached.sockets.set(claim, undefined)
      for (const row of this.#sockets.rowsOf(claim)) joinRow(cached, claim, row)
    }
  }

  /** A fact that an open graph's spans claim. A second one that may be meant takes the certainty from the first. */
  #connected(event: EventSummary, row: EventRow): void {
    const fact = factOf(event)
    if (fact === undefined) return
    for (const [id, cached] of this.#cache) {
      if (!cached.sockets.has(fact)) continue
      const known = cached.sockets.get(fact)
      if (known !== undefined && !meantBy(fact, row).includes(known)) this.#cache.delete(id)
      else joinRow(cached, fact, row)
    }
  }
}

/** All of a graph as it is now, made once for all that is asked of it. */
export function lookOf(cached: OpenGraph): Look {
  cached.look ??= lookAt(cached.graph.snapshot())
  return cached.look
}

function joinRow(cached: OpenGraph, claim: string, row: EventRow): void {
  const [meant] = meantBy(claim, row)
  if (meant !== undefined) cached.sockets.set(claim, meant)
  if (cached.entries.has(row.entry) || cached.joined.has(row.entry)) return
  if (cached.entries.size + cached.joined.size >= ENTRIES_PER_GRAPH) {
    cached.cut += 1
    return
  }
  cached.joined.add(row.entry)
  cached.graph.add(row.events)
  for (const event of row.events) cached.events.push(event)
  changed(cached)
}

function changed(cached: OpenGraph): void {
  delete cached.look
}

function isOf(known: ReadonlySet<string>, traces: readonly string[]): boolean {
  return known.size === traces.length && traces.every((trace) => known.has(trace))
}
