import type { PolicyArtifact } from '@holdfast/model'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { expect, test } from 'vitest'
import type { GeneratorFacts } from '../generator.ts'
import { connectEvent, egressEvent, eventOfBody, profileFact } from '../testing/events.ts'
import { factsFixture } from '../testing/facts.ts'
import { madeBy } from '../testing/made.ts'
import type { NetworkPolicy as OwnPolicy } from './grammar.ts'
import { networkPolicyGenerator as generator } from './network-policy.ts'

/** The published type has each of our fields: one that it lacks does not compile. */
type Known<Own, Published> = keyof Own extends keyof Published ? true : never
const fieldsAreKnown: readonly [
  Known<OwnPolicy, INetworkPolicy>,
  Known<OwnPolicy['spec'], NonNullable<INetworkPolicy['spec']>>,
  Known<OwnPolicy['spec']['egress'][number], NonNullable<NonNullable<INetworkPolicy['spec']>['egress']>[number]>,
] = [true, true, true]

const facts = (changed: Partial<GeneratorFacts> = {}) =>
  factsFixture({
    agent: {
      id: 'k8s:c1/support/Deployment/ticket-agent',
      name: 'ticket-agent',
      class: 'support',
      cluster: 'c1',
      namespace: 'support',
      workload: 'ticket-agent',
      labels: { app: 'ticket-agent' },
    },
    entries: [
      profileFact('destination', '203.0.113.10:443', 10),
      profileFact('destination', '203.0.113.11:443', 11, { daysSeen: 1, last: '2026-08-30T00:00:00Z' }),
      profileFact('destination', '203.0.113.90:8443', 12),
      profileFact('destination', 'crm.sales.svc.cluster.local:80', 13),
      profileFact('destination', '127.0.0.1:4318', 14),
    ],
    names: new Map([
      ['203.0.113.10', ['acme-exports.s3.example.test']],
      ['203.0.113.11', ['acme-exports.s3.example.test']],
    ]),
    platform: { dns: ['10.96.0.10:53/udp'], collector: ['10.1.2.3:4317/tcp'] },
    ...changed,
  })

const made = (given: GeneratorFacts = facts()) => madeBy(generator, given)

const documentOf = (artifact: PolicyArtifact) => artifact.document as OwnPolicy

test('the policy is valid against the published schema and has no field that it lacks', () => {
  const artifact = made()
  expect(fieldsAreKnown).not.toContain(false)
  expect(() => new NetworkPolicy(artifact.document as INetworkPolicy).validate()).not.toThrow()
  const broken = structuredClone(artifact.document) as { spec: { egress: unknown } }
  broken.spec.egress = [{ to: [{ ipBlock: { cidr: 7 } }] }]
  expect(() => new NetworkPolicy(broken as unknown as INetworkPolicy).validate()).toThrow('cidr')
})

test('each address is a line of its own, with the name that it was seen under and the position that proves it', () => {
  const artifact = made()
  const lines = artifact.lines.filter(({ because }) => because === 'observed')
  expect(lines.map(({ what, grounds }) => [what, grounds.flatMap(({ entries }) => entries)])).toEqual([
    ['203.0.113.90:8443', [12]],
    ['203.0.113.10/32 (acme-exports.s3.example.test:443)', [10]],
    ['203.0.113.11/32 (acme-exports.s3.example.test:443)', [11]],
    ['crm.sales.svc.cluster.local:80', [13]],
  ])
})

test('name servers and the collector stay open whatever was seen', () => {
  const { spec } = documentOf(made(facts({ entries: [] })))
  expect(spec.egress).toEqual([
    {
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
          podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
        },
        { ipBlock: { cidr: '10.96.0.10/32' } },
      ],
      ports: [
        { protocol: 'TCP', port: 53 },
        { protocol: 'UDP', port: 53 },
      ],
    },
    { to: [{ ipBlock: { cidr: '10.1.2.3/32' } }], ports: [{ protocol: 'TCP', port: 4317 }] },
  ])
})

test('a collector that is known by name alone would be cut, so nothing is made', () => {
  const given = facts({ platform: { dns: [], collector: ['otel.example.test:4317/tcp'] } })
  expect(generator.generate(given)).toMatchObject({
    status: 'refused',
    code: 'observation-incomplete',
    missing: ['an address of otel.example.test'],
  })
})

