import type { Query, RouteName } from '@holdfast/api'
import type { FieldRange } from '@holdfast/capture'
import type { RuleSource } from '@holdfast/detect'
import type { AgentId, UnixNano } from '@holdfast/model'
import type { AuditQuestions } from '../audit/audit-queries.ts'
import type { StageTimes } from '../incidents/stage-times.ts'
import type { IncidentQuestions } from '../incidents/incident-queries.ts'
import type { RuleReport } from '../rules/load-rules.ts'
import type { LearningQuestions } from '../learning/learning-queries.ts'
import type { FleetQuestions } from '../fleet/fleet-queries.ts'
import type { HuntQuestions } from '../hunt/hunt-queries.ts'
import type { InventoryQuestions } from '../inventory/inventory-queries.ts'
import type { DriftQuestions } from '../drift/drift-queries.ts'
import type { PolicyQuestions } from '../policy/policy-queries.ts'
import type { ProfileQuestions } from '../profile/profile-queries.ts'
import type { ScopeQuestions } from '../scope/scope-queries.ts'
import type { ScopingQuestions } from '../scoping/scoping-queries.ts'

/** Questions answered from the workspace projection, by route name; the value is what the route's handler needs. */
export type WorkspaceQuestions = {
  listAgents: { readonly query: Query<'listAgents'> }
  getAgent: { readonly agent: string }
  listConversations: { readonly query: Query<'listConversations'> }
  getConversation: { readonly conversation: string }
  getGraph: { readonly conversation: string; readonly query: Query<'getGraph'> }
  getDrawnGraph: { readonly conversation: string; readonly query: Query<'getDrawnGraph'> }
  listRows: { readonly conversation: string; readonly query: Query<'listRows'> }
  getReach: { readonly conversation: string; readonly query: Query<'getReach'> }
  /** {@link StripTimes}: marks come from elsewhere. */
  getStrip: { readonly conversation: string; readonly query: Query<'getStrip'> }
  getEvidence: { readonly conversation: string }
  getEvent: { readonly event: string }
  getEventValues: { readonly event: string; readonly query: Query<'getEventValues'> }
  getContent: { readonly event: string; readonly slot: string; readonly query: Query<'getContent'> }
  listEvents: { readonly query: Query<'listEvents'> }
  search: { readonly q: string }
  contexts: { readonly query: Query<'contexts'> }
  getRun: { readonly run: string; readonly query: Query<'getRun'> }
  /** {@link AgentFigures}: the part of the answer that reads every agent. */
  getIntegrity: Readonly<Record<string, never>>
  /** {@link SkewedAgents} of all agents, or {@link SamplingSigns} of one; as above. */
  doctor:
    | { readonly kind: 'clocks'; readonly now: UnixNano }
    | { readonly kind: 'sampling'; readonly agent: AgentId; readonly stillSince: UnixNano }
}

/** All questions that the projection worker answers. */
export type ViewQuestions = WorkspaceQuestions &
  InventoryQuestions &
  ProfileQuestions &
  PolicyQuestions &
  DriftQuestions &
  ScopeQuestions &
  ScopingQuestions &
  LearningQuestions &
  AuditQuestions &
  FleetQuestions &
  HuntQuestions &
  IncidentQuestions

export type WorkspaceQuestion = keyof WorkspaceQuestions & RouteName
export type ViewQuestion = keyof ViewQuestions & RouteName

/** What the projection worker is started with: the data folder, and the rule files that cases are judged by. */
export type ViewsData = { readonly folder: string; readonly rules: readonly RuleSource[] }

export type ToWorker =
  | { readonly kind: 'ask'; readonly id: number; readonly question: ViewQuestion; readonly args: unknown }
  /** Nobody waits for that answer any more. */
  | { readonly kind: 'left'; readonly id: number }
  | { readonly kind: 'exportable'; readonly id: number; readonly of: Exported }
  | { readonly kind: 'grown'; readonly size: number }
  | { readonly kind: 'follow'; readonly on: boolean }
  /** Somebody asks the server for something. */
  | { readonly kind: 'visited' }
  | { readonly kind: 'rebuild'; readonly id: number }
  | { readonly kind: 'stop' }

export type FromWorker =
  /** What became of the rule files; once, before it is ready. */
  | { readonly kind: 'rules'; readonly report: RuleReport }
  | { readonly kind: 'ready'; readonly cursor: number }
  /** Log entries that every projection has folded, the slowest too. */
  | { readonly kind: 'reached'; readonly reach: number }
  | { readonly kind: 'answer'; readonly id: number; readonly json: string | undefined }
  /** Not as JSON: to parse it would hold the thread that acknowledges. */
  | { readonly kind: 'exportable'; readonly id: number; readonly exportable: Exportable | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly status: number; readonly message: string }
  | {
      readonly kind: 'folded'
      readonly cursor: number
      readonly size: number
      readonly agents: number
      readonly events: readonly string[]
    }
  /** How long the stages took of an incident that was named. */
  | { readonly kind: 'named'; readonly stages: StageTimes }
  /** Incidents that came or changed, by their ids. */
  | { readonly kind: 'filed'; readonly incidents: readonly string[] }
  | { readonly kind: 'broken'; readonly message: string }

/** What a bundle is about. */
export type Exported = {
  readonly kind: 'conversation' | 'incident'
  readonly id: string
  /** Fields whose values stay here. */
  readonly redact?: readonly string[]
}

/** What an evidence bundle holds. */
export type Exportable = {
  /** The conversation's id, or the incident's. */
  readonly name: string
  readonly conversations: readonly string[]
  readonly entries: readonly number[]
  readonly cut: number
  /** Derived from the entries: name and JSON text. */
  readonly files: readonly (readonly [name: string, json: string])[]
  /** Of what was asked for with fields hidden. */
  readonly hidden?: HiddenFields
}

/** Where fields stand in what is exported. */
export type HiddenFields = {
  readonly ranges: ReadonlyMap<number, readonly FieldRange[]>
  /** How many values each field that was asked for has. */
  readonly found: ReadonlyMap<string, number>
  /** Those that an envelope holds as well, which all records of a group share and nothing can be hidden in. */
  readonly inEnvelopes: readonly string[]
}
