import { z } from 'zod'

import type { KubernetesApi } from './api.ts'
import { okOf } from './api.ts'
import { NAMED } from './limits.ts'
import type { KubeObject, LabelSelector } from './objects.ts'
import { selectorOf, selectorText } from './objects.ts'
import type { WorkloadRef, WorkloadResource } from './refs.ts'
import { listPath, objectPath, podsPath, refText, WORKLOADS } from './refs.ts'

/** A workload with the pods that are its own, and what else its selector would bite. */
export type Workload = {
  readonly ref: WorkloadRef
  readonly object: KubeObject
  /** Of a CronJob the labels of what it starts; undefined where those are none. */
  readonly selector: LabelSelector | undefined
  /** Those that are not over: a Job leaves the ones that came to their end. */
  readonly pods: readonly KubeObject[]
  /** Of a CronJob, those that it started and that are not over. */
  readonly jobs: readonly KubeObject[]
  /** Pods of other workloads that the same selector selects. */
  readonly foreign: readonly string[]
  /** Pods that no controller owns, and that the selector selects. */
  readonly orphans: readonly string[]
}

export type SelectedWorkload = Workload & { readonly selector: LabelSelector }

/** The workload by its name, of whichever kind it is; undefined where there is none or two of one name. */
export async function findWorkload(
  api: KubernetesApi,
  namespace: string,
  name: string,
): Promise<WorkloadRef | undefined> {
  const resources = Object.keys(WORKLOADS) as readonly WorkloadResource[] // its own keys
  const refs = resources.map((resource): WorkloadRef => ({ resource, namespace, name }))
  const found = await Promise.all(refs.map(async (ref) => ((await isThere(api, ref)) ? [ref] : [])))
  const [only, ...others] = found.flat()
  return others.length === 0 ? only : undefined
}

/** Reads a workload and its pods; a sentence where it cannot be held as it is. */
export async function readWorkload(api: KubernetesApi, ref: WorkloadRef): Promise<Workload | string> {
  const object = await api.get(objectPath(ref))
  if (object === undefined) return `${refText(ref)} is not there`
  if (ref.resource === 'cronjobs') return readCronJob(api, ref, object)
  const selector = selectorOf(object.spec?.['selector'])
  const text = selector === undefined ? '' : selectorText(selector)
  if (selector === undefined || text === '') return `${refText(ref)} selects its pods by nothing that can be read`
  const [pods, owners] = await Promise.all([
    api.list(podsPath(ref.namespace), { labelSelector: text }),
    ownersOf(api, ref, object, text),
  ])
  return { ref, object, selector, jobs: [], ...apart(pods, owners) }
}

/** The workload as a network policy can hold it; a sentence where nothing says which pods are its. */
export function selected(workload: Workload): SelectedWorkload | string {
  const { selector, ref } = workload
  return selector === undefined
    ? `${refText(ref)} gives what it starts no labels: a policy could not say which pods are meant`
    : { ...workload, selector }
}

/** What of a list of Jobs is not over. */
export function unfinished(jobs: readonly KubeObject[]): readonly KubeObject[] {
  return jobs.filter((job) => !hasCondition(job, 'Complete') && !hasCondition(job, 'Failed'))
}

/** Whether the controller of Jobs says that it suspended one, which it does once its pods are being ended. */
export function isSuspended(job: KubeObject): boolean {
  return hasCondition(job, 'Suspended')
}

function hasCondition({ status }: KubeObject, type: string): boolean {
  const parsed = conditionsSchema.safeParse(status?.['conditions'])
  return parsed.success && parsed.data.some((one) => one.type === type && one.status === 'True')
}

const conditionsSchema = z.array(z.looseObject({ type: z.string(), status: z.string() }))

/** All Jobs that a CronJob started and that are still there. */
export async function jobsOf(api: KubernetesApi, ref: WorkloadRef, { metadata }: KubeObject) {
  const jobs = await api.list(listPath('jobs', ref.namespace))
  return jobs.filter((job) => controllerOf(job)?.uid === metadata.uid)
}

/** A CronJob selects no pods: its Jobs do, each by its own uid, and those of tomorrow are told by their labels alone. */
async function readCronJob(api: KubernetesApi, ref: WorkloadRef, object: KubeObject): Promise<Workload> {
  const jobs = unfinished(await jobsOf(api, ref, object))
  const owners = new Set(jobs.map(({ metadata }) => metadata.uid))
  const template = templateSchema.safeParse(object.spec?.['jobTemplate'])
  const labels = template.success ? (template.data.spec.template.metadata?.labels ?? {}) : {}
  const selector = Object.keys(labels).length === 0 ? undefined : { matchLabels: labels }
  const selectors = [selector, ...jobs.map(({ spec }) => selectorOf(spec?.['selector']))]
  const texts = selectors.flatMap((one) => (one === undefined ? [] : selectorText(one))).filter((text) => text !== '')
  const lists = await Promise.all(texts.map((labelSelector) => api.list(podsPath(ref.namespace), { labelSelector })))
  const pods = new Map(lists.flat().map((pod) => [pod.metadata.uid, pod]))
  return { ref, object, selector, jobs, ...apart([...pods.values()], owners) }
}

const templateSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()).optional() }).optional(),
    }),
  }),
})

function apart(
  found: readonly KubeObject[],
  owners: ReadonlySet<string>,
): Pick<Workload, 'pods' | 'foreign' | 'orphans'> {
  const pods = found.filter(({ status }) => !OVER.has(status?.['phase']))
  const isOwn = (pod: KubeObject) => owners.has(controllerOf(pod)?.uid ?? '')
  const others = pods.filter((pod) => !isOwn(pod))
  const namesOf = (some: readonly KubeObject[]) => some.map(({ metadata }) => metadata.name)
  return {
    pods: pods.filter(isOwn),
    foreign: namesOf(others.filter((pod) => controllerOf(pod) !== undefined)),
    orphans: namesOf(others.filter((pod) => controllerOf(pod) === undefined)),
  }
}

const OVER: ReadonlySet<unknown> = new Set(['Succeeded', 'Failed'])

function controllerOf({ metadata }: KubeObject) {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)
}

/** Rights to Jobs came later than the others: who was not given them has no Job that could be held. */
async function isThere(api: KubernetesApi, ref: WorkloadRef): Promise<boolean> {
  const path = objectPath(ref)
  const answer = await api.ask({ method: 'GET', path })
  if (answer.status === 'absent') return false
  if (answer.status === 'refused' && WORKLOADS[ref.resource].group === 'batch') return false
  return okOf(answer, `GET ${path}`) !== undefined
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
