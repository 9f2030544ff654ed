import type { EffectOutcome } from '@holdfast/respond'

import { ConnectorError } from '../connector-error.ts'
import type { Hold } from '../hold.ts'
import type { KubernetesApi } from './api.ts'
import { okOf } from './api.ts'
import { WRITE_TRIES } from './limits.ts'
import { annotationsOf, holdsOn, labelsOf, managerOf } from './marks.ts'
import type { KubeObject } from './objects.ts'
import { managersOf, ownerOf } from './objects.ts'
import type { ObjectRef } from './refs.ts'
import { objectPath, refText, typeOf, WORKLOADS } from './refs.ts'

/** A field of a spec that is held at a value. */
export type FieldWish = {
  readonly ref: ObjectRef
  readonly field: 'replicas' | 'suspend' | 'paused' | 'unschedulable'
  readonly value: number | boolean
  readonly id: string
  readonly hold: Hold
}

/** Whether the field could be set: the write itself, which the API server checks and forgets. */
export async function rehearseField(
  api: KubernetesApi,
  wish: FieldWish,
  object: KubeObject,
): Promise<string | undefined> {
  const answer = await api.ask(applyRequest(wish, object, { dryRun: 'All' }))
  switch (answer.status) {
    case 'ok':
      return undefined
    case 'absent':
      return `${refText(wish.ref)} is not there`
    case 'conflict':
    case 'refused':
      return answer.message
  }
}

/** Sets the field, and writes beside it what it was: both in one write, so that neither stands alone. */
export async function holdField(api: KubernetesApi, wish: FieldWish): Promise<EffectOutcome> {
  const { ref, field, value, id, hold } = wish
  const path = objectPath(ref)
  for (let tried = 0; tried < WRITE_TRIES; tried++) {
    const object = await api.get(path)
    if (object === undefined) return { status: 'failed', detail: `${refText(ref)} is not there` }
    if (holdsOn(object).get(id)?.key === hold.key && object.spec?.[field] === value) {
      return { status: 'done', detail: `${refText(ref)}: ${field} is held at ${value} already` }
    }
    const known = { ...hold, ...beforeOf(object, wish) }
    const answer = await api.ask(applyRequest({ ...wish, hold: known }, object, {}))
    // Somebody wrote between our reading and our writing: what was there is another value now.
    if (answer.status === 'conflict') continue
    okOf(answer, `PATCH ${path}`)
    return { status: 'done', detail: `${refText(ref)}: ${field} from ${known.before ?? 'nothing'} to ${value}` }
  }
  return {
    status: 'failed',
    detail: `${refText(ref)} is written all the time: ${WRITE_TRIES} tries met another writer`,
  }
}

/** Gives back what was there, unless another hold of ours needs it or somebody else has changed it since. */
export async function releaseField(
  api: KubernetesApi,
  { ref, field, value, id, hold }: FieldWish,
): Promise<EffectOutcome> {
  const path = objectPath(ref)
  for (let tried = 0; tried < WRITE_TRIES; tried++) {
    const object = await api.get(path)
    const mine = object === undefined ? undefined : holdsOn(object).get(id)
    if (object === undefined) return { status: 'done', detail: `${refText(ref)} is not there` }
    if (mine === undefined) {
      // A mark can be taken away; who owns the field says whether there is something to take back, and nothing says to what.
      const isLeft = object.spec?.[field] === value && managersOf(object, field).includes(managerOf(id))
      return isLeft
        ? {
            status: 'failed',
            detail: `${refText(ref)}: ${field} is held at ${value}, and no mark of ours says what it was before`,
          }
        : { status: 'done', detail: `${refText(ref)}: no hold stands` }
    }
    if (mine.key !== hold.key) return { status: 'done', detail: `${refText(ref)}: a later plan holds it` }
    const isLast = [...holdsOn(object)].every(([other, { deed }]) => other === id || fieldOf(ref, deed) !== field)
    const isOurs = object.spec?.[field] === value
    // What nobody set was put there by the API server, which puts it back once nobody holds it.
    const isDefault = field === 'suspend' && mine.before === false && mine.owner === undefined
    const isSet = isLast && isOurs && mine.before !== undefined && !isDefault
    const restored = isSet ? await restore(api, { path, field, hold: mine, object }) : object
    if (restored === undefined) continue
    // Without the field and the marks in it, what this writer owns alone goes away.
    const answer = await api.ask({
      method: 'PATCH',
      patch: 'apply',
      path,
      query: { fieldManager: managerOf(id), force: 'true' },
      body: { ...typeOf(ref), metadata: pinned(restored) },
    })
    if (answer.status === 'conflict') continue
    okOf(answer, `PATCH ${path}`)
    const what = !isLast
      ? 'another hold stands'
      : !isOurs
        ? 'somebody else has set it since'
        : String(mine.before ?? 'as it was')
    return { status: 'done', detail: `${refText(ref)}: ${field}: ${what}` }
  }
  return {
    status: 'failed',
    detail: `${refText(ref)} is written all the time: ${WRITE_TRIES} tries met another writer`,
  }
}

