import { randomUUID } from 'node:crypto'

import type { Json, JsonObject } from './json.ts'
import { at, objectAt, textAt, withAt } from './json.ts'

const UID_LABEL = 'batch.kubernetes.io/controller-uid'

/** What the API server adds to a new Job: a selector by its own uid, which its pods carry. */
export function withJobDefaults(job: JsonObject, uid: string): JsonObject {
  return withAt(job, ['spec', 'selector'], { matchLabels: { [UID_LABEL]: uid } })
}

/** The Job that a CronJob starts. */
export function jobOf(cronJob: JsonObject, owner: JsonObject): JsonObject {
  const { namespace } = objectAt(cronJob, 'metadata')
  return {
    metadata: {
      name: `${textAt(cronJob, 'metadata', 'name')}-${randomUUID().slice(0, 8)}`,
      namespace,
      labels: objectAt(cronJob, 'spec', 'jobTemplate', 'metadata', 'labels'),
      ownerReferences: [owner],
    },
    spec: objectAt(cronJob, 'spec', 'jobTemplate', 'spec'),
  }
}

export function finished(job: JsonObject): boolean {
  const conditions = at(job, ['status', 'conditions'])
  return (
    Array.isArray(conditions) &&
    conditions.some((one: Json) => ['Complete', 'Failed'].includes(textAt(objectAt(one), 'type') ?? ''))
  )
}

/** What the controller of Jobs says of one that is not over. */
export function statusOfJob(job: JsonObject, active: number): JsonObject {
  const isSuspended = at(job, ['spec', 'suspend']) === true
  return { active, conditions: [{ type: 'Suspended', status: isSuspended ? 'True' : 'False' }] }
}
