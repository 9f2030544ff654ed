export { auditRow, entriesOfRow, judgedEvents, withAllowances, withViolations } from './audit-row/row.ts'
export type { Hosting, RowFacts, RowSubject } from './audit-row/facts.ts'
export { diagnose, verdictsOf } from './diagnostic/diagnostic.ts'
export type { AnsweredQuestion, Diagnostic, JudgedCapability } from './diagnostic/diagnostic.ts'
export type { Check, Evidence } from './diagnostic/checks.ts'
export type {
  AuditFacts,
  ConvergenceFacts,
  DiagnosticFacts,
  DiagnosticTarget,
  DriftFact,
  DriftFacts,
  EnvelopeFact,
  EnvelopeFacts,
  EnvelopeOutcome,
  GapFact,
  InventoryFacts,
  PartFact,
  PeerClass,
  ScopeFacts,
} from './diagnostic/facts.ts'
export { diagnosticPath } from './diagnostic/paths.ts'
export type { Act, ActDimension, Execution, Trigger } from './drift/execution.ts'
export type { DriftDay } from './drift/drift-day.ts'
export { driftDay } from './drift/drift-day.ts'
export type { Drift, DriftInput } from './drift/drift-of.ts'
export { driftOf } from './drift/drift-of.ts'
export type { RecordedChange } from './drift/matching.ts'
export { attestationOf, streamOf } from './diagnostic/attestation.ts'
export type { Attestation, AttestedGap, AwayTime, HeardStream } from './diagnostic/attestation.ts'
export { attestationIn, attestationText } from './diagnostic/attestation-text.ts'
export { scorecardFault, scorecardOf } from './diagnostic/scorecard.ts'
export type { ScorecardEntry, ScoreRow } from './diagnostic/scorecard.ts'
export { auditDifference, nextAudit } from './diagnostic/self-audit.ts'
export type { VerdictChange } from './diagnostic/self-audit.ts'
