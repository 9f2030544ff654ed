import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClusterPolicyObjects, KubernetesApi, KubernetesResponder, PolicyObjects } from '@holdfast/connectors'
import type { PolicyArtifact, PolicyDeed } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { startKubernetesApi } from '@holdfast/testkit'
import { afterAll, expect, test } from 'vitest'
import { wallClock } from '../clock.ts'
import { aroundAgents } from './around.ts'
import { placePolicy, withdrawLapsed, withdrawPolicy } from './cluster-policies.ts'
import { PlacedKeeper } from './placed-keeper.ts'
import { PolicyBook } from './policy-book.ts'
import { DESK_GROUP, deskPolicy, harmless, watchedBy } from './testing/desk-policy.ts'

const AGENT = 'k8s:prod/support/desk'
const nothing = () => Promise.resolve({ inForce: [], planesRead: ['network' as const], collector: [] })
const folder = mkdtempSync(join(tmpdir(), 'holdfast-placed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function artifactOf(port: number, now: string): PolicyArtifact {
  const place = { namespace: 'support', workload: 'desk', labels: { app: 'desk' } }
  return deskPolicy({ kind: 'network-policy', id: AGENT, place, reached: [`198.51.100.7:${port}`], now })
}

type Rules = readonly { readonly verbs: string[]; readonly groups: string[]; readonly resources: string[] }[]

/** A cluster that lets us do what the rules say, and the policies of a log of its own. */
async function openCluster(rules: Rules) {
  await using stack = new AsyncDisposableStack()
  const users = new Map([['t0ken', { name: 'holdfast', rules: [...rules] }]])
  const server = stack.use(await startKubernetesApi({ users }))
  const own = mkdtempSync(join(folder, 'log-'))
  const recorder = stack.use(await Recorder.open({ folder: own, clock: wallClock }))
  const reader = stack.use(LogReader.open({ folder: own }))
  const book = new PolicyBook({ recorder, reader, clock: wallClock })
  const take = (deed: PolicyDeed) => book.step(() => deed, { reason: 'test', by: 'ada' })
  const access = { url: server.url, token: () => 't0ken' }
  const owned = stack.move()
  return {
    server,
    access,
    api: new KubernetesApi(access),
    book,
    take,
    enforce: async (artifact: PolicyArtifact) => {
      for (const deed of watchedBy(artifact)) await take(deed)
      const report = { ...harmless(artifact), from: book.now, to: book.now }
      const { entry } = await take({ do: 'reported', group: DESK_GROUP, report })
      await take({ do: 'enforced', group: DESK_GROUP, artifacts: [artifact.id], report: entry })
    },
    /** What the log says is all that a server which starts again knows. */
    restarted: () => new PolicyBook({ recorder, reader, clock: wallClock }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

test('only what is enforced goes into a cluster, and what is enforced no more comes back to the byte', async () => {
  await using at = await openCluster([
    {
      verbs: ['get', 'list', 'create', 'patch', 'delete'],
      groups: ['networking.k8s.io'],
      resources: ['networkpolicies'],
    },
  ])
  const { server, book, take, enforce } = at
  const step = {
    book,
    clusters: [{ name: 'eu', cluster: 'prod', objects: new PolicyObjects(at.api) }],
    by: 'ada',
    reason: 'CHG-1',
    around: nothing,
  }
  const standing = () =>
    server.cluster.get({ resource: 'networkpolicies', namespace: 'support', name: 'holdfast-desk' })

  const first = artifactOf(443, book.now)
  await take({ do: 'generated', artifact: first, principals: [] })
  await expect(placePolicy(first, { ...step, rehearse: false })).rejects.toThrow('not-enforced')
  expect(await placePolicy(first, { ...step, rehearse: true })).toMatchObject({
    detail: expect.stringContaining('would be made'),
  })
  expect(standing()).toBeUndefined()
  await enforce(first)
  const target = 'eu:support/network-policy/holdfast-desk'
  expect(await placePolicy(first, { ...step, rehearse: false })).toMatchObject({ target, entry: expect.any(Number) })
  const bytes = JSON.stringify(standing()?.['spec'])
  // Put there twice it is one policy: before it stood what stood there the first time, which is nothing.
  await placePolicy(first, { ...step, rehearse: false })

  const second = artifactOf(8443, book.now)
  await enforce(second)
  await placePolicy(second, { ...step, rehearse: false })
  expect(JSON.stringify(standing()?.['spec'])).not.toBe(bytes)
  await expect(withdrawPolicy(first, { ...step, rehearse: false })).rejects.toThrow('not-newest')
  expect(await withdrawLapsed(step)).toEqual([])
  expect(JSON.stringify(standing()?.['spec'])).not.toBe(bytes)
  await withdrawPolicy(second, { ...step, rehearse: false })
  expect(JSON.stringify(standing()?.['spec'])).toBe(bytes)

  expect(
    at
      .restarted()
      .state.placed.get(target)
      ?.map(({ artifact }) => artifact),
  ).toEqual([first.id])
  await take({ do: 'expired', agent: AGENT, artifact: first.id })
  expect(await withdrawLapsed(step)).toEqual([])
  expect(standing()).toBeUndefined()
})

test('as a policy of the whole cluster it goes the same way, is looked after, and comes back to the byte', async () => {
  await using at = await openCluster([
    {
      verbs: ['get', 'list', 'create', 'patch', 'delete'],
      groups: ['policy.networking.k8s.io'],
      resources: ['clusternetworkpolicies'],
    },
    { verbs: ['get', 'list'], groups: ['apps', 'batch', '', 'networking.k8s.io'], resources: ['*'] },
  ])
  const { server, access, book, take, enforce } = at
  const { cluster } = server
  const labels = { app: 'desk' }
  cluster.create('statefulsets', {
    metadata: { name: 'desk', namespace: 'support', labels },
    spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels } } },
  })
  cluster.create('networkpolicies', {
    metadata: { name: 'allow-all', namespace: 'support' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
  })
  cluster.reconcile()
  const config = { name: 'eu', cluster: 'prod', 'enforces-network-policies': true, 'allowed-egress': [] }
  const responder = new KubernetesResponder({ config, access, clock: { now: Date.now, wait: () => Promise.resolve() } })
  const around = aroundAgents({
    sources: [responder],
    collector: [],
    onError: (error) => expect.unreachable(String(error)),
  })
  const clusters = [{ name: 'eu', cluster: 'prod', wide: new ClusterPolicyObjects(at.api) }]
  const step = { book, clusters, by: 'ada', reason: 'CHG-2', around, scope: 'cluster' as const }
  const all = () => cluster.list({ resource: 'clusternetworkpolicies' })
  const told: string[] = []
  const keeper = new PlacedKeeper({
    book,
    clusters,
    notices: { tell: (notice) => Promise.resolve(void told.push(...notice.lines)) },
    onKept: (failure) => expect.unreachable(failure),
    onUnseen: (failure) => told.push(failure),
  })

  const first = artifactOf(443, book.now)
  await take({ do: 'generated', artifact: first, principals: [] })
  await expect(placePolicy(first, { ...step, rehearse: false })).rejects.toThrow('not-enforced')
  await expect(placePolicy(first, { ...step, scope: 'namespaced', rehearse: true })).rejects.toThrow('no-cluster')
  await enforce(first)
  const rehearsed = await placePolicy(first, { ...step, rehearse: true })
  // Beside an allow-all of the namespace, where the NetworkPolicy would do nothing.
  expect(rehearsed).toMatchObject({
    plan: expect.stringMatching(/^[0-9a-f]{64}$/),
    detail: expect.stringMatching(/would be made .* from priority 900; refuses what no other refuses/),
  })
  expect(all()).toEqual([])
  const guard = { tier: 'Admin', priority: 920, subject: { namespaces: {} } }
  cluster.create('clusternetworkpolicies', { metadata: { name: 'guard' }, spec: guard })
  await expect(placePolicy(first, { ...step, rehearse: false, plan: rehearsed.plan })).rejects.toThrow(
    'rehearse it again',
  )
  expect(all()).toHaveLength(1)
  const target = 'eu:support/cluster-network-policy/holdfast-desk'
  expect(await placePolicy(first, { ...step, rehearse: false })).toMatchObject({ target, entry: expect.any(Number) })
  const name = 'support.holdfast-desk'
  const standing = () => cluster.get({ resource: 'clusternetworkpolicies', name })
  expect(standing()).toMatchObject({ spec: { tier: 'Admin', priority: 921 } })

  await keeper.compare()
  expect(told).toEqual([])
  const edit = (spec: object) =>
    cluster.patch(
      { resource: 'clusternetworkpolicies', name },
      { how: 'merge', body: { spec } as never, manager: 'kubectl-edit', force: false, isDryRun: false },
    )
  edit({ priority: 5 })
  await keeper.compare()
  await keeper.compare()
  expect(told).toEqual([
    `${target}, of ${AGENT}`,
    `${name}: priority of its spec was changed by kubectl-edit`,
    'Apply it again, or take it back.',
  ])
  expect(book.state.placed.get(target)?.at(-1)?.differences).toHaveLength(1)
  edit({ priority: 921 })
  await keeper.compare()
  expect(at.restarted().state.placed.get(target)).toEqual([
    { artifact: first.id, agent: AGENT, entry: expect.any(Number), priority: 921 },
  ])

  // It would have to go after another one by now, and the cluster takes it not: it stands where it stood.
  cluster.create('clusternetworkpolicies', { metadata: { name: 'late' }, spec: { ...guard, priority: 950 } })
  let met = 0
  server.faults.add({ kind: 'error', code: 409, at: (what) => what.startsWith('PATCH') && ++met === 2 })
  await expect(placePolicy(first, { ...step, rehearse: false })).rejects.toThrow('refused')
  server.faults.clear()
  cluster.delete({ resource: 'clusternetworkpolicies', name: 'late' }, {}, false)
  expect(book.state.placed.get(target)).toMatchObject([{ artifact: first.id, priority: 921 }])
  await keeper.compare()
  expect(told).toHaveLength(3)

  const bytes = JSON.stringify(standing()?.['spec'])
  const second = artifactOf(8443, book.now)
  await enforce(second)
  await placePolicy(second, { ...step, rehearse: false })
  expect(JSON.stringify(standing()?.['spec'])).not.toBe(bytes)
  await expect(withdrawPolicy(first, { ...step, rehearse: false })).rejects.toThrow('not-newest')
  await withdrawPolicy(second, { ...step, rehearse: false })
  expect(JSON.stringify(standing()?.['spec'])).toBe(bytes)
  await take({ do: 'expired', agent: AGENT, artifact: first.id })
  await keeper.sweep()
  expect(all()).toMatchObject([{ metadata: { name: 'guard' } }])
})

test('an agent of a cluster that is not named goes nowhere', async () => {
  const book = { state: { force: new Map(), placed: new Map() }, now: '2026-09-01T00:00:00Z' } as unknown as PolicyBook // of which no more is read
  const step = { book, clusters: [], by: 'ada', reason: 'x', rehearse: true, around: nothing }
  await expect(placePolicy(artifactOf(443, '2026-09-01T00:00:00Z'), step)).rejects.toThrow('no-cluster')
})
