import type { ClusterPolicyObjects, PolicyObjects, PolicyOutcome } from '@holdfast/connectors'
import { clusterNetworkPolicies } from '@holdfast/enforce'
import type { PolicyArtifact } from '@holdfast/model'
import { HttpError } from '../http/problem.ts'

/** A cluster that generated policies may be put into. */
export type PolicyCluster = {
  readonly name: string
  /** As agents name it. */
  readonly cluster: string
  readonly namespaces?: readonly string[]
  /** Absent where policies of a namespace are none of ours there. */
  readonly objects?: Pick<PolicyObjects, 'apply' | 'restore' | 'differences'>
  /** Likewise of the whole cluster. */
  readonly wide?: Pick<ClusterPolicyObjects, 'apply' | 'restore' | 'differences'>
}

/** Whether a policy is an object of its namespace, which others of it add to, or objects of the cluster, which they do not undo. */
export type PolicyScope = 'namespaced' | 'cluster'

/** Where a policy goes in a cluster, and what can be done there. */
export type PolicyPlace = {
  /** `eu:support/network-policy/holdfast-desk`, `eu:support/cluster-network-policy/holdfast-desk` */
  readonly target: string
  readonly apply: (step: {
    readonly isRehearsal: boolean
    readonly plan?: string | undefined
  }) => Promise<PolicyOutcome>
  readonly restore: (step: {
    readonly before: string | undefined
    readonly isRehearsal: boolean
  }) => Promise<PolicyOutcome>
  /** In what the cluster is not as `apply` left it; `priority` as it answered. */
  readonly differences: (priority: number | undefined) => Promise<readonly string[]>
}

const CLUSTER_KIND = 'cluster-network-policy'

/** Throws HttpError 409 where no cluster takes the policy. */
export function placeOf(
  artifact: PolicyArtifact,
  {
    clusters,
    scope = 'namespaced',
  }: { readonly clusters: readonly PolicyCluster[]; readonly scope?: PolicyScope | undefined },
): PolicyPlace {
  const { agent, kind, document, id } = artifact
  const { metadata } = document as { readonly metadata?: { readonly name?: string; readonly namespace?: string } } // of a generator
  const { name, namespace } = metadata ?? {}
  if (name === undefined || namespace === undefined)
    throw new HttpError(409, `not-in-layer: no cluster takes a ${kind} policy`)
  if (scope === 'cluster' && kind !== 'network-policy')
    throw new HttpError(409, `not-in-layer: policies of a whole cluster are made of a network-policy, not of a ${kind}`)
  const [, own, workload = ''] = /^k8s:([^/]+)\/[^/]+(?:\/([^/]+))?/.exec(agent) ?? []
  const at = (cluster: PolicyCluster) =>
    cluster.cluster === own && (cluster.namespaces ?? [namespace]).includes(namespace)
  const inWords = `for ${namespace} in "${own ?? '-'}"`
  if (scope === 'cluster') {
    const found = clusters.find((one) => at(one) && one.wide !== undefined)
    if (found?.wide === undefined)
      throw new HttpError(409, `no-cluster: connectors.yaml names no cluster with apply-cluster-policies ${inWords}`)
    const { wide } = found
    const documents = clusterNetworkPolicies(artifact)
    return {
      target: `${found.name}:${namespace}/${CLUSTER_KIND}/${name}`,
      apply: (step) => wide.apply(documents, { ...step, artifact: id, workload }),
      restore: (step) => wide.restore(documents, { ...step, artifact: id }),
      differences: async (priority) =>
        priority === undefined ? [] : await wide.differences(documents, { artifact: id, priority }),
    }
  }
  const found = clusters.find((one) => at(one) && one.objects !== undefined)
  if (found?.objects === undefined)
    throw new HttpError(409, `no-cluster: connectors.yaml names no cluster with apply-policies ${inWords}`)
  const { objects } = found
  return {
    target: `${found.name}:${namespace}/${kind}/${name}`,
    apply: (step) => objects.apply(document, { ...step, artifact: id }),
    restore: (step) => objects.restore(document, { ...step, artifact: id }),
    differences: () => objects.differences(document, id),
  }
}

/** Which of the two a target of a record is. */
export function scopeOfTarget(target: string): PolicyScope {
  return target.split('/')[1] === CLUSTER_KIND ? 'cluster' : 'namespaced'
}
