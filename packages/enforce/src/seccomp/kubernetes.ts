import type { PolicyArtifact } from '@holdfast/model'
import { objectName } from '../network/policy-facts.ts'
import type { SeccompEnvelope } from './grammar.ts'

/** SeccompProfile of the security-profiles-operator: scoped to the cluster in `v1`; its error numbers are texts. */
export type SeccompProfileResource = {
  readonly apiVersion: 'security-profiles-operator.x-k8s.io/v1'
  readonly kind: 'SeccompProfile'
  readonly metadata: {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly spec: {
    readonly defaultAction: string
    readonly architectures: readonly string[]
    readonly syscalls: readonly {
      readonly names: readonly string[]
      readonly action: string
      readonly errnoRet?: string
      readonly args?: NonNullable<SeccompEnvelope['syscalls'][number]['args']>
    }[]
  }
}

/**
 * The envelope as the operator takes it. The operator knows no error number for the default; the kernel's own is EPERM, which is what
 * the envelope asks for. `workload` names it, as it does the other objects of the agent.
 */
export function seccompProfileOf(artifact: PolicyArtifact, workload: string): SeccompProfileResource {
  const { defaultAction, architectures, syscalls } = artifact.document as SeccompEnvelope // of the generator of this folder
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1',
    kind: 'SeccompProfile',
    metadata: {
      name: objectName(workload),
      labels: { 'app.kubernetes.io/managed-by': 'holdfast' },
      annotations: {
        'holdfast.dev/agent': artifact.agent,
        'holdfast.dev/profile': artifact.profile.digest,
        'holdfast.dev/log-size': String(artifact.profile.size),
      },
    },
    spec: {
      defaultAction,
      architectures,
      syscalls: syscalls.map(({ errnoRet, ...rule }) => ({
        ...rule,
        ...(errnoRet === undefined ? {} : { errnoRet: String(errnoRet) }),
      })),
    },
  }
}

/** What puts the profile on the pods of a workload: a patch of its template, by the path where the operator lays the profile down. */
export function podSecurityPatch(workload: string): object {
  const localhostProfile = `operator/${objectName(workload)}.json`
  return {
    spec: { template: { spec: { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile } } } } },
  }
}
