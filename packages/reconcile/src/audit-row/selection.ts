import { backward } from '@holdfast/graph'
import type { AuditItem, EdgeKind, ExecutionGraph, GraphEdge, GraphNode, NodeKind } from '@holdfast/model'
import { DEEDS, ITEMS_PER_PART, PROCESSES_UP } from './limits.ts'

export type Part = AuditItem['part']

/** The nodes of a row in causal order, with what each is to it. */
export type Selection = {
  readonly nodes: readonly { readonly node: GraphNode; readonly part: Part }[]
  readonly edges: readonly GraphEdge[]
  readonly trigger: GraphNode | undefined
  /** From the trigger to the first deed that one leads to. */
  readonly path: readonly string[]
  /** Tool calls that did it. */
  readonly acting: readonly GraphNode[]
  readonly cut: number
}

/** What an act does to the world, and what the kernel saw of it. */
const EFFECTS: ReadonlySet<EdgeKind> = new Set(['spawned', 'touched', 'connected', 'performed', 'sent', 'contains'])
const ABOVE: ReadonlySet<EdgeKind> = new Set(['spawned', 'touched', 'connected', 'performed'])

/**
 * Which nodes belong to a row: the way from the trigger to its deeds, what stood in the context that asked for them, the tools
 * that ran before, and what the acting tools did as far as edges lead. Nothing is taken in because it happened nearby.
 */
export function selectNodes(
  graph: ExecutionGraph,
  subject: { readonly deeds: readonly string[]; readonly events: readonly string[]; readonly withAuthority: boolean },
): Selection {
  const view = new View(graph)
  const named = view.withEvents(subject.events)
  const deeds = view.withEvents(subject.deeds)
  const starts = (deeds.length > 0 ? deeds : named).slice(0, DEEDS)
  const taken = new Taken(view)
  let path: readonly string[] = []
  for (const deed of starts) {
    const reach = backward(graph, deed.id)
    if (path.length === 0) path = reach?.triggerPath ?? []
    for (const id of reach?.triggerPath ?? []) taken.add(id)
    taken.add(deed.id)
    for (const { id } of reach?.nodes ?? []) if (isToolCall(view.node(id))) taken.add(id)
  }
  for (const node of named) taken.add(node.id)
  // What an authority saw under an identity of the incident: no edge leads there, the incident itself holds it together.
  if (subject.withAuthority)
    taken.addAll(graph.nodes.filter(({ kind, tier }) => kind === 'api-call' && tier === 'provider'))
  const acting = actingTools(view, taken, starts)
  for (const tool of acting) taken.addAll(view.effectsOf(tool))
  for (const node of starts) taken.addAll(view.effectsOf(node))
  for (const node of taken.nodes()) if (node.kind === 'tool') taken.addAll(view.askedBy(node))
  for (const node of taken.nodes()) if (node.kind === 'model-call') taken.addAll(view.enteredInto(node))
  for (const node of taken.nodes()) taken.addAll(view.identitiesOf(node))
  const trigger = view.node(path[0] ?? '')
  const parted = taken
    .nodes()
    .map((node) => ({ node, part: node === trigger ? ('trigger' as const) : PARTS[node.kind] }))
  const { kept, cut } = bounded(
    parted,
    new Set([...path, ...starts.map(({ id }) => id), ...acting.map(({ id }) => id)]),
  )
  const ids = new Set(kept.map(({ node }) => node.id))
  const edges = graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to))
  return { nodes: inCausalOrder(kept, edges), edges, trigger, path, acting, cut }
}

const PARTS: Readonly<Record<NodeKind, Part>> = {
  message: 'prompt',
  document: 'prompt',
  memory: 'prompt',
  'tool-definition': 'prompt',
  'model-call': 'model',
  'model-output': 'model',
  tool: 'tools',
  egress: 'egress',
  connection: 'egress',
  'api-call': 'egress',
  process: 'kernel',
  file: 'kernel',
  'kernel-act': 'kernel',
  identity: 'identity',
  agent: 'other',
  delegation: 'other',
  guardrail: 'other',
  step: 'other',
}

function isToolCall(node: GraphNode | undefined): boolean {
  return node?.kind === 'tool'
}

/** The deeds that are tool calls, else the last one on the way to them, else those that they asked for. */
function actingTools(view: View, taken: Taken, deeds: readonly GraphNode[]): readonly GraphNode[] {
  const own = deeds.filter(isToolCall)
  if (own.length > 0) return own
  const before = deeds.flatMap((deed) => view.causeOf(deed) ?? [])
  if (before.length > 0) return before
  return deeds.flatMap((deed) => view.requestedBy(deed)).filter((node) => taken.add(node.id))
}

/** Each part at most {@link ITEMS_PER_PART}, earliest first; what the row is about is never left out. */
function bounded<T extends { readonly node: GraphNode; readonly part: Part }>(
  all: readonly T[],
  needed: ReadonlySet<string>,
): { readonly kept: readonly T[]; readonly cut: number } {
  const counts = new Map<Part, number>()
  const kept = all.filter(({ node, part }) => {
    const count = (counts.get(part) ?? 0) + 1
    counts.set(part, count)
    return count <= ITEMS_PER_PART || needed.has(node.id)
  })
  return { kept, cut: all.length - kept.length }
}

