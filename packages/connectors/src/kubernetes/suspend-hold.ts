import type { EffectOutcome, EffectProbe } from '@holdfast/respond'

import type { KubernetesApi } from './api.ts'
import type { FieldWish } from './field-hold.ts'
import { holdField, rehearseField, releaseField } from './field-hold.ts'
import { NAMED } from './limits.ts'
import type { KubeObject } from './objects.ts'
import type { WorkloadRef } from './refs.ts'
import { objectPath, refText } from './refs.ts'
import { jobsOf, unfinished } from './workload.ts'

/** A CronJob with all that it started: suspended by itself it starts nothing more, and what it started goes on. */
type CronJobWish = FieldWish & { readonly ref: WorkloadRef & { readonly resource: 'cronjobs' } }

export function isOfCronJob(wish: FieldWish): wish is CronJobWish {
  return wish.ref.resource === 'cronjobs' && wish.field === 'suspend'
}

/** Whether the CronJob and each Job that is under way could be suspended. Writes nothing. */
export async function rehearseCronJob(
  api: KubernetesApi,
  wish: CronJobWish,
  object: KubeObject,
): Promise<string | undefined> {
  const own = await rehearseField(api, wish, object)
  if (own !== undefined) return own
  for (const job of unfinished(await jobsOf(api, wish.ref, object))) {
    const obstacle = await rehearseField(api, ofJob(wish, job), job)
    if (obstacle !== undefined) return `${job.metadata.name}: ${obstacle}`
  }
  return undefined
}

/** The CronJob first, so that none is started after its Jobs were listed; then each Job that is under way. */
export async function holdCronJob(api: KubernetesApi, wish: CronJobWish): Promise<EffectOutcome> {
  const own = await holdField(api, wish)
  const object = await api.get(objectPath(wish.ref))
  if (own.status === 'failed' || object === undefined) return own
  const jobs = unfinished(await jobsOf(api, wish.ref, object))
  const held = await inTurn(jobs, async (job) => {
    const one = ofJob(wish, job)
    const outcome = await holdField(api, one)
    // One that came to its end and was cleared away meanwhile needs no hold.
    const isGone = outcome.status === 'failed' && (await api.get(objectPath(one.ref))) === undefined
    return isGone ? { status: 'done', detail: `${refText(one.ref)} is not there` } : outcome
  })
  return whole(own, held)
}

/** Jobs first: one that goes on keeps its CronJob from starting another where it may not run twice. */
export async function releaseCronJob(api: KubernetesApi, wish: CronJobWish): Promise<EffectOutcome> {
  const object = await api.get(objectPath(wish.ref))
  // What a CronJob started goes away with it.
  if (object === undefined) return { status: 'done', detail: `${refText(wish.ref)} is not there` }
  const jobs = unfinished(await jobsOf(api, wish.ref, object))
  const released = await inTurn(jobs, (job) => releaseField(api, ofJob(wish, job)))
  return whole(await releaseField(api, wish), released)
}

/** Jobs of the CronJob that go on, one included that it started while it was being suspended. */
export async function probeJobs(api: KubernetesApi, ref: WorkloadRef, object: KubeObject): Promise<EffectProbe> {
  const going = unfinished(await jobsOf(api, ref, object)).filter(({ spec }) => spec?.['suspend'] !== true)
  const names = going.map(({ metadata }) => metadata.name)
  return {
    way: 'jobs',
    held: going.length === 0,
    detail: going.length === 0 ? 'none of its Jobs goes on' : `${names.slice(0, NAMED).join(', ')} goes on`,
  }
}

function ofJob(wish: CronJobWish, { metadata }: KubeObject): FieldWish {
  return { ...wish, ref: { resource: 'jobs', namespace: wish.ref.namespace, name: metadata.name } }
}

async function inTurn(
  jobs: readonly KubeObject[],
  act: (job: KubeObject) => Promise<EffectOutcome>,
): Promise<readonly EffectOutcome[]> {
  const outcomes: EffectOutcome[] = []
  for (const job of jobs) outcomes.push(await act(job))
  return outcomes
}

/** Done where all of them are; else what failed. */
function whole(own: EffectOutcome, jobs: readonly EffectOutcome[]): EffectOutcome {
  const failed = [own, ...jobs].filter(({ status }) => status === 'failed')
  if (failed.length > 0) {
    const words = failed.slice(0, NAMED).map(({ detail }) => detail)
    return { status: 'failed', detail: words.join('; ') }
  }
  return { status: 'done', detail: `${own.detail}${jobs.length === 0 ? '' : `, and ${jobs.length} of its Jobs`}` }
}
