import type { IncidentType, UnixNano } from '@holdfast/model'

export const NOTICE_KINDS = [
  'incident-opened',
  'incident-revised',
  'incident-classified',
  'incident-acknowledged',
  'incident-escalated',
  'approval-asked',
  'approval-answered',
  'plan-applied',
  'plan-failed',
  'hold-changed',
  'hold-ended',
  'duty-started',
  'task-assigned',
  'case-closed',
  /** An enforced policy expired or lost its footing: it watches on and stops nothing. */
  'policy-lapsed',
  /** A cluster holds another policy than was put there, or one of others undoes it. */
  'policy-changed',
  'drift-signal',
  'test',
] as const

export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** What was done to one agent, for those who keep count of actions. */
export type NoticeAction = {
  /** Containment, or plan and step. */
  readonly id: string
  readonly rung: string
  readonly agent: string
  readonly agentName: string
  readonly state: string
}

/**
 * What people and other systems are told. Prompt content is no part of it: our words and identifiers alone, because it leaves
 * the machine. Captured names in it are untrusted still.
 */
export type Notice = {
  /** The same fact has the same id, so that telling it twice is seen. */
  readonly id: string
  readonly kind: NoticeKind
  readonly incident: string
  readonly type?: IncidentType
  readonly severity: 'info' | 'low' | 'medium' | 'high' | 'critical'
  readonly title: string
  readonly lines: readonly string[]
  /** Teams or roles that it is for; empty: everybody who listens. */
  readonly for: readonly string[]
  /** The plan that waits for a yes. */
  readonly plan?: string
  readonly action?: NoticeAction
  /** 0 to 1, where it is about an incident. */
  readonly confidence?: number
  /** Path of the page that says more, within the workspace. */
  readonly path: string
  readonly at: UnixNano
}
