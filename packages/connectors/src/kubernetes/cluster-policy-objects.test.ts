import type { KubernetesApiServer } from '@holdfast/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { KubernetesApi } from './api.ts'
import { ClusterPolicyObjects } from './cluster-policy-objects.ts'
import { RESPONSE_RULES, startCluster, type TestCluster } from './testing/cluster.ts'

/** The local server keeps to the contract of Kubernetes 1.33 and to the definition of v1alpha2; no cluster was tried. */
let at: TestCluster
let server: KubernetesApiServer
let objects: ClusterPolicyObjects
beforeEach(async () => {
  at = await startCluster()
  server = at.server
  objects = new ClusterPolicyObjects(new KubernetesApi({ url: server.url, token: () => 't0ken' }))
})
afterEach(() => at[Symbol.asyncDispose]())

const A = 'a1'.repeat(32)
const B = 'b2'.repeat(32)
const KIND = 'clusternetworkpolicies'
const ANY = { to: [{ networks: ['0.0.0.0/0', '::/0'] }] }

type Made = { readonly workload?: string; readonly port?: number; readonly parts?: number }

/** As the generator makes them: what is named is passed on, the last object denies the rest. */
function listOf({ workload = 'refund-agent', port = 443, parts = 1 }: Made = {}) {
  return Array.from({ length: parts }, (_, part) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: {
      name: `payments.${part === 0 ? '' : `${part + 1}.`}holdfast-${workload}`,
      labels: { 'app.kubernetes.io/managed-by': 'holdfast' },
      annotations: { 'holdfast.dev/agent': `k8s:prod/payments/${workload}` },
    },
    spec: {
      tier: 'Admin',
      priority: 900 + part,
      subject: {
        pods: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'payments' } },
          podSelector: { matchLabels: { app: workload } },
        },
      },
      egress: [
        {
          name: `/spec/egress/${part}`,
          action: 'Pass',
          to: [{ networks: [`203.0.113.${part + 5}/32`] }],
          protocols: [{ tcp: { destinationPort: { number: port } } }],
        },
        ...(part === parts - 1 ? [{ name: '/spec/policyTypes/0', action: 'Deny', ...ANY }] : []),
      ],
    },
  }))
}

const foreign = (name: string, priority: number, more: object = {}) =>
  server.cluster.create(KIND, {
    metadata: { name },
    spec: { tier: 'Admin', priority, subject: { namespaces: {} }, egress: [{ action: 'Deny', ...ANY }], ...more },
  })
const apply = (list: readonly object[], more: { isRehearsal?: boolean; artifact?: string; plan?: string } = {}) =>
  objects.apply(list, { artifact: A, isRehearsal: false, workload: 'refund-agent', ...more })
const all = () => server.cluster.list({ resource: KIND })
const namesThere = () => all().map((one) => (one['metadata'] as { readonly name: string }).name)
const priorities = () => all().map((one) => (one['spec'] as { readonly priority: number }).priority)
const bytes = () =>
  all()
    .map(({ metadata, spec }) => {
      const { name, labels, annotations } = metadata as Readonly<Record<string, unknown>> // the server's own
      return JSON.stringify({ name, labels, annotations, spec })
    })
    .toSorted()
const writes = () => server.requests.filter((line) => !line.startsWith('GET') && !line.includes('dryRun=All'))

test('a rehearsal is checked by the API server, every object of it, and leaves nothing', async () => {
  expect(await apply(listOf({ parts: 2 }), { isRehearsal: true })).toMatchObject({
    status: 'done',
    detail:
      'payments.holdfast-refund-agent, payments.2.holdfast-refund-agent would be made in the admin tier from priority 900',
    priority: 900,
  })
  expect(all()).toEqual([])
  expect(writes()).toEqual([])
  const [first, second] = listOf({ parts: 2 })
  const wrong = { ...second, spec: { ...second?.spec, egress: [{ action: 'Deny', to: [{ networks: ['x'] }] }] } }
  expect(await apply([first as object, wrong])).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('Invalid CIDR'),
  })
  expect(all()).toEqual([])
})

test('ENF-13 a list is made, exchanged for a shorter one and a longer one, and each taken back to the byte', async () => {
  expect(await apply(listOf({ parts: 3 }))).toMatchObject({
    status: 'done',
    detail: expect.stringContaining('is made'),
  })
  const first = bytes()
  expect(first).toHaveLength(3)
  const second = await apply(listOf({ parts: 1, port: 8443 }), { artifact: B })
  expect(second).toMatchObject({ status: 'done', before: expect.stringContaining(A) })
  expect(namesThere()).toEqual(['payments.holdfast-refund-agent'])
  const before = second.status === 'done' ? second.before : undefined
  const back = { before, artifact: B }
  expect(await objects.restore(listOf({ port: 8443 }), { ...back, isRehearsal: true })).toMatchObject({
    status: 'done',
  })
  expect(bytes()).not.toEqual(first)
  expect(await objects.restore(listOf({ port: 8443 }), { ...back, isRehearsal: false })).toMatchObject({
    status: 'done',
    detail: expect.stringContaining('is as before, byte for byte'),
  })
  expect(bytes()).toEqual(first)
  // What stands there is not what B put there: it is not B's to take back.
  expect(await objects.restore(listOf(), { before: undefined, artifact: B, isRehearsal: false })).toMatchObject({
    status: 'refused',
  })
  expect(
    await objects.restore(listOf({ parts: 3 }), { before: undefined, artifact: A, isRehearsal: false }),
  ).toMatchObject({ status: 'done', detail: expect.stringContaining('is removed') })
  expect(all()).toEqual([])
})

