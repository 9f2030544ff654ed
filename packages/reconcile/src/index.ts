export { diagnose, verdictsOf } from './diagnostic/diagnostic.ts'
export type { AnsweredQuestion, Diagnostic, JudgedCapability } from './diagnostic/diagnostic.ts'
export type { Check, Evidence } from './diagnostic/checks.ts'
export type {
  AuditFacts,
  ConvergenceFacts,
  DiagnosticFacts,
  DiagnosticTarget,
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