/** Which field a deed holds: two of one field share it, and the last to be released gives it back. */
export function fieldOf({ resource }: ObjectRef, deed: string): FieldWish['field'] | undefined {
  switch (deed) {
    case 'stop':
    case 'kill':
      return resource === 'nodes' ? undefined : WORKLOADS[resource].endsBy
    case 'hold-image':
      return 'paused'
    case 'cordon-node':
      return 'unschedulable'
    default:
      return undefined
  }
}

/** The value at which a field is held. */
export function heldAt(field: FieldWish['field']): number | boolean {
  return field === 'replicas' ? 0 : true
}

/** The value and its owner before any hold of ours: another hold on the field knows them, the object does not any more. */
function beforeOf(object: KubeObject, { ref, field }: FieldWish): Pick<Hold, 'before' | 'owner'> {
  const other = [...holdsOn(object).values()].find(({ deed }) => fieldOf(ref, deed) === field)
  if (other !== undefined) {
    const { before, owner } = other
    return { ...(before === undefined ? {} : { before }), ...(owner === undefined ? {} : { owner }) }
  }
  const value = object.spec?.[field]
  const owner = ownerOf(object, field)
  return {
    ...(typeof value === 'number' || typeof value === 'boolean' ? { before: value } : {}),
    ...(owner === undefined ? {} : { owner }),
  }
}

/** Undefined where somebody wrote meanwhile. */
async function restore(
  api: KubernetesApi,
  {
    path,
    field,
    hold,
    object,
  }: {
    readonly path: string
    readonly field: FieldWish['field']
    readonly hold: Hold
    readonly object: KubeObject
  },
): Promise<KubeObject | undefined> {
  const answer = await api.ask({
    method: 'PATCH',
    patch: 'merge',
    path,
    // In the name of who owned it, so that their next apply meets no conflict with us.
    query: { fieldManager: hold.owner ?? 'holdfast', fieldValidation: 'Strict' },
    body: { metadata: { resourceVersion: object.metadata.resourceVersion }, spec: { [field]: hold.before } },
  })
  if (answer.status === 'conflict') return undefined
  okOf(answer, `PATCH ${path}`)
  const written = await api.get(path)
  if (written === undefined) throw new ConnectorError('refused', `${path} went away while it was released`)
  return written
}

function applyRequest(
  { ref, field, value, id, hold }: FieldWish,
  object: KubeObject,
  query: Readonly<Record<string, string>>,
) {
  return {
    method: 'PATCH',
    patch: 'apply',
    path: objectPath(ref),
    query: { fieldManager: managerOf(id), force: 'true', fieldValidation: 'Strict', ...query },
    body: {
      ...typeOf(ref),
      metadata: { ...pinned(object), labels: labelsOf(hold), annotations: annotationsOf(id, hold) },
      spec: { [field]: value },
    },
  } as const
}

/** This very object in this very state: an apply would make a new one of the same name. */
function pinned({ metadata }: KubeObject) {
  const { name, namespace, uid, resourceVersion } = metadata
  return { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion }
}
