import { startKubernetesApi, type KubernetesApiServer } from '@holdfast/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { KubernetesApi } from './api.ts'
import { PolicyObjects } from './policy-objects.ts'

/** The local server keeps to the contract of Kubernetes 1.33; no cluster was tried. */
let server: KubernetesApiServer
let objects: PolicyObjects
beforeEach(async () => {
  const rules = [
    {
      verbs: ['get', 'list', 'create', 'patch', 'delete'],
      groups: ['networking.k8s.io'],
      resources: ['networkpolicies'],
    },
  ]
  server = await startKubernetesApi({ users: new Map([['t0ken', { name: 'holdfast', rules }]]) })
  objects = new PolicyObjects(new KubernetesApi({ url: server.url, token: () => 't0ken' }))
})
afterEach(() => server[Symbol.asyncDispose]())

const A = 'a1'.repeat(32)
const B = 'b2'.repeat(32)
const policy = (port: number, more: object = {}) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: {
    name: 'holdfast-desk',
    namespace: 'support',
    labels: { 'app.kubernetes.io/managed-by': 'holdfast' },
    annotations: { 'holdfast.dev/profile': String(port) },
  },
  spec: {
    podSelector: { matchLabels: { app: 'desk' } },
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '203.0.113.5/32' } }], ports: [{ protocol: 'TCP', port }] }],
  },
  ...more,
})
const standing = () => server.cluster.get({ resource: 'networkpolicies', namespace: 'support', name: 'holdfast-desk' })
const withoutServerFields = (object: ReturnType<typeof standing>) => {
  const { metadata, spec } = object as { readonly metadata: Record<string, unknown>; readonly spec: unknown }
  return JSON.stringify({ labels: metadata['labels'], annotations: metadata['annotations'], spec })
}

test('a rehearsal is checked by the API server and leaves nothing', async () => {
  expect(await objects.apply(policy(443), { artifact: A, isRehearsal: true })).toMatchObject({
    status: 'done',
    detail: 'support/networkpolicies/holdfast-desk would be made',
  })
  expect(standing()).toBeUndefined()
  const wrong = await objects.apply(
    policy(443, { spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: 'x' } }] }] } }),
    { artifact: A, isRehearsal: true },
  )
  expect(wrong).toMatchObject({ status: 'refused', reason: expect.stringContaining('cidr') })
})

test('ENF-13 what is taken back is as it was before, byte for byte, and gone where nothing was', async () => {
  const first = await objects.apply(policy(443), { artifact: A, isRehearsal: false })
  expect(first).toMatchObject({ status: 'done', detail: 'support/networkpolicies/holdfast-desk is made' })
  expect(first).not.toHaveProperty('before')
  const bytes = withoutServerFields(standing())
  expect(bytes).toContain(A)
  const second = await objects.apply(policy(8443), { artifact: B, isRehearsal: false })
  expect(second).toMatchObject({ status: 'done', before: expect.stringContaining(A) })
  const before = second.status === 'done' ? second.before : undefined
  expect(await objects.restore(policy(8443), { before, artifact: B, isRehearsal: true })).toMatchObject({
    status: 'done',
  })
  expect(withoutServerFields(standing())).not.toBe(bytes)
  expect(await objects.restore(policy(8443), { before, artifact: B, isRehearsal: false })).toEqual({
    status: 'done',
    detail: 'support/networkpolicies/holdfast-desk is as before, byte for byte',
  })
  expect(withoutServerFields(standing())).toBe(bytes)
  expect(await objects.restore(policy(443), { before: undefined, artifact: A, isRehearsal: false })).toMatchObject({
    detail: expect.stringContaining('is removed'),
  })
  expect(standing()).toBeUndefined()
})

test('an object that somebody else made is not touched, and one that is not as applied is not taken back', async () => {
  server.cluster.create('networkpolicies', { metadata: policy(1).metadata, spec: policy(1).spec })
  expect(await objects.apply(policy(443), { artifact: A, isRehearsal: false })).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining("somebody else's"),
  })
  expect(await objects.restore(policy(443), { before: undefined, artifact: A, isRehearsal: false })).toMatchObject({
    status: 'refused',
  })
  expect(standing()).toBeDefined()
})

test('what stands there is what the rehearsal saw, or nothing is written; what was changed since is named', async () => {
  const rehearsed = await objects.apply(policy(443), { artifact: A, isRehearsal: true })
  const plan = rehearsed.status === 'done' ? rehearsed.plan : undefined
  expect(plan).toMatch(/^[0-9a-f]{64}$/)
  expect(await objects.apply(policy(8443), { artifact: B, isRehearsal: false, plan })).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('rehearse it again'),
  })
  expect(standing()).toBeUndefined()
  expect(await objects.differences(policy(443), A)).toEqual(['support/networkpolicies/holdfast-desk is gone'])
  expect(await objects.apply(policy(443), { artifact: A, isRehearsal: false, plan })).toMatchObject({ status: 'done' })
  expect(await objects.differences(policy(443), A)).toEqual([])
  // Put there by now, the same write would be another: it would replace what stands.
  expect(await objects.apply(policy(443), { artifact: A, isRehearsal: false, plan })).toMatchObject({
    status: 'refused',
  })
  const named = { resource: 'networkpolicies', namespace: 'support', name: 'holdfast-desk' } as const
  server.cluster.patch(named, {
    how: 'merge',
    body: { spec: { egress: [] }, metadata: { labels: { team: 'support' } } },
    manager: 'kubectl-edit',
    force: false,
    isDryRun: false,
  })
  expect(await objects.differences(policy(443), A)).toEqual([
    'support/networkpolicies/holdfast-desk: egress of its spec was changed by kubectl-edit',
  ])
})

test.each([
  [{ version: 1, egress: [], default: 'deny' }],
  [{ ...policy(1), kind: 'Deployment' }],
  [{ ...policy(1), metadata: { name: '../../pods/x', namespace: 'support' } }],
])('a document of another layer or with a name that is none goes nowhere', async (document) => {
  expect(await objects.apply(document, { artifact: A, isRehearsal: false })).toMatchObject({ status: 'refused' })
})
