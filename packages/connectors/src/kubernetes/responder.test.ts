import { expect, test } from 'vitest'

import { decisionOf } from '../testing/decision.ts'
import { cutStep, responderOf, RESPONSE_RULES, rungStep, scopeOf, startCluster, WORKLOAD } from './testing/cluster.ts'
import type { TestCluster } from './testing/cluster.ts'

const QUARANTINE = rungStep('soft-quarantine')
const held = (probes: readonly { readonly held: boolean }[]) => probes.map((probe) => probe.held)

function deployment({ server }: TestCluster) {
  const object = server.cluster.get({ resource: 'deployments', namespace: 'payments', name: 'refund-agent' })
  // What the fixture made; its writers and versions are not part of what it is.
  const { metadata, spec } = object as { metadata: Record<string, unknown>; spec: Record<string, unknown> }
  const { resourceVersion: _1, generation: _2, managedFields: _3, ...kept } = metadata
  return { metadata: kept, spec }
}

function policies({ server }: TestCluster) {
  return server.cluster.list({ resource: 'networkpolicies', namespace: 'payments' })
}

test('a quarantine is looked at without being written, then stands with incident and expiry, is probed, and goes without a trace', async () => {
  await using at = await startCluster()
  const before = deployment(at)
  expect(await at.responder.plan(QUARANTINE)).toEqual({
    status: 'possible',
    state: expect.stringMatching(/^[0-9a-f]{64}$/),
    words: 'cuts 3 pods from everything but 1 allowed destinations',
  })
  expect(policies(at)).toEqual([])
  expect(await at.responder.apply(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'done' })
  expect(policies(at)).toMatchObject([
    {
      metadata: {
        labels: { 'holdfast.dev/held': 'true', 'holdfast.dev/incident': 'inc-0123456789abcdef' },
        annotations: { 'holdfast.dev/expires': '2026-03-02T13:00:00.000Z' },
      },
      spec: {
        podSelector: { matchLabels: { app: 'refund-agent' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [],
        egress: [{ to: [{ ipBlock: { cidr: '192.0.2.10/32' } }], ports: [{ port: 4318, protocol: 'TCP' }] }],
      },
    },
  ])
  const probes = await at.responder.probe(QUARANTINE)
  expect(held(probes)).toEqual([true, true])
  expect(probes[0]?.detail).toContain('no packet was tried')
  expect(await at.responder.revert(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'done' })
  expect(policies(at)).toEqual([])
  expect(deployment(at)).toEqual(before)
})

test('applied twice with one key it is written once; taken back twice, or never applied, it succeeds', async () => {
  await using at = await startCluster()
  expect(await at.responder.revert(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'done' })
  await at.responder.apply(QUARANTINE, 'plan/rung')
  at.clock.nowMs += 60_000
  expect(await at.responder.apply(QUARANTINE, 'plan/rung')).toMatchObject({
    detail: expect.stringContaining('already'),
  })
  const writes = at.server.requests.filter((request) => request.startsWith('PATCH'))
  expect(writes).toHaveLength(1)
  expect(await at.responder.revert(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'done' })
  expect(await at.responder.revert(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'done' })
})

test('what an older plan held and a later one holds is not released by the older', async () => {
  await using at = await startCluster()
  await at.responder.apply(QUARANTINE, 'old/rung')
  await at.responder.apply(QUARANTINE, 'new/rung')
  expect(await at.responder.revert(QUARANTINE, 'old/rung')).toMatchObject({
    detail: expect.stringContaining('later plan'),
  })
  expect(policies(at)).toHaveLength(1)
  await at.responder.apply(rungStep('stop'), 'old/stop')
  await at.responder.apply(rungStep('stop'), 'new/stop')
  await at.responder.revert(rungStep('stop'), 'old/stop')
  expect(deployment(at).spec['replicas']).toBe(0)
})

test('a policy of somebody else that allows more makes a quarantine leak, and the preview warns of it', async () => {
  await using at = await startCluster()
  at.server.cluster.create('networkpolicies', {
    // A label of ours, written by somebody else, hides nothing.
    metadata: { name: 'allow-all', namespace: 'payments', labels: { 'holdfast.dev/held': 'true' } },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
  })
  expect(await at.responder.plan(QUARANTINE)).toMatchObject({ words: expect.stringContaining('allow-all (out)') })
  await at.responder.apply(QUARANTINE, 'plan/rung')
  expect(await at.responder.probe(QUARANTINE)).toMatchObject([
    { way: 'network policy', held: true },
    { way: 'other policies', held: false, detail: 'open by allow-all (out): policies add up' },
  ])
})

test('a selector that also selects another workload cuts nothing', async () => {
  await using at = await startCluster()
  at.server.cluster.create('pods', {
    metadata: {
      name: 'innocent-1',
      namespace: 'payments',
      labels: { app: 'refund-agent' },
      ownerReferences: [{ kind: 'StatefulSet', name: 'innocent', uid: 'another', controller: true }],
    },
  })
  expect(await at.responder.plan(QUARANTINE)).toEqual({
    status: 'impossible',
    reason: 'its selector also selects pods of others: innocent-1',
  })
})

test('a restriction leaves out addresses alone, and is impossible where policies already say what is open', async () => {
  await using at = await startCluster()
  const step = rungStep('restrict', { target: { ...QUARANTINE.target, parts: ['203.0.113.9'] } })
  await at.responder.apply(step, 'plan/rung')
  expect(policies(at)[0]).toMatchObject({
    spec: {
      egress: [
        {
          to: [
            { ipBlock: { cidr: '0.0.0.0/0', except: ['203.0.113.9/32'] } },
            { ipBlock: { cidr: '::/0' } },
            { namespaceSelector: {} },
          ],
        },
      ],
    },
  })
  expect(held(await at.responder.probe(step))).toEqual([true, true])
  at.server.cluster.create('networkpolicies', {
    metadata: { name: 'allow-all', namespace: 'payments' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
  })
  expect(await at.responder.probe(step)).toMatchObject([
    { way: 'network policy', held: true },
    { way: 'other policies', held: false, detail: expect.stringContaining('allow-all') },
  ])
  at.server.cluster.delete({ resource: 'networkpolicies', namespace: 'payments', name: 'allow-all' }, {}, false)
  await at.responder.apply(QUARANTINE, 'plan/harder')
  expect(policies(at)).toHaveLength(1)
  expect(held(await at.responder.probe(QUARANTINE))).toEqual([true, true])
  expect(await at.responder.plan(step)).toMatchObject({
    status: 'impossible',
    reason: expect.stringContaining('would open'),
  })
  const byName = rungStep('restrict', { target: { ...QUARANTINE.target, parts: ['exfil.example.test'] } })
  expect(await at.responder.plan(byName)).toMatchObject({ status: 'impossible' })
})

test("a quarantine takes the place of its own incident's restriction, and never of another one's", async () => {
  await using at = await startCluster()
  const target = { ...QUARANTINE.target, parts: ['203.0.113.9'] }
  const other = rungStep('restrict', { target, incident: 'inc-fedcba9876543210' })
  await at.responder.apply(other, 'other/rung')
  const obstacle = expect.stringContaining('the restriction of inc-fedcba9876543210')
  expect(await at.responder.plan(QUARANTINE)).toMatchObject({ status: 'impossible', reason: obstacle })
  expect(await at.responder.apply(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'failed', detail: obstacle })
  expect(policies(at)).toHaveLength(1)
  expect(held(await at.responder.probe(other))).toEqual([true, true])
  await at.responder.revert(other, 'other/rung')
  expect(await at.responder.plan(QUARANTINE)).toMatchObject({ status: 'possible' })
})

test('where the mark was taken away, the policy goes all the same, and a field of which nobody knows the value fails', async () => {
  await using at = await startCluster()
  const step = rungStep('stop')
  await at.responder.apply(step, 'plan/stop')
  await at.responder.apply(QUARANTINE, 'plan/rung')
  const strip = (resource: 'deployments' | 'networkpolicies', name: string, annotations: object) =>
    at.server.cluster.patch(
      { resource, namespace: 'payments', name },
      {
        how: 'merge',
        body: { metadata: { annotations: Object.fromEntries(Object.keys(annotations).map((key) => [key, null])) } },
        manager: 'kubectl',
        force: false,
        isDryRun: false,
      },
    )
  const [policy] = policies(at) as unknown as [
    { readonly metadata: { readonly name: string; readonly annotations: object } },
  ] // it was made above
  strip('networkpolicies', policy.metadata.name, policy.metadata.annotations)
  strip('deployments', 'refund-agent', deployment(at).metadata['annotations'] as object)
  expect(await at.responder.revert(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'done' })
  expect(policies(at)).toEqual([])
  expect(await at.responder.revert(step, 'plan/stop')).toMatchObject({ status: 'failed' })
})

test('a stop scales to none and gives back what was there, its owner included', async () => {
  await using at = await startCluster({ lag: 3 })
  const before = deployment(at)
  const step = rungStep('stop')
  expect(await at.responder.plan(step)).toMatchObject({ status: 'possible' })
  expect(deployment(at)).toEqual(before)
  expect(await at.responder.apply(step, 'plan/stop')).toEqual({
    status: 'done',
    detail: `${WORKLOAD}: replicas from 3 to 0`,
  })
  expect(held(await at.responder.probe(step))).toEqual([true, true, true])
  expect(at.clock.waits).toBeGreaterThan(0)
  expect(await at.responder.revert(step, 'plan/stop')).toMatchObject({ status: 'done' })
  expect(deployment(at)).toEqual(before)
  expect(ownersOfReplicas(at)).toEqual(['helm'])
})

test('a kill ends the pods at once and leaves none; one that comes back is seen', async () => {
  await using at = await startCluster()
  const step = rungStep('kill')
  expect(await at.responder.apply(step, 'plan/kill')).toMatchObject({
    detail: expect.stringMatching(/pods were ended$/),
  })
  expect(held(await at.responder.probe(step))).toEqual([true, true, true])
  at.server.cluster.patch(
    { resource: 'deployments', namespace: 'payments', name: 'refund-agent' },
    { how: 'merge', body: { spec: { replicas: 1 } }, manager: 'keda', force: false, isDryRun: false },
  )
  at.server.cluster.reconcile()
  expect(held(await at.responder.probe(step))).toEqual([false, true, false])
  await at.responder.revert(step, 'plan/kill')
  expect(deployment(at).spec['replicas']).toBe(1)
})

test('two incidents that hold one field share it, and the last to be released gives back what was before both', async () => {
  await using at = await startCluster()
  const before = deployment(at)
  const [one, two] = [rungStep('stop'), rungStep('kill', { incident: 'inc-fedcba9876543210' })]
  await at.responder.apply(one, 'a/stop')
  await at.responder.apply(two, 'b/kill')
  expect(await at.responder.revert(one, 'a/stop')).toMatchObject({
    detail: expect.stringContaining('another hold stands'),
  })
  expect(deployment(at).spec['replicas']).toBe(0)
  await at.responder.revert(two, 'b/kill')
  expect(deployment(at)).toEqual(before)
})

test('holds on different fields of one workload stand and go by themselves', async () => {
  await using at = await startCluster()
  const before = deployment(at)
  const image = cutStep('hold-image', { target: { kind: 'image', name: WORKLOAD, state: '' } })
  await at.responder.apply(image, 'plan/image')
  await at.responder.apply(rungStep('stop'), 'plan/stop')
  expect(deployment(at).spec).toMatchObject({ paused: true, replicas: 0 })
  expect(held(await at.responder.probe(image))).toEqual([true, true])
  await at.responder.revert(image, 'plan/image')
  expect(deployment(at).spec).not.toHaveProperty('paused')
  expect(deployment(at).spec['replicas']).toBe(0)
  await at.responder.revert(rungStep('stop'), 'plan/stop')
  expect(deployment(at)).toEqual(before)
})

test('a node is cordoned and given back', async () => {
  await using at = await startCluster()
  const step = cutStep('cordon-node', { target: { kind: 'node', name: 'nodes/worker-3', state: '' } })
  expect(await at.responder.plan(step)).toMatchObject({ words: expect.stringContaining('those on it go on') })
  await at.responder.apply(step, 'plan/node')
  expect(at.server.cluster.get({ resource: 'nodes', name: 'worker-3' })).toMatchObject({
    spec: { unschedulable: true },
  })
  expect(held(await at.responder.probe(step))).toEqual([true])
  await at.responder.revert(step, 'plan/node')
  expect(at.server.cluster.get({ resource: 'nodes', name: 'worker-3' })).toMatchObject({
    spec: { podCIDR: '10.1.3.0/24' },
  })
  expect(at.server.cluster.get({ resource: 'nodes', name: 'worker-3' })!['spec']).not.toHaveProperty('unschedulable')
})

test('what Kubernetes cannot do is said: a pause, a name that it would not take, a namespace that is not ours', async () => {
  await using at = await startCluster({ config: { namespaces: ['payments'] } })
  for (const [step, reason] of [
    [rungStep('pause'), 'cannot freeze'],
    [rungStep('stop', { target: { ...QUARANTINE.target, name: 'payments/deployments/../nodes' } }), 'names nothing'],
    [
      rungStep('stop', { target: { ...QUARANTINE.target, name: 'other/deployments/x' } }),
      'no namespace of this connector',
    ],
    [cutStep('block-host-paths'), 'nothing that Kubernetes can do'],
  ] as const) {
    expect(await at.responder.plan(step)).toMatchObject({
      status: 'impossible',
      reason: expect.stringContaining(reason),
    })
    expect(await at.responder.apply(step, 'k')).toMatchObject({ status: 'failed' })
  }
})

test('without the right to do it, or the word that policies are enforced, it is impossible and says what is missing', async () => {
  await using at = await startCluster({
    rules: RESPONSE_RULES.filter(({ resources }) => !resources.includes('networkpolicies')),
  })
  expect(await at.responder.plan(QUARANTINE)).toMatchObject({
    status: 'impossible',
    reason: expect.stringContaining('delete networkpolicies in payments'),
  })
  const careful = responderOf(at.server, at.clock, { 'enforces-network-policies': false })
  expect(await careful.plan(QUARANTINE)).toMatchObject({ reason: expect.stringContaining('enforces-network-policies') })
})

test('another template is another target; another number of replicas is not', async () => {
  await using at = await startCluster()
  const stateNow = async () => {
    const preview = await at.responder.plan(QUARANTINE)
    return preview.status === 'possible' ? preview.state : preview.reason
  }
  const target = { resource: 'deployments', namespace: 'payments', name: 'refund-agent' } as const
  const change = (spec: { readonly [key: string]: number | { readonly spec: object } }) =>
    at.server.cluster.patch(target, {
      how: 'merge',
      body: { spec: spec as never },
      manager: 'helm',
      force: false,
      isDryRun: false,
    })
  const first = await stateNow()
  change({ replicas: 5 })
  expect(await stateNow()).toBe(first)
  change({ template: { spec: { containers: [{ name: 'agent', image: 'refund-agent:1.5' }] } } })
  expect(await stateNow()).not.toBe(first)
})

test('a server that lies, errs or hangs confirms nothing', async () => {
  await using at = await startCluster()
  at.server.faults.add({ kind: 'lie', at: (what) => what.startsWith('PATCH') })
  expect(await at.responder.apply(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'done' })
  expect(await at.responder.probe(QUARANTINE)).toMatchObject([{ held: false, detail: 'the policy is not there' }, {}])
  expect(await at.responder.apply(rungStep('stop'), 'plan/stop')).toMatchObject({ status: 'done' })
  expect(held(await at.responder.probe(rungStep('stop')))).toContain(false)
  at.server.faults.clear()
  at.server.faults.add({ kind: 'error', code: 503, at: (what) => what.startsWith('PATCH') })
  await expect(at.responder.apply(QUARANTINE, 'plan/rung')).rejects.toMatchObject({ code: 'unavailable' })
  at.server.faults.add({ kind: 'error', code: 503, at: (what) => what.startsWith('GET') })
  await expect(at.responder.probe(QUARANTINE)).rejects.toMatchObject({ code: 'unavailable' })
  at.server.faults.clear()
  at.server.faults.add({ kind: 'hang', at: (what) => what.startsWith('PATCH') })
  const hasty = responderOf(at.server, at.clock, {}, 200)
  await expect(hasty.apply(QUARANTINE, 'plan/rung')).rejects.toMatchObject({ code: 'unavailable' })
})

test('a writer that comes between is met by trying again', async () => {
  await using at = await startCluster()
  at.server.faults.add({ kind: 'error', code: 409, at: (what) => what.startsWith('PATCH'), times: 2 })
  expect(await at.responder.apply(rungStep('stop'), 'plan/stop')).toMatchObject({ status: 'done' })
  expect(deployment(at).spec['replicas']).toBe(0)
})

test('what is over is swept by what stands on the objects, and recorded before', async () => {
  await using at = await startCluster()
  const before = deployment(at)
  await at.responder.apply(QUARANTINE, 'plan/rung')
  await at.responder.apply(rungStep('stop', { ttlMs: 7_200_000 }), 'plan/stop')
  const anew = responderOf(at.server, at.clock)
  expect(await anew.sweep(async () => {})).toEqual([])
  at.clock.nowMs += 3_600_000
  const recorded: string[] = []
  const swept = await anew.sweep(async ({ target }) => {
    recorded.push(target)
    expect(policies(at)).toHaveLength(1)
  })
  expect(swept).toMatchObject([{ incident: 'inc-0123456789abcdef', status: 'released' }])
  expect(recorded).toHaveLength(1)
  expect(deployment(at).spec['replicas']).toBe(0)
  at.clock.nowMs += 3_600_000
  await expect(anew.sweep(() => Promise.reject(new Error('no record')))).rejects.toThrow('no record')
  expect(deployment(at).spec['replicas']).toBe(0)
  expect(await anew.sweep(async () => {})).toMatchObject([{ target: WORKLOAD, status: 'released' }])
  expect(deployment(at)).toEqual(before)
})

test('offers name workload, node and image in their present state, of its own cluster alone', async () => {
  await using at = await startCluster()
  const decision = decisionOf('soft-quarantine', ['cut-neighbours', 'cordon-node', 'hold-image', 'block-host-paths'])
  const offers = await at.responder.offers(scopeOf(), decision)
  expect(
    offers.map(({ serves, target }) => [serves.kind === 'cut' ? serves.cut : serves.kind, target.kind, target.name]),
  ).toEqual([
    ['rung', 'workload', WORKLOAD],
    ['cut-neighbours', 'workload', WORKLOAD],
    ['hold-image', 'image', WORKLOAD],
    ['cordon-node', 'node', 'nodes/worker-3'],
  ])
  for (const { target, agent, serves } of offers) {
    const step =
      serves.kind === 'cut' ? cutStep(serves.cut, { target, agent }) : rungStep('soft-quarantine', { target, agent })
    expect(await at.responder.plan(step)).toMatchObject({ state: target.state })
  }
  expect(await at.responder.offers(scopeOf({ cluster: 'staging' }), decision)).toEqual([])
  const { cluster: _, ...nowhere } = scopeOf().agents[0]!
  expect(await at.responder.offers({ ...scopeOf(), agents: [nowhere] }, decision)).toEqual([])
  expect(await at.responder.offers(scopeOf({ workload: 'gone' }), decision)).toEqual([])
  // An agent's records may name any node; its pods are where the API server says.
  at.server.cluster.create('nodes', { metadata: { name: 'billing-1' } }, 'kubelet')
  const claimed = await at.responder.offers(scopeOf({ nodes: ['billing-1'] }), decision)
  expect(claimed.flatMap(({ target }) => (target.kind === 'node' ? [target.name] : []))).toEqual(['nodes/worker-3'])
  expect(await at.responder.offers(scopeOf(), decisionOf('pause'))).toEqual([])
})

test('a check says what answers and what is not allowed', async () => {
  await using at = await startCluster()
  expect(await at.responder.check()).toMatchObject([{ status: 'PASS' }, { status: 'PASS' }])
  const poor = await startCluster({ rules: [], config: { 'enforces-network-policies': false } })
  await using _ = poor
  expect(await poor.responder.check()).toMatchObject([
    { status: 'WARN', detail: expect.stringContaining('patch deployments') },
    { status: 'WARN', remedy: expect.stringContaining('enforces-network-policies') },
  ])
  poor.server.faults.add({ kind: 'drop', at: () => true })
  expect(await poor.responder.check()).toMatchObject([{ status: 'FAIL' }])
})

test('a check says whether policies of the whole cluster could be put there, where they are wanted', async () => {
  const KIND = 'clusternetworkpolicies'
  const config = { 'apply-cluster-policies': true }
  const last = async (options: Parameters<typeof startCluster>[0]) => {
    await using at = await startCluster(options)
    return (await at.responder.check()).at(-1)
  }
  const id = 'connector kubernetes:prod cluster-policies'
  expect(await last({ config })).toMatchObject({ id, status: 'PASS' })
  expect(await last({ config, lacking: [KIND] })).toMatchObject({
    id,
    status: 'WARN',
    detail: expect.stringContaining('it has no ClusterNetworkPolicy'),
  })
  const reading = RESPONSE_RULES.filter(
    ({ verbs, resources }) => !resources.includes(KIND) || !verbs.includes('create'),
  )
  expect(await last({ config, rules: reading })).toMatchObject({
    id,
    status: 'WARN',
    detail:
      'not allowed: get clusternetworkpolicies, create clusternetworkpolicies, patch clusternetworkpolicies, delete clusternetworkpolicies',
    remedy: expect.stringContaining('create clusterrolebinding holdfast-cluster-policies'),
  })
})

/** Managers that own the replicas. */
function ownersOfReplicas({ server }: TestCluster): readonly string[] {
  const object = server.cluster.get({ resource: 'deployments', namespace: 'payments', name: 'refund-agent' })
  const { managedFields } = object!['metadata'] as unknown as {
    readonly managedFields: readonly { readonly manager: string; readonly fieldsV1: { readonly 'f:spec'?: object } }[]
  }
  return managedFields.flatMap(({ manager, fieldsV1 }) => ('f:replicas' in (fieldsV1['f:spec'] ?? {}) ? [manager] : []))
}
