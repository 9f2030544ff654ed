export type { AgentId, ConversationId, Deployment, EventId, Sha256, SpanId, TraceId } from './ids.ts'
export {
  agentIdOf,
  CONTROL_AGENT,
  parseAgentId,
  parseConversationId,
  parseEventId,
  parseSha256,
  parseSpanId,
  parseTraceId,
} from './ids.ts'
export type { Machine } from './syscall-names.ts'
export { syscallName, syscallNumber } from './syscall-names.ts'
export { isSyscallName } from './foreign-syscall-names.ts'
export type { UnixNano } from './time.ts'
export type { AccountDecision, AccountRole, ApproverMark } from './account.ts'
export { ACCOUNT_ROLES, APPROVER_MARKS } from './account.ts'
export type { AnnotationPlace, AnnotationRecord, AnnotationSubject, AnnotationType } from './annotation.ts'
export { ANNOTATION_SUBJECTS, ANNOTATION_TYPES } from './annotation.ts'
export type {
  AuditAllowance,
  AuditEvent,
  AuditItem,
  AuditJoin,
  AuditLayer,
  AuditLayerState,
  AuditProof,
  AuditRow,
  AuditRowBody,
  AuditShortening,
  AuditSubject,
  AuditText,
  AuditTrigger,
  AuditViolation,
} from './audit-row.ts'
export { AUDIT_LAYERS, AUDIT_SUBJECTS, auditRowId, auditSubjectOf } from './audit-row.ts'
export type { DutyDecision } from './duty.ts'
export type { SkillDecision, SkillRunRecord } from './skill-run.ts'
export { canonicalJson } from './canonical-json.ts'
export { formatRfc3339, parseRfc3339, parseUnixNano, parseUnixNanoText } from './time.ts'
export type { TrustTier } from './trust.ts'
export { TRUST_TIERS, outranks } from './trust.ts'
export { counted } from './counted.ts'
export type { CapturedContent, Content, ContentRef, ContentState, NotCapturedReason } from './content.ts'
export type { StatementField } from './agent-statement.ts'
export type { CapturePolicy } from './capture-policy.ts'
export type { ControlKind, ControlRecord, ControlRecordOf } from './control-record.ts'
export type { GapReason } from './gap-reason.ts'
export type { ResponsePolicy } from './response-policy.ts'
export { CLOCK_KINDS, type ClockKind, lessReal } from './clock-kind.ts'
export type { BodyEncoding, Channel, EntryGroup, Envelope, LogEntry, Mask } from './entry.ts'
export type {
  AgentRef,
  ClaimedEffect,
  Event,
  EventBody,
  EventContext,
  EventKind,
  EventSource,
  EventSummary,
  MessageRole,
  TokenUsage,
} from './event.ts'
export type { KernelAction, KernelBody, KernelContextBasis, ProcessKey, SocketEnd } from './kernel.ts'
export { kernelLabel } from './kernel.ts'
export type { ProxyHold, ProxyOrder, ProxyOrderRecord } from './proxy-order.ts'
export type { SensitivePath } from './sensitive-paths.ts'
export { SENSITIVE_PATHS, sensitivePathName, sensitivePrefixes } from './sensitive-paths.ts'
export { parseRunCgroupName, RUN_CGROUPS, runCgroupName, startTicksOf, type CgroupMaker } from './run-cgroup.ts'
export { CGROUP_GONE, LOSS_PLACES } from './sensor.ts'
export type {
  Allowed,
  AllowedAddress,
  AllowedName,
  HoldCheck,
  HoldEnding,
  HoldOutcome,
  HoldRung,
  LossPlace,
  EgressList,
  PolicyMode,
  SensorCommand,
  SensorLosses,
  SensorProgram,
  SensorReport,
  SensorResult,
  SensorSource,
  TlsSight,
  WatchedCgroup,
} from './sensor.ts'
export type {
  Artifact,
  ArtifactId,
  Contradiction,
  EdgeBasis,
  EdgeKind,
  EvidenceStatus,
  ExecutionGraph,
  GraphEdge,
  GraphNode,
  Lane,
  MissingItem,
  NodeKind,
  UnjoinedCount,
} from './graph.ts'
export { EDGE_BASES, EDGE_KINDS, isProven, LANES, NODE_KINDS } from './graph.ts'
export type { NoticeRecord } from './notice.ts'
export type { ContainmentPlan, ContainmentRecord, ContainmentState, Rung } from './containment.ts'
export { RUNGS } from './containment.ts'
export type { BomCategory, Component, ComponentKind, Sight, Sighting } from './component.ts'
export { BOM_CATEGORY, COMPONENT_KINDS } from './component.ts'
export { AUTH_PLANES, type AuthPlane, type Grant, type GrantBinding, type Principal } from './grant.ts'
export type { AgentClass, ProfileDimension, VolumeMeasure } from './profile.ts'
export { AGENT_CLASSES, PROFILE_DIMENSIONS, VOLUME_MEASURES } from './profile.ts'
export type { DemoRecord, DemoStory, DemoStoryState } from './demo.ts'
export { DEMO_STORY_STATES, isDemoAgent, stagingOf } from './demo.ts'
export { HELM_INSTALL, PLAIN_INSTALL } from './install-in-cluster.ts'
export { shellWord } from './shell-word.ts'
export { junitText, type JunitCase } from './junit.ts'
export { codePointMark, isHiddenCharacter, visibleText } from './visible-text.ts'
export { type CsvCell, csvText } from './csv.ts'
export { markdownCode, markdownTable } from './markdown.ts'
export { printableJson } from './printable-json.ts'
export { templateText } from './template-text.ts'
export type {
  ChainLink,
  ChainTemplate,
  EvidenceLine,
  Incident,
  IncidentRevision,
  IncidentType,
  MissingEvidence,
  NamedIncident,
  Phase,
  Signal,
  Surface,
  TriageTier,
  TypeAssessment,
} from './incident.ts'
export { INCIDENT_TYPES, incidentNames, PHASES, TRIAGE_TIERS } from './incident.ts'
export type { HuntValues } from './hunt-match.ts'
export { fieldTermsOf, huntMatcher, huntNames, isIn, nameTermsOf, passesField, wordPattern } from './hunt-match.ts'
export type { FieldTerms, Pattern } from './hunt-match.ts'
export type { HuntField, HuntQuery, HuntTerm, ParsedHuntQuery } from './hunt-query.ts'
export { asTextQuery, HUNT_FIELDS, HUNT_QUERY_CHARACTERS, parseHuntQuery, printHuntQuery } from './hunt-query.ts'
export type { SavedView, SavedViewRecord } from './saved-view.ts'
export type { ParsedInstant } from './instant.ts'
export { parseInstant } from './instant.ts'
export type { LearnedChange, LearnedRuleText, LearningRecord, Refinement } from './learning.ts'
export type {
  Audit,
  AuditMark,
  AuditVerdict,
  FrozenScope,
  ImageScan,
  QuarantinedItem,
  QuarantineRecord,
} from './scoping.ts'
export { AUDIT_VERDICTS, AUDITS } from './scoping.ts'
export type { ApprovedTools, Roster, RosterDecision, RosterEntry, RosterMode } from './roster.ts'
export type {
  DataClass,
  DataRules,
  Finds,
  MemoryFault,
  MemoryJudgement,
  MemoryTools,
  ModelEndpoint,
  RouteJudgement,
} from './data-rules.ts'
export { classesIn, judgeMemory, judgeRoute, regionOfHost } from './data-rules.ts'
export { removesOnly, writesMemory } from './memory-tools.ts'
export type { EndProof, HandOver, HandOverFault, HandOverJudgement } from './hand-over.ts'
export { HAND_OVER_FAULTS, judgeHandOver, listFaults } from './hand-over.ts'
export type {
  ArtifactKind,
  ArtifactLine,
  DecisionName,
  DerivationDecision,
  DerivationDecisions,
  EffectiveResult,
  EnforcementStage,
  EnvelopeCitation,
  LineGround,
  PolicyArtifact,
  PolicyInForce,
  PolicyJudgement,
} from './policy.ts'
export { ARTIFACT_KINDS, DECISION_NAMES, ENFORCEMENT_STAGES, TRANSPORT_NOT_KEPT } from './policy.ts'
export type { RedactedEntry, RedactedPart, RedactionRecord } from './redaction.ts'
export type { BlastRadius, ChosenDecisions, PolicyDeed, PolicyViolationsRecord, RolloutGroup } from './policy-record.ts'
export type { HostEgress } from './host-egress.ts'
export { addressBits, HOST_EGRESS_ENTRIES, parseHostEgress } from './host-egress.ts'
export type { PolicyTool, ToolJudgement, ToolPolicy } from './tool-policy.ts'
export { judgeTool, parseToolPolicy, POLICY_TOOLS } from './tool-policy.ts'
export type {
  ChangeRef,
  DriftChange,
  DriftDecision,
  DriftSignal,
  DriftSignalRecord,
  DriftStanding,
  DriftSubject,
  DriftVerdict,
} from './drift.ts'
export { DRIFT_STANDINGS, DRIFT_SUBJECTS, DRIFT_VERDICTS } from './drift.ts'
export type {
  AttestationRecord,
  AuditedVerdicts,
  Capability,
  CapabilityVerdict,
  DiagnosticQuestion,
  LifecyclePhase,
  QuestionVerdict,
  Score,
  ScorecardDecision,
  SelfAuditRecord,
} from './diagnostic.ts'
export { CAPABILITIES, DIAGNOSTIC_QUESTIONS, LIFECYCLE_PHASES, SCORES } from './diagnostic.ts'
export {
  KERNEL_CONSTRAINT,
  PROVIDER_CONSTRAINTS,
  type LogDelay,
  type ManagedPlatformKind,
  type ManagedReport,
  type ProviderConstraint,
} from './managed.ts'
