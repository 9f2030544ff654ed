import { expect, test } from 'vitest'

import { decisionOf } from '../testing/decision.ts'
import { AGENT, RESPONSE_RULES, responderOf, rungStep, scopeOf, startCluster } from './testing/cluster.ts'
import type { TestCluster } from './testing/cluster.ts'

const CRON = 'payments/cronjobs/nightly'
const target = { kind: 'workload', name: CRON, state: '' } as const
const STOP = rungStep('stop', { target })
const held = (probes: readonly { readonly held: boolean }[]) => probes.map((probe) => probe.held)

type Shown = {
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly managedFields: readonly { readonly manager: string; readonly fieldsV1: object }[]
    readonly ownerReferences?: readonly { readonly uid: string }[]
  }
  readonly spec: Readonly<Record<string, unknown>>
}

/** A CronJob of an agent that runs two pods at a time, one Job of which is over and one under way. */
async function startNightly(options: Parameters<typeof startCluster>[0] = {}, spec: Readonly<object> = {}) {
  const at = await startCluster(options)
  const labels = { app: 'nightly' }
  at.server.cluster.create(
    'cronjobs',
    {
      metadata: { name: 'nightly', namespace: 'payments', labels },
      spec: {
        schedule: '0 3 * * *',
        jobTemplate: {
          metadata: { labels },
          spec: { parallelism: 2, template: { metadata: { labels }, spec: { containers: [] } } },
        },
        ...spec,
      },
    },
    'helm',
  )
  const over = at.server.cluster.strike('payments', 'nightly') ?? ''
  at.server.cluster.finishJob('payments', over)
  const going = at.server.cluster.strike('payments', 'nightly') ?? ''
  return { at, over, going, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() }
}

function shown({ server }: TestCluster, resource: 'cronjobs' | 'jobs', name: string): Shown {
  return server.cluster.get({ resource, namespace: 'payments', name }) as unknown as Shown // of the fixture
}

/** What an object is, its versions and counters aside. */
function kept(at: TestCluster, resource: 'cronjobs' | 'jobs', name: string) {
  const { metadata, spec } = shown(at, resource, name)
  const { name: own, uid, labels = {}, annotations = {}, managedFields } = metadata
  const writers = managedFields.map(({ manager, fieldsV1 }) => ({ manager, fieldsV1 }))
  return { own, uid, labels, annotations, writers, spec }
}

function podsOf(at: TestCluster, job: string): readonly unknown[] {
  const { uid } = shown(at, 'jobs', job).metadata
  const pods = at.server.cluster.list({ resource: 'pods', namespace: 'payments' }) as unknown as readonly Shown[] // of the fixture
  return pods.filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === uid)
}

test('a CronJob is stopped with the Jobs that it started: looked at first, marked, probed, and as it was once released', async () => {
  await using nightly = await startNightly({ lag: 3 })
  const { at, going, over } = nightly
  const before = { cron: kept(at, 'cronjobs', 'nightly'), going: kept(at, 'jobs', going), over: kept(at, 'jobs', over) }
  expect(await at.responder.plan(STOP)).toMatchObject({
    status: 'possible',
    words: `suspends ${CRON} and 1 Jobs of it, which ends its 2 pods in their own time; a Job that is released begins anew`,
  })
  expect(kept(at, 'cronjobs', 'nightly')).toEqual(before.cron)
  expect(await at.responder.apply(STOP, 'plan/stop')).toEqual({
    status: 'done',
    detail: `${CRON}: suspend from false to true, and 1 of its Jobs`,
  })
  for (const object of [shown(at, 'cronjobs', 'nightly'), shown(at, 'jobs', going)]) {
    expect(object.spec['suspend']).toBe(true)
    expect(object.metadata.labels).toMatchObject({
      'holdfast.dev/held': 'true',
      'holdfast.dev/incident': 'inc-0123456789abcdef',
    })
    expect(Object.values(object.metadata.annotations ?? {}).join()).toContain('"expires":"2026-03-02T13:00:00.000Z"')
  }
  expect(held(await at.responder.probe(STOP))).toEqual([true, true, true])
  expect(podsOf(at, going)).toEqual([])
  expect(podsOf(at, over)).toHaveLength(2)
  expect(at.server.cluster.strike('payments', 'nightly')).toBeUndefined()
  expect(await at.responder.revert(STOP, 'plan/stop')).toMatchObject({ status: 'done' })
  expect(kept(at, 'cronjobs', 'nightly')).toEqual(before.cron)
  expect(kept(at, 'jobs', going)).toEqual(before.going)
  expect(kept(at, 'jobs', over)).toEqual(before.over)
  at.server.cluster.reconcile()
  expect(podsOf(at, going)).toHaveLength(2)
})

test('a CronJob that its owner had suspended stays suspended, in the name of its owner', async () => {
  await using nightly = await startNightly()
  const { at } = nightly
  const write = { how: 'merge', body: { spec: { suspend: true } }, manager: 'kubectl-patch', force: false } as const
  at.server.cluster.patch(
    { resource: 'cronjobs', namespace: 'payments', name: 'nightly' },
    { ...write, isDryRun: false },
  )
  const before = kept(at, 'cronjobs', 'nightly')
  await at.responder.apply(STOP, 'plan/stop')
  await at.responder.revert(STOP, 'plan/stop')
  expect(kept(at, 'cronjobs', 'nightly')).toEqual(before)
})

