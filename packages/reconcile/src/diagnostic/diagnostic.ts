import {
  CAPABILITIES,
  DIAGNOSTIC_QUESTIONS,
  LIFECYCLE_PHASES,
  type AuditedVerdicts,
  type Capability,
  type CapabilityVerdict,
  type DiagnosticQuestion,
  type LifecyclePhase,
  type QuestionVerdict,
} from '@holdfast/model'
import { auditCapability, auditQuestion } from './audit-checks.ts'
import { capabilityVerdict, questionVerdict, type Check } from './checks.ts'
import { convergenceCapability, convergenceQuestion, trackCapability } from './convergence-checks.ts'
import { driftCapability, driftQuestion } from './drift-checks.ts'
import { artifactCapability, envelopeQuestion, granularityCapability } from './envelope-checks.ts'
import type { DiagnosticFacts } from './facts.ts'
import { withProvider } from './hosted.ts'
import { classCapability, inventoryCapability, inventoryQuestion } from './inventory-checks.ts'
import { diagnosticPath } from './paths.ts'
import { scopeCapability } from './scope-checks.ts'

export type AnsweredQuestion = {
  readonly id: DiagnosticQuestion
  readonly question: string
  readonly verdict: QuestionVerdict
  readonly checks: readonly Check[]
  /** Page of the workspace that asks it again, for the same agent and instant. */
  readonly path: string
}

export type JudgedCapability = {
  readonly id: Capability
  readonly capability: string
  readonly phase: LifecyclePhase
  readonly verdict: CapabilityVerdict
  readonly checks: readonly Check[]
}

/** What the five questions and the nine capabilities come to, of what was looked up now. */
export type Diagnostic = {
  readonly questions: readonly AnsweredQuestion[]
  readonly capabilities: readonly JudgedCapability[]
  /** The worst of the capabilities of each phase. */
  readonly phases: Readonly<Record<LifecyclePhase, CapabilityVerdict>>
}

type Judge = (facts: DiagnosticFacts) => readonly Check[]

const QUESTIONS: Readonly<Record<DiagnosticQuestion, readonly [question: string, judge: Judge]>> = {
  Q1: ['What was this agent made of at that minute, and what has changed since?', inventoryQuestion],
  Q2: ['Has its behaviour settled, over at least 14 days?', convergenceQuestion],
  Q3: ['Do two agents stand under two generated envelopes at once, each line with its trace?', envelopeQuestion],
  Q4: ['What of the last 30 days is evolution, and what is risky drift?', driftQuestion],
  Q5: ['Which input led to a violation, and which row ties it to the kernel?', auditQuestion],
}

const TABLE: Readonly<Record<Capability, readonly [capability: string, phase: LifecyclePhase, judge: Judge]>> = {
  C1: ['Runtime-derived inventory', 'declare', inventoryCapability],
  C2: ['Class baseline derivation', 'declare', classCapability],
  C3: ['Deployment-level behavioural baseline', 'observe', convergenceCapability],
  C4: ['Scope reconciliation', 'observe', scopeCapability],
  C5: ['Observation-window risk classification', 'observe', trackCapability],
  C6: ['Generated enforcement artifacts', 'enforce', artifactCapability],
  C7: ['Per-agent granularity', 'enforce', granularityCapability],
  C8: ['Drift classification', 'reconcile', driftCapability],
  C9: ['Cross-layer audit trail', 'reconcile', auditCapability],
}

/** Judges facts that were looked up: no verdict stands here that they do not give. */
export function diagnose(facts: DiagnosticFacts): Diagnostic {
  const questions = DIAGNOSTIC_QUESTIONS.map((id): AnsweredQuestion => {
    const [question, judge] = QUESTIONS[id]
    const checks = judge(facts)
    return { id, question, verdict: questionVerdict(checks), checks, path: diagnosticPath(facts.target, id) }
  })
  const capabilities = CAPABILITIES.map((id): JudgedCapability => {
    const [capability, phase, judge] = TABLE[id]
    const checks = withProvider(judge(facts), facts.target, id)
    return { id, capability, phase, verdict: capabilityVerdict(checks), checks }
  })
  return { questions, capabilities, phases: phasesOf(capabilities) }
}

/** As a record keeps them. */
export function verdictsOf({ questions, capabilities }: Diagnostic): AuditedVerdicts {
  return {
    // Both lists hold every id once: `diagnose` maps the lists of ids.
    questions: Object.fromEntries(questions.map(({ id, verdict }) => [id, verdict])) as AuditedVerdicts['questions'],
    capabilities: Object.fromEntries(
      capabilities.map(({ id, verdict }) => [id, verdict]),
    ) as AuditedVerdicts['capabilities'],
  }
}

const WORST_FIRST: readonly CapabilityVerdict[] = ['missing', 'partial', 'constrained', 'covered']

function phasesOf(capabilities: readonly JudgedCapability[]): Readonly<Record<LifecyclePhase, CapabilityVerdict>> {
  const worst = (phase: LifecyclePhase): CapabilityVerdict => {
    const verdicts = capabilities.filter((one) => one.phase === phase).map(({ verdict }) => verdict)
    return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'missing'
  }
  // Every phase of the list is a key.
  return Object.fromEntries(LIFECYCLE_PHASES.map((phase) => [phase, worst(phase)])) as Readonly<
    Record<LifecyclePhase, CapabilityVerdict>
  >
}
