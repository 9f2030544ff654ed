import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, ImportResult } from '@holdfast/api'
import { type KubernetesApiServer, type ServerProcess, startKubernetesApi } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startServer } from '../testing/server-process.ts'
import { dayOf, deskAgent, deskHistory } from './testing/desk-history.ts'

const DESK = deskAgent('desk')
const LATE = deskAgent('late')
const DAYS = 18
/** On its last day the desk is led astray: a tool and a host that it never used. */
const ATTACK = { day: DAYS - 1, tool: 'shell.exec', host: 'drop.example.test' }
/** Just often enough to become a line. */
const RARE = [2, 5, 9].map((day) => ({ day, tool: 'order.look', host: 'orders.example.test' }))

let folder = ''
let server: ServerProcess
let cluster: KubernetesApiServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-policy-'))
  cluster = await startCluster()
  server = await start()
  await load('desk.jsonl', deskHistory('desk', { days: DAYS, calls: [ATTACK, ...RARE] }))
  await load('late.jsonl', deskHistory('late', { days: 3 }))
  await vi.waitFor(async () => expect((await standing(DESK)).observations).toBeGreaterThan(4_000), {
    timeout: 120_000,
    interval: 100,
  })
})

afterAll(async () => {
  await server.stop()
  await cluster[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const path = (agent: string, rest: string) => `/api/v1/agents/${encodeURIComponent(agent)}/policies${rest}`
const standing = (agent: string) => server.get<Answer<'getPolicyStanding'>>(path(agent, '/standing'))
const generate = (agent: string) => server.post<Answer<'generatePolicies'>>(path(agent, ''), {})

test('what is still under observation gets no policy, and the refusal names what is missing', async () => {
  const { artifacts, refusals } = await generate(LATE)
  expect(artifacts).toEqual([])
  expect(refusals.length).toBeGreaterThan(0)
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['observation-incomplete']))
  expect(refusals[0]?.missing).not.toEqual([])
})

test('policies are derived, proven, replayed, watched, measured, enforced and taken back', async () => {
  const { artifacts, profile } = await generate(DESK)
  expect(profile).toMatchObject({ status: 'converged', days: DAYS })
  const egress = artifacts.find(({ kind }) => kind === 'host-egress')
  if (egress === undefined) throw new Error('no egress list was made')
  // One day is an accident: what was done on the last day alone is no line.
  expect(egress.lines.map(({ what }) => what).join(' ')).toContain('crm.example.test')
  expect(JSON.stringify(egress.document)).not.toContain('drop.example.test')

  // Every line leads to events, and all of them are there.
  const explained = await server.get<Answer<'explainPolicy'>>(`/api/v1/policies/${egress.id}/lines`)
  const observed = explained.lines.filter(({ because }) => because === 'observed')
  expect(observed.length).toBeGreaterThan(0)
  for (const { state, evidence } of observed) {
    expect(state).toBe('held')
    expect(evidence[0]?.events[0]?.permalink).toMatch(/^\/conversations\/.+event=/)
  }
  expect(await server.post('/api/v1/policies/verify', { agent: DESK })).toMatchObject({ passed: true })

  const quiet = await simulate({ agent: DESK, from: dayOf(0), to: dayOf(DAYS - 1) })
  expect(quiet).toMatchObject({ denied: 0, affectedConversations: 0 })
  expect(quiet.judged).toBeGreaterThan(1_000)
  const attacked = await simulate({ agent: DESK, from: dayOf(DAYS - 1), to: dayOf(DAYS) })
  expect(attacked.denials.map(({ what }) => what).join(' ')).toContain('drop.example.test')
  expect(attacked).toMatchObject({ affectedConversations: 1 })

  // No step can be skipped.
  const group = { kind: 'class', class: 'support' } as const
  await expect(step({ step: 'advance', group })).rejects.toThrow('not-monitored')
  await step({ step: 'start', group })
  await expect(step({ step: 'advance', group })).rejects.toThrow('no-report')
  const short = await simulationOf({ group, from: dayOf(DAYS - 8), to: dayOf(DAYS - 1) })
  await expect(step({ step: 'report', group, simulation: short })).rejects.toThrow('window-short')
  const simulation = await simulationOf({ group, from: dayOf(0), to: dayOf(DAYS - 1) })
  await step({ step: 'report', group, simulation })
  await step({ step: 'advance', group })
  const listed = await server.get<Answer<'listPolicies'>>(`/api/v1/policies?agent=${encodeURIComponent(DESK)}`)
  expect(listed).toMatchObject({ expiredEnforcing: 0, items: [{ stage: 'full' }] })
  expect(new Set(listed.items[0]?.artifacts.map(({ state }) => state))).toEqual(new Set(['enforce']))

  // A restart reads the same from the log.
  await server.stop()
  server = await start()
  const again = await server.get<Answer<'listPolicies'>>(`/api/v1/policies?agent=${encodeURIComponent(DESK)}`)
  expect(again.items[0]?.artifacts).toEqual(listed.items[0]?.artifacts)
  expect(await server.get(`/api/v1/policies/${egress.id}`)).toEqual(egress)

  // As policies of the whole cluster one of them refuses beside an allow-all of the namespace.
  const network = artifacts.find(({ kind }) => kind === 'network-policy')
  expect(network?.effective.narrows).toBe(false)
  const wide = (body: object) =>
    server.post<Answer<'applyPolicy'>>(`/api/v1/policies/${network?.id}/apply`, {
      scope: 'cluster',
      reason: 'CHG-1',
      ...body,
    })
  const { plan, detail } = await wide({ rehearse: true })
  expect(detail).toContain('from priority 900; refuses what no other refuses')
  expect(policiesOfCluster()).toEqual([])
  await expect(wide({ rehearse: false, plan: 'a1'.repeat(32) })).rejects.toThrow('rehearse it again')
  expect(await wide({ rehearse: false, plan })).toMatchObject({
    target: 'test:support/cluster-network-policy/holdfast-desk',
  })
  expect(policiesOfCluster()).toMatchObject([
    { metadata: { name: 'support.holdfast-desk' }, spec: { tier: 'Admin', priority: 900 } },
  ])
  const after = await server.get<Answer<'listPolicies'>>(`/api/v1/policies?agent=${encodeURIComponent(DESK)}`)
  expect(after.items[0]?.artifacts.find(({ id }) => id === network?.id)?.placed).toEqual([
    { target: 'test:support/cluster-network-policy/holdfast-desk', entry: expect.any(Number), differences: [] },
  ])

  const back = await server.post<Answer<'rollBackPolicies'>>(path(DESK, '/rollback'), { reason: 'a release' })
  expect(new Set(back.restored.map(({ mode }) => mode))).toEqual(new Set(['monitor']))
  await expect(step({ step: 'advance', group })).rejects.toThrow('409')
  await vi.waitFor(() => expect(policiesOfCluster()).toEqual([]), { timeout: 120_000, interval: 200 })
})

test('ENF-7 on the pre-enforced track a staging profile that passed parity is enough, and it is enforced before production', async () => {
  const clinic = 'host:-/clinic'
  const about = `/api/v1/agents/${encodeURIComponent(clinic)}`
  const config = { name: 'clinic', model: 'gpt-5-mini', instructions: 'Help.', tools: [{ name: 'ticket.read' }] }
  await load('clinic.json', JSON.stringify(config))
  await server.post(`${about}/statements`, { field: 'track', value: '2', reason: 'health data' })
  const refused = await vi.waitFor(
    async () => {
      const { refusals } = await generate(clinic)
      expect(refusals[0]?.missing).toEqual(['a staging profile that passed the parity gate'])
      return refusals
    },
    { timeout: 120_000, interval: 200 },
  )
  expect(refused[0]).toMatchObject({ code: 'observation-incomplete' })
  const group = { kind: 'pre-enforced', agent: clinic } as const
  await expect(step({ step: 'start', group })).rejects.toThrow('not-pre-enforced')
  await vi.waitFor(() => server.post(`${about}/promotion`, { staging: DESK, reason: 'seen in staging' }), {
    timeout: 120_000,
    interval: 200,
  })
  const made = await vi.waitFor(
    async () => {
      const generated = await generate(clinic)
      expect(generated.artifacts.length).toBeGreaterThan(0)
      return generated.artifacts
    },
    { timeout: 120_000, interval: 200 },
  )
  expect(new Set(made.map(({ agent }) => agent))).toEqual(new Set([clinic]))
  await step({ step: 'start', group })
  const simulation = await simulationOf({ group, from: dayOf(0), to: dayOf(DAYS - 1) })
  await step({ step: 'report', group, simulation })
  const { rollouts } = await step({ step: 'advance', group })
  const rollout = rollouts.find((one) => one.group.kind === 'pre-enforced')
  // What its stand-in did in staging was judged as its own.
  expect(rollout?.report?.radius.judged).toBeGreaterThan(1_000)
  expect(rollout).toMatchObject({ state: 'enforced', report: { radius: { denied: 0 } } })
})

test('exactly the line that rests on what was taken out of the profile is named', async () => {
  const { artifacts } = await generate(DESK)
  const egress = artifacts.find(({ kind }) => kind === 'host-egress')
  const line = egress?.lines.find(({ what }) => what.includes('orders.example.test'))
  const positions = line?.grounds.flatMap(({ entries }) => entries) ?? []
  expect(positions).toHaveLength(RARE.length)
  await server.post(`/api/v1/agents/${encodeURIComponent(DESK)}/profile/marks`, {
    mark: 'contaminated',
    positions: positions.map((entry) => [entry, entry]),
    reason: 'test',
  })
  const verified = await vi.waitFor(
    async () => {
      const answer = await server.post<Answer<'verifyPolicies'>>('/api/v1/policies/verify', { artifact: egress?.id })
      expect(answer.passed).toBe(false)
      return answer
    },
    { timeout: 120_000, interval: 100 },
  )
  const rests = egress?.lines.filter(({ what }) => what.includes('orders.example.test')).map(({ pointer }) => pointer)
  const [item] = verified.items
  expect(item).toMatchObject({ weakened: [], isWhole: true })
  expect(item?.lost.map(({ pointer }) => pointer)).toEqual(rests)
  expect(item?.lost.map(({ entries }) => entries)).toEqual(rests?.map(() => positions))
  // What is tainted in staging taints the policy that was made of it.
  const standing = await server.get<Answer<'getPolicyStanding'>>(path('host:-/clinic', '/standing'))
  expect(standing.contaminatedBy).toHaveLength(1)
})

function start(): Promise<ServerProcess> {
  return startServer(folder, { flags: ['--connectors', join(folder, 'connectors.yaml')] })
}

/** A cluster in which the desk runs, in a namespace that lets everything out, and the files by which a server speaks to it. */
async function startCluster(): Promise<KubernetesApiServer> {
  const rules = [{ verbs: ['*'], groups: ['*'], resources: ['*'] }]
  const api = await startKubernetesApi({ users: new Map([['t0ken', { name: 'holdfast', rules }]]) })
  const labels = { app: 'desk' }
  api.cluster.create('statefulsets', {
    metadata: { name: 'desk', namespace: 'support', labels },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels } } },
  })
  api.cluster.create('networkpolicies', {
    metadata: { name: 'allow-all', namespace: 'support' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
  })
  api.cluster.reconcile()
  writeFileSync(
    join(folder, 'kubeconfig'),
    `current-context: c
contexts: [{ name: c, context: { cluster: c, user: u } }]
clusters: [{ name: c, cluster: { server: "${api.url}" } }]
users: [{ name: u, user: { token: t0ken } }]
`,
  )
  writeFileSync(
    join(folder, 'connectors.yaml'),
    `kubernetes:
  - name: test
    cluster: test
    kubeconfig: ${join(folder, 'kubeconfig')}
    apply-cluster-policies: true
`,
  )
  return api
}

function policiesOfCluster() {
  return cluster.cluster.list({ resource: 'clusternetworkpolicies' })
}

function step(body: object): Promise<Answer<'stepRollout'>> {
  return server.post('/api/v1/policies/rollouts', { ...body, reason: 'test' })
}

async function simulationOf(body: object): Promise<string> {
  const { id } = await server.post<Answer<'simulatePolicy'>>('/api/v1/policies/simulations', body)
  await vi.waitFor(
    async () => {
      const { state } = await server.get<Answer<'getSimulation'>>(`/api/v1/policies/simulations/${id}`)
      expect(state).toBe('done')
    },
    { timeout: 120_000, interval: 100 },
  )
  return id
}

async function simulate(body: object) {
  const id = await simulationOf(body)
  const { result } = await server.get<Answer<'getSimulation'>>(`/api/v1/policies/simulations/${id}`)
  if (result === undefined) throw new Error('it ended without a result')
  return result
}

async function load(name: string, content: string): Promise<void> {
  const response = await fetch(`${server.ready.http}/api/v1/import?name=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/octet-stream' },
    body: content,
  })
  const result = (await response.json()) as ImportResult // as the route documents
  expect(result).toMatchObject({ rejected: 0 })
}
