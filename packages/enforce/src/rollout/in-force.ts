import type { PolicyArtifact, PolicyMode } from '@holdfast/model'
import type { ForcePeriod, RolloutState } from './state.ts'

export type InForce = { readonly artifact: PolicyArtifact; readonly mode: PolicyMode; readonly period: ForcePeriod }

/** A moment by both of its names: what was recorded before the position holds, and the time says what is past its validity. */
export type Moment = {
  /** Log position; the end of the log where it is left out. */
  readonly entry?: number
  /** RFC 3339. */
  readonly time: string
}

/**
 * What held for an agent at a moment. Past its validity an artifact stops nothing, whether or not a record says so yet: none is
 * expired and enforced at once.
 */
export function inForceAt(state: RolloutState, agent: string, { entry, time }: Moment): readonly InForce[] {
  const at = entry ?? Number.MAX_SAFE_INTEGER
  return (state.force.get(agent) ?? []).flatMap((period): readonly InForce[] => {
    if (period.from >= at || (period.to !== undefined && period.to < at)) return []
    // A period that ends at the end of the log has ended.
    if (entry === undefined && period.to !== undefined) return []
    const artifact = state.artifacts.get(period.artifact)?.artifact
    if (artifact === undefined) return []
    const isValid = Date.parse(time) < Date.parse(artifact.validUntil)
    return [{ artifact, period, mode: isValid ? period.mode : 'monitor' }]
  })
}

/** Enforced periods whose artifact is past its validity: each owes a record that says so. */
export function lapsed(
  state: RolloutState,
  time: string,
): readonly { readonly agent: string; readonly artifact: string }[] {
  return [...state.force].flatMap(([agent, periods]) =>
    periods.flatMap(({ artifact, mode, to }) => {
      const known = state.artifacts.get(artifact)?.artifact
      const isPast = known !== undefined && Date.parse(time) >= Date.parse(known.validUntil)
      return to === undefined && mode === 'enforce' && isPast ? [{ agent, artifact }] : []
    }),
  )
}
