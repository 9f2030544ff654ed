import type { RunSummary } from '@holdfast/api'
import { effectOf } from './effect.ts'
import type { SeccompProfile } from './profile.ts'

/** What a filter did to one call; `basis` says how that is known (docs/cli.md). */
export type Violation = Omit<RunSummary['violations'][number], 'isSetup' | 'basis'> & {
  readonly basis: 'kernel' | 'profile'
}

/**
 * Those of a run that are proven. Where the kernel does not say which calls never began (`isProven` false), an answer
 * counts only if the profile always gives this errno to this call.
 */
export function violationsOf(
  all: RunSummary['violations'],
  { profile, isProven }: { readonly profile: SeccompProfile | undefined; readonly isProven: boolean },
): readonly Violation[] {
  return all.flatMap(({ isSetup, basis, ...violation }): readonly Violation[] => {
    if (isSetup) return []
    if (basis !== 'answer') return [{ ...violation, basis }]
    if (isProven || profile === undefined || violation.architecture !== undefined) return []
    const effect = effectOf(profile, violation.call)
    return effect.kind === 'errno' && effect.errno === violation.errno ? [{ ...violation, basis: 'profile' }] : []
  })
}

/** Calls of the runtime that the profile did not let through: why a program may never have begun. */
export function setupViolations(all: RunSummary['violations']): readonly string[] {
  return [
    ...new Set(all.flatMap(({ isSetup, call, basis }) => (isSetup && basis !== 'answer' ? [call] : []))),
  ].toSorted()
}
