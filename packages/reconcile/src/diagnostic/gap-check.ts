import { counted } from '@holdfast/model'
import { evidence, type Check, unmet } from './checks.ts'
import type { DiagnosticTarget, GapFact } from './facts.ts'
import { NAMES_SHOWN } from './limits.ts'

type Window = {
  readonly gaps: readonly GapFact[]
  readonly gapsCut: number
  /** RFC 3339. */
  readonly from: string
  readonly to: string
}

/** What is not there cannot be asked for: a gap in the window is a no, and says which. */
export function gapCheck(what: string, { name }: DiagnosticTarget, { gaps, gapsCut, from, to }: Window): Check {
  const inside = gaps.filter((gap) => Date.parse(gap.from) <= Date.parse(to) && Date.parse(gap.to) >= Date.parse(from))
  const shown = inside.slice(0, NAMES_SHOWN)
  if (inside.length > 0) {
    const words = shown.map((gap) => `${gap.channel} ${gap.from} to ${gap.to}, ${gap.reason}`)
    const more = inside.length > shown.length ? `; and ${inside.length - shown.length} more` : ''
    return unmet(what, `${counted(inside.length, 'gap')}${whose(name, inside)}: ${words.join('; ')}${more}`, [
      evidence(
        'gap records',
        inside.map(({ entry }) => entry),
        { path: '/integrity' },
      ),
    ])
  }
  // Absence has no log entry of its own: what was searched is the ledger of gap records, whole or not.
  if (gapsCut > 0) return unmet(what, `${gapsCut} older gap records are not at hand, so it cannot be said`)
  return {
    what,
    outcome: 'met',
    reason: `no gap record for the streams of ${name} lies between ${from} and ${to}`,
    evidence: [],
  }
}

/** A record that names nobody counts, since it may be theirs, and is not said to be. */
function whose(name: string, gaps: readonly GapFact[]): string {
  const anyones = gaps.filter(({ isAnyones }) => isAnyones === true).length
  if (anyones === 0) return ''
  const which = anyones === gaps.length ? '' : `, ${anyones} of them`
  return `${which} on a way in that ${name} shares with others, and whose records are missing is not known`
}
