export type { Observation } from './observations.ts'
export { executionOf, observationsOf } from './observations.ts'
export type { ArgumentValue } from './argument-values.ts'
export { argumentValues } from './argument-values.ts'
export { AMOUNTS_PER_EXECUTION, NAMES_PER_ADDRESS, VALUES_PER_ARGUMENT } from './limits.ts'
export { addressClass, addressOf, namedDestination } from './destination.ts'
export { foldPath } from './volatile.ts'
export type { CallPair, OrderedCall } from './tool-order.ts'
export { pairsOf, withCalls } from './tool-order.ts'
export type { Proof } from './proofs.ts'
export { CHUNK_ENTRIES, chunkOf, decodeProofs, encodeProofs, withoutProofs } from './proofs.ts'
export type { Histogram, Spread } from './histogram.ts'
export { added, bucketOf, counted, spreadOf } from './histogram.ts'
export type { Exclusion } from './marks.ts'
export { isExcluded } from './marks.ts'
export type { Standing } from './ageing.ts'
export { standingOf } from './ageing.ts'
export type { DayCounts, DaySummary } from './daily-series.ts'
export { dailySeries } from './daily-series.ts'
export type { Convergence, ConvergenceLimits, DimensionConvergence } from './convergence.ts'
export { convergenceOf, DAYS_AT_LEAST, SPREAD_LIMIT } from './convergence.ts'
export { dateOf, dimensionWords, verdictWords } from './verdict-words.ts'
export { nodeOfSession, planeOfPrincipal, principalName } from './scope/principal-name.ts'
export { WINDOW_DAYS } from './scope/limits.ts'
export { containerOf } from './scope/split.ts'
export { covers } from './scope/pattern.ts'
export { principalsOf, reconcileScope } from './scope/reconcile.ts'
export type {
  ActsAs,
  ScopeInput,
  ScopeReport,
  ScopeRow,
  Source,
  StatedBinding,
  StatedGrant,
  Use,
} from './scope/scope-types.ts'
export type { Parity, TrackDecision, TrackFacts } from './track.ts'
export { parityOf, trackOf } from './track.ts'
