import type { ArtifactLine, Event, PolicyArtifact, PolicyJudgement } from '@holdfast/model'
import { makeArtifact } from '../artifact.ts'
import { decisionsFor } from '../decisions.ts'
import { refusalOf } from '../eligible.ts'
import type { Generation, GenerationRefusal, Generator, GeneratorFacts } from '../generator.ts'
import { LINES_MOST } from '../limits.ts'
import { parseAddress } from './address.ts'
import { clusterService, namespaceOfService } from './cilium-rules.ts'
import { destinationsOf, type Destination } from './destinations.ts'
import { effectiveResult } from './effective.ts'
import { attemptOf, type Flow } from './flow.ts'
import type { NetworkPolicy } from './grammar.ts'
import { collectorSpots, keptOpen, namesWithoutAddress, type KeptOpen } from './kept-open.ts'
import { compileNetworkPolicy } from './kubernetes-rules.ts'
import { annotatedNames, metadataOf, networkBlindSpots, NOT_IN_A_CLUSTER, targetOf, tooLarge } from './policy-facts.ts'
import { NameTable } from './name-table.ts'
import { destinationRule, platformRules } from './policy-rules.ts'
import { fieldsOf } from './selector.ts'

/** NetworkPolicy v1 for what leaves the agent's pods: addresses and ports, because the grammar knows no names. */
export const networkPolicyGenerator: Generator = { kind: 'network-policy', generate, judge }

function generate(facts: GeneratorFacts): Generation {
  const target = targetOf(facts)
  const decisions = decisionsFor('network-policy', facts)
  const kept = keptOpen(facts)
  const destinations = destinationsOf(facts, decisions)
  const refusal = refusalOf(facts, 'network-policy') ?? unfit({ facts, kept, destinations })
  if (refusal !== undefined) return refusal
  if (target === undefined) return NOT_IN_A_CLUSTER
  const rules = [
    ...platformRules(kept, facts),
    ...destinations.map((destination) => destinationRule(destination, decisions.granularity.value)),
  ]
  const lines = [DEFAULT_LINE, ...rules.flatMap(({ lines: own }, at) => own(at))]
  if (lines.length > LINES_MOST) return tooLarge(lines.length)
  const names = new Set(destinations.flatMap(({ addresses }) => addresses.map(({ address }) => address)))
  const document: NetworkPolicy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(facts, target, names),
    spec: { podSelector: target.selector, policyTypes: ['Egress'], egress: rules.map(({ rule }) => rule) },
  }
  return {
    status: 'made',
    artifact: makeArtifact('network-policy', facts, {
      document,
      lines,
      blindSpots: [
        ...networkBlindSpots(destinations),
        ...collectorSpots(kept),
        ...nameSpots(destinations),
        ...(target.assumed === undefined ? [] : [target.assumed]),
      ],
      effective: effectiveResult({ name: document.metadata.name, kind: document.kind, document }, facts, target.pod),
    }),
  }
}

const DEFAULT_POINTER = '/spec/policyTypes/0'

const DEFAULT_LINE: ArtifactLine = {
  pointer: DEFAULT_POINTER,
  effect: 'deny',
  what: 'everything else that leaves the pods',
  because: 'default',
  reason: 'a pod that a policy for egress selects reaches only what policies name',
  grounds: [],
}

/** Why this grammar cannot say what was seen without cutting some of it. */
function unfit(given: {
  readonly facts: GeneratorFacts
  readonly kept: readonly KeptOpen[]
  readonly destinations: readonly Destination[]
}): GenerationRefusal | undefined {
  const { facts, kept, destinations } = given
  const unknown = namesWithoutAddress(kept, facts.names)
  if (unknown.length > 0)
    return {
      status: 'refused',
      code: 'observation-incomplete',
      reason: 'a policy of addresses would cut what must stay open',
      missing: unknown.map((name) => `an address of ${name}`),
    }
  const nowhere = destinations.filter(
    ({ addresses, port, name = '' }) =>
      addresses.length === 0 && port === undefined && clusterService(name) === undefined,
  )
  if (nowhere.length > 0)
    return {
      status: 'refused',
      code: 'observation-incomplete',
      reason: 'a destination of which neither address nor port is known can only be let through with all others',
      missing: nowhere.map(({ key }) => `an address or a port of ${key}`),
    }
  return undefined
}

/** What follows from the grammar knowing addresses alone. */
function nameSpots(destinations: readonly Destination[]): readonly string[] {
  const named = destinations.filter(({ name, addresses }) => name !== undefined && addresses.length > 0)
  const open = destinations.filter(
    ({ name = '', addresses }) => name !== '' && addresses.length === 0 && clusterService(name) === undefined,
  )
  return [
    ...(named.length === 0
      ? []
      : [
          `${named.length} destinations have names, and their addresses change: one that was not seen yet is refused, and an address that passed to somebody else is let through`,
        ]),
    ...(open.length === 0
      ? []
      : [
          `no address was recorded of ${open.map(({ key }) => key).join(', ')}: every address is open on their ports, so this policy narrows ports alone there`,
        ]),
    'addresses of services are translated before policies are asked, so services of the cluster are let through as their namespaces',
  ]
}

/** What the policy would do to a recorded connection or request; other events and other directions are outside. */
function judge({ document }: PolicyArtifact): (event: Event) => PolicyJudgement {
  const fields = fieldsOf(document) ?? {}
  const spec = fieldsOf(fields['spec'])
  const labels = fieldsOf(fieldsOf(spec?.['podSelector'])?.['matchLabels']) as Readonly<Record<string, string>> // our own document
  const { namespace } = fieldsOf(fields['metadata']) as { readonly namespace: string } // our own document
  const allows = compileNetworkPolicy(fields, { namespace, labels })?.allows ?? []
  const table = new NameTable(annotatedNames(fields))
  return (event) => {
    const attempt = attemptOf(event)
    if (attempt === undefined) return { status: 'outside' }
    const { key, host, address, port, protocol } = attempt
    const known =
      address === undefined ? table.addressesOf(host).flatMap((text) => parseAddress(text) ?? []) : [address]
    const pod = namespaceOfService(host)
    const flow: Flow = { addresses: known, names: [host], port, protocol, ...(pod === undefined ? {} : { pod }) }
    const found = allows.find(({ test }) => test(flow))
    if (found !== undefined) return { status: 'allowed', pointer: found.pointer, what: key }
    return { status: 'denied', pointer: DEFAULT_POINTER, what: key }
  }
}
