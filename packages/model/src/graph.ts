import type { ContentState } from './content.ts'
import type { ClockKind } from './clock-kind.ts'
import type { EventKind } from './event.ts'
import type { TrustTier } from './trust.ts'

/**
 * How an edge is known, strongest first. `content` and weaker are inferred, the rest is proven; `temporal` is marked as
 * such and never enough for a verdict.
 */
export const EDGE_BASES = ['trace', 'call-id', 'socket', 'lineage', 'content', 'exclusive', 'temporal'] as const

export type EdgeBasis = (typeof EDGE_BASES)[number]

/** True for a basis that proves the join, false for one that infers it. */
export function isProven(basis: EdgeBasis): boolean {
  return EDGE_BASES.indexOf(basis) < EDGE_BASES.indexOf('content')
}

export const LANES = ['input', 'reasoning', 'tool', 'identity', 'process', 'network'] as const

export type Lane = (typeof LANES)[number]

export const NODE_KINDS = [
  'message',
  'document',
  'model-call',
  'model-output',
  'tool',
  'tool-definition',
  'memory',
  'agent',
  'delegation',
  'identity',
  'guardrail',
  'egress',
  'api-call',
  'process',
  'file',
  'connection',
  'kernel-act',
  'step',
] as const

export type NodeKind = (typeof NODE_KINDS)[number]

/** In the order in which edges between the same two nodes stand. */
export const EDGE_KINDS = [
  /** A step ran inside another. */
  'contains',
  /** A message, document, definition or memory entered a model call. */
  'entered',
  'produced',
  /** A model output asked for a tool call. */
  'requested',
  /** A tool's result became a message or document of a later call. */
  'returned',
  'delegated',
  /** An identity was in force at a step. */
  'acted-as',
  'sent',
  /** An act of the agent started a process, or a process another one. */
  'spawned',
  /** A process opened, wrote or removed a file. */
  'touched',
  /** A process or an act opened a connection, or asked for a name. */
  'connected',
  /** A process did something else that the kernel reports. */
  'performed',
  /** A value that entered here left there. */
  'carried',
] as const

export type EdgeKind = (typeof EDGE_KINDS)[number]

/** One act or thing. Plain JSON: times are decimal nanoseconds. Labels are untrusted text of at most 200 characters. */
export type GraphNode = {
  readonly id: string
  readonly kind: NodeKind
  readonly lane: Lane
  readonly label: string
  readonly agent: string
  readonly member?: string
  readonly trace?: string
  readonly claimedAt: string
  readonly claimedUntil?: string
  /** Ids of the events that the node stands for, sorted. */
  readonly events: readonly string[]
  readonly status: 'ok' | 'error' | 'unknown'
  /** States of the contents it stands for, without repetition, sorted. */
  readonly contents: readonly ContentState[]
  readonly bytes: number
  readonly tier: TrustTier
  /** Where tellers of several tiers told of it: all of them, strongest first. `tier` is the strongest. */
  readonly tiers?: readonly TrustTier[]
  readonly clock: ClockKind
  /** True for the input that set the execution off. */
  readonly trigger?: true
  /**
   * Agents that claim the same span as this node's, sorted, at most 8; its own id where another credential or tier does.
   * Each keeps its own nodes, and this says that one of them may be forged.
   */
  readonly rivals?: readonly string[]
  /** True where several others claim the span that this one names as its cause, so that none was joined. */
  readonly contestedCause?: true
  /** True for what the kernel saw and nothing proves to belong to an act of the agent: shown as such, never guessed. */
  readonly unjoined?: true
}

export type GraphEdge = {
  readonly from: string
  readonly to: string
  readonly kind: EdgeKind
  readonly basis: EdgeBasis
  /** Fingerprints of the values that were matched, for basis `content`; sorted, at most 8. */
  readonly values?: readonly string[]
}

/**
 * A claim and a kernel fact that exclude each other; both sides are named by their nodes, sorted.
 * - `effect-without-call`: the kernel saw an act that no tool call or step of the agent covers.
 * - `call-without-effect`: a tool call claims an effect that the kernel, watching the process, did not see.
 * - `different-effect`: it saw another one (another file, another destination).
 * - `different-telling`: the agent tells another answer of a model call than was seen on the wire.
 */
export type Contradiction = {
  readonly kind: 'effect-without-call' | 'call-without-effect' | 'different-effect' | 'different-telling'
  readonly claimed: readonly string[]
  readonly seen: readonly string[]
  /** What was claimed and what was seen, in words. Holds captured text: untrusted. */
  readonly detail: string
}

export type UnjoinedCount = { readonly kind: NodeKind; readonly nodes: number; readonly events: number }

/** The execution graph of a conversation, nodes and edges in canonical order: equal input gives equal bytes. */
export type ExecutionGraph = {
  readonly conversation: string
  readonly agents: readonly string[]
  readonly traces: readonly string[]
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly contradictions: readonly Contradiction[]
  /** Nodes that the kernel saw and that are joined to no act of the agent, counted by kind; kinds sorted. */
  readonly unjoined: readonly UnjoinedCount[]
  /** What bounds cut away; all zero where the graph is whole. */
  readonly cut: { readonly nodes: number; readonly edges: number; readonly hops: number }
}

export type ArtifactId = 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6'

export type MissingItem = {
  /** Which event or expected item. */
  readonly item: string
  readonly kind: EventKind
  readonly state: ContentState | 'lost'
  readonly reason: string
  /** The exact setting that would capture it, or why none would. */
  readonly remedy: string
}

/** One line of the evidence checklist (requirements 1.4, formula 6.5). */
export type Artifact = {
  readonly id: ArtifactId
  readonly name: string
  /** `not-expected` needs its reason and is not a pass by itself. */
  readonly state: 'complete' | 'partial' | 'missing' | 'not-expected'
  readonly count: number
  readonly expected: number
  readonly bytes: number
  readonly first?: string
  readonly last?: string
  /** Position of the newest log entry that tells of what is there: a seal of a longer log covers all of it. */
  readonly lastEntry?: number
  /** 0 to 1; undefined where nothing was expected. */
  readonly completeness?: number
  readonly reason: string
  /** The first 100, one per distinct cause first; `missingTotal` counts all. */
  readonly missing: readonly MissingItem[]
  readonly missingTotal: number
}

export type EvidenceStatus = {
  readonly conversation: string
  readonly artifacts: readonly Artifact[]
  /** Minimum over artifacts that expect something; 0 where nothing was expected at all. */
  readonly completeness: number
}
