import type { Event, ProfileDimension, UnixNano } from '@holdfast/model'

/** One thing that an agent did, as the profile counts it. */
export type Observation = {
  readonly dimension: ProfileDimension
  /** What was observed, normalised so that like counts as like. Untrusted text. */
  readonly key: string
  readonly claimedAt: UnixNano
  /** Index of the log entry that proves it. */
  readonly entry: number
}

/** What of an event enters the profile of its Deployment; most events enter one dimension. */
export function observationsOf(event: Event): readonly Observation[] {
  const { body, claimedAt, entry } = event
  if (body.kind !== 'tool-call') return []
  return [{ dimension: 'tool', key: body.toolName, claimedAt, entry }]
}
