import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KubernetesApi, PolicyObjects } from '@holdfast/connectors'
import { generatorOf, type GeneratorFacts } from '@holdfast/enforce'
import type { PolicyArtifact, PolicyDeed, RolloutGroup } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { startKubernetesApi } from '@holdfast/testkit'
import { afterAll, expect, test } from 'vitest'
import { wallClock } from '../clock.ts'
import { placePolicy, withdrawLapsed, withdrawPolicy } from './cluster-policies.ts'
import { PolicyBook } from './policy-book.ts'

const AGENT = 'k8s:prod/support/desk'
const GROUP: RolloutGroup = { kind: 'class', class: 'support' }
const folder = mkdtempSync(join(tmpdir(), 'holdfast-placed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function artifactOf(port: number, now: string): PolicyArtifact {
  const facts: GeneratorFacts = {
    agent: {
      id: AGENT,
      name: 'desk',
      class: 'support',
      namespace: 'support',
      workload: 'desk',
      labels: { app: 'desk' },
    },
    profile: { digest: 'd', asOf: now, days: 30, observations: 900, size: 50, status: 'converged' },
    entries: [
      {
        dimension: 'destination',
        key: `198.51.100.7:${port}`,
        count: 40,
        daysSeen: 12,
        recency: 1,
        first: now,
        last: now,
        entries: [3],
      },
    ],
    grants: [],
    uses: [],
    names: new Map(),
    inForce: [],
    platform: { dns: [], collector: [] },
    decisions: {},
    now,
  }
  const made = generatorOf('network-policy')?.generate(facts)
  if (made?.status !== 'made') throw new Error('no policy')
  return made.artifact
}

test('only what is enforced goes into a cluster, and what is enforced no more comes back to the byte', async () => {
  const rules = [
    {
      verbs: ['get', 'list', 'create', 'patch', 'delete'],
      groups: ['networking.k8s.io'],
      resources: ['networkpolicies'],
    },
  ]
  await using server = await startKubernetesApi({ users: new Map([['t0ken', { name: 'holdfast', rules }]]) })
  await using recorder = await Recorder.open({ folder, clock: wallClock })
  const reader = LogReader.open({ folder })
  const book = new PolicyBook({ recorder, reader, clock: wallClock })
  const objects = new PolicyObjects(new KubernetesApi({ url: server.url, token: () => 't0ken' }))
  const step = { book, clusters: [{ name: 'eu', cluster: 'prod', objects }], by: 'ada', reason: 'CHG-1' }
  const take = (deed: PolicyDeed) => book.step(() => deed, { reason: 'test', by: 'ada' })
  const standing = () =>
    server.cluster.get({ resource: 'networkpolicies', namespace: 'support', name: 'holdfast-desk' })
  const enforce = async (artifact: PolicyArtifact) => {
    const artifacts = [artifact.id]
    await take({ do: 'generated', artifact, principals: [] })
    await take({ do: 'monitored', group: GROUP, artifacts })
    const radius = {
      from: book.now,
      to: book.now,
      artifacts,
      judged: 1,
      denied: 0,
      agents: [AGENT],
      affectedAgents: [],
      conversations: 1,
      affectedConversations: 0,
      toolCalls: 0,
      affectedToolCalls: 0,
    }
    const { entry } = await take({ do: 'reported', group: GROUP, report: radius })
    await take({ do: 'enforced', group: GROUP, artifacts, report: entry })
  }

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

  // What the log says is all that a server which starts again knows.
  const again = new PolicyBook({ recorder, reader, clock: wallClock })
  expect(again.state.placed.get(target)?.map(({ artifact }) => artifact)).toEqual([first.id])
  await take({ do: 'expired', agent: AGENT, artifact: first.id })
  expect(await withdrawLapsed(step)).toEqual([])
  expect(standing()).toBeUndefined()
})

test('an agent of a cluster that is not named goes nowhere', async () => {
  const book = { state: { force: new Map(), placed: new Map() }, now: '2026-09-01T00:00:00Z' } as unknown as PolicyBook // of which no more is read
  const step = { book, clusters: [], by: 'ada', reason: 'x', rehearse: true }
  await expect(placePolicy(artifactOf(443, '2026-09-01T00:00:00Z'), step)).rejects.toThrow('no-cluster')
})
