import type { KubernetesApi } from './api.ts'
import { NAMED } from './limits.ts'
import type { KubeObject, LabelSelector } from './objects.ts'
import { selectorOf, selectorText } from './objects.ts'
import type { WorkloadRef, WorkloadResource } from './refs.ts'
import { listPath, objectPath, podsPath, refText, WORKLOADS } from './refs.ts'

/** A workload with the pods that are its own, and what else its selector would bite. */
export type Workload = {
  readonly ref: WorkloadRef
  readonly object: KubeObject
  readonly selector: LabelSelector
  readonly pods: readonly KubeObject[]
  /** Pods of other workloads that the same selector selects. */
  readonly foreign: readonly string[]
  /** Pods that no controller owns, and that the selector selects. */
  readonly orphans: readonly string[]
}

/** The workload by its name, of whichever kind it is; undefined where there is none or two of one name. */
export async function findWorkload(
  api: KubernetesApi,
  namespace: string,
  name: string,
): Promise<WorkloadRef | undefined> {
  const resources = Object.keys(WORKLOADS) as readonly WorkloadResource[] // its own keys
  const refs = resources.map((resource): WorkloadRef => ({ resource, namespace, name }))
  const found = await Promise.all(
    refs.map(async (ref) => ((await api.get(objectPath(ref))) === undefined ? [] : [ref])),
  )
  const [only, ...others] = found.flat()
  return others.length === 0 ? only : undefined
}

/** Reads a workload and its pods; a sentence where it cannot be held as it is. */
export async function readWorkload(api: KubernetesApi, ref: WorkloadRef): Promise<Workload | string> {
  const object = await api.get(objectPath(ref))
  if (object === undefined) return `${refText(ref)} is not there`
  const selector = selectorOf(object.spec?.['selector'])
  const text = selector === undefined ? '' : selectorText(selector)
  if (selector === undefined || text === '') return `${refText(ref)} selects its pods by nothing that can be read`
  const [pods, owners] = await Promise.all([
    api.list(podsPath(ref.namespace), { labelSelector: text }),
    ownersOf(api, ref, object, text),
  ])
  const ownerOf = (pod: KubeObject) => pod.metadata.ownerReferences?.find(({ controller }) => controller === true)
  const isOwn = (pod: KubeObject) => owners.has(ownerOf(pod)?.uid ?? '')
  const others = pods.filter((pod) => !isOwn(pod))
  const namesOf = (some: readonly KubeObject[]) => some.map(({ metadata }) => metadata.name)
  return {
    ref,
    object,
    selector,
    pods: pods.filter(isOwn),
    foreign: namesOf(others.filter((pod) => ownerOf(pod) !== undefined)),
    orphans: namesOf(others.filter((pod) => ownerOf(pod) === undefined)),
  }
}

export function named(names: readonly string[]): string {
  const rest = names.length - NAMED
  return `${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** Uids that own pods of the workload: of a Deployment its ReplicaSets, else itself. */
async function ownersOf(api: KubernetesApi, ref: WorkloadRef, object: KubeObject, labelSelector: string) {
  const { uid } = object.metadata
  if (ref.resource !== 'deployments') return new Set([uid])
  const sets = await api.list(listPath('replicasets', ref.namespace), { labelSelector })
  return new Set(
    sets
      .filter(({ metadata }) =>
        metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.controller === true),
      )
      .map(({ metadata }) => metadata.uid),
  )
}
