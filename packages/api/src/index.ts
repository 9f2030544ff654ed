export { applyAsks } from './apply-asks.ts'
export { approvalWords } from './approval-words.ts'
export { harmTimes } from './harm-times.ts'
export { HARM_WORDS } from './harm-words.ts'
export { runwayWords } from './runway-words.ts'
export { holdByStanding, holdByWords } from './hold-by.ts'
export type { ResponseDecisionWire } from './ladder-routes.ts'
export type { ResponsePlanWire, ResponsePolicyWire } from './response-routes.ts'
export type { AuditHit, AuditList } from './audit-schemas.ts'
export type { StandingWire, TimelineMoment, TimelineWire } from './timeline-routes.ts'
export type { AnnotationWire } from './annotation-routes.ts'
export { askedOfStream, huntValuesOf } from './hunt-values.ts'
export { responseFigures, type ResponseFigure } from './response-figures.ts'
export { tailFilter, type TailFilter } from './tail-filter.ts'
export type { HuntFacetWire, HuntHistogramWire, HuntRowWire, SavedViewWire } from './hunt-routes.ts'
export type { AccountWire } from './account-routes.ts'
export type { ResponseMetricsWire } from './response-metrics-routes.ts'
export type { RecoveringAgent, RecoveryWire } from './recovery-routes.ts'
export type { LearningWire } from './learning-routes.ts'
export type { CaseDeedWire, CaseWire } from './case-routes.ts'
export type { Access, Answer, Body, Params, Query, RouteName, RouteSpec, Routes } from './routes.ts'
export { SHOWN_TOGETHER } from './graph-routes.ts'
export { routes } from './routes.ts'
export type { CallOptions, Client, ClientOptions } from './client.ts'
export { ApiError, BEHIND_HEADER, createClient, pathOf } from './client.ts'
export type { EvidenceLineWire, IncidentColumnWire, IncidentRowWire, IncidentWire } from './incident-routes.ts'
export type { DetectorVersionWire } from './detector-routes.ts'
export type {
  CapabilityWire,
  DiagnosticPictureWire,
  DiagnosticQuestionWire,
  DiagnosticWire,
} from './diagnostic-schemas.ts'
export type {
  AttestationsWire,
  AttestationWire,
  ScorecardWire,
  ScoreRowWire,
  SelfAuditsWire,
  SelfAuditWire,
} from './scorecard-schemas.ts'
export type { RiskRowWire, RosterWire, ToolDefinitionWire } from './roster-routes.ts'
export { dataRulesOf, dataRulesSchema } from './data-rules-schema.ts'
export type { ConnectorWire, SweptHoldWire } from './connector-routes.ts'
export type { ManagedPlatformWire } from './managed-routes.ts'
export type { NoticeChannelWire, NoticeWire } from './notice-routes.ts'
export type { ScopeRowWire, ScopeWire } from './scope-routes.ts'
export type { BlindSpotWire, FleetMark, FleetRow, FleetWire } from './fleet-routes.ts'
export { FLEET_MARKS } from './fleet-routes.ts'
export { SIGN_IN_FAULTS, type SignInFault } from './sign-in-faults.ts'
export { CHECK_GROUPS } from './doctor-schemas.ts'
export type { DemoWire } from './demo-routes.ts'
export type { DriftChangeWire, DriftRowWire, DriftSignalWire, DriftWire } from './drift-routes.ts'
export type { DutiesWire, DutyClockWire } from './duty-routes.ts'
export type { RunbookImportWire } from './runbook-routes.ts'
export type { RehearsalWire, SkillRunWire, SkillsWire, SkillWire } from './skill-routes.ts'
export { openApiDocument } from './openapi.ts'
export { pathSegment, textOfSegment } from './path-segment.ts'
export type {
  Agent,
  AgentDetail,
  ApiEvent,
  BaselineWire,
  BomChangeWire,
  BomRowWire,
  BomWire,
  CapturePolicyWire,
  Check,
  EvidenceReadyWire,
  ModelCoverageWire,
  CheckpointWire,
  ContainmentWire,
  ContentSlot,
  ContentText,
  ContextHit,
  Conversation,
  Coverage,
  DrawnGraph,
  EvidenceStatusWire,
  ExecutionGraphWire,
  Gap,
  GraphRow,
  IdentityRow,
  ImportResult,
  Integrity,
  InventoryFindingWire,
  ObservedAgent,
  ParityWire,
  Problem,
  ProfileEntryWire,
  RawEntry,
  ReachWire,
  RecordedChangeWire,
  RunSummary,
  SearchHit,
  Sensor,
  StripWire,
} from './wire.ts'
export type {
  AgentPoliciesWire,
  ExplainedLineWire,
  PolicyArtifactWire,
  RolloutWire,
  SimulatedWire,
  SimulationWire,
  VerifiedWire,
} from './policy-schemas.ts'
