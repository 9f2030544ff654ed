import type { AgentId } from './ids.ts'
import type { ProfileDimension } from './profile.ts'

/** What kind of thing drifted, in the order in which it is looked at (REC-5). */
export const DRIFT_SUBJECTS = ['identity', 'data', 'egress', 'tool', 'model', 'execution', 'sequence'] as const

export type DriftSubject = (typeof DRIFT_SUBJECTS)[number]

/** One of the three questions of requirements 6.3, with what answers it. */
export type DriftSignal = {
  readonly holds: boolean
  readonly reason: string
  /** Log positions that show it. */
  readonly entries: readonly number[]
}

/** A recorded change of model, prompt, tool catalogue, image or grant. */
export type ChangeRef = {
  readonly change: string
  readonly subject: string
  readonly entry: number
  readonly event: string
  readonly at: string
  readonly changeId?: string
  readonly approver?: string
}

export const DRIFT_VERDICTS = [
  'expected-evolution',
  'probable-evolution',
  'correlated-broken',
  'suspicious-despite-event',
  'unexplained',
  'suspicious',
  'drift',
] as const

export type DriftVerdict = (typeof DRIFT_VERDICTS)[number]

/**
 * Where a change stands: `accepted` into the profile, `held` for a late event, in `review` as probable evolution, `lapsed`
 * once that time is over, `open` where only a person can say.
 */
export const DRIFT_STANDINGS = ['accepted', 'review', 'held', 'lapsed', 'open'] as const

export type DriftStanding = (typeof DRIFT_STANDINGS)[number]

/** What a person said of a change. It is kept beside what was judged, and decides on which side it stands. */
export type DriftDecision = {
  readonly verdict: 'evolution' | 'risky'
  readonly by: string
  readonly reason: string
  readonly at: string
  readonly entry: number
}

/** One change of behaviour against the profile, as it was judged. */
export type DriftChange = {
  readonly id: string
  readonly agent: string
  readonly subject: DriftSubject
  /** New in the profile, back after it was stale, more of it than is usual, other text under a known name, known steps in a new combination. */
  readonly kind: 'new' | 'returned' | 'volume' | 'share' | 'definition' | 'sequence'
  /** Dimension of the profile and the key that is new in it; a volume and a sequence have neither. */
  readonly dimension?: ProfileDimension
  readonly key?: string
  /** First time it was seen, RFC 3339, and the last. */
  readonly at: string
  readonly last: string
  /** Executions that show it. */
  readonly times: number
  readonly what: string
  readonly signals: {
    readonly deployment: DriftSignal
    readonly continuity: DriftSignal
    readonly bounds: DriftSignal
  }
  readonly verdict: DriftVerdict
  readonly side: 'evolution' | 'risky'
  readonly severity: 'none' | 'low' | 'medium' | 'high'
  readonly standing: DriftStanding
  /** What is to be done with it, and until when a missing event may still explain it. */
  readonly handling: string
  readonly until?: string
  readonly change?: ChangeRef
  readonly decision?: DriftDecision
  readonly entries: readonly number[]
  readonly executions: readonly string[]
}

/**
 * One line of the stream of drift signals. `opened`: a risky change that no incident holds. `changed`: it is judged otherwise
 * now. `closed`: it is none any more. `in-incident`: an incident holds its events, and speaks for them from here on.
 */
export type DriftSignalRecord = {
  /** Of one change the same in every line. */
  readonly signal: string
  readonly state: 'opened' | 'changed' | 'closed' | 'in-incident'
  readonly agent: AgentId
  readonly agentName: string
  readonly change: string
  readonly subject: DriftSubject
  readonly verdict: DriftVerdict
  readonly severity: DriftChange['severity']
  readonly what: string
  /** First time that the change was seen, RFC 3339. */
  readonly at: string
  /** Which of the three signals hold. */
  readonly deployment: boolean
  readonly continuity: boolean
  readonly bounds: boolean
  readonly entries: readonly number[]
  /** Ids of the events that show it. */
  readonly events: readonly string[]
  /** Executions that show it: conversations or traces, whose graphs are open with it. */
  readonly executions: readonly string[]
  readonly incident?: string
}
