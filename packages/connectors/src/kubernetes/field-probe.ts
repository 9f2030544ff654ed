import type { EffectProbe } from '@holdfast/respond'

import type { KubernetesApi } from './api.ts'
import type { Move } from './moves.ts'
import type { KubeObject } from './objects.ts'
import { listPath, refText } from './refs.ts'
import { named, readWorkload } from './workload.ts'

/** Looks for the object in a list, not where it was written, and at what its controller made of it. */
export async function probeField(
  api: KubernetesApi,
  move: Extract<Move, { kind: 'field' }>,
): Promise<readonly EffectProbe[]> {
  const { ref, field, value } = move
  const path = listPath(ref.resource, ref.resource === 'nodes' ? undefined : ref.namespace)
  const found = await api.list(path, { fieldSelector: `metadata.name=${ref.name}` })
  const object = found.find(({ metadata }) => metadata.name === ref.name)
  const now = object?.spec?.[field]
  const written = {
    way: field,
    held: object !== undefined && now === value,
    detail:
      object === undefined
        ? `${refText(ref)} is not there`
        : `${field} is ${now === undefined ? 'not set' : JSON.stringify(now)}`,
  }
  if (object === undefined || ref.resource === 'nodes') return [written]
  const taken = { way: 'controller', ...controllerSaw(object) }
  if (field !== 'replicas') return [written, taken]
  const workload = await readWorkload(api, ref)
  const pods = typeof workload === 'string' ? [] : workload.pods.map(({ metadata }) => metadata.name)
  return [
    written,
    taken,
    {
      way: 'pods',
      held: typeof workload !== 'string' && pods.length === 0,
      detail:
        typeof workload === 'string' ? workload : pods.length === 0 ? 'none is left' : `${named(pods)} still there`,
    },
  ]
}

function controllerSaw({ metadata, status }: KubeObject): Pick<EffectProbe, 'held' | 'detail'> {
  const seen = status?.['observedGeneration']
  const held = typeof seen === 'number' && seen >= (metadata.generation ?? Number.POSITIVE_INFINITY)
  return { held, detail: held ? 'it has seen the change' : 'it has not seen the change yet' }
}
