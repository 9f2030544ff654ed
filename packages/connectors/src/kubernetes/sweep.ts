import type { EffectOutcome } from '@holdfast/respond'

import { wordsOf } from '../connector-error.ts'
import type { ResponseConnector, SweptHold } from '../connector.ts'
import type { Hold } from '../hold.ts'
import type { KubernetesApi } from './api.ts'
import { fieldOf, heldAt, releaseField } from './field-hold.ts'
import { HELD_LABEL, holdsOn } from './marks.ts'
import { releaseNetwork } from './network-hold.ts'
import type { KubeObject } from './objects.ts'
import type { ObjectRef } from './refs.ts'
import { listPath, policiesPath, refText, WORKLOADS } from './refs.ts'

const HELD = { labelSelector: `${HELD_LABEL}=true` }

type Found = {
  readonly target: string
  readonly hold: Hold
  readonly release: () => Promise<EffectOutcome>
}

/** Releases what is over, by what stands on the objects: it needs no memory of ours. */
export async function sweepCluster(
  api: KubernetesApi,
  {
    namespaces,
    now,
    before,
  }: {
    readonly namespaces: readonly string[] | undefined
    readonly now: number
    readonly before: Parameters<ResponseConnector['sweep']>[0]
  },
): Promise<readonly SweptHold[]> {
  const swept: SweptHold[] = []
  for (const { target, hold, release } of await holdsIn(api, namespaces)) {
    if (Date.parse(hold.expires) > now) continue
    const what = { target, incident: hold.incident, expired: hold.expires }
    await before(what)
    swept.push({ ...what, ...(await released(release)) })
  }
  return swept
}

async function released(release: () => Promise<EffectOutcome>): Promise<Pick<SweptHold, 'status' | 'detail'>> {
  try {
    const { status, detail } = await release()
    return { status: status === 'done' ? 'released' : 'failed', detail }
  } catch (error) {
    // One object that cannot be released keeps no other one held.
    return { status: 'failed', detail: wordsOf(error) }
  }
}

async function holdsIn(api: KubernetesApi, namespaces: readonly string[] | undefined): Promise<readonly Found[]> {
  const where: readonly (string | undefined)[] = namespaces ?? [undefined]
  const found = await Promise.all([
    ...where.map(async (namespace) =>
      (await api.list(policiesPath(namespace), HELD)).flatMap((one) => ofPolicy(api, one)),
    ),
    ...where.flatMap((namespace) =>
      // Jobs before the CronJobs that would start another one beside them.
      (['deployments', 'statefulsets', 'jobs', 'cronjobs'] as const).map(async (resource) => {
        const objects = await seenIn(api, resource, namespace)
        return objects.flatMap((object) => {
          const { name, namespace: own } = object.metadata
          return own === undefined ? [] : ofObject(api, object, { resource, namespace: own, name })
        })
      }),
    ),
    nodesOf(api),
  ])
  return found.flat()
}

/** Nodes belong to no namespace: who is given some namespaces only may not see them, and holds none. */
async function nodesOf(api: KubernetesApi): Promise<readonly Found[]> {
  return (await seenIn(api, 'nodes')).flatMap((node) =>
    ofObject(api, node, { resource: 'nodes', name: node.metadata.name }),
  )
}

/** What is held of a resource; nothing of one that may not be listed, of which nothing was held either. */
async function seenIn(
  api: KubernetesApi,
  resource: ObjectRef['resource'],
  namespace?: string,
): Promise<readonly KubeObject[]> {
  const path = listPath(resource, namespace)
  const isOptional = resource === 'nodes' || WORKLOADS[resource].group === 'batch'
  if (isOptional) {
    const answer = await api.ask({ method: 'GET', path, query: { ...HELD, limit: '1' } })
    if (answer.status === 'refused') return []
  }
  return api.list(path, HELD)
}

function ofPolicy(api: KubernetesApi, policy: KubeObject): readonly Found[] {
  const { namespace = '', name } = policy.metadata
  return [...holdsOn(policy)].map(([id, hold]) => ({
    target: `${namespace}/networkpolicies/${name}`,
    hold,
    release: () => releaseNetwork(api, { namespace, id, key: hold.key }),
  }))
}

function ofObject(api: KubernetesApi, object: KubeObject, ref: ObjectRef): readonly Found[] {
  return [...holdsOn(object)].flatMap(([id, hold]) => {
    const field = fieldOf(ref, hold.deed)
    if (field === undefined) return []
    const value = heldAt(field)
    return [{ target: refText(ref), hold, release: () => releaseField(api, { ref, field, value, id, hold }) }]
  })
}
