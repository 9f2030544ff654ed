import { counted, type ArtifactKind } from '@holdfast/model'
import type { GenerationRefusal, GeneratorFacts } from './generator.ts'

/** Layers of the kernel and the cluster: nobody but the provider can set them where it hosts the agent. */
const ON_THE_MACHINE: ReadonlySet<ArtifactKind> = new Set([
  'seccomp',
  'host-egress',
  'network-policy',
  'cilium-network-policy',
])

/**
 * Why no policy may be made of these facts, with the evidence that is missing; undefined where one may (requirements ENF-7,
 * OBS-15). What is observed need not have settled where it is pre-enforced: there a staging profile that passed parity is enough.
 */
export function refusalOf(
  { agent, profile, preEnforced }: GeneratorFacts,
  kind?: ArtifactKind,
): GenerationRefusal | undefined {
  const refused = (code: GenerationRefusal['code'], reason: string, missing: readonly string[]): GenerationRefusal => ({
    status: 'refused',
    code,
    reason,
    missing,
  })
  if (kind !== undefined && agent.managedBy !== undefined && ON_THE_MACHINE.has(kind))
    return refused('constrained-by-provider', `${agent.managedBy} hosts it: its machine takes no policy of ours`, [])
  if (preEnforced !== undefined && !preEnforced.parityPassed)
    return refused('observation-incomplete', `it is pre-enforced, and staging did not pass: ${preEnforced.reason}`, [
      'a staging profile that passed the parity gate',
    ])
  switch (profile.status) {
    case 'none':
      return refused('no-profile', 'nothing was observed of it', ['a profile'])
    case 'contaminated':
      return refused('profile-contaminated', 'an incident taints its profile from its first day', [
        'a profile rebuilt from clean observation',
      ])
    case 'observing':
    case 'converged':
    case 'non-convergent':
  }
  if (profile.partial !== undefined)
    return refused('profile-partial', profile.partial, ['a profile that begins with the start of its processes'])
  if (profile.status === 'observing' && preEnforced === undefined)
    return refused(
      'observation-incomplete',
      profile.verdict === undefined ? `observed for ${counted(profile.days, 'day')}` : inShort(profile.verdict),
      ['a profile that converged, or the verdict that it does not'],
    )
  return undefined
}

/** Days and observations are said here; each dimension has a line of its own where the baseline is shown. */
function inShort(verdict: string): string {
  const parts = verdict.split('; ')
  return parts.length <= 3
    ? verdict
    : `${parts.slice(0, 2).join('; ')}; ${parts.length - 2} more reasons in its baseline`
}