/** Causes before what they cause; of what neither causes, the earlier claim first, then by id. */
function inCausalOrder<T extends { readonly node: GraphNode }>(
  all: readonly T[],
  edges: readonly GraphEdge[],
): readonly T[] {
  const waits = new Map(all.map(({ node }) => [node.id, 0]))
  const next = new Map<string, string[]>()
  for (const { from, to, basis } of edges) {
    // That one came after the other says nothing of cause.
    if (basis === 'temporal') continue
    waits.set(to, (waits.get(to) ?? 0) + 1)
    next.set(from, [...(next.get(from) ?? []), to])
  }
  let left = all.toSorted((a, b) => compareNodes(a.node, b.node))
  const order: T[] = []
  while (left.length > 0) {
    // Where joins by content close a circle, the earliest goes first.
    const free = left.find(({ node }) => waits.get(node.id) === 0) ?? left[0]
    if (free === undefined) break
    order.push(free)
    left = left.filter((other) => other !== free)
    for (const to of next.get(free.node.id) ?? []) waits.set(to, (waits.get(to) ?? 0) - 1)
  }
  return order
}

function compareNodes(a: GraphNode, b: GraphNode): number {
  const [first, second] = [BigInt(a.claimedAt), BigInt(b.claimedAt)]
  if (first !== second) return first < second ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/** The nodes of a row so far, in the order of the graph. */
class Taken {
  readonly #view: View
  readonly #ids = new Set<string>()

  constructor(view: View) {
    this.#view = view
  }

  add(id: string): boolean {
    if (this.#view.node(id) === undefined) return false
    this.#ids.add(id)
    return true
  }

  addAll(nodes: Iterable<GraphNode>): void {
    for (const { id } of nodes) this.#ids.add(id)
  }

  nodes(): readonly GraphNode[] {
    return this.#view.graph.nodes.filter(({ id }) => this.#ids.has(id))
  }
}

class View {
  readonly graph: ExecutionGraph
  readonly #nodes: ReadonlyMap<string, GraphNode>
  readonly #into: ReadonlyMap<string, readonly GraphEdge[]>
  readonly #out: ReadonlyMap<string, readonly GraphEdge[]>

  constructor(graph: ExecutionGraph) {
    this.graph = graph
    this.#nodes = new Map(graph.nodes.map((node) => [node.id, node]))
    this.#into = Map.groupBy(graph.edges, ({ to }) => to)
    this.#out = Map.groupBy(graph.edges, ({ from }) => from)
  }

  node(id: string): GraphNode | undefined {
    return this.#nodes.get(id)
  }

  withEvents(events: readonly string[]): readonly GraphNode[] {
    const wanted = new Set(events)
    return this.graph.nodes.filter((node) => node.events.some((id) => wanted.has(id)))
  }

  /** What a node did, followed along edges of effect, and the processes that a kernel act came from. */
  effectsOf(start: GraphNode): ReadonlySet<GraphNode> {
    const found = new Set<GraphNode>()
    const open = [start]
    for (let node = open.pop(); node !== undefined && found.size < ITEMS_PER_PART; node = open.pop()) {
      for (const { to, kind } of this.#out.get(node.id) ?? []) {
        const next = this.node(to)
        if (next === undefined || !EFFECTS.has(kind) || found.has(next)) continue
        found.add(next)
        open.push(next)
      }
    }
    for (const node of [start, ...found]) for (const above of this.#above(node)) found.add(above)
    found.delete(start)
    return found
  }

  #above(start: GraphNode): readonly GraphNode[] {
    const found: GraphNode[] = []
    let level: readonly GraphNode[] = start.tier === 'kernel' ? [start] : []
    for (let step = 0; step < PROCESSES_UP && level.length > 0; step++) {
      level = level.flatMap((node) =>
        (this.#into.get(node.id) ?? []).flatMap(({ from, kind }) => {
          const source = this.node(from)
          return ABOVE.has(kind) && source?.kind === 'process' && !found.includes(source) ? [source] : []
        }),
      )
      found.push(...level)
    }
    return found
  }

  /** The model's outputs that asked for a tool call, and the calls that gave them. */
  askedBy(tool: GraphNode): readonly GraphNode[] {
    const outputs = this.#sources(tool, 'requested')
    return [...outputs, ...outputs.flatMap((output) => this.#sources(output, 'produced'))]
  }

  enteredInto(call: GraphNode): readonly GraphNode[] {
    return this.#sources(call, 'entered')
  }

  identitiesOf(node: GraphNode): readonly GraphNode[] {
    const near = [
      ...(this.#into.get(node.id) ?? []).flatMap(({ from, kind }) =>
        kind === 'acted-as' ? (this.node(from) ?? []) : [],
      ),
      ...(this.#out.get(node.id) ?? []).flatMap(({ to, kind }) => (kind === 'acted-as' ? (this.node(to) ?? []) : [])),
    ]
    return near.filter(({ kind }) => kind === 'identity')
  }

  /** The nearest tool call above a node. */
  causeOf(node: GraphNode): GraphNode | undefined {
    const reach = backward(this.graph, node.id)
    const nearest = reach?.nodes.filter(({ id }) => isToolCall(this.node(id))).toSorted((a, b) => a.hops - b.hops)[0]
    return nearest === undefined ? undefined : this.node(nearest.id)
  }

  /** Tool calls that a model call or output asked for. */
  requestedBy(node: GraphNode): readonly GraphNode[] {
    const outputs = node.kind === 'model-call' ? this.#targets(node, 'produced') : [node]
    return outputs.flatMap((output) => this.#targets(output, 'requested'))
  }

  #sources(node: GraphNode, kind: EdgeKind): readonly GraphNode[] {
    return (this.#into.get(node.id) ?? []).flatMap((edge) => (edge.kind === kind ? (this.node(edge.from) ?? []) : []))
  }

  #targets(node: GraphNode, kind: EdgeKind): readonly GraphNode[] {
    return (this.#out.get(node.id) ?? []).flatMap((edge) => (edge.kind === kind ? (this.node(edge.to) ?? []) : []))
  }
}
