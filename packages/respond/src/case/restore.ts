import type { UnixNano } from '@holdfast/model'
import { formatRfc3339 } from '@holdfast/model'

import type { Baseline, Contamination } from './events.ts'

/**
 * Why a baseline may not be brought back; undefined where it may. A profile that saw the incident is never restored: the
 * agent returns on one that was rebuilt from clean staging, and in monitoring (FC10).
 */
export function restoreObstacle(baseline: Baseline, contaminations: readonly Contamination[]): string | undefined {
  const since = contaminatedSince(baseline.profile, contaminations)
  if (since === undefined) return undefined
  if (baseline.origin === 'production' && contaminations.some((mark) => hasSeen(baseline, mark))) {
    return (
      `profile ${baseline.profile} version ${baseline.version} is contaminated from ${formatRfc3339(since)} on ` +
      `and this version observed until ${formatRfc3339(baseline.observedUntil)}: rebuild it from clean staging`
    )
  }
  if (baseline.origin === 'clean-staging' && baseline.parity !== 'passed') {
    return `the parity gate ${baseline.parity === 'refused' ? 'refused' : 'was not run for'} version ${baseline.version}`
  }
  if (baseline.mode !== 'monitoring') return 'after an incident the agent comes back in monitoring'
  return undefined
}

/** True where it observed any of the time that the mark is about. */
function hasSeen({ profile, observedFrom, observedUntil }: Baseline, mark: Contamination): boolean {
  if (mark.profile !== profile || observedUntil < mark.since) return false
  return mark.until === undefined || observedFrom <= mark.until
}

/** From when on a profile is not to be trusted; the earliest mark counts. */
export function contaminatedSince(profile: string, contaminations: readonly Contamination[]): UnixNano | undefined {
  const marks = contaminations.filter((each) => each.profile === profile).map((each) => each.since)
  return marks.reduce<UnixNano | undefined>(
    (least, mark) => (least === undefined || mark < least ? mark : least),
    undefined,
  )
}
