export type {
  Alternative,
  Approval,
  ChosenCut,
  Deadline,
  Decision,
  Gate,
  LadderStep,
  Overlay,
  ReceiverDuty,
} from './ladder/decision.ts'
export type { DownstreamEdge, EvidenceInHand, Harm, Known, LadderInputs, Takeover } from './ladder/inputs.ts'
export type { Clock } from './ladder/clock.ts'
export type { HarmGround, HarmStanding, Hold } from './harm/harm-standing.ts'
export { harmStanding } from './harm/harm-standing.ts'
export { CLOCK_MS, clockOf, harmSpeedOf, middleGapMs } from './ladder/clock.ts'
export type { Role, Row } from './ladder/rows.ts'
export { ROWS } from './ladder/rows.ts'
export type { Cut, Family, RungNature, Verb } from './ladder/rungs.ts'
export { CUTS, FAMILIES, FAMILY_OF, RUNG_NATURE, rungHeight } from './ladder/rungs.ts'
export type { RungChoice } from './ladder/alternatives.ts'
export { evidenceCostOf, rungChoices } from './ladder/alternatives.ts'
export { selectRung } from './ladder/select-rung.ts'
export { chosenByPerson } from './ladder/chosen-rung.ts'
export type { Check, CheckedCell } from './case/conditions.ts'
export { entryChecks, exitChecks } from './case/conditions.ts'
export type { Actor, Baseline, CaseAction, CaseDeed, CaseEvent, CaseSeal, Contamination, Proof } from './case/events.ts'
export { contaminatedSince, restoreObstacle } from './case/restore.ts'
export type { CaseEnd, CaseState, CellState, Classification, StatedFact, TakenAction } from './case/state.ts'
export { cellOf, typeOf, unsettledActions } from './case/state.ts'
export type { StepResult } from './case/step.ts'
export { caseOf, step } from './case/step.ts'
export { FAST_GAP_MS, MAX_CASE_STEPS } from './limits.ts'
export type { FactDefinition, FactName, FactSource, FactValue } from './runbook/facts.ts'
export { FACTS, isFactName, misfitOf } from './runbook/facts.ts'
export type { Matrix } from './runbook/parse-runbook.ts'
export type { FileProblem, ParsedFile } from './runbook/yaml-file.ts'
export { parseYamlFile } from './runbook/yaml-file.ts'
export { runbookText } from './runbook/runbook-text.ts'
export { cellsOf, matrixOf, parseRunbook } from './runbook/parse-runbook.ts'
export type { Cell, Condition, Phase, Runbook, Task, Team } from './runbook/runbook.ts'
export { PHASES, TEAMS } from './runbook/runbook.ts'
export type { ApplyQuestion, KillOverride } from './plan/apply.ts'
export { mayApply } from './plan/apply.ts'
export type { ApprovalQuestion, Approver, PlanApproval, Verdict } from './plan/approve.ts'
export { approvalsMissing, mayApprove } from './plan/approve.ts'
export type { CarryOut } from './plan/carry-out.ts'
export { carryOut, probeAgain, settle, takeBack } from './plan/carry-out.ts'
export type { Automatic, MadePlan, Offer, PlanRequest } from './plan/make-plan.ts'
export { AUTOMATIC, isSameDeed, makePlan } from './plan/make-plan.ts'
export type { PlanOutcome, StepRecord, StepState } from './plan/outcome.ts'
export { dueForRelease, outcomeOf, stepEndsAt, unsettledSteps } from './plan/outcome.ts'
export type { PlanStep, PlanTarget, ResponsePlan } from './plan/plan.ts'
export { planHash, planMistakes, PROGRAM } from './plan/plan.ts'
export type { EffectOutcome, EffectPreview, EffectProbe, EffectProvider, Responder } from './plan/provider.ts'
export type {
  ResponseScope,
  ScopedAgent,
  ScopedChannel,
  ScopedEdge,
  ScopedItem,
  ScopedPrincipal,
  ScopedTool,
} from './plan/response-scope.ts'
export type { Notice, NoticeAction, NoticeKind } from './notice/notice.ts'
export { NOTICE_KINDS } from './notice/notice.ts'
export { SURFACE_DEEDS, VERBS } from './plan/surfaces.ts'
export { incidentEvidence } from './metrics/completeness.ts'
export type { Exposure, ExposureQuestion, ExposureStage } from './metrics/exposure.ts'
export { EXPOSURE_STAGES, exposureOf } from './metrics/exposure.ts'
export type { Rate, TimeToClassification } from './metrics/metrics.ts'
export {
  chainCompletenessRate,
  percentile,
  refinementAppliedRate,
  timesOf,
  timeToClassification,
} from './metrics/metrics.ts'
export type {
  Authority,
  BlastQuestion,
  BlastRadius,
  CouldReach,
  DataFacts,
  Extent,
  Holder,
  Names,
  NodeData,
  Records,
} from './scope/blast-radius.ts'
export { blastRadius } from './scope/blast-radius.ts'
export type { Crossing, NodeAt } from './scope/closure.ts'
export type { Handover, ReceiverVerdict, Sweep, SweepQuestion, SweptText } from './scope/sweep.ts'
export { sweepReceivers } from './scope/sweep.ts'
export type { CacaoPlaybook, CacaoPlaybookType, CacaoStep } from './exchange/cacao.ts'
export type { CacaoExport } from './exchange/export-cacao.ts'
export { exportCacao, RUNBOOK_EXTENSION } from './exchange/export-cacao.ts'
export type { CacaoImport, ForeignStep } from './exchange/import-cacao.ts'
export type { AccessLine, CallStack, Hop, Lenses, LensTotals, StackFrame, Trajectory } from './lens/lenses.ts'
export { lensesOf, lensFaults } from './lens/lenses.ts'
export type { Observable } from './exchange/observables.ts'
export { toOcsf } from './exchange/ocsf.ts'
export { toStix } from './exchange/stix.ts'
export { importCacao } from './exchange/import-cacao.ts'
export type { DutyClock, DutyQuestion } from './clocks/due.ts'
export { disruptionStart, dutiesOfHold, dutyClocks } from './clocks/due.ts'
export type { ClockStart, Regime, Regimes } from './clocks/regimes.ts'
export { CLOCK_STARTS, parseRegimes } from './clocks/regimes.ts'
export type { ParsedSkill, RehearsedStep, SkillFolder } from './skill/parse-skill.ts'
export { buildReport } from './report/build-report.ts'
export { REPORT_CSP, toHtml } from './report/html.ts'
export { toMarkdown } from './report/markdown.ts'
export { pageOf } from './report/page.ts'
export type { IncidentReport } from './report/report.ts'
export { incidentReportJsonSchema, incidentReportSchema } from './report/report.ts'
export { parseSkill, rehearse, skillDigest } from './skill/parse-skill.ts'
export type { FrontMatter, Skill, SkillStep, SkillSteps } from './skill/skill.ts'
export type { Candidate, CandidateOptions } from './learning/candidates.ts'
export { candidatesOf } from './learning/candidates.ts'
export { LEAST_ORDINARY, MAX_REPLAY_EVENTS } from './learning/limits.ts'
export type { KnownKeys } from './learning/memory-keys.ts'
export { memoryKeysOf } from './learning/memory-keys.ts'
export type { CaughtAt, Named, Replayed } from './learning/replay.ts'
export { firstCaught } from './learning/replay.ts'
export { variantOf } from './learning/variant.ts'
export type { LearningFigures, LearningVerdict } from './learning/verdict.ts'
export { verdictOn } from './learning/verdict.ts'
export { HOLD_TTL_MS } from './limits.ts'
