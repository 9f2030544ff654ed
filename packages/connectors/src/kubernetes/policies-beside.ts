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

/** Network policies of the workload's namespace, those that a hold of ours put there aside. Only reads. */
export async function policiesBeside(
  api: KubernetesApi,
  { namespace, workload }: { readonly namespace: string; readonly workload: string },
): Promise<PoliciesBeside> {
  const [plain, cilium, labels] = await Promise.all([
    policiesIn(api, namespace),
    ciliumIn(api, namespace),
    labelsOf(api, { namespace, workload }),
  ])
  const standing = [...plain, ...cilium].filter(({ metadata }) => metadata.labels?.['holdfast.dev/held'] === undefined)
  return {
    plane: 'network',
    policies: standing.map((object) => ({ plane: 'network', name: object.metadata.name, document: object })),
    ...(labels === undefined ? {} : { labels }),
  }
}

/** A cluster without Cilium has none; a right that is missing is no answer, and so nothing may be said of the whole. */
async function ciliumIn(api: KubernetesApi, namespace: string): Promise<readonly KubeObject[]> {
  const path = `/apis/cilium.io/v2/namespaces/${encodeURIComponent(namespace)}/ciliumnetworkpolicies`
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
