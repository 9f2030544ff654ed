import { CiliumNetworkPolicy } from '@kubernetes-models/cilium/cilium.io/v2/CiliumNetworkPolicy'
import type { ICiliumNetworkPolicy } from '@kubernetes-models/cilium/cilium.io/v2/CiliumNetworkPolicy'
import { expect, test } from 'vitest'
import type { GeneratorFacts } from '../generator.ts'
import type { CiliumNetworkPolicy as OwnPolicy } from '../network/grammar.ts'
import { connectEvent, dnsEvent, egressEvent, profileFact } from '../testing/events.ts'
import { factsFixture } from '../testing/facts.ts'
import { madeBy } from '../testing/made.ts'
import { ciliumPolicyGenerator as generator } from './cilium-policy.ts'

/** The published type has each of our fields: one that it lacks does not compile. */
type Known<Own, Published> = keyof Own extends keyof Published ? true : never
type PublishedSpec = NonNullable<ICiliumNetworkPolicy['spec']>
const fieldsAreKnown: readonly [
  Known<OwnPolicy, ICiliumNetworkPolicy>,
  Known<OwnPolicy['spec'], PublishedSpec>,
  Known<OwnPolicy['spec']['egress'][number], NonNullable<PublishedSpec['egress']>[number]>,
] = [true, true, true]

const facts = (changed: Partial<GeneratorFacts> = {}) =>
  factsFixture({
    agent: {
      id: 'k8s:c1/support/Deployment/ticket-agent',
      name: 'ticket-agent',
      class: 'support',
      namespace: 'support',
      workload: 'ticket-agent',
      labels: { app: 'ticket-agent' },
    },
    entries: [
      profileFact('destination', '203.0.113.10:443', 10),
      profileFact('destination', '203.0.113.11:443', 11, { daysSeen: 1 }),
      profileFact('destination', 'ip-10-0-3-7.eu-west-1.compute.internal:9000', 12),
      profileFact('destination', 'crm.sales.svc.cluster.local:80', 13),
      profileFact('destination', '203.0.113.90:8443', 14),
    ],
    names: new Map([
      ['203.0.113.10', ['acme-exports.s3.example.test']],
      ['203.0.113.11', ['acme-exports.s3.example.test']],
    ]),
    platform: { dns: ['10.96.0.10:53/udp'], collector: ['otel.example.test:4317/tcp'] },
    ...changed,
  })

const made = (given: GeneratorFacts = facts()) => madeBy(generator, given)

test('the policy is valid against the published schema and has no field that it lacks', () => {
  const { document } = made()
  expect(fieldsAreKnown).not.toContain(false)
  expect(() => new CiliumNetworkPolicy(document as ICiliumNetworkPolicy).validate()).not.toThrow()
  const broken = structuredClone(document) as { spec: { egress: unknown } }
  broken.spec.egress = [{ toFQDNs: [{ matchName: 'a b' }] }]
  expect(() => new CiliumNetworkPolicy(broken as unknown as ICiliumNetworkPolicy).validate()).toThrow('matchName')
})

test('what has a name is let through by it, many machines by a pattern, services as such and the rest by address', () => {
  const { spec } = made().document as OwnPolicy
  const ports = (port: string) => [{ ports: [{ port, protocol: 'ANY' }] }]
  expect(spec.egress.slice(2)).toEqual([
    { toFQDNs: [{ matchName: 'otel.example.test' }], toPorts: [{ ports: [{ port: '4317', protocol: 'TCP' }] }] },
    { toCIDR: ['203.0.113.90/32'], toPorts: ports('8443') },
    { toFQDNs: [{ matchName: 'acme-exports.s3.example.test' }], toPorts: ports('443') },
    { toServices: [{ k8sService: { serviceName: 'crm', namespace: 'sales' } }] },
    { toFQDNs: [{ matchPattern: 'ip-*-*-*-*.eu-west-1.compute.internal' }], toPorts: ports('9000') },
  ])
})

test('names are learned because questions pass the proxy, at the servers of the cluster and at those that were seen', () => {
  const { spec } = made().document as OwnPolicy
  const rules = { dns: [{ matchPattern: '*' }] }
  expect(spec.egress.slice(0, 2)).toMatchObject([
    { toEndpoints: [{ matchLabels: { 'k8s:k8s-app': 'kube-dns' } }], toPorts: [{ rules }] },
    { toCIDR: ['10.96.0.10/32'], toPorts: [{ rules }] },
  ])
})

test('by the choice of a person addresses stand in the place of names', () => {
  const granularity = { value: 'address', chosenBy: 'ada', reason: 'no name proxy here' }
  const { spec } = made(facts({ decisions: { granularity } })).document as OwnPolicy
  expect(spec.egress).toContainEqual({
    toCIDR: ['203.0.113.10/32', '203.0.113.11/32'],
    toPorts: [{ ports: [{ port: '443', protocol: 'ANY' }] }],
  })
})

test.each([
  [egressEvent('acme-exports.s3.example.test'), 'allowed', '/spec/egress/4'],
  [egressEvent('ACME-exports.s3.example.test.'), 'allowed', '/spec/egress/4'],
  [egressEvent('exfil.s3.example.test'), 'denied', '/spec/endpointSelector'],
  [egressEvent('ip-10-9-9-9.eu-west-1.compute.internal', 9000), 'allowed', '/spec/egress/6'],
  [egressEvent('crm.sales.svc.cluster.local', 80), 'allowed', '/spec/egress/5'],
  [connectEvent('203.0.113.10', 443), 'allowed', '/spec/egress/4'],
  [connectEvent('203.0.113.90', 8443), 'allowed', '/spec/egress/3/toCIDR/0'],
  [connectEvent('203.0.113.77', 443), 'denied', '/spec/endpointSelector'],
  [connectEvent('10.96.0.10', 53, 'udp'), 'allowed', '/spec/egress/1/toCIDR/0'],
])('an event is judged by the line that decides', (event, status, pointer) => {
  expect(generator.judge(made())(event)).toMatchObject({ status, pointer })
})

test('an address that a name server gave for an allowed name is let through from then on', () => {
  const judge = generator.judge(made())
  expect(judge(connectEvent('203.0.113.77', 443)).status).toBe('denied')
  expect(judge(dnsEvent('acme-exports.s3.example.test', ['203.0.113.77', 'cdn.example.test']))).toEqual({
    status: 'outside',
  })
  expect(judge(connectEvent('203.0.113.77', 443)).status).toBe('allowed')
})

test('every line that was observed points at what lets its destination through', () => {
  const { lines, document } = made()
  expect(lines.filter(({ because }) => because === 'observed').map(({ pointer }) => pointer)).toEqual([
    '/spec/egress/3/toCIDR/0',
    '/spec/egress/4',
    '/spec/egress/5',
    '/spec/egress/6',
  ])
  expect(JSON.stringify(document)).not.toContain('127.0.0.1')
})