test('what is denied comes last when a list is made, and goes first when it is removed', async () => {
  await apply(listOf({ parts: 3 }))
  await objects.restore(listOf({ parts: 3 }), { before: undefined, artifact: A, isRehearsal: false })
  expect(writes().map((line) => line.replace(/^(\w+) .*payments\.(\d?).*/, '$1 $2'))).toEqual([
    'PATCH ',
    'PATCH 2',
    'PATCH 3',
    'DELETE 3',
    'DELETE 2',
    'DELETE ',
  ])
})

test('it comes after every policy of others that may select the same pods, and shares no priority with one of ours', async () => {
  foreign('let-out', 10)
  foreign('no-metadata-service', 930)
  foreign('other-namespace', 990, {
    subject: { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'support' } } },
  })
  foreign('other-pods', 991, {
    subject: {
      pods: {
        namespaceSelector: {},
        podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['refund-agent'] }] },
      },
    },
  })
  foreign('last-word', 1_000, { tier: 'Baseline' })
  expect(await apply(listOf({ parts: 2 }))).toMatchObject({ status: 'done', priority: 931 })
  expect(priorities().slice(-2)).toEqual([931, 932])
  // Where it stands it stays, until somebody comes to stand after it.
  expect(await apply(listOf({ parts: 2, port: 8443 }), { artifact: B })).toMatchObject({ priority: 931 })
  foreign('later', 940)
  expect(await apply(listOf({ parts: 2 }))).toMatchObject({ priority: 941 })
  foreign('no-room', 999)
  expect(await apply(listOf({ parts: 2 }))).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('no-room (999)'),
  })
})

test('two agents of which no pod can be of both share a priority, and others do not', async () => {
  await apply(listOf())
  const second = listOf({ workload: 'desk' })
  workloadOf('desk', { app: 'desk' })
  expect(await objects.apply(second, { artifact: B, isRehearsal: false, workload: 'desk' })).toMatchObject({
    priority: 900,
  })
  workloadOf('tiered', { tier: 'back' })
  const third = listOf({ workload: 'tiered' }).map((one) => ({
    ...one,
    spec: {
      ...one.spec,
      subject: { pods: { ...one.spec.subject.pods, podSelector: { matchLabels: { tier: 'back' } } } },
    },
  }))
  expect(await objects.apply(third, { artifact: B, isRehearsal: false, workload: 'tiered' })).toMatchObject({
    priority: 901,
  })
})

test('what somebody else made under its name is not touched, nor what speaks of another agent', async () => {
  const [own] = listOf()
  server.cluster.create(KIND, { metadata: own?.metadata, spec: own?.spec } as never)
  const before = bytes()
  expect(await apply(listOf())).toMatchObject({ status: 'refused', reason: expect.stringContaining("somebody else's") })
  expect(await objects.restore(listOf(), { before: undefined, artifact: A, isRehearsal: false })).toMatchObject({
    detail: expect.stringContaining('gone already'),
  })
  expect(bytes()).toEqual(before)
  expect(writes()).toEqual([])
})

test('what a rehearsal saw is what is written over, or nothing is written', async () => {
  const rehearsed = await apply(listOf(), { isRehearsal: true })
  const plan = rehearsed.status === 'done' ? (rehearsed.plan ?? '') : ''
  foreign('meanwhile', 950)
  expect(await apply(listOf(), { plan })).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('rehearse it again'),
  })
  expect(namesThere()).toEqual(['meanwhile'])
})

test('of a list that the cluster takes in part nothing is left, and what stood there stands again', async () => {
  /** The object is checked well, and refused when it is to be kept. */
  const refuseOnce = (name: string) => {
    let met = 0
    server.faults.add({
      kind: 'error',
      code: 409,
      at: (what) => what.startsWith('PATCH') && what.endsWith(`/${name}`) && ++met === 2,
    })
  }
  refuseOnce('payments.2.holdfast-refund-agent')
  expect(await apply(listOf({ parts: 2 }))).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('nothing of it was left there'),
  })
  expect(all()).toEqual([])
  server.faults.clear()
  await apply(listOf({ parts: 2 }))
  const before = bytes()
  refuseOnce('payments.holdfast-refund-agent')
  expect(await apply(listOf({ parts: 3, port: 8443 }), { artifact: B })).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('all is as before'),
  })
  expect(bytes()).toEqual(before)
})

