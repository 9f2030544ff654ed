import { TRANSPORT_NOT_KEPT } from '@holdfast/model'
import type { ArtifactLine, Event, PolicyArtifact, PolicyJudgement } from '@holdfast/model'
import { groundOf, makeArtifact } from '../artifact.ts'
import { decisionsFor } from '../decisions.ts'
import { refusalOf } from '../eligible.ts'
import type { Generation, Generator, GeneratorFacts, ProfileFact } from '../generator.ts'
import { LINES_MOST } from '../limits.ts'
import { hostRange, parseAddress } from '../network/address.ts'
import { clusterService, compileCiliumPolicy } from '../network/cilium-rules.ts'
import { destinationsOf, freshAddresses, type Destination } from '../network/destinations.ts'
import { effectiveResult } from '../network/effective.ts'
import { attemptOf } from '../network/flow.ts'
import type { CiliumEgress, CiliumNetworkPolicy } from '../network/grammar.ts'
import { collectorSpots, keptOpen, type KeptOpen } from '../network/kept-open.ts'
import {
  annotatedNames,
  metadataOf,
  networkBlindSpots,
  NOT_IN_A_CLUSTER,
  seenText,
  targetOf,
  tooLarge,
} from '../network/policy-facts.ts'
import { NameTable } from '../network/name-table.ts'
import { fieldsOf } from '../network/selector.ts'

/** CiliumNetworkPolicy v2 for what leaves the agent's pods: by name wherever a name is known. */
export const ciliumPolicyGenerator: Generator = { kind: 'cilium-network-policy', generate, judge }

type Rule = { readonly rule: CiliumEgress; readonly lines: (at: number) => readonly ArtifactLine[] }

function generate(facts: GeneratorFacts): Generation {
  const refusal = refusalOf(facts, 'cilium-network-policy')
  if (refusal !== undefined) return refusal
  const target = targetOf(facts)
  if (target === undefined) return NOT_IN_A_CLUSTER
  const decisions = decisionsFor('cilium-network-policy', facts)
  const destinations = destinationsOf(facts, decisions)
  const byName = decisions.granularity.value === 'name'
  const kept = keptOpen(facts)
  const rules = [
    ...dnsRules(kept),
    ...kept.filter(({ what }) => what === 'collector').map(collectorRule),
    ...destinations.map((destination) => destinationRule(destination, byName)),
  ]
  const lines = [DEFAULT_LINE, ...rules.flatMap(({ lines: own }, at) => own(at))]
  if (lines.length > LINES_MOST) return tooLarge(lines.length)
  const addresses = new Set(destinations.flatMap((one) => one.addresses.map(({ address }) => address)))
  const document: CiliumNetworkPolicy = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: metadataOf(facts, target, addresses),
    spec: {
      description: `what ${facts.agent.name} was seen to reach`,
      endpointSelector: target.selector,
      egress: rules.map(({ rule }) => rule),
    },
  }
  return {
    status: 'made',
    artifact: makeArtifact('cilium-network-policy', facts, {
      document,
      lines,
      blindSpots: [
        ...networkBlindSpots(destinations),
        ...collectorSpots(kept),
        'a name is known from answers that pass the proxy of Cilium: an address that was kept from before, or that a name on another list shares, passes with it',
        ...(target.assumed === undefined ? [] : [target.assumed]),
      ],
      effective: effectiveResult({ name: document.metadata.name, kind: document.kind, document }, facts, target.pod),
    }),
  }
}

const DEFAULT_POINTER = '/spec/endpointSelector'

const DEFAULT_LINE: ArtifactLine = {
  pointer: DEFAULT_POINTER,
  effect: 'deny',
  what: 'everything else that leaves the pods',
  because: 'default',
  reason: 'an endpoint that a rule for egress selects reaches only what rules name',
  grounds: [],
}

/** Names are asked of the cluster's own servers and of those that were seen, through the proxy that learns what they stand for. */
function dnsRules(kept: readonly KeptOpen[]): readonly Rule[] {
  const servers = kept.filter(({ what, isAddress }) => what === 'dns' && isAddress)
  const ports = [...new Set([53, ...servers.map(({ port }) => port)])].toSorted((a, b) => a - b)
  const toPorts = [
    {
      ports: ports.map((port) => ({ port: String(port), protocol: 'ANY' as const })),
      rules: { dns: [{ matchPattern: '*' }] },
    },
  ]
  const ranges = [...new Set(servers.map(({ host }) => hostRange(host)))]
  const rules: readonly (readonly [string, CiliumEgress])[] = [
    ['kube-dns', { toEndpoints: [KUBE_DNS], toPorts }],
    ...(ranges.length === 0 ? [] : [[ranges.join(', '), { toCIDR: ranges, toPorts }] as const]),
  ]
  return rules.map(([where, rule]) => ({
    rule,
    lines: (at) => [
      {
        pointer: `/spec/egress/${at}`,
        effect: 'allow',
        what: `name servers: ${where}`,
        because: 'platform',
        reason:
          'without names the agent reaches nothing that it is meant to reach, and no address could be told by its name',
        grounds: [],
      },
    ],
  }))
}

