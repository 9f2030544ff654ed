export { RecorderError } from './errors.ts'
export type { RecorderLimits } from './limits.ts'
export { DEFAULT_LIMITS } from './limits.ts'
export type {
  AgentSummary,
  BundleRequest,
  BundleSummary,
  Checkpoint,
  Erasure,
  KeyScope,
  Leaf,
  Receipt,
  RecorderStats,
  SegmentFilter,
  SegmentSummary,
  StoredCheckpoint,
} from './types.ts'
