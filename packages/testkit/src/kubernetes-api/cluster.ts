import { randomUUID } from 'node:crypto'

import type { Json, JsonObject } from './json.ts'
import { at, isObject, isSame, objectAt, textAt, withAt } from './json.ts'
import type { Writer } from './managed-fields.ts'
import { applyConfig, managedFieldsOf, ownChanges } from './managed-fields.ts'
import type { Resource, Target } from './resources.ts'
import { RESOURCES } from './resources.ts'
import { finished, jobOf, statusOfJob, withJobDefaults } from './batch.ts'
import { invalidities } from './validate.ts'

export type Stored = { readonly object: JsonObject; readonly writers: readonly Writer[] }

export type Outcome =
  | { readonly status: 'ok'; readonly object: JsonObject; readonly isNew: boolean }
  | { readonly status: 'failed'; readonly code: number; readonly reason: string; readonly message: string }

export type Patch = {
  readonly how: 'apply' | 'merge'
  readonly body: JsonObject
  readonly manager: string
  readonly force: boolean
  readonly isDryRun: boolean
}

/** The objects of a cluster with their writers, and the little of its controllers that a response can see. */
export class Cluster {
  readonly #objects = new Map<string, Stored>()
  #version = 1_000

  /** Puts an object there as somebody else's tool would have. */
  create(resource: Resource, object: JsonObject, manager = 'kubectl-client-side-apply'): JsonObject {
    const target = targetOf(resource, object)
    const uid = textAt(object, 'metadata', 'uid') ?? randomUUID()
    const named = defaulted(resource, {
      apiVersion: RESOURCES[resource].version,
      kind: RESOURCES[resource].kind,
      ...object,
      metadata: { ...objectAt(object, 'metadata'), uid, generation: 1 },
    })
    const whole = resource === 'jobs' ? withJobDefaults(named, uid) : named
    return this.#put(target, { object: whole, writers: ownChanges({}, object, { writers: [], manager }) })
  }

  get(target: Target): JsonObject | undefined {
    const stored = this.#objects.get(keyOf(target))
    return stored === undefined ? undefined : shown(stored)
  }

