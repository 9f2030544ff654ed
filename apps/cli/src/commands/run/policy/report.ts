import type { PolicyMode } from '@holdfast/model'
import { inert } from '../../../render/inert.ts'
import { policyViolations, type PolicyViolation } from './policy-violations.ts'
import type { RunPolicy } from './run-policy.ts'

/** What a run was under, and what that refused or would have. */
export type PolicyReport = {
  readonly artifacts: readonly {
    readonly kind: 'seccomp' | 'host-egress'
    readonly artifact: string
    readonly mode: PolicyMode
    /** Digest of the profile that it was made of. */
    readonly profile: string
  }[]
  readonly violations: readonly PolicyViolation[]
}

export function policyReport(policy: RunPolicy, seen: Parameters<typeof policyViolations>[1]): PolicyReport {
  const { seccomp, egress } = policy
  return {
    artifacts: [
      ...(seccomp === undefined ? [] : [rowOf('seccomp', seccomp)]),
      ...(egress === undefined ? [] : [rowOf('host-egress', egress)]),
    ],
    violations: policyViolations(policy, seen),
  }
}

function rowOf(kind: 'seccomp' | 'host-egress', { artifact, mode }: NonNullable<RunPolicy['seccomp' | 'egress']>) {
  return { kind, artifact: artifact.id, mode, profile: artifact.profile.digest }
}

/** One line of a report for people. */
export function policyLine({
  kind,
  artifact,
  pointer,
  mode,
  what,
  binary,
  conversation,
  count,
}: PolicyViolation): string {
  const verb = mode === 'enforce' ? 'refused' : 'would be refused'
  const who = binary === undefined ? '' : ` by ${binary}`
  const times = count === 1 ? '' : ` ${count} times`
  const where = conversation === undefined ? '' : `, conversation ${conversation}`
  return inert(`${what} ${verb}${times}  (${kind} ${artifact.slice(0, 12)}#${pointer}${who}${where})`)
}
