import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KubernetesApi, PolicyObjects } from '@holdfast/connectors'
import type { PolicyArtifact, PolicyDeed } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { startKubernetesApi } from '@holdfast/testkit'
import { afterAll, expect, test } from 'vitest'
import { wallClock } from '../clock.ts'
import { placePolicy, withdrawLapsed, withdrawPolicy } from './cluster-policies.ts'
import { PolicyBook } from './policy-book.ts'
import { DESK_GROUP, deskPolicy, harmless, watchedBy } from './testing/desk-policy.ts'

const AGENT = 'k8s:prod/support/desk'
const folder = mkdtempSync(join(tmpdir(), 'holdfast-placed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function artifactOf(port: number, now: string): PolicyArtifact {
  const place = { namespace: 'support', workload: 'desk', labels: { app: 'desk' } }
  return deskPolicy({ kind: 'network-policy', id: AGENT, place, reached: [`198.51.100.7:${port}`], now })
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
    for (const deed of watchedBy(artifact)) await take(deed)
    const report = { ...harmless(artifact), from: book.now, to: book.now }
    const { entry } = await take({ do: 'reported', group: DESK_GROUP, report })
    await take({ do: 'enforced', group: DESK_GROUP, artifacts: [artifact.id], report: entry })
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
