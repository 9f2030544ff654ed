import type { AuthPlane, EffectiveResult } from '@holdfast/model'
import type { GeneratorFacts } from '../generator.ts'

/**
 * What policies of one plane do beside those in force there. On every plane what is granted adds up, so a new role takes
 * nothing away by itself; `cap` says what holds the rest, where the platform has such a thing.
 */
export function effectiveOn(
  plane: AuthPlane,
  { inForce, grants }: GeneratorFacts,
  { removals, cap }: { readonly removals: number; readonly cap: string | undefined },
): EffectiveResult {
  const own = grants.filter((grant) => grant.plane === plane)
  const against = [
    ...new Set([
      ...inForce.filter((one) => one.plane === plane).map(({ name }) => name),
      ...own.map(({ source }) => source),
    ]),
  ].toSorted()
  if (own.length === 0)
    return cap === undefined
      ? {
          narrows: false,
          reason: 'no grant of its principals is known, and what is granted adds up: nothing is taken away',
          against,
        }
      : {
          narrows: true,
          reason: `no grant of its principals is known; what is attached beside this is held by ${cap} alone`,
          against,
        }
  const isWide = own.some(({ action, resources }) => action.includes('*') || resources.some((one) => one.includes('*')))
  if (removals === 0 && (!isWide || cap === undefined))
    return {
      narrows: false,
      reason: isWide
        ? 'no unused grant is known to go, and what is granted adds up'
        : 'what is granted is what was used: nothing is taken away',
      against,
    }
  return {
    narrows: true,
    reason: `${removals} unused grants go${cap === undefined ? '; what stays granted adds up' : `; what stays attached is held by ${cap}`}`,
    against,
  }
}

/** Requirement ENF-14: what may be written where it is allowed is nobody's to see. */
export function contentSpots(writes: readonly string[]): readonly string[] {
  const sorted = [...new Set(writes)].toSorted()
  if (sorted.length === 0) return []
  const named = sorted.length > 5 ? `${sorted.slice(0, 5).join(', ')} and ${sorted.length - 5} more` : sorted.join(', ')
  return [`Where ${named} is allowed, anything may be written: it carries wrong data as well as right.`]
}

export function leftOutSpots(leftOut: readonly string[]): readonly string[] {
  if (leftOut.length === 0) return []
  const named = leftOut.slice(0, 10).join('; ')
  const rest = leftOut.length > 10 ? `; and ${leftOut.length - 10} more` : ''
  return [`Seen too rarely or too long ago to be let without a decision on confidence: ${named}${rest}.`]
}
