import type { StandingWire } from './timeline-routes.ts'

/** How an incident stands to the instant by which it should be held; `byMs` is how far from it, never negative. */
export type HoldByStanding = {
  /** `passed`: it is over, and no harm was seen that it would have been for. */
  readonly kind: 'ahead' | 'missed' | 'met' | 'late' | 'passed'
  readonly byMs: number
}

/** Undefined where the ladder wants nothing held by an instant. `nowMs`: milliseconds since 1970. */
export function holdByStanding(
  { harm, clocks }: Pick<StandingWire, 'harm' | 'clocks'>,
  nowMs: number,
): HoldByStanding | undefined {
  const { holdBy, heldAt } = clocks.harm
  if (holdBy === undefined) return undefined
  const leftMs = millisOf(holdBy) - (heldAt === undefined ? nowMs : millisOf(heldAt))
  const byMs = Math.abs(leftMs)
  if (heldAt !== undefined) return { kind: leftMs < 0 ? 'late' : 'met', byMs }
  if (leftMs > 0) return { kind: 'ahead', byMs }
  return { kind: harm.state === 'none-seen' ? 'passed' : 'missed', byMs }
}

/** In words, the same for everybody who shows it: `in 40 s`, `missed by 3 min`. */
export function holdByWords({ kind, byMs }: HoldByStanding): string {
  switch (kind) {
    case 'ahead':
      return `in ${spanWords(byMs)}`
    case 'missed':
      return `missed by ${spanWords(byMs)}`
    case 'met':
      return `met, ${spanWords(byMs)} before`
    case 'late':
      return `held ${spanWords(byMs)} late`
    case 'passed':
      return `passed ${spanWords(byMs)} ago`
  }
}

/** Of what is about a deadline the two largest units are enough. */
function spanWords(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`
}

function millisOf(nanos: string): number {
  return Number(BigInt(nanos) / 1_000_000n)
}
