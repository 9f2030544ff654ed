import type { Event } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entriesOfGroups } from '../dialects/testing/recordings.ts'
import { importRuns } from '../import/import-runs.ts'
import { normalise } from '../normalise.ts'

function imported(...lines: readonly unknown[]) {
  const text = lines.map((line) => JSON.stringify(line)).join('\n')
  return importRuns({ file: 'changes.jsonl', bytes: new TextEncoder().encode(text) })
}

function eventsOf(...lines: readonly unknown[]): readonly Event[] {
  return entriesOfGroups(imported(...lines).groups).flatMap((entry) => normalise(entry).events)
}

const plain = (more: object = {}) => ({
  holdfastChange: {
    agent: 'k8s:prod/shop/cart',
    at: '2026-01-02T03:04:05.000000006Z',
    change: 'prompt-template',
    subject: 'support.md',
    from: 'v3',
    to: 'v4',
    changeId: 'CHG-7',
    author: 'kim',
    approver: 'lee',
    ...more,
  },
})

test('a change in plain words belongs to the agent that its frame names, and is nobody else’s word', () => {
  expect(imported(plain()).groups[0]?.envelope).toMatchObject({
    channel: 'change',
    encoding: 'change-json',
    tier: 'self-reported',
    clock: 'imported',
    agent: 'k8s:prod/shop/cart',
    agentName: 'cart',
  })
  expect(eventsOf(plain())).toMatchObject([
    {
      claimedAt: 1_767_323_045_000_000_006n,
      source: { dialect: 'plain' },
      body: {
        kind: 'change',
        change: 'prompt-template',
        subject: 'support.md',
        from: 'v3',
        to: 'v4',
        changeId: 'CHG-7',
        author: 'kim',
        approver: 'lee',
      },
    },
  ])
})

test('a frame may name the parts of an agent, and one that names nobody is refused', () => {
  const { groups } = imported(plain({ agent: { cluster: 'c', namespace: 'n', workload: 'w' } }))
  expect(groups[0]?.envelope.agent).toBe('k8s:c/n/w')
  expect(imported(plain({ agent: { host: 'h', service: 's' } })).groups[0]?.envelope.agent).toBe('host:h/s')
  expect(imported(plain(), plain({ agent: 'nobody' }))).toMatchObject({ accepted: 1, rejectedTotal: 1 })
})

const deployment = {
  type: 'MODIFIED',
  object: {
    kind: 'Deployment',
    metadata: {
      name: 'cart',
      namespace: 'shop',
      uid: 'u1',
      generation: 9,
      annotations: { 'deployment.kubernetes.io/revision': '4' },
    },
    spec: {
      replicas: 12,
      template: { spec: { containers: [{ name: 'agent', image: 'registry.test/cart@sha256:ab' }] } },
    },
    status: { conditions: [{ type: 'Progressing', lastUpdateTime: '2026-01-02T03:04:05Z' }] },
  },
}

test('a written Deployment states its revision, images and replicas, each under an id that does not change', () => {
  expect(eventsOf(deployment).map(({ body, agent }) => [agent.id, body])).toMatchObject([
    ['k8s:-/shop/cart', { change: 'deploy', to: 'revision 4', changeId: 'u1/revision/4' }],
    ['k8s:-/shop/cart', { change: 'image', subject: 'deployment/shop/cart/agent', to: 'registry.test/cart@sha256:ab' }],
    ['k8s:-/shop/cart', { change: 'replicas', to: '12', changeId: 'u1/9' }],
  ])
})

test('pods of a ReplicaSet belong to its Deployment, and only starts, ends and restarts are changes', () => {
  const pod = (type: string, status: object = {}) => ({
    type,
    object: {
      kind: 'Pod',
      metadata: {
        name: 'cart-56f8fc6988-pb8c7',
        namespace: 'shop',
        uid: 'p1',
        creationTimestamp: '2026-01-02T03:04:05Z',
        ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-56f8fc6988' }],
      },
      status,
    },
  })
  const crashed = { containerStatuses: [{ name: 'agent', restartCount: 2 }] }
  const events = eventsOf(pod('ADDED'), pod('MODIFIED'), pod('MODIFIED', crashed), pod('DELETED'))
  expect(events.map(({ agent, body }) => [agent.id, body.kind === 'change' ? body.to : body.kind])).toEqual([
    ['k8s:-/shop/cart', 'started'],
    ['k8s:-/shop/cart', 'step'],
    ['k8s:-/shop/cart', 'restart 2'],
    ['k8s:-/shop/cart', 'ended'],
  ])
})

test('the controller’s own event says from how many replicas to how many', () => {
  const scaled = (message: string) => ({
    type: 'ADDED',
    object: {
      kind: 'Event',
      reason: 'ScalingReplicaSet',
      message,
      metadata: { uid: 'e1' },
      lastTimestamp: '2026-01-02T03:04:05Z',
      involvedObject: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
    },
  })
  const bodies = eventsOf(
    scaled('Scaled up replica set cart-56f8fc6988 to 50 from 5'),
    scaled('Scaled down replica set cart-56f8fc6988 from 50 to 8'),
  ).map(({ body }) => body)
  expect(bodies).toMatchObject([
    { change: 'replicas', from: '5', to: '50', changeId: 'e1' },
    { change: 'replicas', from: '50', to: '8' },
  ])
})

test('Git hosts tell deployments that succeeded; a frame may name the agent', () => {
  const github = (state: string) => ({
    deployment: { id: 12, sha: 'abc', environment: 'production', creator: { login: 'kim' } },
    deployment_status: { state, created_at: '2026-01-02T03:04:05Z' },
    repository: { full_name: 'acme/cart' },
  })
  const gitlab = {
    object_kind: 'deployment',
    status: 'success',
    status_changed_at: '2026-01-02 05:04:05 +0200',
    deployment_id: 15,
    environment: 'staging',
    short_sha: '279484c0',
    user: { username: 'lee' },
    project: { path_with_namespace: 'acme/cart' },
  }
  const events = eventsOf(github('success'), github('failure'), gitlab)
  expect(events.map(({ body }) => (body.kind === 'change' ? [body.subject, body.to, body.author] : body.kind))).toEqual(
    [['acme/cart in production', 'abc', 'kim'], 'step', ['acme/cart in staging', '279484c0', 'lee']],
  )
  expect(events.map(({ claimedAt }) => claimedAt)).toEqual([
    1_767_323_045_000_000_000n,
    1_767_323_045_000_000_000n,
    1_767_323_045_000_000_000n,
  ])
  const framed = { holdfastChange: { agent: 'k8s:prod/shop/cart', record: github('success') } }
  expect(eventsOf(framed)[0]).toMatchObject({ agent: { id: 'k8s:prod/shop/cart' }, body: { to: 'abc' } })
})

test('a credential in a change is masked before it is stored', () => {
  const [group] = imported(plain({ to: 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ' })).groups
  expect(new TextDecoder().decode(group?.bytes)).not.toContain('abcdefghijklmnop')
})

test('reading a change never throws, whatever stands in it', () => {
  const value = fc.oneof(fc.jsonValue(), fc.constant(deployment.object), fc.constant('Deployment'))
  const keys = ['type', 'object', 'kind', 'metadata', 'spec', 'deployment', 'repository', 'holdfastChange', 'record']
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...keys), fc.oneof(value, fc.dictionary(fc.constantFrom(...keys), value))),
      (json) => {
        for (const event of eventsOf(json)) expect(event.id).not.toBe('')
      },
    ),
    { numRuns: 300 },
  )
})
