import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAddress } from './address.ts'
import { effectiveResult } from './effective.ts'
import type { Flow } from './flow.ts'
import { evaluateFlow, worldOf } from './world.ts'

/** All that the drawn policies and flows can be: small enough that flows meet rules often. */
const POD = { namespace: 'a', labels: { app: 'x', tier: 't' } }
const ADDRESSES = ['10.0.0.0', '10.0.0.1', '10.0.0.255', '10.0.1.0', '9.255.255.255', '203.0.113.7', '0.0.0.0'] as const
const RANGES = ['10.0.0.0/24', '10.0.0.0/23', '10.0.0.1/32', '0.0.0.0/0', '203.0.113.0/28'] as const
const NAMES = ['api.example.test', 'x.example.test', 'deep.x.example.test'] as const
const PATTERNS = ['*', '*.example.test', 'api.*.test', 'a*i.example.test', 'x.example.test'] as const
const PORTS = [80, 443, 8443] as const

type DrawnFlow = {
  readonly address: string
  readonly name: string | undefined
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
}

const flow: fc.Arbitrary<DrawnFlow> = fc.record({
  address: fc.constantFrom(...ADDRESSES),
  name: fc.option(fc.constantFrom(...NAMES), { nil: undefined }),
  port: fc.constantFrom(...PORTS, 79, 444),
  protocol: fc.constantFrom('tcp', 'udp'),
})
const selector = fc.constantFrom({}, { matchLabels: { app: 'x' } }, { matchLabels: { app: 'y' } })
const namespace = fc.constantFrom<string>('a', 'a', 'b')

const kubernetesPort = fc
  .record(
    { port: fc.constantFrom(...PORTS), protocol: fc.constantFrom('TCP', 'UDP'), endPort: fc.constant(8443) },
    { requiredKeys: [] },
  )
  .filter(({ port, endPort }) => endPort === undefined || port !== undefined)
const block = fc.record({
  cidr: fc.constantFrom(...RANGES),
  except: fc.array(fc.constantFrom('10.0.0.1/32', '10.0.0.0/24'), { maxLength: 1 }),
})
const networkPolicy = fc.record({
  kind: fc.constant('NetworkPolicy'),
  metadata: fc.record({ name: fc.constantFrom<string>('n1', 'n2'), namespace }),
  spec: fc.record({
    podSelector: selector,
    policyTypes: fc.constantFrom<readonly string[]>(['Egress'], ['Ingress'], ['Ingress', 'Egress']),
    egress: fc.array(
      fc.record({
        to: fc.array(
          block.map((ipBlock) => ({ ipBlock })),
          { maxLength: 2 },
        ),
        ports: fc.array(kubernetesPort, { maxLength: 2 }),
      }),
      { maxLength: 2 },
    ),
  }),
})

