import type { Agent } from '@holdfast/api'
import { placeOf, type AgentScope } from '../agent-scope.ts'
import { CliError } from '../cli-error.ts'
import { inert } from '../render/inert.ts'
import type { Kubectl } from './kubectl.ts'
import { controllerOf, isObjectName, parseList, parseObject, type ClusterObject } from './objects.ts'

/** Kinds by the words that kubectl takes for them. An agent is named after its workload, whatever kind that is of. */
const KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    deployment: ['deploy', 'deployments', 'deployment.apps'],
    statefulset: ['sts', 'statefulsets', 'statefulset.apps'],
    daemonset: ['ds', 'daemonsets', 'daemonset.apps'],
    cronjob: ['cj', 'cronjobs', 'cronjob.batch'],
    job: ['jobs', 'job.batch'],
    pod: ['po', 'pods'],
  }).flatMap(([kind, words]) => [kind, ...words].map((word) => [word, kind] as const)),
)

/** What a word such as `deploy/desk` names; undefined for any other word. */
export function parseWorkloadWord(word: string): { readonly kind: string; readonly name: string } | undefined {
  const [, written = '', name = ''] = /^([a-z.]+)\/([^/]+)$/.exec(word) ?? []
  const kind = KINDS.get(written)
  return kind === undefined || !isObjectName(name) ? undefined : { kind, name }
}

/** The workload that such a word stands for: of a pod the one that owns it. Throws `not-found`. */
export async function workloadOf(
  kubectl: Kubectl,
  { kind, name }: { readonly kind: string; readonly name: string },
  namespace: string,
): Promise<string> {
  if (kind !== 'pod' && kind !== 'job') return name
  const path = kind === 'pod' ? `/api/v1/namespaces/${namespace}/pods/${name}` : jobPath(namespace, name)
  const object = parseObject(await kubectl.read(path))
  if (object === undefined) throw new CliError('not-found', `there is no ${kind} ${namespace}/${name}`)
  const owner = controllerOf(object)
  return owner === undefined ? name : await ownerAbove(kubectl, owner, namespace)
}

/** A ReplicaSet stands for its Deployment and a Job for its CronJob, as sensors name agents. */
async function ownerAbove(
  kubectl: Kubectl,
  { kind, name }: { readonly kind: string; readonly name: string },
  namespace: string,
): Promise<string> {
  if (!isObjectName(name) || (kind !== 'ReplicaSet' && kind !== 'Job')) return name
  const path = kind === 'Job' ? jobPath(namespace, name) : `/apis/apps/v1/namespaces/${namespace}/replicasets/${name}`
  const object = parseObject(await kubectl.read(path))
  return (object === undefined ? undefined : controllerOf(object)?.name) ?? name
}

function jobPath(namespace: string, name: string): string {
  return `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`
}

/** The id of the one agent that runs as a workload. Throws `not-found`, and `usage` where agents of several clusters do. */
export function agentOfWorkload(agents: readonly Pick<Agent, 'id'>[], namespace: string, workload: string): string {
  const found = agents.filter(({ id }) => {
    const place = placeOf(id)
    return place?.namespace === namespace && place.workload === workload
  })
  const [only, ...others] = found
  if (only === undefined)
    throw new CliError(
      'not-found',
      `no agent was heard of workload ${inert(workload)} in namespace ${inert(namespace)}`,
      {
        remedy: 'kubectl holdfast agents',
      },
    )
  if (others.length > 0)
    throw new CliError('usage', `several clusters have it: ${found.map(({ id }) => inert(id)).join(', ')}: name the id`)
  return only.id
}

/** Agents of a namespace, and of these the workloads that a selector selects by their own labels or by those of their pods. */
export async function scopeOf(
  kubectl: Kubectl,
  { namespace, selector }: { readonly namespace?: string | undefined; readonly selector?: string | undefined },
): Promise<AgentScope | undefined> {
  if (namespace === undefined && selector === undefined) return undefined
  if (namespace !== undefined && !isObjectName(namespace))
    throw new CliError('usage', `"${inert(namespace)}" is no name of a namespace`)
  const words = [
    ...(namespace === undefined ? [] : [`namespace ${namespace}`]),
    ...(selector === undefined ? [] : [`selector ${inert(selector)}`]),
  ].join(', ')
  const chosen = selector === undefined ? undefined : await selectedBy(kubectl, selector, namespace)
  const shows = (agent: string): boolean => {
    const place = placeOf(agent)
    if (place === undefined || (namespace !== undefined && place.namespace !== namespace)) return false
    return chosen === undefined || chosen.has(`${place.namespace}/${place.workload}`)
  }
  return { shows, words }
}

async function selectedBy(
  kubectl: Kubectl,
  selector: string,
  namespace: string | undefined,
): Promise<ReadonlySet<string>> {
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`
  const list = async (group: string, resource: string, query = `?labelSelector=${encodeURIComponent(selector)}`) =>
    parseList(await kubectl.read(`${group}${within}/${resource}${query}`))
  const [pods, sets, jobs, ...workloads] = await Promise.all([
    list('/api/v1', 'pods'),
    list('/apis/apps/v1', 'replicasets', ''),
    list('/apis/batch/v1', 'jobs', ''),
    ...['deployments', 'statefulsets', 'daemonsets'].map((resource) => list('/apis/apps/v1', resource)),
    ...['cronjobs', 'jobs'].map((resource) => list('/apis/batch/v1', resource)),
  ])
  const above = new Map([
    ...sets.map((set) => [keyOf(set, 'ReplicaSet'), controllerOf(set)?.name] as const),
    ...jobs.map((job) => [keyOf(job, 'Job'), controllerOf(job)?.name] as const),
  ])
  const ofPod = (pod: ClusterObject): string => {
    const owner = controllerOf(pod)
    const name =
      owner === undefined
        ? pod.metadata.name
        : (above.get(`${pod.metadata.namespace}/${owner.kind}/${owner.name}`) ?? owner.name)
    return `${pod.metadata.namespace}/${name}`
  }
  return new Set([
    ...pods.map(ofPod),
    ...workloads.flat().map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  ])
}

function keyOf({ metadata }: ClusterObject, kind: string): string {
  return `${metadata.namespace}/${kind}/${metadata.name}`
}
