import type { PolicyInForce } from '@holdfast/model'
import { ConnectorError } from '../connector-error.ts'
import type { KubernetesApi } from './api.ts'
import type { KubeObject } from './objects.ts'
import { policiesIn } from './network-hold.ts'
import { findWorkload, readWorkload } from './workload.ts'

/** What stands in a cluster beside a policy that would be made for a workload. */
export type PoliciesBeside = {
  readonly plane: 'network'
  readonly policies: readonly PolicyInForce[]
  /** Labels that select the workload's pods. */
  readonly labels?: Readonly<Record<string, string>>
}

/**
 * Network policies of the workload's namespace, those that a hold of ours put there aside, and those of the cluster, which are asked
 * before and after them by tier and priority. Only reads.
 */
export async function policiesBeside(
  api: KubernetesApi,
  { namespace, workload }: { readonly namespace: string; readonly workload: string },
): Promise<PoliciesBeside> {
  const [plain, cilium, ofCluster, labels] = await Promise.all([
    policiesIn(api, namespace),
    listed(api, `/apis/cilium.io/v2/namespaces/${encodeURIComponent(namespace)}/ciliumnetworkpolicies`),
    listed(api, '/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies'),
    labelsOf(api, { namespace, workload }),
  ])
  // An API server leaves the kind out of what it lists, and a policy without one is a policy that nobody understands.
  const standing = [
    ...plain.map((object) => ({ ...object, kind: 'NetworkPolicy' })),
    ...cilium.map((object) => ({ ...object, kind: 'CiliumNetworkPolicy' })),
    ...ofCluster.map((object) => ({ ...object, kind: 'ClusterNetworkPolicy' })),
  ].filter(({ metadata }) => metadata.labels?.['holdfast.dev/held'] === undefined)
  return {
    plane: 'network',
    policies: standing.map((object) => ({ plane: 'network', name: object.metadata.name, document: object })),
    ...(labels === undefined ? {} : { labels }),
  }
}

/** A cluster that lacks the kind has none of it; a right that is missing is no answer, and so nothing may be said of the whole. */
async function listed(api: KubernetesApi, path: string): Promise<readonly KubeObject[]> {
  const answer = await api.ask({ method: 'GET', path, query: { limit: '1' } })
  if (answer.status === 'absent') return []
  if (answer.status !== 'ok') throw new ConnectorError('refused', `GET ${path}: ${answer.message}`)
  return api.list(path)
}

/** Undefined where the workload is not there, or is selected by more than labels. */
async function labelsOf(
  api: KubernetesApi,
  { namespace, workload }: { readonly namespace: string; readonly workload: string },
): Promise<Readonly<Record<string, string>> | undefined> {
  const ref = await findWorkload(api, namespace, workload)
  const read = ref === undefined ? undefined : await readWorkload(api, ref)
  if (read === undefined || typeof read === 'string' || read.selector === undefined) return undefined
  const { matchLabels, matchExpressions = [] } = read.selector
  return matchExpressions.length === 0 ? matchLabels : undefined
}
