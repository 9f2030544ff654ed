import type { ExecutionGraph, GraphEdge, GraphNode } from '@holdfast/model'

/** `kind label -> kind label (edge, basis)`, sorted: what a test can state and a reader can check. */
export function edgesOf(graph: ExecutionGraph, ...kinds: readonly GraphEdge['kind'][]): readonly string[] {
  const names = new Map(graph.nodes.map((node) => [node.id, `${node.kind} ${node.label}`]))
  return graph.edges
    .filter((edge) => kinds.length === 0 || kinds.includes(edge.kind))
    .map((edge) => `${names.get(edge.from)} -> ${names.get(edge.to)} (${edge.kind}, ${edge.basis})`)
    .toSorted()
}

export function nodesOf(graph: ExecutionGraph, kind: GraphNode['kind']): readonly GraphNode[] {
  return graph.nodes.filter((node) => node.kind === kind)
}

/** The only node of a kind, and of a label where one is given. */
export function onlyNode(graph: ExecutionGraph, kind: GraphNode['kind'], label?: string): GraphNode {
  const [node, ...others] = nodesOf(graph, kind).filter((each) => label === undefined || each.label === label)
  if (node === undefined || others.length > 0)
    throw new Error(`${others.length + (node === undefined ? 0 : 1)} nodes ${kind} ${label}`)
  return node
}