test('a Job that started while its CronJob was being suspended, or was resumed by another, is seen and taken in by the next try', async () => {
  await using nightly = await startNightly()
  const { at, going } = nightly
  await at.responder.apply(STOP, 'plan/stop')
  const resumed = { how: 'merge', body: { spec: { suspend: false } }, manager: 'kueue', force: false } as const
  at.server.cluster.patch({ resource: 'jobs', namespace: 'payments', name: going }, { ...resumed, isDryRun: false })
  at.server.cluster.reconcile()
  expect(await at.responder.probe(STOP)).toMatchObject([
    { way: 'suspend', held: true },
    { way: 'jobs', held: false, detail: `${going} goes on` },
    { way: 'pods', held: false },
  ])
  // Of a controller that had not seen yet that the CronJob is suspended.
  const { uid } = shown(at, 'cronjobs', 'nightly').metadata
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid, controller: true }
  at.server.cluster.create('jobs', {
    metadata: { name: 'nightly-late', namespace: 'payments', ownerReferences: [owner] },
    spec: { template: { spec: { containers: [] } } },
  })
  expect(await at.responder.apply(STOP, 'plan/stop')).toMatchObject({
    detail: expect.stringContaining('2 of its Jobs'),
  })
  at.server.cluster.reconcile()
  expect(held(await at.responder.probe(STOP))).toEqual([true, true, true])
})

test('a kill ends the pods that are under way at once, and none of those that came to their end', async () => {
  // The controller is slow: whoever ends the pods is not it.
  await using nightly = await startNightly({ lag: 30 })
  const { at, over } = nightly
  const kill = rungStep('kill', { target })
  expect(await at.responder.apply(kill, 'plan/kill')).toMatchObject({
    detail: expect.stringContaining('2 pods were ended'),
  })
  expect(held(await at.responder.probe(kill))).toEqual([true, true, true])
  expect(podsOf(at, over)).toHaveLength(2)
})

test('a Job is stopped by itself; one that is over has nothing that could be', async () => {
  await using nightly = await startNightly()
  const { at, going, over } = nightly
  const before = kept(at, 'jobs', going)
  const step = rungStep('stop', { target: { ...target, name: `payments/jobs/${going}` } })
  expect(await at.responder.plan(step)).toMatchObject({ status: 'possible' })
  await at.responder.apply(step, 'plan/stop')
  expect(await at.responder.probe(step)).toMatchObject([
    { way: 'suspend', held: true },
    { way: 'controller', held: true, detail: 'it says that it is suspended' },
    { way: 'pods', held: true, detail: 'none is left' },
  ])
  expect(shown(at, 'cronjobs', 'nightly').spec['suspend']).toBe(false)
  await at.responder.revert(step, 'plan/stop')
  expect(kept(at, 'jobs', going)).toEqual(before)
  const late = rungStep('stop', { target: { ...target, name: `payments/jobs/${over}` } })
  expect(await at.responder.plan(late)).toMatchObject({ status: 'impossible', reason: expect.stringContaining('over') })
})

test('a quarantine of a CronJob holds what it starts later too, and is impossible where that has no labels', async () => {
  await using nightly = await startNightly()
  const { at } = nightly
  const step = rungStep('soft-quarantine', { target })
  expect(await at.responder.plan(step)).toMatchObject({ words: expect.stringContaining('cuts 2 pods') })
  await at.responder.apply(step, 'plan/rung')
  at.server.cluster.strike('payments', 'nightly')
  expect(await at.responder.probe(step)).toMatchObject([
    { held: true, detail: expect.stringContaining('all 4 pods') },
    { held: true },
  ])
  await using bare = await startNightly({}, { jobTemplate: { spec: { template: { spec: { containers: [] } } } } })
  expect(await bare.at.responder.plan(step)).toMatchObject({ reason: expect.stringContaining('no labels') })
  expect(await bare.at.responder.plan(STOP)).toMatchObject({ status: 'possible' })
})

test('a CronJob whose time is over is swept with its Jobs, by what stands on them', async () => {
  await using nightly = await startNightly()
  const { at, going } = nightly
  const before = [kept(at, 'cronjobs', 'nightly'), kept(at, 'jobs', going)]
  await at.responder.apply(STOP, 'plan/stop')
  at.clock.nowMs += 3_600_000
  const swept = await responderOf(at.server, at.clock).sweep(async () => {})
  expect(swept.map(({ target: what, status }) => [what, status])).toEqual([
    [`payments/jobs/${going}`, 'released'],
    [CRON, 'released'],
  ])
  expect([kept(at, 'cronjobs', 'nightly'), kept(at, 'jobs', going)]).toEqual(before)
})

test('it is offered by its name, and without rights to Jobs what else there is still is', async () => {
  await using nightly = await startNightly()
  const { at } = nightly
  const scope = scopeOf({ id: AGENT, workload: 'nightly' })
  expect(await at.responder.offers(scope, decisionOf('stop'))).toMatchObject([{ target: { name: CRON } }])
  const rules = RESPONSE_RULES.filter(({ groups }) => !groups.includes('batch'))
  await using poor = await startNightly({ rules })
  expect(await poor.at.responder.offers(scope, decisionOf('stop'))).toEqual([])
  expect(await poor.at.responder.offers(scopeOf(), decisionOf('stop'))).toHaveLength(1)
  expect(await poor.at.responder.sweep(async () => {})).toEqual([])
  expect(await poor.at.responder.plan(STOP)).toMatchObject({
    reason: expect.stringContaining('patch jobs in payments'),
  })
})
