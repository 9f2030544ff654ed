export type { CallSignals, JudgedCall, Judgement } from './provenance/judge-calls.ts'
export { judgeCalls } from './provenance/judge-calls.ts'
export type { CallStep, Execution, SourceChannel, SourceStep, Step } from './provenance/steps.ts'
export { readExecution } from './provenance/steps.ts'
export type { ScoredCall } from './provenance/features.ts'
export { scoredCall } from './provenance/features.ts'
export { MAKES_INCIDENT } from './incident/limits.ts'
export type { Basis, CalibrationRun, Detector, Finding } from './learn/detector.ts'
export { calibrate, detectorAt, DETECTOR_VERSION, findingOf, ORDINARY, trainDetector } from './learn/detector.ts'
export type { LearnedCall } from './learn/traits.ts'
export type { LearnedGoal } from './learn/goals.ts'
export type { DataCard, LearningCase, LearningCases, LearningOutcome } from './learn/learn.ts'
export { learn, learning } from './learn/learn.ts'
export { SHIPPED } from './learn/shipped.ts'
export type { TrainingRun } from './learn/train.ts'
export type { CaseEvidence, Recall } from './incident/evidence.ts'
export { incidentId, incidentsOf } from './incident/incidents-of.ts'
export type { PersonsReport } from './incident/reported.ts'
export { reportedSignals } from './incident/reported.ts'
export { lastLogged, uniteEvidence } from './incident/unite.ts'
export type { RetrievedItem } from './signals/retrieval-share.ts'
export type { CaseOptions, OpenCase } from './incident/read-case.ts'
export {
  isIdentityKey,
  joinsOf,
  memoryKey,
  openCase,
  openingCase,
  readCase,
  readingCase,
} from './incident/read-case.ts'
export type { StepsOfWork } from './steps-of-work.ts'
export { finished } from './steps-of-work.ts'
export type {
  AgentContext,
  ApprovedTool,
  CaseContext,
  KnownBound,
  KnownChange,
  KnownEntry,
  KnownProfile,
  KnownValues,
  ListedPeers,
} from './known/case-context.ts'
export type { AuthorityContext, AuthorityProfile } from './signals/authority-expected.ts'
export { firstAndLatest } from './signals/act-times.ts'
export { MAX_ACT_TIMES } from './signals/limits.ts'
export { authoritySignals } from './signals/authority.ts'
export { kernelSignals } from './signals/kernel.ts'
export type { KernelContext } from './signals/kernel.ts'
export type { CompiledRules, RuleSource } from './rules/compile.ts'
export { compileRules } from './rules/compile.ts'
export { instructionIn } from './rules/common-fields.ts'
export type { RuleFacts } from './rules/rule.ts'
export type { RuleSet } from './rules/rule-set.ts'
export type { RuleProblem } from './rules/yaml.ts'
export type { DataFault } from './rules/rule-data.ts'
export { tryRuleData } from './rules/rule-data.ts'
export type { SigmaFile } from './rules/sigma-export.ts'
export { toSigma } from './rules/sigma-export.ts'
export type { Imported } from './rules/sigma-import.ts'
export { fromSigma } from './rules/sigma-import.ts'
export type { Coverage } from './techniques/coverage.ts'
export { coverageOf } from './techniques/coverage.ts'
