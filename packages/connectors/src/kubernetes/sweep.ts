import type { EffectOutcome } from '@holdfast/respond'

import { wordsOf } from '../connector-error.ts'
import type { ResponseConnector, SweptHold } from '../connector.ts'
import type { Hold } from '../hold.ts'
import type { KubernetesApi } from './api.ts'
import { fieldOf, releaseField } from './field-hold.ts'
import { HELD_LABEL, holdsOn } from './marks.ts'
import { releaseNetwork } from './network-hold.ts'
import type { KubeObject } from './objects.ts'
import type { ObjectRef } from './refs.ts'
import { listPath, policiesPath, refText } from './refs.ts'

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
  const query = { labelSelector: `${HELD_LABEL}=true` }
  const where: readonly (string | undefined)[] = namespaces ?? [undefined]
  const found = await Promise.all([
    ...where.map(async (namespace) =>
      (await api.list(policiesPath(namespace), query)).flatMap((one) => ofPolicy(api, one)),
    ),
    ...where.flatMap((namespace) =>
      (['deployments', 'statefulsets'] as const).map(async (resource) => {
        const objects = await api.list(listPath(resource, namespace), query)
        return objects.flatMap((object) => {
          const { name, namespace: own } = object.metadata
          return own === undefined ? [] : ofObject(api, object, { resource, namespace: own, name })
        })
      }),
    ),
    nodesOf(api, query),
  ])
  return found.flat()
}

/** Nodes belong to no namespace: who is given some namespaces only may not see them, and holds none. */
async function nodesOf(api: KubernetesApi, query: Readonly<Record<string, string>>): Promise<readonly Found[]> {
  const answer = await api.ask({ method: 'GET', path: listPath('nodes'), query: { ...query, limit: '1' } })
  if (answer.status === 'refused') return []
  const nodes = await api.list(listPath('nodes'), query)
  return nodes.flatMap((node) => ofObject(api, node, { resource: 'nodes', name: node.metadata.name }))
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
    const field = fieldOf(hold.deed)
    if (field === undefined) return []
    const value = field === 'replicas' ? 0 : true
    return [{ target: refText(ref), hold, release: () => releaseField(api, { ref, field, value, id, hold }) }]
  })
}
