import type { AccountDecision } from './account.ts'
import type { AgentStatement } from './agent-statement.ts'
import type { AnnotationRecord } from './annotation.ts'
import type { CapturePolicy } from './capture-policy.ts'
import type { ContainmentRecord } from './containment.ts'
import type { DemoRecord } from './demo.ts'
import type { AttestationRecord, ScorecardDecision, SelfAuditRecord } from './diagnostic.ts'
import type { DriftSignalRecord } from './drift.ts'
import type { DutyDecision } from './duty.ts'
import type { ClockKind } from './clock-kind.ts'
import type { Channel } from './entry.ts'
import type { GapReason } from './gap-reason.ts'
import type { AgentId } from './ids.ts'
import type { IncidentType } from './incident.ts'
import type { LearningRecord } from './learning.ts'
import type { ManagedReport } from './managed.ts'
import type { NoticeRecord } from './notice.ts'
import type { PolicyDeed, PolicyViolationsRecord } from './policy-record.ts'
import type { ProxyOrderRecord } from './proxy-order.ts'
import type { RedactionRecord } from './redaction.ts'
import type { ResponsePolicy } from './response-policy.ts'
import type { RosterDecision } from './roster.ts'
import type { SavedViewRecord } from './saved-view.ts'
import type { AuditMark, FrozenScope, ImageScan, QuarantineRecord } from './scoping.ts'
import type { SensorReport } from './sensor.ts'
import type { SkillDecision, SkillRunRecord } from './skill-run.ts'

