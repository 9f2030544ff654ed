import type { Answer, DrawnGraph } from '@holdfast/api'
import { backward, ConversationGraph, evidenceStatus, forward } from '@holdfast/graph'
import type { EventSummary, EvidenceStatus, ExecutionGraph } from '@holdfast/model'
import {
  AHEAD_ENTRIES,
  BUNDLE_ENTRIES,
  ENTRIES_HELD,
  ENTRIES_PER_GRAPH,
  GRAPHS_CACHED,
  LARGE_ENTRIES,
  SOCKETS_PER_GRAPH,
} from '../limits.ts'
import { toApiEvent } from './api-event.ts'
import { erasuresIn } from './erasures.ts'
import { decodeBlock, type EventRow } from './event-block.ts'
import { drawGraph } from './drawn-graph.ts'
import { lookAt, rowsOf, Sights, type Look, type LookRow } from './sights.ts'
import { sightOf } from './sight.ts'
import { stripOf, type StripTimes } from './strip-of.ts'
import { claimOf, factOf, meantBy, SocketJoins } from './socket-joins.ts'
import type { FoldInput } from './fold-input.ts'
import { keys, traceKeyOf } from './keys.ts'
import type { Conversations } from './conversations.ts'
import type { Exportable, WorkspaceQuestions } from './messages.ts'
import { QuestionError, type ViewSources } from './view-sources.ts'

/** Blocks read at once; each holds up to a whole batch of the fold. */
const SCAN = 32
const ROWS = 200