const ciliumPorts = fc.array(
  fc.record({
    ports: fc.array(
      fc.record({ port: fc.constantFrom('0', '80', '443'), protocol: fc.constantFrom('TCP', 'UDP', 'ANY') }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  { maxLength: 1 },
)
const ciliumRule = fc.oneof(
  fc.record({ toPorts: ciliumPorts }),
  fc.record({ toCIDR: fc.array(fc.constantFrom(...RANGES), { minLength: 1, maxLength: 2 }), toPorts: ciliumPorts }),
  fc.record({ toEntities: fc.constant(['all']), toPorts: ciliumPorts }),
  fc.record({
    toFQDNs: fc.array(
      fc.oneof(
        fc.record({ matchName: fc.constantFrom(...NAMES) }),
        fc.record({ matchPattern: fc.constantFrom(...PATTERNS) }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
    toPorts: ciliumPorts,
  }),
)
const ciliumPolicy = fc.record({
  kind: fc.constant('CiliumNetworkPolicy'),
  metadata: fc.record({ name: fc.constantFrom<string>('c1', 'c2'), namespace }),
  spec: fc.record(
    {
      endpointSelector: selector,
      egress: fc.array(ciliumRule, { maxLength: 2 }),
      egressDeny: fc.array(ciliumRule, { minLength: 1, maxLength: 1 }),
      enableDefaultDeny: fc.record({ egress: fc.boolean() }),
    },
    { requiredKeys: ['endpointSelector'] },
  ),
})
const clusterPolicy = fc.record({
  kind: fc.constant('ClusterNetworkPolicy'),
  metadata: fc.record({ name: fc.constantFrom('k1', 'k2') }),
  spec: fc.record({
    tier: fc.constantFrom('Admin', 'Baseline'),
    priority: fc.constantFrom(1, 2, 3),
    subject: fc.constantFrom({ namespaces: {} }, { pods: { podSelector: { matchLabels: { app: 'y' } } } }),
    egress: fc.array(
      fc.record({
        action: fc.constantFrom('Accept', 'Deny', 'Pass'),
        to: fc.array(fc.record({ networks: fc.array(fc.constantFrom(...RANGES), { minLength: 1, maxLength: 2 }) }), {
          minLength: 1,
          maxLength: 2,
        }),
        protocols: fc.array(
          fc.record({ tcp: fc.record({ destinationPort: fc.record({ number: fc.constantFrom(...PORTS) }) }) }),
          { maxLength: 1 },
        ),
      }),
      { maxLength: 2 },
    ),
  }),
})
type Value<T> = T extends fc.Arbitrary<infer V> ? V : never
type Drawn = Value<typeof networkPolicy> | Value<typeof ciliumPolicy> | Value<typeof clusterPolicy>
const policies = fc.array(fc.oneof(networkPolicy, ciliumPolicy, clusterPolicy), { maxLength: 4 })

test('what policies decide is what a slow reading of their rules decides', () => {
  fc.assert(
    fc.property(policies, fc.array(flow, { minLength: 1, maxLength: 8 }), (documents, flows) => {
      const world = worldOf(
        documents.map((document) => ({ name: document.metadata.name, document })),
        POD,
      )
      expect(world.unread).toEqual([])
      for (const drawn of flows) {
        const { allowed } = evaluateFlow(world, flowOf(drawn))
        expect({ drawn, allowed }).toEqual({ drawn, allowed: slowly(documents, drawn) })
      }
    }),
    { numRuns: 800 },
  )
})

test('where the effective result says that nothing is narrowed, no flow is refused that was not before', () => {
  fc.assert(
    fc.property(
      policies,
      fc.oneof(
        networkPolicy,
        ciliumPolicy.filter(({ spec }) => spec.egressDeny === undefined),
      ),
      fc.array(flow, { minLength: 1, maxLength: 12 }),
      (others, document, flows) => {
        const own = {
          name: 'own',
          kind: document.kind,
          document: { ...document, metadata: { name: 'own', namespace: 'a' } },
        }
        const inForce = others.map((other) => ({
          plane: 'network' as const,
          name: other.metadata.name,
          document: other,
        }))
        const { narrows } = effectiveResult(own, { inForce, planesRead: ['network'] }, POD)
        const after = [...others, own.document]
        const refused = flows.some((drawn) => slowly(others, drawn) && !slowly(after, drawn))
        // That none was drawn shows nothing; one shows that something was.
        expect({ refused, narrows }).not.toEqual({ refused: true, narrows: false })
      },
    ),
    { numRuns: 800 },
  )
})

function flowOf({ address, name, port, protocol }: DrawnFlow): Flow {
  const parsed = parseAddress(address)
  return { addresses: parsed === undefined ? [] : [parsed], names: name === undefined ? [] : [name], port, protocol }
}

/** The published rules word for word, on bits as text, without anything compiled. */
function slowly(documents: readonly Drawn[], drawn: DrawnFlow): boolean {
  const tier = (wanted: string): 'Accept' | 'Deny' | 'Pass' | undefined => {
    const own = documents.flatMap((one) =>
      one.kind === 'ClusterNetworkPolicy' && 'tier' in one.spec && one.spec.tier === wanted ? [one.spec] : [],
    )
    const chosen = own.filter(({ subject }) => 'namespaces' in subject).toSorted((a, b) => a.priority - b.priority)
    for (const { egress } of chosen)
      for (const { action, to, protocols } of egress) {
        const isPeer = to.some(({ networks }) => networks.some((range) => holds(range, drawn.address)))
        const isPort =
          protocols.length === 0 ||
          protocols.some(({ tcp }) => drawn.protocol === 'tcp' && tcp.destinationPort.number === drawn.port)
        if (isPeer && isPort) return action as 'Accept' | 'Deny' | 'Pass'
      }
    return undefined
  }
  const admin = tier('Admin')
  if (admin === 'Accept' || admin === 'Deny') return admin === 'Accept'
  let [isolated, allowed] = [false, false]
  for (const one of documents) {
    if (one.kind === 'ClusterNetworkPolicy' || !('namespace' in one.metadata) || one.metadata.namespace !== 'a')
      continue
    if ('policyTypes' in one.spec) {
      if (JSON.stringify(one.spec.podSelector).includes('"y"') || !one.spec.policyTypes.includes('Egress')) continue
      isolated = true
      for (const { to, ports } of one.spec.egress) {
        const isPeer =
          to.length === 0 ||
          to.some(
            ({ ipBlock: { cidr, except } }) =>
              holds(cidr, drawn.address) && !except.some((range) => holds(range, drawn.address)),
          )
        const isPort =
          ports.length === 0 ||
          ports.some(
            ({ port, endPort, protocol = 'TCP' }) =>
              protocol === drawn.protocol.toUpperCase() &&
              (port === undefined || (drawn.port >= port && drawn.port <= (endPort ?? port))),
          )
        if (isPeer && isPort) allowed = true
      }
    } else if ('endpointSelector' in one.spec) {
      const { endpointSelector, egress, egressDeny, enableDefaultDeny } = one.spec
      if (JSON.stringify(endpointSelector).includes('"y"') || (egress === undefined && egressDeny === undefined))
        continue
      if (egressDeny?.some((rule) => ciliumTakes(rule, drawn)) === true) return false
      if (enableDefaultDeny?.egress !== false) isolated = true
      if (egress?.some((rule) => ciliumTakes(rule, drawn)) === true) allowed = true
    }
  }
  // A later rule may deny what an earlier one allowed.
  const isDenied = documents.some(
    (one) =>
      'namespace' in one.metadata &&
      one.metadata.namespace === 'a' &&
      'endpointSelector' in one.spec &&
      !JSON.stringify(one.spec.endpointSelector).includes('"y"') &&
      one.spec.egressDeny?.some((rule) => ciliumTakes(rule, drawn)) === true,
  )
  if (isDenied) return false
  if (isolated) return allowed
  return tier('Baseline') !== 'Deny'
}

function ciliumTakes(rule: Value<typeof ciliumRule>, { address, name, port, protocol }: DrawnFlow): boolean {
  const isPort =
    rule.toPorts.length === 0 ||
    rule.toPorts.some(({ ports }) =>
      ports.some(
        (one) =>
          (one.port === '0' || Number(one.port) === port) &&
          (one.protocol === 'ANY' || one.protocol === protocol.toUpperCase()),
      ),
    )
  if (!isPort) return false
  if ('toCIDR' in rule) return rule.toCIDR.some((range) => holds(range, address))
  if ('toEntities' in rule) return true
  if ('toFQDNs' in rule)
    return rule.toFQDNs.some((one) =>
      'matchName' in one
        ? one.matchName === name
        : name !== undefined &&
          (one.matchPattern === '*' ||
            new RegExp(`^${one.matchPattern.replaceAll('.', '[.]').replaceAll('*', '[-a-z0-9_]*')}$`).test(name)),
    )
  // A rule that names nothing at all only isolates.
  return rule.toPorts.length > 0
}

function holds(range: string, address: string): boolean {
  const bits = (text: string): string =>
    text
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('')
  const [network = '', length = '32'] = range.split('/')
  return bits(network).slice(0, Number(length)) === bits(address).slice(0, Number(length))
}
