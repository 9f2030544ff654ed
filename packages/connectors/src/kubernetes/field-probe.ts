import type { EffectProbe } from '@holdfast/respond'

import type { KubernetesApi } from './api.ts'
import type { Move } from './moves.ts'
import type { KubeObject } from './objects.ts'
import type { WorkloadRef } from './refs.ts'
import { listPath, refText } from './refs.ts'
import { probeJobs } from './suspend-hold.ts'
import { isSuspended, named, readWorkload, unfinished } from './workload.ts'

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
  const taken = await takenUp(api, { ref, object, field })
  if (field === 'paused') return [written, taken]
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

/** What the controller made of it: of a CronJob that is what it started, since it says nothing of itself. */
function takenUp(
  api: KubernetesApi,
  { ref, object, field }: { readonly ref: WorkloadRef; readonly object: KubeObject; readonly field: string },
): EffectProbe | Promise<EffectProbe> {
  if (field !== 'suspend') return { way: 'controller', ...controllerSaw(object) }
  if (ref.resource === 'cronjobs') return probeJobs(api, ref, object)
  const isOver = unfinished([object]).length === 0
  const held = isOver || isSuspended(object)
  return {
    way: 'controller',
    held,
    detail: isOver ? 'it is over' : held ? 'it says that it is suspended' : 'it does not say yet that it is suspended',
  }
}

function controllerSaw({ metadata, status }: KubeObject): Pick<EffectProbe, 'held' | 'detail'> {
  const seen = status?.['observedGeneration']
  const held = typeof seen === 'number' && seen >= (metadata.generation ?? Number.POSITIVE_INFINITY)
  return { held, detail: held ? 'it has seen the change' : 'it has not seen the change yet' }
}
