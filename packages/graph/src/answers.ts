import type { EdgeBasis, EdgeKind, GraphEdge, GraphNode, Lane, NodeKind } from '@holdfast/model'

/** What a node reached, or what made it happen. */
export type Reach = {
  readonly direction: 'forward' | 'backward'
  readonly start: string
  /** Nearest first; the start is absent. */
  readonly nodes: readonly ReachedNode[]
  /** Every edge between nodes of the answer, the start included, in the graph's order. */
  readonly edges: readonly GraphEdge[]
  /**
   * Backward only: node ids from the nearest trigger to the start, through `via` where that is among its causes; empty where neither
   * was reached.
   */
  readonly triggerPath: readonly string[]
  /** What bounds left out. `hops` counts nodes that stand one hop past the last; `nodes` those past the node bound. */
  readonly cut: { readonly hops: number; readonly nodes: number }
}

export type ReachedNode = {
  readonly id: string
  readonly hops: number
  /** True where some path from the start has proven edges only. */
  readonly proven: boolean
}

export type ReachOptions = {
  /** At most {@link MAX_HOPS}, which is the default. */
  readonly hops?: number
  readonly nodes?: number
  /** Follow proven edges only; default false. */
  readonly provenOnly?: boolean
  /** Id of an event, mostly of the text that asked for the deed: the trigger path is to lead through it. */
  readonly via?: string
}

/** A node of the aggregated graph. Wire type: plain JSON. */
export type AggregatedNode = {
  /** Stable for the same steps, whatever else the conversation holds. */
  readonly id: string
  readonly kind: NodeKind
  readonly lane: Lane
  /** Untrusted text, at most 200 characters. */
  readonly label: string
  /** Absent where nodes of several agents were folded. */
  readonly agent?: string
  readonly member?: string
  /** `step`: same kind, agent and label. `agent-kind` and `kind`: folded further to fit. `node`: one node. */
  readonly fold: 'node' | 'step' | 'agent-kind' | 'kind'
  /** How many nodes it stands for. */
  readonly count: number
  readonly errors: number
  /** Nodes it stands for, in causal order, the first 100. */
  readonly members: readonly string[]
  readonly bytes: number
  readonly firstAt: string
  readonly lastAt: string
  readonly trigger?: true
  /** The kernel saw it, and no act of the agent leads to it. */
  readonly unjoined?: true
}

export type AggregatedEdge = {
  readonly from: string
  readonly to: string
  readonly kind: EdgeKind
  readonly count: number
  /** Every basis among the folded edges, strongest first. */
  readonly bases: readonly EdgeBasis[]
}

export type AggregatedGraph = {
  readonly conversation: string
  readonly nodes: readonly AggregatedNode[]
  readonly edges: readonly AggregatedEdge[]
  /** Sizes of the graph as run. */
  readonly total: { readonly nodes: number; readonly edges: number }
  /** What was folded: how many groups stand for more than one node, and how many nodes they stand for. */
  readonly folded: { readonly groups: number; readonly nodes: number; readonly forSpace: number }
  readonly hidden: number
}

export type AggregateOptions = {
  /** Groups to show; default 150, at most 300. */
  readonly limit?: number
  /** Ids of groups to show as single nodes, as far as 300 allow. */
  readonly open?: readonly string[]
  /** Ids of groups or nodes to leave out, for hubs. */
  readonly hide?: readonly string[]
}

/** One line of the tree and table twins of a graph. The row of a node carries the node's own id. */
export type TreeRow = {
  readonly id: string
  readonly parent?: string
  readonly depth: number
  /** The kind of the edge that hangs it under its parent. */
  readonly via?: EdgeKind
  readonly basis?: EdgeBasis
  readonly children: number
}

/** One line of the table: causal order, with the node itself. */
export type TableRow = {
  readonly order: number
  readonly depth: number
  readonly node: GraphNode
}