const KUBE_DNS = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }

function collectorRule({ host, isAddress, port, protocol }: KeptOpen): Rule {
  const service = clusterService(host)
  const ports = [
    { ports: [{ port: String(port), protocol: protocol === 'udp' ? ('UDP' as const) : ('TCP' as const) }] },
  ]
  return {
    rule:
      service !== undefined
        ? { toServices: [{ k8sService: { serviceName: service.service, namespace: service.namespace } }] }
        : isAddress
          ? { toCIDR: [hostRange(host)], toPorts: ports }
          : { toFQDNs: [{ matchName: host }], toPorts: ports },
    lines: (at) => [
      {
        pointer: `/spec/egress/${at}`,
        effect: 'allow',
        what: `collector ${host}:${port}/${protocol}`,
        because: 'platform',
        reason: 'cut off from it the agent would act unseen',
        grounds: [],
      },
    ],
  }
}

function destinationRule(destination: Destination, byName: boolean): Rule {
  const { key, name, port, facts } = destination
  const toPorts = port === undefined ? {} : { toPorts: [{ ports: [{ port: String(port), protocol: 'ANY' as const }] }] }
  const line = (pointer: string, what: string, own: readonly ProfileFact[]): ArtifactLine => ({
    pointer,
    effect: 'allow',
    what,
    because: 'observed',
    reason: `${seenText(destination)}; ${TRANSPORT_NOT_KEPT}, so both are let through`,
    grounds: own.map(groundOf),
  })
  const service = clusterService(name ?? '')
  if (service !== undefined)
    return {
      // Ports of a service are not those of its pods, and Cilium takes none beside it.
      rule: { toServices: [{ k8sService: { serviceName: service.service, namespace: service.namespace } }] },
      lines: (at) => [line(`/spec/egress/${at}`, `the service ${key}`, facts)],
    }
  const fresh = freshAddresses(destination)
  if (name !== undefined && (byName || fresh.length === 0))
    return {
      rule: { toFQDNs: [name.includes('*') ? { matchPattern: name } : { matchName: name }], ...toPorts },
      lines: (at) => [line(`/spec/egress/${at}`, key, facts)],
    }
  return {
    rule: { toCIDR: fresh.map(({ address }) => hostRange(address)), ...toPorts },
    lines: (at) =>
      fresh.map(({ address, fact }, i) => line(`/spec/egress/${at}/toCIDR/${i}`, `${address} (${key})`, [fact])),
  }
}

/** What the policy would do to a recorded connection or request; other events and other directions are outside. */
function judge({ document }: PolicyArtifact): (event: Event) => PolicyJudgement {
  const fields = fieldsOf(document) ?? {}
  const selector = fieldsOf(fieldsOf(fields['spec'])?.['endpointSelector'])
  const labels = fieldsOf(selector?.['matchLabels']) as Readonly<Record<string, string>> // our own document
  const { namespace } = fieldsOf(fields['metadata']) as { readonly namespace: string } // our own document
  const allows = compileCiliumPolicy(fields, { namespace, labels })?.allows ?? []
  const table = new NameTable(annotatedNames(fields))
  return (event) => {
    table.learn(event)
    const attempt = attemptOf(event)
    if (attempt === undefined) return { status: 'outside' }
    const { key, host, address, port, protocol } = attempt
    const addresses =
      address === undefined ? table.addressesOf(host).flatMap((text) => parseAddress(text) ?? []) : [address]
    const names = address === undefined ? [host] : table.namesOf(host, event)
    const found = allows.find(({ test }) => test({ addresses, names, port, protocol }))
    if (found === undefined) return { status: 'denied', pointer: DEFAULT_POINTER, what: key }
    // A line stands for its whole rule where the rule names peers by name.
    const pointer = found.pointer.replace(/\/(?:toFQDNs|toServices|toEndpoints)\/\d+$/, '')
    return { status: 'allowed', pointer, what: key }
  }
}
