import { compileCiliumPolicy } from './cilium-rules.ts'
import { compileClusterPolicy, type ClusterPolicy } from './cluster-rules.ts'
import type { Flow } from './flow.ts'
import { compileNetworkPolicy, type Pod } from './kubernetes-rules.ts'
import type { CompiledPolicy } from './rules.ts'
import { fieldsOf } from './selector.ts'

/** All policies that have a say in what leaves one pod. */
export type PolicyWorld = {
  readonly policies: readonly CompiledPolicy[]
  readonly cluster: readonly ClusterPolicy[]
  /** Documents and parts of documents that were not understood, by name: of these no claim is made. */
  readonly unread: readonly string[]
}

export type FlowVerdict = {
  readonly allowed: boolean
  /** Policy that decided; undefined where nothing speaks of the flow. */
  readonly by?: string
  readonly pointer?: string
}

/** Compiles what selects the pod. Documents are untrusted. */
export function worldOf(
  documents: readonly { readonly name: string; readonly document: unknown }[],
  pod: Pod,
): PolicyWorld {
  const policies: CompiledPolicy[] = []
  const cluster: ClusterPolicy[] = []
  const unread: string[] = []
  for (const { name, document } of documents) {
    const fields = fieldsOf(document)
    switch (fields?.['kind']) {
      case 'NetworkPolicy':
        policies.push(...listed(compileNetworkPolicy(fields, pod)))
        break
      case 'CiliumNetworkPolicy':
      case 'CiliumClusterwideNetworkPolicy':
        policies.push(...listed(compileCiliumPolicy(fields, pod)))
        break
      case 'ClusterNetworkPolicy':
        cluster.push(...listed(compileClusterPolicy(fields, pod)))
        break
      case undefined:
      case null:
      default:
        // A kind that we do not know may select the pod all the same.
        unread.push(name)
    }
  }
  const parts = [...policies, ...cluster].flatMap((policy) => policy.unread.map((at) => `${policy.name}${at}`))
  return { policies, cluster: cluster.toSorted((a, b) => a.priority - b.priority), unread: [...unread, ...parts] }
}

/**
 * Whether a flow leaves the pod. In order: cluster policies of the admin tier; what a Cilium rule denies; NetworkPolicies and Cilium
 * policies, which add up: where one of them isolates the pod, one of them must let the flow through; the baseline tier.
 */
export function evaluateFlow({ policies, cluster }: PolicyWorld, flow: Flow): FlowVerdict {
  const admin = tierVerdict(cluster, 'admin', flow)
  if (admin !== undefined) return admin
  for (const { name, denies } of policies)
    for (const { pointer, test } of denies) if (test(flow)) return { allowed: false, by: name, pointer }
  const isolating = policies.find(({ isolates }) => isolates)
  if (isolating === undefined) return tierVerdict(cluster, 'baseline', flow) ?? { allowed: true }
  for (const { name, allows } of policies)
    for (const { pointer, test } of allows) if (test(flow)) return { allowed: true, by: name, pointer }
  return { allowed: false, by: isolating.name }
}

function tierVerdict(
  cluster: readonly ClusterPolicy[],
  tier: ClusterPolicy['tier'],
  flow: Flow,
): FlowVerdict | undefined {
  for (const policy of cluster) {
    if (policy.tier !== tier) continue
    const rule = policy.rules.find(({ test }) => test(flow))
    if (rule === undefined) continue
    // Passed on: to NetworkPolicies from the admin tier, to nobody from the baseline one.
    if (rule.action === 'pass') return undefined
    return { allowed: rule.action === 'accept', by: policy.name }
  }
  return undefined
}

function listed<T>(one: T | undefined): readonly T[] {
  return one === undefined ? [] : [one]
}
