export { Recorder } from './recorder.ts'
export type { RecorderOptions } from './recorder-options.ts'
export type { ColdFile } from './cold/cold-table.ts'
export type { Cooled, CoolRequest, Restored, RestoreRequest } from './cold/cold-storage.ts'
export { LogReader } from './log-reader.ts'
export type { ControlEntry } from './log-reader.ts'
export { ProjectionStore } from './projection-store.ts'
export type { ProjectionBatch, ProjectionScan } from './projection-store.ts'
export { RecorderError } from './errors.ts'
export type { RecorderLimits } from './limits.ts'
export { DEFAULT_LIMITS } from './limits.ts'
export { tlogProof } from './bundle/export.ts'
export { openDocument } from './open-document.ts'
export type {
  AgentSummary,
  BundleRequest,
  BundleSeal,
  BundleSummary,
  Checkpoint,
  Erasure,
  HiddenRange,
  KeyScope,
  Leaf,
  Receipt,
  Redaction,
  RecorderStats,
  SegmentFilter,
  SegmentSummary,
  StoredCheckpoint,
} from './types.ts'