test('a write that was cut off is taken back as a whole', async () => {
  await apply(listOf({ parts: 2 }))
  const before = bytes()
  const rehearsed = await apply(listOf({ parts: 2, port: 8443 }), { artifact: B, isRehearsal: true })
  let met = 0
  server.faults.add({
    kind: 'drop',
    at: (what) => what.startsWith('PATCH') && what.endsWith('/payments.holdfast-refund-agent') && ++met > 1,
  })
  await expect(apply(listOf({ parts: 2, port: 8443 }), { artifact: B })).rejects.toThrow()
  server.faults.clear()
  expect(bytes()).not.toEqual(before)
  const stood = rehearsed.status === 'done' ? rehearsed.before : undefined
  expect(
    await objects.restore(listOf({ parts: 2, port: 8443 }), { before: stood, artifact: B, isRehearsal: false }),
  ).toMatchObject({ status: 'done' })
  expect(bytes()).toEqual(before)
})

test('what is gone or changed there is named, and what others put before or after it', async () => {
  const asked = { artifact: A, priority: 900 }
  const list = listOf({ parts: 2 })
  expect(await objects.differences(list, asked)).toEqual([
    'payments.holdfast-refund-agent is gone',
    'payments.2.holdfast-refund-agent is gone',
  ])
  await apply(list)
  foreign('before', 20)
  expect(await objects.differences(list, asked)).toEqual([])
  server.cluster.patch(
    { resource: KIND, name: 'payments.holdfast-refund-agent' },
    { how: 'merge', body: { spec: { priority: 3 } }, manager: 'kubectl-edit', force: false, isDryRun: false },
  )
  foreign('beside', 901)
  foreign('after', 950)
  expect(await objects.differences(list, asked)).toEqual([
    'payments.holdfast-refund-agent: priority of its spec was changed by kubectl-edit',
    'beside stands at priority 901 too: which is asked first is not defined',
    'after (priority 950) is asked after it: what is passed on skips it',
  ])
})

test.each([
  [
    'no pods',
    { pods: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'payments' } }, podSelector: {} } },
  ],
  ['every namespace', { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'refund-agent' } } } }],
  ['whole namespaces', { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'payments' } } }],
])('a document that speaks of %s goes nowhere', async (_, subject) => {
  const list = listOf().map((one) => ({ ...one, spec: { ...one.spec, subject } }))
  expect(await apply(list)).toMatchObject({ status: 'refused', reason: expect.stringContaining('one workload') })
  expect(server.requests).toEqual([])
})

test('a document that accepts in the name of the cluster, or a list of two workloads, goes nowhere', async () => {
  const accepting = listOf().map((one) => ({ ...one, spec: { ...one.spec, egress: [{ action: 'Accept', ...ANY }] } }))
  expect(await apply(accepting)).toMatchObject({ status: 'refused' })
  expect(await apply([...listOf(), ...listOf({ workload: 'desk' })])).toMatchObject({ status: 'refused' })
  expect(server.requests).toEqual([])
})

test('its labels are those of the workload, and select no pod of another', async () => {
  expect(
    await objects.apply(listOf({ workload: 'gone' }), { artifact: A, isRehearsal: false, workload: 'gone' }),
  ).toMatchObject({ status: 'refused', reason: expect.stringContaining('no workload gone') })
  workloadOf('desk', { app: 'desk', tier: 'front' })
  expect(
    await objects.apply(listOf({ workload: 'desk' }), { artifact: A, isRehearsal: false, workload: 'desk' }),
  ).toMatchObject({ status: 'refused', reason: expect.stringContaining('derive it again') })
  server.cluster.create('pods', {
    metadata: {
      name: 'somebody-elses',
      namespace: 'payments',
      labels: { app: 'refund-agent' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'x', uid: 'u-1', controller: true }],
    },
    spec: {},
  })
  expect(await apply(listOf())).toMatchObject({ status: 'refused', reason: expect.stringContaining('somebody-elses') })
  expect(all()).toEqual([])
})

test('a cluster without the kind, and one without the rights, refuse with the reason', async () => {
  await using lacking = await startCluster({ lacking: [KIND] })
  const there = new ClusterPolicyObjects(new KubernetesApi({ url: lacking.server.url, token: () => 't0ken' }))
  expect(await there.apply(listOf(), { artifact: A, isRehearsal: false, workload: 'refund-agent' })).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('has no ClusterNetworkPolicy'),
  })
  const reading = RESPONSE_RULES.filter(
    ({ verbs, resources }) => !resources.includes(KIND) || !verbs.includes('create'),
  )
  await using blind = await startCluster({ rules: reading })
  const here = new ClusterPolicyObjects(new KubernetesApi({ url: blind.server.url, token: () => 't0ken' }))
  expect(await here.apply(listOf(), { artifact: A, isRehearsal: false, workload: 'refund-agent' })).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('cannot patch resource'),
  })
})

function workloadOf(name: string, labels: Readonly<Record<string, string>>): void {
  server.cluster.create('statefulsets', {
    metadata: { name, namespace: 'payments', labels },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels } } },
  })
}
