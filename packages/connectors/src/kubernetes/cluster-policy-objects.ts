import { canonicalJson } from '@holdfast/model'

import { ConnectorError } from '../connector-error.ts'
import type { KubernetesApi } from './api.ts'
import { clusterListOf, neighboursOf, placeInTier, type ClusterDocument, type ClusterList } from './cluster-place.ts'
import type { KubeObject } from './objects.ts'
import { findWorkload, named, readWorkload } from './workload.ts'
import {
  ARTIFACT,
  CHANGED,
  differencesOf,
  isOurs,
  ownState,
  planOf,
  removePolicy,
  withArtifact,
  writePolicy,
  type PolicyOutcome,
  type PolicyReturn,
  type PolicyWrite,
} from './written-policy.ts'

export const CLUSTER_POLICIES = '/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies'
const RBAC = 'deploy/kubernetes/response-rbac.yaml, holdfast-cluster-policies, lists what is needed'
const AGENT = 'holdfast.dev/agent'

/**
 * Puts the generated ClusterNetworkPolicies of one workload into a cluster, all or none, and takes them back to the byte. What `PolicyObjects`
 * promises holds here: only what this writer made of the same agent is touched, nothing is forced, a rehearsal keeps nothing. Beside that
 * they speak of the pods of that workload alone, and stand after every policy of others that may select these.
 */
export class ClusterPolicyObjects {
  readonly #api: KubernetesApi

  constructor(api: KubernetesApi) {
    this.#api = api
  }

  /** `workload` is the name of what the documents were made of. Throws as the API client does. */
  async apply(given: readonly unknown[], write: PolicyWrite & { readonly workload: string }): Promise<PolicyOutcome> {
    const list = clusterListOf(given)
    if (list === undefined) return refused('these are no ClusterNetworkPolicies of one workload')
    const stranger = await this.#stranger(list, write.workload)
    if (stranger !== undefined) return refused(stranger)
    const all = await this.#all()
    if (typeof all === 'string') return refused(all)
    const drawn = draw(list, all, write.artifact)
    if (typeof drawn === 'string') return refused(drawn)
    const { bodies, surplus, before, priority } = drawn
    const plan = planOf(bodies, before)
    if (write.plan !== undefined && write.plan !== plan) return refused(CHANGED)
    const outcome = { status: 'done' as const, plan, priority, ...(before === undefined ? {} : { before }) }
    const names = named(bodies.map(({ metadata }) => metadata.name))
    const what = before === undefined ? 'made' : 'replaced'
    const where = `in the admin tier from priority ${priority}`
    for (const body of bodies) {
      const wrong = await this.#write(body, true)
      if (wrong !== undefined) return refused(`${body.metadata.name}: ${wrong}`)
    }
    if (write.isRehearsal) return { ...outcome, detail: `${names} would be ${what} ${where}` }
    const failure = await this.#swap(bodies, { own: drawn.own, surplus })
    return failure === undefined ? { ...outcome, detail: `${names} is ${what} ${where}` } : refused(failure)
  }

  /** Restores what `apply` said was there before, or removes all of it where nothing was. Throws as the API client does. */
  async restore(given: readonly unknown[], { before, artifact, isRehearsal }: PolicyReturn): Promise<PolicyOutcome> {
    const list = clusterListOf(given)
    if (list === undefined) return refused('these are no ClusterNetworkPolicies of one workload')
    const all = await this.#all()
    if (typeof all === 'string') return refused(all)
    const own = ownOf(list, all)
    // A write that was cut off left some objects as they were before.
    const earlier = new Set(before === undefined ? [] : bodiesOf(before).map((body) => canonicalJson(body)))
    const isOther = (one: KubeObject) =>
      one.metadata.annotations?.[ARTIFACT] !== artifact && !earlier.has(canonicalJson(bodyOf(one)))
    if (own.some(isOther)) return refused('a later policy of the same agent stands there')
    const bodies = before === undefined ? [] : bodiesOf(before)
    const wanted = new Set(bodies.map(({ metadata }) => metadata.name))
    const taken = all.find((one) => wanted.has(one.metadata.name) && !own.includes(one))
    if (taken !== undefined) return refused(`${taken.metadata.name} is somebody else's by now`)
    for (const body of bodies) {
      const wrong = await this.#write(body, true)
      if (wrong !== undefined) return refused(`${body.metadata.name}: ${wrong}`)
    }
    const names = named((bodies.length === 0 ? own : bodies).map(({ metadata }) => metadata.name))
    if (own.length === 0 && bodies.length === 0) return { status: 'done', detail: 'they are gone already' }
    if (isRehearsal)
      return { status: 'done', detail: `${names} would be ${bodies.length === 0 ? 'removed' : 'as before'}` }
    const surplus = own.filter(({ metadata }) => !wanted.has(metadata.name))
    const failure = await this.#swap(bodies, { own, surplus })
    if (failure !== undefined) return refused(failure)
    const left = await this.#all()
    const now = typeof left === 'string' ? [] : ownOf(list, left)
    if (stateOf(now) !== before)
      return refused(`${names} was written, and is not what it was before: somebody else writes it too`)
    return {
      status: 'done',
      detail:
        bodies.length === 0
          ? `${names} is removed: nothing stood there before`
          : `${names} is as before, byte for byte`,
    }
  }

