import { expect, test } from 'vitest'
import { profileFact } from '../testing/events.ts'
import { factsFixture } from '../testing/facts.ts'
import { networkPolicyGenerator } from './network-policy.ts'

const LABELS = { app: 'ticket-agent', tier: 'agents' }

function effective(inForce: readonly object[], planesRead: readonly ['network'] | readonly [] = ['network']) {
  const generation = networkPolicyGenerator.generate(
    factsFixture({
      agent: {
        id: 'a',
        name: 'ticket-agent',
        class: 'support',
        namespace: 'support',
        workload: 'ticket-agent',
        labels: LABELS,
      },
      entries: [profileFact('destination', '203.0.113.10:443', 1)],
      platform: { dns: ['10.96.0.10:53/udp'], collector: [] },
      inForce: inForce.map((document) => ({ plane: 'network', name: nameOf(document), document })),
      planesRead,
    }),
  )
  if (generation.status === 'refused') throw new Error(generation.reason)
  return generation.artifact.effective
}

const nameOf = (document: object) => (document as { readonly metadata: { readonly name: string } }).metadata.name
const policy = (name: string, spec: object, namespace = 'support') => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
})
const cilium = (name: string, spec: object) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name, namespace: 'support' },
  spec: { endpointSelector: {}, ...spec },
})
const cluster = (name: string, spec: object) => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  kind: 'ClusterNetworkPolicy',
  metadata: { name },
  spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, ...spec },
})
const ALL = policy('allow-all', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] })

test('ENF-15 beside a policy that allows all it narrows nothing and claims no enforcement', () => {
  const { narrows, reason, against } = effective([ALL])
  expect({ narrows, against }).toEqual({ narrows: false, against: ['allow-all'] })
  expect(reason).toContain('allow-all lets everything through')
  expect(reason).toContain('No enforcement is claimed')
})

test('alone it refuses what nothing else refuses', () => {
  expect(effective([])).toEqual({ narrows: true, reason: 'refuses what nothing else refuses', against: [] })
})

test('where policies were not read no claim is made of them', () => {
  expect(effective([], []).reason).toContain('were not read')
})

test.each([
  [
    'a policy of another namespace',
    policy('theirs', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] }, 'sales'),
  ],
  ['a policy of other pods', policy('web', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] })],
  ['a policy that speaks of what comes in', policy('in', { podSelector: {}, policyTypes: ['Ingress'], ingress: [] })],
  [
    'rules without a default deny',
    cilium('soft', { enableDefaultDeny: { egress: false }, egress: [{ toCIDR: ['198.51.100.0/24'] }] }),
  ],
  [
    'a baseline that denies',
    cluster('floor', { tier: 'Baseline', egress: [{ action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] }] }),
  ],
])('beside %s it narrows', (_, other) => {
  expect(effective([other]).narrows).toBe(true)
})

test('beside a policy that already isolates the pods it narrows nothing and opens what it lists', () => {
  const { narrows, reason } = effective([policy('deny-all', { podSelector: {}, policyTypes: ['Egress'] })])
  expect(narrows).toBe(false)
  expect(reason).toContain('deny-all already refuses all that no policy names')
  expect(reason).toMatch(/it lets through what they refuse: .*203\.0\.113\.10:443\/tcp/)
})

test('what a Cilium rule denies stays denied, and what an admin tier accepts stays accepted', () => {
  const denied = effective([
    cilium('block', { enableDefaultDeny: { egress: false }, egressDeny: [{ toCIDR: ['203.0.113.10/32'] }] }),
  ])
  expect(denied.narrows).toBe(true)
  const accept = (...networks: readonly string[]) =>
    cluster('open', { egress: [{ action: 'Accept', to: [{ networks }] }] })
  expect(effective([accept('203.0.113.0/24')]).narrows).toBe(true)
  const all = effective([accept('0.0.0.0/0', '::/0')])
  expect(all).toMatchObject({ narrows: false, reason: expect.stringContaining('open accepts it before') })
})

test('an older version of the same policy does not count: the new one takes its place', () => {
  const older = policy('holdfast-ticket-agent', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] })
  expect(effective([older])).toMatchObject({ narrows: true, against: [] })
})

test('a kind that is not known, and parts that cannot be read, are named', () => {
  const calico = { kind: 'GlobalNetworkPolicy', metadata: { name: 'calico' }, spec: {} }
  const odd = policy('odd', { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'https' }] }] })
  expect(effective([calico]).reason).toContain('not understood, so without a claim: calico')
  expect(effective([odd]).reason).toContain('odd/spec/egress/0')
})
