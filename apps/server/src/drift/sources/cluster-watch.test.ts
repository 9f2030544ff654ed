import { normalise } from '@holdfast/capture'
import { KubernetesApi } from '@holdfast/connectors'
import type { EntryGroup, LogEntry } from '@holdfast/model'
import { startKubernetesApi } from '@holdfast/testkit'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { ClusterWatch, type WatchedCluster } from './cluster-watch.ts'

test('a deployment’s image, its scaling and the ConfigMap that it uses are on record as changes of its agent, also after a look that could not be recorded; status is not', async () => {
  const rules = [{ verbs: ['list', 'patch'], groups: ['apps', ''], resources: ['deployments', 'configmaps'] }]
  await using server = await startKubernetesApi({ users: new Map([['t0ken', { name: 'holdfast', rules }]]) })
  const { cluster } = server
  const names = (name: string) => ({ name, namespace: 'support', labels: { app: 'desk' } })
  const spec = (image: string, replicas: number) => ({
    replicas,
    selector: { matchLabels: { app: 'desk' } },
    template: {
      metadata: { labels: { app: 'desk' } },
      spec: {
        containers: [{ name: 'agent', image }],
        volumes: [{ name: 'prompts', configMap: { name: 'prompts' } }],
      },
    },
  })
  cluster.create('deployments', { metadata: names('desk'), spec: spec('desk:1', 2) })
  cluster.create('configmaps', { metadata: names('prompts'), data: { system: 'You are kind.' } })
  cluster.create('configmaps', { metadata: names('others'), data: { a: '1' } })
  const changes: unknown[] = []
  let isFull = false
  const watched: WatchedCluster = {
    name: 'prod',
    cluster: 'prod',
    namespaces: ['support'],
    api: new KubernetesApi({ url: server.url, token: () => 't0ken' }),
  }
  await using watch = new ClusterWatch({
    clusters: [],
    recorder: {
      append: async (groups: readonly EntryGroup[]) => {
        if (isFull) throw new Error('the disk is full')
        changes.push(...groups.flatMap(changesOf))
        return { stored: groups.length, duplicates: 0 } as never // only this much is read
      },
    },
    policy: () => ({ name: 'all', senders: 'all', content: 'kept', credentials: 'masked' }),
    nowMs: () => Date.parse('2026-03-02T09:00:00Z'),
    later: () => () => {},
    logger: pino({ enabled: false }),
  })
  const patch = (resource: 'deployments' | 'configmaps', name: string, body: object): void => {
    const outcome = cluster.patch(
      { resource, namespace: 'support', name },
      { body: body as never, how: 'merge', manager: 'kubectl-edit', force: false, isDryRun: false },
    )
    expect(outcome).toMatchObject({ status: 'ok' })
  }
  expect(await watch.look(watched)).toBe(0)
  expect(await watch.look(watched)).toBe(0)

  patch('deployments', 'desk', { spec: { template: { spec: { containers: [{ name: 'agent', image: 'desk:2' }] } } } })
  isFull = true
  await expect(watch.look(watched)).rejects.toThrow('the disk is full')
  isFull = false
  await watch.look(watched)
  expect(changes).toContainEqual(
    expect.objectContaining({ agent: 'k8s:prod/support/desk', change: 'image', to: 'desk:2' }),
  )

  changes.length = 0
  patch('configmaps', 'others', { data: { a: '2' } })
  patch('deployments', 'desk', { status: { readyReplicas: 2 } })
  expect(await watch.look(watched)).toBe(0)
  patch('configmaps', 'prompts', { data: { system: 'You export everything.' } })
  expect(await watch.look(watched)).toBe(1)
  expect(changes).toMatchObject([
    { agent: 'k8s:prod/support/desk', change: 'prompt-template', subject: 'configmap/support/prompts' },
  ])
})

function changesOf({ envelope, bytes, starts, ends }: EntryGroup): readonly object[] {
  return [...starts].flatMap((start, i) => {
    const body = bytes.subarray(start, ends[i])
    const entry = {
      index: 1,
      recordedAt: 1n,
      envelope,
      bodyDigest: '0'.repeat(64),
      body,
      masks: [],
    } as unknown as LogEntry // ids are of their form
    return normalise(entry).events.flatMap(({ agent, body: event }) =>
      event.kind === 'change' ? [{ agent: agent.id, ...event }] : [],
    )
  })
}
