import { TRANSPORT_NOT_KEPT, type ArtifactLine } from '@holdfast/model'
import { groundOf } from '../artifact.ts'
import type { GeneratorFacts, ProfileFact } from '../generator.ts'
import { addressText, hostRange, parseRange } from './address.ts'
import { clusterService } from './cilium-rules.ts'
import { freshAddresses, type Destination } from './destinations.ts'
import type { NetworkPolicyEgress, NetworkPolicyPeer } from './grammar.ts'
import { addressesOf, type KeptOpen } from './kept-open.ts'
import { NAMESPACE_NAME } from './kubernetes-rules.ts'
import { seenText } from './policy-facts.ts'

/** One rule of a NetworkPolicy, and its lines once its place in the document is known. */
export type PolicyRule = {
  readonly rule: NetworkPolicyEgress
  readonly lines: (at: number) => readonly ArtifactLine[]
}

/** Names are resolved by the cluster's own servers wherever these run, and by those that were seen. */
export function platformRules(kept: readonly KeptOpen[], { names }: GeneratorFacts): readonly PolicyRule[] {
  const dns = kept.filter(({ what }) => what === 'dns')
  const blocks = [...new Set(dns.flatMap((one) => rangesOf(one, names)))].map((cidr) => ({ ipBlock: { cidr } }))
  const ports = [...new Set([53, ...dns.map(({ port }) => port)])].toSorted((a, b) => a - b)
  const resolve: PolicyRule = {
    rule: { to: [KUBE_DNS, ...blocks], ports: ports.flatMap((port) => bothTransports(port)) },
    lines: (at) => [
      {
        pointer: `/spec/egress/${at}`,
        effect: 'allow',
        what: `name servers: kube-dns${dns.length === 0 ? '' : `, ${[...new Set(dns.map(({ host }) => host))].join(', ')}`}`,
        because: 'platform',
        reason: 'without names the agent reaches nothing that it is meant to reach',
        grounds: [],
      },
    ],
  }
  const collectors = kept
    .filter(({ what }) => what === 'collector')
    .map((one): PolicyRule => ({
      rule: {
        to: peersOfName(one.host) ?? rangesOf(one, names).map((cidr) => ({ ipBlock: { cidr } })),
        ...(clusterService(one.host) === undefined
          ? { ports: [{ protocol: one.protocol === 'udp' ? 'UDP' : 'TCP', port: one.port }] }
          : {}),
      },
      lines: (at) => [
        {
          pointer: `/spec/egress/${at}`,
          effect: 'allow',
          what: `collector ${one.host}:${one.port}/${one.protocol}`,
          because: 'platform',
          reason: 'cut off from it the agent would act unseen',
          grounds: [],
        },
      ],
    }))
  return [resolve, ...collectors]
}

const KUBE_DNS: NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
}

function rangesOf({ host, isAddress }: KeptOpen, names: GeneratorFacts['names']): readonly string[] {
  return isAddress ? [hostRange(host)] : addressesOf(host, names).map(hostRange)
}

/** One rule a destination; each address is a line of its own, so that it stands and falls with what was seen of it. */
export function destinationRule(destination: Destination, granularity: string): PolicyRule {
  const { key, name, port, facts } = destination
  const ports = port === undefined ? {} : { ports: bothTransports(port) }
  const reason = `${seenText(destination)}; ${TRANSPORT_NOT_KEPT}, so both are let through`
  const service = peersOfName(name ?? '')
  // The port of a service is not that of its pods, which is what a policy is asked about.
  const whole: readonly NetworkPolicyPeer[] = service ?? ANYWHERE
  const blocks = blocksOf(destination, granularity)
  if (service !== undefined || blocks.length === 0)
    return {
      rule: service === undefined ? { to: whole, ...ports } : { to: whole },
      lines: (at) => [
        {
          pointer: `/spec/egress/${at}`,
          effect: 'allow',
          what: key,
          because: 'observed',
          reason: `${reason}; ${service === undefined ? 'no address of it was recorded, so every address is open on its port' : 'a service of the cluster is let through as its namespace, on all ports'}`,
          grounds: facts.map(groundOf),
        },
      ],
    }
  return {
    rule: { to: blocks.map(({ cidr }) => ({ ipBlock: { cidr } })), ...ports },
    lines: (at) =>
      blocks.map(({ cidr, facts: own }, i) => ({
        pointer: `/spec/egress/${at}/to/${i}`,
        effect: 'allow',
        what: name === undefined && own.length === 1 ? key : `${cidr} (${key})`,
        because: 'observed',
        reason,
        grounds: own.map(groundOf),
      })),
  }
}

/** The addresses as ranges, each with what shows it. */
function blocksOf(
  destination: Destination,
  granularity: string,
): readonly { readonly cidr: string; readonly facts: readonly ProfileFact[] }[] {
  const blocks = new Map<string, ProfileFact[]>()
  for (const { address, fact } of freshAddresses(destination)) {
    const cidr = granularity === 'address-range' ? networkOf(address) : hostRange(address)
    blocks.set(cidr, [...(blocks.get(cidr) ?? []), fact])
  }
  return [...blocks].map(([cidr, facts]) => ({ cidr, facts }))
}

/** The network that is routed as one as a rule: 256 addresses, or one subnet of IPv6. */
function networkOf(address: string): string {
  const prefix = address.includes(':') ? 64 : 24
  const range = parseRange(`${address}/${prefix}`)
  return range === undefined ? hostRange(address) : `${addressText({ bits: range.bits, value: range.first })}/${prefix}`
}

const ANYWHERE: readonly NetworkPolicyPeer[] = [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }]

function peersOfName(name: string): readonly NetworkPolicyPeer[] | undefined {
  const service = clusterService(name)
  if (service === undefined) return undefined
  return [{ namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: service.namespace } } }]
}

function bothTransports(port: number): NonNullable<NetworkPolicyEgress['ports']> {
  return [
    { protocol: 'TCP', port },
    { protocol: 'UDP', port },
  ]
}