test('a service of the cluster is let through as its namespace, because policies see the port of its pods', () => {
  const { spec } = documentOf(made())
  expect(spec.egress.at(-1)).toEqual({
    to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'sales' } } }],
  })
})

test('a name of which no address was recorded opens its port to all, and the blind spots say so', () => {
  const artifact = made(facts({ entries: [profileFact('destination', 'api.example.test:8443', 3)] }))
  expect(documentOf(artifact).spec.egress.at(-1)?.to).toEqual([
    { ipBlock: { cidr: '0.0.0.0/0' } },
    { ipBlock: { cidr: '::/0' } },
  ])
  expect(artifact.blindSpots.join('\n')).toContain('no address was recorded of api.example.test:8443')
  expect(generator.generate(facts({ entries: [profileFact('destination', 'api.example.test:-', 3)] }))).toMatchObject({
    status: 'refused',
    missing: ['an address or a port of api.example.test:-'],
  })
})

test('ENF-14 the line of an allowed bucket says that wrong data can go there, and so do the blind spots', () => {
  const { lines, blindSpots } = made()
  const bucket = lines.find(({ what }) => what.includes('acme-exports'))
  expect(bucket?.reason).toContain('can carry wrong data')
  expect(blindSpots[0]).toMatch(/an allowed destination can carry wrong data: .*acme-exports/)
  expect(blindSpots.join('\n')).toContain('their addresses change')
})

test.each([
  [connectEvent('203.0.113.10', 443), 'allowed', '/spec/egress/3/to/0'],
  [connectEvent('::ffff:203.0.113.11', 443), 'allowed', '/spec/egress/3/to/1'],
  [connectEvent('203.0.113.10', 80), 'denied', '/spec/policyTypes/0'],
  [connectEvent('203.0.113.12', 443), 'denied', '/spec/policyTypes/0'],
  [connectEvent('10.96.0.10', 53, 'udp'), 'allowed', '/spec/egress/0/to/1'],
  [egressEvent('acme-exports.s3.example.test'), 'allowed', '/spec/egress/3/to/0'],
  [egressEvent('exfil.example.test'), 'denied', '/spec/policyTypes/0'],
  [egressEvent('crm.sales.svc', 8080), 'allowed', '/spec/egress/4/to/0'],
])('an event is judged by the line that decides', (event, status, pointer) => {
  expect(generator.judge(made())(event)).toMatchObject({ status, pointer })
})

test.each([
  [connectEvent('127.0.0.1', 9999)],
  [egressEvent('localhost')],
  [
    eventOfBody({
      kind: 'connection',
      action: 'accept',
      protocol: 'tcp',
      remote: { address: '203.0.113.66', port: 5 },
      result: 0,
    }),
  ],
  [
    eventOfBody(
      {
        kind: 'connection',
        action: 'connect',
        protocol: 'tcp',
        remote: { address: '203.0.113.66', port: 5 },
        result: 0,
      },
      { isSetup: true },
    ),
  ],
  [eventOfBody({ kind: 'syscall-set', calls: ['read'] })],
])('what the policy has no say in is outside', (event) => {
  expect(generator.judge(made())(event)).toEqual({ status: 'outside' })
})

test('the same facts give the same bytes, whatever order they come in', () => {
  const given = facts()
  expect(made({ ...given, entries: given.entries.toReversed() })).toEqual(made(given))
})

test('an agent without a namespace gets none, and neither does one that a provider hosts', () => {
  expect(generator.generate(factsFixture({ agent: { id: 'host:h/x', name: 'x', class: 'support' } }))).toMatchObject({
    code: 'not-in-layer',
  })
  const hosted = facts()
  expect(generator.generate({ ...hosted, agent: { ...hosted.agent, managedBy: 'aws' } })).toMatchObject({
    code: 'constrained-by-provider',
  })
})

test('thin and faded destinations stay out until somebody decides otherwise', () => {
  const entries = [
    profileFact('destination', '203.0.113.1:443', 1, { daysSeen: 1, first: '2026-08-31T00:00:00Z' }),
    profileFact('destination', '203.0.113.2:443', 2, { recency: 0.09 }),
  ]
  const observed = (given: GeneratorFacts) => made(given).lines.filter(({ because }) => because === 'observed')
  expect(observed(facts({ entries }))).toEqual([])
  const confidence = { value: 'days>=1', chosenBy: 'ada', reason: 'a new supplier' }
  expect(observed(facts({ entries, decisions: { confidence } })).map(({ what }) => what)).toEqual(['203.0.113.1:443'])
})