  list({ resource, namespace }: Target): readonly JsonObject[] {
    return [...this.#objects]
      .filter(([key]) => key.startsWith(`${resource}\n${namespace === undefined ? '' : `${namespace}\n`}`))
      .map(([, stored]) => shown(stored))
  }

  patch(target: Target, patch: Patch): Outcome {
    const standing = this.#objects.get(keyOf(target))
    if (standing === undefined && patch.how === 'merge') return notFound(target)
    const clash = preconditionFault(standing, patch.body)
    if (clash !== undefined) return failed(409, 'Conflict', clash)
    const live = standing?.object ?? {
      apiVersion: RESOURCES[target.resource].version,
      kind: RESOURCES[target.resource].kind,
      metadata: namesOf(target),
    }
    const written = patch.how === 'apply' ? this.#applied(target, live, standing, patch) : merged(live, standing, patch)
    if ('code' in written) return written
    const object = defaulted(target.resource, written.object)
    const wrong = invalidities(target.resource, object)
    if (wrong.length > 0)
      return failed(
        422,
        'Invalid',
        `${RESOURCES[target.resource].kind} "${target.name}" is invalid: ${wrong.join(', ')}`,
      )
    if (target.resource === 'jobs' && !isSame(at(live, ['spec', 'template']), at(object, ['spec', 'template'])))
      return failed(422, 'Invalid', `Job "${target.name}" is invalid: spec.template: field is immutable`)
    const isSpecSame = isSame(live['spec'], object['spec'])
    const generation = at(live, ['metadata', 'generation'])
    const next = withAt(
      withAt(
        object,
        ['metadata', 'generation'],
        typeof generation !== 'number' ? 1 : isSpecSame ? generation : generation + 1,
      ),
      ['metadata', 'uid'],
      textAt(live, 'metadata', 'uid') ?? randomUUID(),
    )
    if (patch.isDryRun)
      return { status: 'ok', object: shown({ object: next, writers: written.writers }), isNew: standing === undefined }
    return {
      status: 'ok',
      object: this.#put(target, { object: next, writers: written.writers }),
      isNew: standing === undefined,
    }
  }

  delete(target: Target, body: JsonObject, isDryRun: boolean): Outcome {
    const standing = this.#objects.get(keyOf(target))
    if (standing === undefined) return notFound(target)
    const uid = textAt(body, 'preconditions', 'uid')
    const own = textAt(standing.object, 'metadata', 'uid')
    if (uid !== undefined && uid !== own)
      return failed(409, 'Conflict', `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${own}`)
    if (isDryRun) return { status: 'ok', object: shown(standing), isNew: false }
    if (target.resource === 'pods' && body['gracePeriodSeconds'] !== 0) {
      this.#put(target, {
        ...standing,
        object: withAt(standing.object, ['metadata', 'deletionTimestamp'], new Date(0).toISOString()),
      })
    } else this.#objects.delete(keyOf(target))
    return { status: 'ok', object: shown(standing), isNew: false }
  }

  /** What controllers do with what was asked for: pods come and go, and the workload says that it was seen. */
  reconcile(): void {
    for (const pod of this.list({ resource: 'pods' })) {
      if (textAt(pod, 'metadata', 'deletionTimestamp') !== undefined) this.#objects.delete(keyOf(targetOf('pods', pod)))
    }
    for (const resource of ['deployments', 'statefulsets', 'daemonsets'] as const) {
      for (const workload of this.list({ resource })) this.#follow(resource, workload)
    }
    for (const job of this.list({ resource: 'jobs' })) this.#followJob(job)
  }

  /** The hour of a CronJob strikes: a Job of it starts, unless it is suspended. Answers the Job's name. */
  strike(namespace: string, name: string): string | undefined {
    const cronJob = this.get({ resource: 'cronjobs', namespace, name })
    if (cronJob === undefined || at(cronJob, ['spec', 'suspend']) === true) return undefined
    const job = this.create('jobs', jobOf(cronJob, ownerOf(cronJob)), 'kube-controller-manager')
    this.reconcile()
    return textAt(job, 'metadata', 'name')
  }

  /** The pods of a Job come to their end, and so does it. */
  finishJob(namespace: string, name: string): void {
    const target: Target = { resource: 'jobs', namespace, name }
    const stored = this.#objects.get(keyOf(target))
    if (stored === undefined) return
    for (const pod of this.#podsOf(stored.object)) {
      const key = keyOf(targetOf('pods', pod))
      const standing = this.#objects.get(key)
      if (standing !== undefined)
        this.#objects.set(key, { ...standing, object: withAt(standing.object, ['status', 'phase'], 'Succeeded') })
    }
    const conditions = [{ type: 'Complete', status: 'True' }]
    this.#objects.set(keyOf(target), { ...stored, object: withAt(stored.object, ['status'], { conditions }) })
  }

  #podsOf(owner: JsonObject): readonly JsonObject[] {
    const { namespace, uid } = objectAt(owner, 'metadata')
    if (typeof namespace !== 'string') return []
    return this.list({ resource: 'pods', namespace }).filter((pod) => ownerUid(pod) === uid)
  }

  #followJob(job: JsonObject): void {
    const stored = this.#objects.get(keyOf(targetOf('jobs', job)))
    if (stored === undefined || finished(job)) return
    const wanted = at(job, ['spec', 'suspend']) === true ? 0 : Number(at(job, ['spec', 'parallelism']) ?? 1)
    const pods = this.#podsOf(job)
    for (const pod of pods.slice(wanted)) this.#objects.delete(keyOf(targetOf('pods', pod)))
    for (let count = pods.length; count < wanted; count++) this.#addPod(job, job)
    this.#objects.set(keyOf(targetOf('jobs', job)), {
      ...stored,
      object: withAt(stored.object, ['status'], statusOfJob(job, wanted)),
    })
  }

  /** The first node that takes pods; without one they wait. */
  #placed(): { readonly nodeName?: string } {
    const node = this.list({ resource: 'nodes' }).find((one) => at(one, ['spec', 'unschedulable']) !== true)
    const nodeName = node === undefined ? undefined : textAt(node, 'metadata', 'name')
    return nodeName === undefined ? {} : { nodeName }
  }

  #follow(resource: 'deployments' | 'statefulsets' | 'daemonsets', workload: JsonObject): void {
    const { namespace = '', uid = '' } = objectAt(workload, 'metadata') as Readonly<Record<string, string>> // ours
    const stored = this.#objects.get(keyOf(targetOf(resource, workload)))
    if (stored === undefined) return
    const owner =
      resource === 'deployments'
        ? this.list({ resource: 'replicasets', namespace }).find((set) => ownerUid(set) === uid)
        : workload
    const wanted = resource === 'daemonsets' ? 1 : Number(at(workload, ['spec', 'replicas']) ?? 1)
    const pods =
      owner === undefined
        ? []
        : this.list({ resource: 'pods', namespace }).filter((pod) => ownerUid(pod) === textAt(owner, 'metadata', 'uid'))
    for (const pod of pods.slice(wanted)) this.#objects.delete(keyOf(targetOf('pods', pod)))
    for (let at = pods.length; owner !== undefined && at < wanted; at++) this.#addPod(workload, owner)
    const status = { observedGeneration: at(workload, ['metadata', 'generation']) ?? 1, replicas: wanted }
    this.#objects.set(keyOf(targetOf(resource, workload)), {
      ...stored,
      object: withAt(stored.object, ['status'], status),
    })
  }

  #addPod(workload: JsonObject, owner: JsonObject): void {
    const { name = '', namespace = '' } = objectAt(workload, 'metadata') as Readonly<Record<string, string>> // ours
    const labels = {
      ...objectAt(workload, 'spec', 'template', 'metadata', 'labels'),
      ...objectAt(owner, 'spec', 'selector', 'matchLabels'),
    }
    this.create(
      'pods',
      {
        metadata: {
          name: `${name}-${randomUUID().slice(0, 8)}`,
          namespace,
          labels,
          ownerReferences: [ownerOf(owner)],
        },
        spec: { containers: [], ...this.#placed() },
        status: { phase: 'Running' },
      },
      'kube-controller-manager',
    )
  }

  #applied(target: Target, live: JsonObject, standing: Stored | undefined, { body, manager, force }: Patch) {
    const apiVersion = RESOURCES[target.resource].version
    const applied = applyConfig(live, standing?.writers ?? [], { config: body, manager, force, apiVersion })
    return applied.status === 'written' ? applied : failed(409, 'Conflict', applied.message)
  }

  #put(target: Target, { object, writers }: Stored): JsonObject {
    this.#version += 1
    const stored = { object: withAt(object, ['metadata', 'resourceVersion'], String(this.#version)), writers }
    this.#objects.set(keyOf(target), stored)
    return shown(stored)
  }
}

export function targetOf(resource: Resource, object: JsonObject): Target {
  const { name, namespace } = objectAt(object, 'metadata')
  return {
    resource,
    ...(typeof namespace === 'string' ? { namespace } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  }
}

function ownerUid(object: JsonObject): string | undefined {
  const owners = at(object, ['metadata', 'ownerReferences'])
  return Array.isArray(owners) ? textAt(owners[0] as Json, 'uid') : undefined // the element of a list of JSON
}

function ownerOf(object: JsonObject): JsonObject {
  const { name = '', uid = '' } = objectAt(object, 'metadata')
  return { apiVersion: object['apiVersion'], kind: object['kind'], name, uid, controller: true }
}

function shown({ object, writers }: Stored): JsonObject {
  const apiVersion = textAt(object, 'apiVersion') ?? ''
  return withAt(object, ['metadata', 'managedFields'], managedFieldsOf(writers, apiVersion))
}

function merged(live: JsonObject, standing: Stored | undefined, { body, manager }: Patch): Stored {
  const object = mergePatch(live, body)
  return { object, writers: ownChanges(live, object, { writers: standing?.writers ?? [], manager }) }
}

/** RFC 7386. */
function mergePatch(value: Json | undefined, patch: JsonObject): JsonObject {
  const base = isObject(value) ? value : {}
  return Object.entries(patch).reduce<JsonObject>((object, [key, inner]) => {
    if (inner === null) return withAt(object, [key], undefined)
    return withAt(object, [key], isObject(inner) ? mergePatch(object[key], inner) : inner)
  }, base)
}

function defaulted(resource: Resource, object: JsonObject): JsonObject {
  if (
    (resource === 'jobs' || resource === 'cronjobs') &&
    isObject(object['spec']) &&
    at(object, ['spec', 'suspend']) === undefined
  )
    return withAt(object, ['spec', 'suspend'], false)
  const hasReplicas = resource === 'deployments' || resource === 'statefulsets'
  return hasReplicas && isObject(object['spec']) && at(object, ['spec', 'replicas']) === undefined
    ? withAt(object, ['spec', 'replicas'], 1)
    : object
}

function preconditionFault(standing: Stored | undefined, body: JsonObject): string | undefined {
  const { uid, resourceVersion } = objectAt(body, 'metadata')
  const own = objectAt(standing?.object, 'metadata')
  if (uid !== undefined && uid !== own['uid']) return 'the UID in the object does not match the one that is stored'
  return resourceVersion !== undefined && resourceVersion !== own['resourceVersion']
    ? 'the object has been modified; please apply your changes to the latest version and try again'
    : undefined
}

function namesOf({ name, namespace }: Target): JsonObject {
  return { name, ...(namespace === undefined ? {} : { namespace }) }
}

function notFound({ resource, name }: Target): Outcome {
  return failed(404, 'NotFound', `${resource} "${name}" not found`)
}

export function failed(code: number, reason: string, message: string): Extract<Outcome, { status: 'failed' }> {
  return { status: 'failed', code, reason, message }
}

function keyOf({ resource, namespace, name }: Target): string {
  return `${resource}\n${namespace ?? ''}\n${name ?? ''}`
}
