export { aggregate } from './aggregate.ts'
export type {
  AggregatedEdge,
  AggregatedGraph,
  AggregatedNode,
  AggregateOptions,
  Reach,
  ReachedNode,
  ReachOptions,
  TableRow,
  TreeRow,
} from './answers.ts'
export type { Contagion, ContagionIndex, ContagionQuery, ContextEntry, Infection } from './contagion.ts'
export { contagion, contagionKeys, contextEntry, MemoryContagionIndex } from './contagion.ts'
export { ConversationGraph, deriveGraph } from './conversation-graph.ts'
export type { NamedContent } from './contents.ts'
export { contentsOf } from './contents.ts'
export type { GraphFacts } from './derive/join.ts'
export { evidenceStatus } from './evidence.ts'
export { AGGREGATE_AT_FIRST, AGGREGATE_MAX, MAX_EVENTS, MAX_HOPS } from './limits.ts'
export type { Topic } from './remedies.ts'
export { remedyFor, settingFor } from './remedies.ts'
export { backward, forward } from './reach.ts'
export { refOf, summarise } from './summarise.ts'
export { fingerprint, valueFingerprints, valuesWith } from './values.ts'
export { rows, toTree } from './tree.ts'
