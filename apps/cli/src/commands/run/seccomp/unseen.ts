import { partlyLogged } from './effect.ts'
import type { SeccompProfile } from './profile.ts'

/** What a profile does and nobody here sees; a sentence each. */
export function unseenOfProfile(profile: SeccompProfile | undefined, sight: 'kernel' | 'telemetry'): readonly string[] {
  if (profile === undefined) return []
  if (sight === 'telemetry') return ['calls that the seccomp profile refused: only the kernel sensor sees them']
  const names = partlyLogged(profile)
  if (names.length === 0) return []
  return [`which calls the seccomp profile logged by their arguments (the audit log has them): ${names.join(', ')}`]
}
