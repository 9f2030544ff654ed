import type { Notice, NoticeKind } from '@holdfast/respond'

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const

export type Severity = (typeof SEVERITIES)[number]

/** Which notices a channel is for. */
export type ChannelFilter = {
  readonly kinds: 'all' | readonly NoticeKind[]
  /** At least so severe. */
  readonly severity: Severity
  /** Teams or roles; empty: whoever it is for. */
  readonly for: readonly string[]
}

/** True where a notice passes. */
export function passes({ kinds, severity, for: teams }: ChannelFilter, notice: Notice): boolean {
  if (notice.kind === 'test') return false
  if (kinds !== 'all' && !kinds.includes(notice.kind)) return false
  if (SEVERITIES.indexOf(notice.severity) < SEVERITIES.indexOf(severity)) return false
  return teams.length === 0 || notice.for.length === 0 || notice.for.some((team) => teams.includes(team))
}
