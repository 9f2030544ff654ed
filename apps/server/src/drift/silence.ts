import type { TrustTier } from '@holdfast/model'
import type { DayDoc } from './docs.ts'
import { RHYTHM_DAYS, RHYTHM_LEAST } from './limits.ts'

/** A day on which a stream of evidence said nothing, although it speaks every day. */
export type Silence = { readonly day: number; readonly tier: TrustTier }

/** Silent days of each tier between two days (both inclusive): a gap in what is judged, and never a quiet day. */
export function silentDays(
  heard: readonly { readonly day: number; readonly doc: DayDoc }[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly Silence[] {
  const tiers = new Set(heard.flatMap(({ doc }) => doc.tiers))
  return [...tiers].toSorted().flatMap((tier) => {
    const spoke = new Set(heard.filter(({ doc }) => doc.tiers.includes(tier)).map(({ day }) => day))
    const found: Silence[] = []
    for (let day = from; day <= to; day += 1) {
      if (spoke.has(day)) continue
      const before = [...Array(RHYTHM_DAYS).keys()].filter((i) => spoke.has(day - 1 - i)).length
      // Once it has been silent for long it has ended, and says so by its last day.
      if (before >= RHYTHM_LEAST) found.push({ day, tier })
    }
    return found
  })
}
