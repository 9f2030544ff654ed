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

/** One change of behaviour against the profile, as it was judged. */
export type DriftChange = {
  readonly id: string
  readonly agent: string
  readonly subject: DriftSubject
  /** Dimension of the profile and the key that is new in it; a sequence has neither. */
  readonly dimension?: ProfileDimension
  readonly key?: string
  /** First time it was seen, RFC 3339. */
  readonly at: string
  readonly what: string
  readonly signals: {
    readonly deployment: DriftSignal
    readonly continuity: DriftSignal
    readonly bounds: DriftSignal
  }
  readonly verdict: DriftVerdict
  readonly side: 'evolution' | 'risky'
  readonly severity: 'none' | 'low' | 'medium' | 'high'
  /** What is to be done with it, and until when a missing event may still explain it. */
  readonly handling: string
  readonly until?: string
  readonly change?: ChangeRef
  readonly entries: readonly number[]
  readonly executions: readonly string[]
}