/** One conversation's graph, kept while it is asked for and extended as entries arrive. */
type Cached = {
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

/** Conversations put together. */
export type United = {
  readonly name: string
  readonly conversations: readonly string[]
  readonly entries: readonly number[]
  readonly cut: number
  readonly events: readonly EventSummary[]
  readonly graph: ExecutionGraph
}

/** Questions about one conversation's execution graph, or that of several. */
export class GraphQueries {
  readonly #store: ViewSources['store']
  readonly #reader: ViewSources['reader']
  readonly #conversations: Conversations
  readonly #sockets: SocketJoins
  readonly #cache = new Map<string, Cached>()
  /** What several conversations were put together to last: of one incident many things are asked in a row. */
  #lastUnited: { readonly of: string; readonly united: United } | undefined
  readonly #sights = new Sights()
  #still: string | undefined

  constructor({ store, reader }: ViewSources, conversations: Conversations) {
    this.#store = store
    this.#reader = reader
    this.#conversations = conversations
    this.#sockets = new SocketJoins({ store })
  }

  graph({ conversation, query }: WorkspaceQuestions['getGraph']): ExecutionGraph | undefined {
    return this.#look(conversation, query)?.graph
  }

  drawn({ conversation, query }: WorkspaceQuestions['getDrawnGraph']): DrawnGraph | undefined {
    const look = this.#look(conversation, query)
    if (look === undefined) return undefined
    const key = JSON.stringify([query.mode, query.focus, query.hide, query.without, query.hubs, query.limit])
    const known = look.drawn.get(key)
    if (known !== undefined) return known
    const { at } = sightOf(query)
    const drawn = { ...drawGraph(look.graph, query), ...(at === undefined ? {} : { at: at.toString() }) }
    if (look.drawn.size < 32) look.drawn.set(key, drawn)
    return drawn
  }

  rows({ conversation, query }: WorkspaceQuestions['listRows']): Answer<'listRows'> | undefined {
    const look = this.#look(conversation, query)
    if (look === undefined) return undefined
    const wanted = rowsOf(look).filter(rowFilter(query))
    const start = query.offset ?? (query.cursor === undefined ? 0 : Number.parseInt(query.cursor, 10))
    if (!Number.isSafeInteger(start) || start < 0)
      throw new QuestionError(400, `cursor "${query.cursor ?? ''}" is not one that this list gave`)
    const page = wanted.slice(start, start + (query.limit ?? ROWS))
    const end = start + page.length
    return {
      items: page.map(
        ({
          row,
          table: {
            node: { rivals, tiers, ...node },
          },
          index,
        }) => ({
          ...node,
          events: [...node.events],
          contents: [...node.contents],
          ...(rivals === undefined ? {} : { rivals: [...rivals] }),
          ...(tiers === undefined ? {} : { tiers: [...tiers] }),
          depth: row.depth,
          children: row.children,
          index,
          ...(row.parent === undefined ? {} : { parent: row.parent }),
        }),
      ),
      total: wanted.length,
      ...(end < wanted.length ? { nextCursor: String(end) } : {}),
    }
  }

  reach({ conversation, query }: WorkspaceQuestions['getReach']): Answer<'getReach'> | undefined {
    const look = this.#look(conversation, query)
    if (look === undefined) return undefined
    const follow = query.direction === 'forward' ? forward : backward
    const reach = follow(look.graph, query.node, { provenOnly: query.proven === 'true' })
    if (reach === undefined) throw new QuestionError(404, `no node "${query.node}" in this conversation`)
    return {
      from: query.node,
      direction: query.direction,
      nodes: reach.nodes.map(({ id, hops, proven }) => ({ id, hops, proven })),
      edges: reach.edges.map(({ values, ...edge }) => ({
        ...edge,
        ...(values === undefined ? {} : { values: [...values] }),
      })),
      path: [...reach.triggerPath],
      cut: reach.cut,
    }
  }

  /** When what is looked at began; undefined where the conversation is not known. */
  strip({ conversation, query }: WorkspaceQuestions['getStrip']): StripTimes | undefined {
    const sight = sightOf(query)
    const united = this.#together(conversation, sight.with)
    return united === undefined ? undefined : stripOf(united, sight.by)
  }

  /** The artifacts of these conversations as one; undefined where none of them is known. */
  evidence(conversations: readonly string[], name?: string): EvidenceStatus | undefined {
    const united = this.united(conversations, name)
    return united === undefined ? undefined : this.#evidenceOf(united)
  }

  exportable(conversations: readonly string[], name?: string): Exportable | undefined {
    const united = this.united(conversations, name)
    if (united === undefined) return undefined
    const { entries, events, graph, cut } = united
    return {
      name: united.name,
      conversations: united.conversations,
      entries: entries.slice(0, BUNDLE_ENTRIES),
      cut: cut + Math.max(0, entries.length - BUNDLE_ENTRIES),
      files: [
        ['graph.json', JSON.stringify(graph)],
        ['evidence.json', JSON.stringify(this.#evidenceOf(united))],
        ['events.json', JSON.stringify(events.map((event) => toApiEvent(event, { index: event.entry })))],
      ],
    }
  }

  #evidenceOf({ name, events, graph }: United): EvidenceStatus {
    return evidenceStatus(name, events, graph, erasuresIn(this.#reader))
  }

  /** One graph of several conversations; `name` is what it goes by, else that of the first. */
  united(conversations: readonly string[], name?: string): United | undefined {
    const parts = conversations.flatMap((conversation) => this.#asked(conversation) ?? [])
    const [first, ...others] = parts
    if (first === undefined) return undefined
    const known = { name: name ?? first.id, conversations: [...new Set(parts.map(({ id }) => id))] }
    const entries = [...new Set(parts.flatMap((part) => [...part.entries, ...part.joined]))].toSorted((a, b) => a - b)
    const cut = parts.reduce((sum, part) => sum + part.cut, 0)
    if (others.length === 0) return { ...known, entries, cut, events: first.events, graph: snapshotOf(first) }
    const of = JSON.stringify([known, parts.map((part) => [part.entries.size, part.joined.size, part.cut])])
    if (this.#lastUnited?.of === of) return this.#lastUnited.united
    const events = [...new Map(parts.flatMap((part) => part.events.map((event) => [event.id, event]))).values()]
    const graph = new ConversationGraph(known.name)
    graph.add(events)
    const united = { ...known, entries, cut, events, graph: graph.snapshot() }
    this.#lastUnited = { of, united }
    return united
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
    this.#lastUnited = undefined
    this.#sights.forget()
  }

  /** What a question is answered from; undefined where its conversation is not known. Throws 404 for one beside it. */
  #look(conversation: string, query: Parameters<typeof sightOf>[0] = {}): Look | undefined {
    const sight = sightOf(query)
    if (sight.at === undefined && sight.with.length === 0) {
      const cached = this.#asked(conversation)
      return cached === undefined ? undefined : lookOf(cached)
    }
    const united = this.#together(conversation, sight.with)
    return united === undefined ? undefined : this.#sights.look(united, sight)
  }

  #together(conversation: string, others: readonly string[]): United | undefined {
    if (this.#asked(conversation) === undefined) return undefined
    for (const other of others)
      if (this.#asked(other) === undefined) throw new QuestionError(404, `no conversation "${other}" to show beside it`)
    return this.united([conversation, ...others])
  }

  /** The graph of a conversation that somebody asks about. */
  #asked(conversation: string): Cached | undefined {
    const cached = this.#open(conversation)
    if (cached !== undefined) cached.askedAt = cached.entries.size
    return cached
  }

  #open(conversation: string): Cached | undefined {
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
    const cached: Cached = {
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
  #letGo({ id, entries, askedAt }: Cached): void {
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

  #readTrace(cached: Cached, trace: string): void {
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

  #extend(cached: Cached, row: EventRow): void {
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
  #add(cached: Cached, events: readonly EventSummary[]): void {
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

function joinRow(cached: Cached, claim: string, row: EventRow): void {
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

function changed(cached: Cached): void {
  delete cached.look
}

function isOf(known: ReadonlySet<string>, traces: readonly string[]): boolean {
  return known.size === traces.length && traces.every((trace) => known.has(trace))
}

function snapshotOf(cached: Cached): ExecutionGraph {
  return lookOf(cached).graph
}

function lookOf(cached: Cached): Look {
  cached.look ??= lookAt(cached.graph.snapshot())
  return cached.look
}

function rowFilter({
  kind,
  q,
  node: ids,
  unjoined,
}: WorkspaceQuestions['listRows']['query']): (row: LookRow) => boolean {
  const needle = q?.toLowerCase()
  const wanted = ids === undefined ? undefined : new Set(ids.split(','))
  return ({ table: { node } }) =>
    (kind === undefined || node.kind === kind) &&
    (wanted === undefined || wanted.has(node.id)) &&
    (unjoined === undefined || (node.unjoined === true) === (unjoined === 'true')) &&
    (needle === undefined || node.label.toLowerCase().includes(needle) || node.events.some((id) => id.includes(needle)))
}
