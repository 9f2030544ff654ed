import type { EdgeKind, ExecutionGraph, GraphEdge, GraphNode, NodeKind } from '@holdfast/model'

/** A node of which only kind, name, agent and time matter. */
export function graphNode(id: string, kind: NodeKind, change: Partial<GraphNode> = {}): GraphNode {
  return {
    id,
    kind,
    lane: 'tool',
    label: id,
    agent: 'agent-a',
    claimedAt: '100',
    events: [id],
    status: 'ok',
    contents: [],
    bytes: 0,
    tier: 'kernel',
    clock: 'live',
    ...change,
  }
}

export function graphEdge(from: string, to: string, kind: EdgeKind = 'carried'): GraphEdge {
  return { from, to, kind, basis: 'trace' }
}

export function executionGraph(
  conversation: string,
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
): ExecutionGraph {
  return {
    conversation,
    agents: [],
    traces: [],
    nodes,
    edges,
    contradictions: [],
    unjoined: [],
    cut: { nodes: 0, edges: 0, hops: 0 },
  }
}