  /**
   * In what the cluster is not as `apply` left it, in words: objects that are gone or changed, and policies of others that came to stand
   * where they are undone by these, or these by them. Throws as the API client does.
   */
  async differences(
    given: readonly unknown[],
    { artifact, priority }: { readonly artifact: string; readonly priority: number },
  ): Promise<readonly string[]> {
    const list = clusterListOf(given)
    if (list === undefined) return []
    const all = await this.#all()
    if (typeof all === 'string') return [all]
    const own = ownOf(list, all)
    const bodies = written(list, { artifact, priority })
    const changed = bodies.flatMap((body) => {
      const { name } = body.metadata
      const standing = all.find(({ metadata }) => metadata.name === name)
      return differencesOf(body, standing, name)
    })
    const others = all.filter(
      (one) => !own.includes(one) && !bodies.some((body) => body.metadata.name === one.metadata.name),
    )
    const beside = neighboursOf(others, list.subject, isOurs).flatMap((one) => {
      if (one.isOurs || one.priority < priority) return []
      return one.priority < priority + bodies.length
        ? [`${one.name} stands at priority ${one.priority} too: which is asked first is not defined`]
        : [`${one.name} (priority ${one.priority}) is asked after it: what is passed on skips it`]
    })
    return [...changed, ...beside]
  }

