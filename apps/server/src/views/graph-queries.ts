import type { Answer, DrawnGraph } from '@holdfast/api'
import { backward, ConversationGraph, evidenceStatus, forward } from '@holdfast/graph'
import type { EventSummary, EvidenceStatus, ExecutionGraph } from '@holdfast/model'
import { BUNDLE_ENTRIES } from '../limits.ts'
import { toApiEvent } from './api-event.ts'
import type { Conversations } from './conversations.ts'
import { drawGraph } from './drawn-graph.ts'
import { erasuresIn } from './erasures.ts'
import type { FoldInput } from './fold-input.ts'
import type { Exportable, WorkspaceQuestions } from './messages.ts'
import { lookOf, OpenGraphs } from './open-graphs.ts'
import { sightOf } from './sight.ts'
import { rowsOf, Sights, type Look, type LookRow } from './sights.ts'
import { stripOf, type StripTimes } from './strip-of.ts'
import { QuestionError, type ViewSources } from './view-sources.ts'

const ROWS = 200

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
  readonly #reader: ViewSources['reader']
  readonly #graphs: OpenGraphs
  /** What several conversations were put together to last: of one incident many things are asked in a row. */
  #lastUnited: { readonly of: string; readonly united: United } | undefined
  readonly #sights = new Sights()

  constructor({ store, reader }: ViewSources, conversations: Conversations) {
    this.#reader = reader
    this.#graphs = new OpenGraphs({ store }, conversations)
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
    const { node, proven: isProvenOnly, via } = query
    const reach = follow(look.graph, node, {
      provenOnly: isProvenOnly === 'true',
      ...(via === undefined ? {} : { via }),
    })
    if (reach === undefined) throw new QuestionError(404, `no node "${node}" in this conversation`)
    const onPath = new Set(via === undefined ? [] : reach.triggerPath)
    const through = look.graph.nodes.find(({ id, events }) => onPath.has(id) && events.includes(via ?? ''))
    return {
      from: node,
      direction: query.direction,
      nodes: reach.nodes.map(({ id, hops, proven }) => ({ id, hops, proven })),
      edges: reach.edges.map(({ values, ...edge }) => ({
        ...edge,
        ...(values === undefined ? {} : { values: [...values] }),
      })),
      path: [...reach.triggerPath],
      ...(through === undefined ? {} : { via: through.id }),
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
    const parts = conversations.flatMap((conversation) => this.#graphs.asked(conversation) ?? [])
    const [first, ...others] = parts
    if (first === undefined) return undefined
    const known = { name: name ?? first.id, conversations: [...new Set(parts.map(({ id }) => id))] }
    const entries = [...new Set(parts.flatMap((part) => [...part.entries, ...part.joined]))].toSorted((a, b) => a - b)
    const cut = parts.reduce((sum, part) => sum + part.cut, 0)
    if (others.length === 0) return { ...known, entries, cut, events: first.events, graph: lookOf(first).graph }
    const of = JSON.stringify([known, parts.map((part) => [part.entries.size, part.joined.size, part.cut])])
    if (this.#lastUnited?.of === of) return this.#lastUnited.united
    const events = [...new Map(parts.flatMap((part) => part.events.map((event) => [event.id, event]))).values()]
    const graph = new ConversationGraph(known.name)
    graph.add(events)
    const united = { ...known, entries, cut, events, graph: graph.snapshot() }
    this.#lastUnited = { of, united }
    return united
  }

  /** Tells the graphs that are open what was recorded. */
  grew(inputs: readonly FoldInput[]): void {
    this.#graphs.grew(inputs)
  }

  /** True where the whole graph of a conversation is at hand. */
  isDerived(conversation: { readonly id: string; readonly entries: number }): boolean {
    return this.#graphs.isDerived(conversation)
  }

  /** All that is asked of that conversation is answered from the graph that is open, whatever was recorded since. */
  holdStill(id: string | undefined): void {
    this.#graphs.holdStill(id)
  }

  forget(): void {
    this.#graphs.forget()
    this.#lastUnited = undefined
    this.#sights.forget()
  }

  /** What a question is answered from; undefined where its conversation is not known. Throws 404 for one beside it. */
  #look(conversation: string, query: Parameters<typeof sightOf>[0] = {}): Look | undefined {
    const sight = sightOf(query)
    if (sight.at === undefined && sight.with.length === 0) {
      const cached = this.#graphs.asked(conversation)
      return cached === undefined ? undefined : lookOf(cached)
    }
    const united = this.#together(conversation, sight.with)
    return united === undefined ? undefined : this.#sights.look(united, sight)
  }

  #together(conversation: string, others: readonly string[]): United | undefined {
    if (this.#graphs.asked(conversation) === undefined) return undefined
    for (const other of others)
      if (this.#graphs.asked(other) === undefined)
        throw new QuestionError(404, `no conversation "${other}" to show beside it`)
    return this.united([conversation, ...others])
  }
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