/** What the product itself says in the log. The body of an entry with encoding `control-json`. */
export type ControlRecord =
  | {
      /** Something is missing, and this is how much and why. */
      readonly kind: 'gap'
      readonly reason: GapReason
      /** Sender as far as known: credential or address. */
      readonly sender: string
      readonly channel: Channel
      /** Records lost; absent where the number cannot be known (a body that could not be read). */
      readonly records?: number
      readonly requests: number
      readonly from: string
      readonly to: string
      readonly detail: string
      /** A running count at its sender that this gap is a part of: what `total` says again is not lost again. */
      readonly counter?: { readonly name: string; readonly total: number }
    }
  | ({
      /** What a kernel sensor can see and cannot, by its own word, recorded whenever that changes. */
      readonly kind: 'sensor-report'
    } & SensorReport)
  | {
      readonly kind: 'capture-policy'
      readonly policy: CapturePolicy | undefined
      readonly by: string
    }
  | {
      readonly kind: 'import-batch'
      readonly file: string
      readonly format: string
      readonly clock: ClockKind
      readonly by: string
      /** The `operator-action` of this id says how it ended. Absent in the oldest logs. */
      readonly actionId?: string
    }
  | {
      /** Something an operator did or saw: sign-in, reveal, import, export, erase, key made or revoked. */
      readonly kind: 'operator-action'
      /** One act, one id: what was intended and how it ended say the same. Absent in the oldest logs. */
      readonly actionId?: string
      readonly action: string
      readonly by: string
      readonly target: string
      readonly detail: string
      readonly outcome: 'intended' | 'done' | 'refused' | 'failed'
    }
  | ({
      /** A step of holding an agent: asked for, applied, confirmed by a probe, failed, refused or released. */
      readonly kind: 'containment'
    } & ContainmentRecord)
  | {
      /** What an operator decided about a profile; the profile is folded with it from there on. */
      readonly kind: 'profile-mark'
      readonly agent: AgentId
      /** `contaminated`: sightings from `from` until `to` (claimed, RFC 3339) do not count. `lifted` takes a mark back. */
      readonly mark: 'contaminated' | 'lifted' | 'rebuild'
      readonly markId: string
      readonly from?: string
      readonly to?: string
      /** Log positions that do not count, instead of or beside the times: first and last, inclusive. */
      readonly positions?: readonly (readonly [first: number, last: number])[]
      readonly reason: string
      readonly by: string
    }
  | ({
      /** What an operator or a manifest states of an agent that behaviour does not show: class, track, data classes, owner. */
      readonly kind: 'agent-statement'
    } & AgentStatement)
  | {
      /** A person says that something went wrong in a conversation; `withdrawn` takes a report back. */
      readonly kind: 'incident-report'
      readonly reportId: string
      readonly do: 'reported' | 'withdrawn'
      readonly agent: AgentId
      readonly conversation: string
      /** The type that the person proposes. */
      readonly type: IncidentType
      readonly reason: string
      readonly by: string
    }
  | {
      /** A change of the roster, or an agent that it did not admit; the roster is put together from these. */
      readonly kind: 'roster'
      readonly decision: RosterDecision
      readonly reason: string
      readonly by: string
    }
  | {
      /** A change of who may sign in and what as; accounts are put together from these. */
      readonly kind: 'account'
      readonly account: string
      readonly decision: AccountDecision
      readonly reason: string
      readonly by: string
    }
  | {
      /** Which bytes of a skill may run. */
      readonly kind: 'skill'
      readonly decision: SkillDecision
      readonly reason: string
      readonly by: string
    }
  | ({
      /** A step of a run of a skill, recorded before it is taken and after. */
      readonly kind: 'skill-run'
    } & SkillRunRecord)
  | {
      /** A duty to notify that was turned on or off, a moment from which one counts, a notification that went out. */
      readonly kind: 'duty'
      readonly decision: DutyDecision
      readonly reason: string
      readonly by: string
    }
  | {
      /** A change of the scorecard of tool categories; what ships is its beginning. */
      readonly kind: 'scorecard'
      readonly decision: ScorecardDecision
      readonly reason: string
      readonly by: string
    }
  | ({
      /** A self-audit that was held, or how often one is. */
      readonly kind: 'self-audit'
    } & SelfAuditRecord)
  | ({
      /** The signed statement of one day. */
      readonly kind: 'attestation'
    } & AttestationRecord)
  | {
      /** What a person says of a change of behaviour; `withdrawn` takes the word before it back. */
      readonly kind: 'drift-verdict'
      readonly agent: AgentId
      /** Id of the change. */
      readonly change: string
      readonly verdict: 'evolution' | 'risky' | 'withdrawn'
      readonly reason: string
      readonly by: string
    }
  | ({
      /** What the stream of drift signals said: a change that opened, changed its verdict, or went into an incident. */
      readonly kind: 'drift-signal'
    } & DriftSignalRecord)
  | {
      /** What a person says of an incident; `withdrawn` takes the word before it back. It is learned from, and hides nothing. */
      readonly kind: 'incident-decision'
      readonly incident: string
      readonly decision: 'confirmed' | 'dismissed' | 'withdrawn'
      /** Its conversations then: an incident may go by another id once something joins it. */
      readonly conversations: readonly string[]
      readonly reason: string
      readonly by: string
    }
  | ({
      /** A note, a pin or a bookmark of a person, saved or removed. */
      readonly kind: 'annotation'
    } & AnnotationRecord)
  | ({
      /** A search that somebody saved for everybody, or removed. */
      readonly kind: 'saved-view'
    } & SavedViewRecord)
  | {
      /** Who has an incident in hand; the newest holds. */
      readonly kind: 'incident-owner'
      readonly incident: string
      readonly do: 'taken' | 'given-back'
      /** Empty where none was given. */
      readonly reason: string
      readonly by: string
    }
  | {
      /** A version of the detector that was learned here and accepted; in force from the next judgement on. */
      readonly kind: 'detector'
      readonly version: number
      /** The weights with the goals that they find, and what they were learned from: JSON. */
      readonly detector: string
      readonly card: string
      readonly reason: string
      readonly by: string
    }
  | ({
      /** A step of what an incident taught. */
      readonly kind: 'learning'
    } & LearningRecord)
  | ({
      /** The scope of an incident, fixed. */
      readonly kind: 'scope-frozen'
    } & FrozenScope)
  | ({
      /** One item of an audit after an incident, looked at by somebody. */
      readonly kind: 'audit-mark'
    } & AuditMark)
  | ({
      /** Text that contexts are kept from, or let into again. */
      readonly kind: 'quarantine'
    } & QuarantineRecord)
  | ({
      /** What reading a platform that hosts agents came to. */
      readonly kind: 'managed-report'
    } & ManagedReport)
  | ({
      /** What a scanner said of an image. */
      readonly kind: 'image-scan'
    } & ImageScan)
  | {
      /** One step of a case, as the response takes it; nanoseconds in it are decimal text. */
      readonly kind: 'case-step'
      readonly incident: string
      /** A person by name; absent where the program states it. */
      readonly by?: string
      readonly deed: Readonly<Record<string, unknown>>
    }
  | ({
      /** A step of a hold in the proxies of an agent: ordered, acknowledged or refused by one of them, probed, released. */
      readonly kind: 'proxy-order'
    } & ProxyOrderRecord)
  | ({
      /** What people and other systems are told, and whether they got it. */
      readonly kind: 'notice'
    } & NoticeRecord)
  | {
      /** One thing that became of a response plan; plans are put together from these. Nanoseconds in it are decimal text. */
      readonly kind: 'response-plan'
      /** Hash of the plan. */
      readonly plan: string
      readonly incident: string
      /** A person by name; absent where the program does it. */
      readonly by?: string
      readonly deed: Readonly<Record<string, unknown>>
    }
  | {
      /** What may be done about an incident without a person; the newest holds. Without one nothing is. */
      readonly kind: 'response-policy'
      readonly policy: ResponsePolicy
      readonly reason: string
      readonly by: string
    }
  | ({
      /** Digests of records that are handed over with fields hidden, made while they were whole. */
      readonly kind: 'redaction'
    } & RedactionRecord)
  | {
      /** A step in the life of generated policies; what is in force is put together from these. */
      readonly kind: 'policy'
      readonly deed: PolicyDeed
      readonly reason: string
      readonly by: string
    }
  | ({
      /** What policies in force denied, or would have denied while they watch. */
      readonly kind: 'policy-violations'
    } & PolicyViolationsRecord)
  | ({
      /** Demo data that began, how far its stories are, and its removal. */
      readonly kind: 'demo'
    } & DemoRecord)
  | {
      readonly kind: 'server'
      readonly action: 'started' | 'stopped' | 'recovered'
      readonly version: string
      readonly detail: string
    }

export type ControlKind = ControlRecord['kind']

/** Looked up by its kind, so that a record of one kind is a record of any. */
export type ControlRecordOf<Kind extends ControlKind> = {
  readonly [Each in ControlKind]: Extract<ControlRecord, { readonly kind: Each }>
}[Kind]