  /** Writes all bodies and removes what is left of the list before; where one is refused, all is as it was. */
  async #swap(
    bodies: readonly Body[],
    { own, surplus }: { readonly own: readonly KubeObject[]; readonly surplus: readonly KubeObject[] },
  ): Promise<string | undefined> {
    const done: Body[] = []
    // The first list: what it passes on before what it denies. A later one: its first object, which is asked first, last of all.
    for (const body of own.length === 0 ? bodies : bodies.toReversed()) {
      const wrong = await this.#write(body, false)
      if (wrong !== undefined) return `${body.metadata.name}: ${wrong}${await this.#undo(done, own)}`
      done.push(body)
    }
    // The one that denies the rest is the last of them: first to go, so that nothing is refused that any list passes on.
    for (const object of surplus.toSorted(byPriority).toReversed()) {
      if (!(await removePolicy(this.#api, pathOf(object.metadata.name), object)))
        return `${object.metadata.name} was replaced meanwhile${await this.#undo(done, own)}`
    }
    return undefined
  }

  /** Throws ConnectorError where it cannot be undone: then a part of it counts as there. */
  async #undo(done: readonly Body[], own: readonly KubeObject[]): Promise<string> {
    const standing = await this.#all()
    if (typeof standing === 'string') throw new ConnectorError('unavailable', standing)
    for (const { metadata } of done.toReversed()) {
      const before = own.find((one) => one.metadata.name === metadata.name)
      const object = standing.find((one) => one.metadata.name === metadata.name)
      if (before === undefined && object !== undefined) await removePolicy(this.#api, pathOf(metadata.name), object)
    }
    for (const body of own.map(bodyOf)) {
      const wrong = await this.#write(body, false)
      if (wrong !== undefined)
        throw new ConnectorError('unavailable', `${body.metadata.name} could not be undone: ${wrong}`)
    }
    return own.length === 0 ? '; nothing of it was left there' : '; all is as before'
  }

  #write(body: Body, isRehearsal: boolean): Promise<string | undefined> {
    return writePolicy(this.#api, pathOf(body.metadata.name), { body, isRehearsal })
  }

  /** All of the cluster, or why they could not be read. A cluster that lacks the kind takes none. */
  async #all(): Promise<readonly KubeObject[] | string> {
    const answer = await this.#api.ask({ method: 'GET', path: CLUSTER_POLICIES, query: { limit: '1' } })
    if (answer.status === 'absent')
      return 'this cluster has no ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2): its network does not know them'
    if (answer.status !== 'ok') return `${answer.message}: ${RBAC}`
    return await this.#api.list(CLUSTER_POLICIES)
  }

  /** Why the subject is not the pods of the workload and of no other; undefined where it is. */
  async #stranger({ subject }: ClusterList, name: string): Promise<string | undefined> {
    const { namespace, labels } = subject
    const ref = await findWorkload(this.#api, namespace, name)
    if (ref === undefined) return `${namespace} has no workload ${name}, or two of this name`
    const workload = await readWorkload(this.#api, ref)
    if (typeof workload === 'string') return workload
    const { matchLabels = {}, matchExpressions = [] } = workload.selector ?? {}
    const isSame = (a: Texts, b: Texts) => Object.entries(a).every(([key, value]) => b[key] === value)
    if (matchExpressions.length > 0 || !isSame(labels, matchLabels) || !isSame(matchLabels, labels))
      return `its labels are not those by which ${namespace}/${name} selects its pods: derive it again`
    return workload.foreign.length === 0
      ? undefined
      : `its labels also select pods of others: ${named(workload.foreign)}`
  }
}

type Texts = Readonly<Record<string, string>>
type Body = Pick<ClusterDocument, 'apiVersion' | 'kind' | 'spec'> & {
  readonly metadata: { readonly name: string; readonly labels: Texts; readonly annotations: Texts }
}

type Drawn = {
  readonly bodies: readonly Body[]
  /** What stands of this writer for the same agent, by name. */
  readonly own: readonly KubeObject[]
  /** Those of them that the new list does not write. */
  readonly surplus: readonly KubeObject[]
  readonly before?: string
  readonly priority: number
}

/** What would be written; a sentence where it may not be. */
function draw(list: ClusterList, all: readonly KubeObject[], artifact: string): Drawn | string {
  const own = ownOf(list, all)
  const names = new Set(list.documents.map(({ metadata }) => metadata.name))
  const others = all.filter((one) => !own.includes(one))
  const taken = others.find(({ metadata }) => names.has(metadata.name))
  if (taken !== undefined) return `${taken.metadata.name} is somebody else's: it was not made here of this agent`
  const now = own.toSorted(byPriority)[0]?.spec?.['priority']
  const priority = placeInTier(list.documents.length, {
    neighbours: neighboursOf(others, list.subject, isOurs),
    now: typeof now === 'number' ? now : undefined,
  })
  if (typeof priority === 'string') return priority
  const before = stateOf(own)
  return {
    bodies: written(list, { artifact, priority }),
    own,
    surplus: own.filter(({ metadata }) => !names.has(metadata.name)),
    priority,
    ...(before === undefined ? {} : { before }),
  }
}

function written(
  { documents }: ClusterList,
  { artifact, priority }: { readonly artifact: string; readonly priority: number },
): readonly Body[] {
  return documents.map(({ apiVersion, kind, metadata, spec }, at) => ({
    apiVersion,
    kind,
    metadata: withArtifact(metadata, artifact),
    spec: { ...spec, priority: priority + at },
  }))
}

function ownOf({ documents }: ClusterList, all: readonly KubeObject[]): readonly KubeObject[] {
  const agent = documents[0]?.metadata.annotations[AGENT]
  return all
    .filter((one) => agent !== undefined && isOurs(one) && one.metadata.annotations?.[AGENT] === agent)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
}

function stateOf(own: readonly KubeObject[]): string | undefined {
  return own.length === 0 ? undefined : `[${own.map(ownState).join(',')}]`
}

function bodiesOf(before: string): readonly Body[] {
  const all = JSON.parse(before) as readonly KubeObject[] // our own record, as `stateOf` wrote it
  return all.toSorted(byPriority).map(bodyOf)
}

function bodyOf(object: KubeObject): Body {
  const own = JSON.parse(ownState(object)) as Pick<Body, 'metadata' | 'spec'> // what this writer wrote once
  return { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', ...own }
}

function byPriority(a: KubeObject, b: KubeObject): number {
  return Number(a.spec?.['priority']) - Number(b.spec?.['priority'])
}

function pathOf(name: string): string {
  return `${CLUSTER_POLICIES}/${name}`
}

function refused(reason: string): PolicyOutcome {
  return { status: 'refused', reason }
}
