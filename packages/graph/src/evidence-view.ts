import type {
  ContentRef,
  ContentState,
  EdgeKind,
  EventKind,
  EventSummary,
  ExecutionGraph,
  GraphEdge,
  GraphNode,
} from '@holdfast/model'

import { join } from './derive/facet.ts'
import { mergeDuplicates } from './merge-duplicates.ts'
import type { Topic } from './remedies.ts'
import {
  ERASED_REMEDY,
  LOST_REMEDY,
  NOT_SEEN_REMEDY,
  REFERENCE_REMEDY,
  remedyFor,
  TRUNCATED_REMEDY,
} from './remedies.ts'

/** One thing that the graph says must exist, and what is there of it. */
export type Item = {
  /** An event id, or a node id where no event tells of it. */
  readonly item: string
  readonly kind: EventKind
  readonly state: ContentState | 'lost'
  readonly value: number
  readonly bytes: number
  readonly at?: bigint
  readonly reason: string
  readonly remedy: string
}

/** Looks up events and neighbours of the nodes of a graph. */
export class EvidenceView {
  readonly graph: ExecutionGraph
  readonly #events: ReadonlyMap<string, EventSummary>
  readonly #nodes: ReadonlyMap<string, GraphNode>
  readonly #into = new Map<string, GraphEdge[]>()
  readonly #out = new Map<string, GraphEdge[]>()
  /** Made when it is first asked for; by what an item names. */
  #newest: ReadonlyMap<string, number> | undefined

  constructor(events: readonly EventSummary[], graph: ExecutionGraph) {
    this.graph = graph
    this.#events = byId(events)
    this.#nodes = new Map(graph.nodes.map((node) => [node.id, node]))
    for (const edge of graph.edges) {
      append(this.#into, edge.to, edge)
      append(this.#out, edge.from, edge)
    }
  }

  nodes(...kinds: readonly GraphNode['kind'][]): readonly GraphNode[] {
    return this.graph.nodes.filter((node) => kinds.includes(node.kind))
  }

  node(id: string): GraphNode | undefined {
    return this.#nodes.get(id)
  }

  events(node: GraphNode): readonly EventSummary[] {
    return node.events.flatMap((id) => this.#events.get(id) ?? [])
  }

  into(node: GraphNode, ...kinds: readonly EdgeKind[]): readonly GraphEdge[] {
    return (this.#into.get(node.id) ?? []).filter((edge) => kinds.includes(edge.kind))
  }

  out(node: GraphNode, ...kinds: readonly EdgeKind[]): readonly GraphEdge[] {
    return (this.#out.get(node.id) ?? []).filter((edge) => kinds.includes(edge.kind))
  }

  /**
   * The newest log entry that tells of an item: of its node, and of what it returned or acted as, where its text or its
   * principal may stand. Rather one too new than one too old: what is sealed is judged by it.
   */
  newestEntry({ item }: Pick<Item, 'item'>): number | undefined {
    this.#newest ??= this.#newestEntries()
    return this.#newest.get(item)
  }

  #newestEntries(): ReadonlyMap<string, number> {
    const newest = new Map<string, number>()
    for (const node of this.graph.nodes) {
      const item = node.events[0] ?? node.id
      const joined = this.out(node, 'returned', 'acted-as').flatMap(({ to }) => this.node(to) ?? [])
      for (const { entry } of [node, ...joined].flatMap((one) => this.events(one)))
        if (entry > (newest.get(item) ?? -1)) newest.set(item, entry)
    }
    return newest
  }

  dialect(node: GraphNode): string {
    return this.events(node)[0]?.source.dialect ?? 'unknown'
  }
}

export type Expected = {
  readonly node: GraphNode
  readonly kind: EventKind
  readonly topic: Topic
  readonly dialect: string
  /** Every observation of the content; the best counts. Empty where none came. */
  readonly refs: readonly ContentRef[]
  /** Said where there is no observation at all. */
  readonly absent: string
}

/** What is there of one expected content. */
export function contentItem({ node, kind, topic, dialect, refs, absent }: Expected): Item {
  const [first, ...others] = refs
  const at = BigInt(node.claimedAt)
  const item = node.events[0] ?? node.id
  if (first === undefined)
    return { item, kind, state: 'lost', value: 0, bytes: 0, at, reason: absent, remedy: LOST_REMEDY }
  let facet = join(undefined, first)
  for (const ref of others) facet = join(facet, ref)
  const { best } = facet
  return {
    item,
    kind,
    state: best.state,
    value: valueOf(best.state),
    bytes: 'bytes' in best ? best.bytes : 0,
    at,
    ...explain(best, dialect, topic),
  }
}

/** Worth of an item by formula: complete 1, truncated 0.5, lost or left out 0. Suppressed items leave the sum. */
export function valueOf(state: ContentState | 'lost'): number {
  switch (state) {
    case 'captured':
    case 'redacted':
      return 1
    case 'truncated':
      return 0.5
    case 'suppressed':
    case 'not-captured':
    case 'lost':
      return 0
  }
}

function explain(ref: ContentRef, dialect: string, topic: Topic): { readonly reason: string; readonly remedy: string } {
  switch (ref.state) {
    case 'captured':
      return { reason: 'captured', remedy: '' }
    case 'redacted':
      return { reason: 'captured with credentials masked', remedy: '' }
    case 'truncated':
      return { reason: 'the source cut it', remedy: TRUNCATED_REMEDY }
    case 'suppressed':
      return { reason: `suppressed by rule ${ref.rule}`, remedy: 'change the capture policy if it should be kept' }
    case 'not-captured':
      switch (ref.reason) {
        case 'instrumentation-omits':
          return { reason: `the ${dialect} instrumentation left it out`, remedy: remedyFor(dialect, topic) }
        case 'dialect-has-no-field':
          return { reason: `the ${dialect} dialect has no field for it`, remedy: remedyFor(dialect, topic) }
        case 'reference-only':
          return { reason: 'the source sent a reference that nobody fetched', remedy: REFERENCE_REMEDY }
        case 'not-seen':
          return { reason: 'it went by unseen, or was lost on the way', remedy: NOT_SEEN_REMEDY }
        case 'erased':
          return { reason: 'it was erased', remedy: ERASED_REMEDY }
      }
  }
}

/** Two events with one id are one, as in the graph: a copy that came later must not speak for a stronger tier. */
function byId(events: readonly EventSummary[]): ReadonlyMap<string, EventSummary> {
  const found = new Map<string, EventSummary>()
  for (const event of events) {
    const known = found.get(event.id)
    found.set(event.id, known === undefined ? event : mergeDuplicates(known, event))
  }
  return found
}

function append(map: Map<string, GraphEdge[]>, key: string, edge: GraphEdge): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [edge])
  else known.push(edge)
}
