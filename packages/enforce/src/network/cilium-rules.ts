import { parseRange } from './address.ts'
import type { Flow } from './flow.ts'
import { NAMESPACE_NAME, type Pod } from './kubernetes-rules.ts'
import { blockOf, inRange, portsTest, type CompiledPolicy, type FlowTest } from './rules.ts'
import { fieldsOf, listOf, selects, type Fields } from './selector.ts'

/** Fields of a rule that name peers; Cilium takes one of them in a rule. */
const PEERS = ['toEndpoints', 'toCIDR', 'toCIDRSet', 'toEntities', 'toFQDNs', 'toServices'] as const
/** Fields that narrow a rule further than is followed here, or name peers that only the cluster knows. */
const OTHERS = ['toGroups', 'toNodes', 'toRequires', 'icmps', 'authentication']

/**
 * A CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy (`cilium.io/v2`) as it speaks of what leaves the pod; undefined where it
 * does not. What a deny rule names is refused whatever lets it through; a policy with rules for egress refuses all that none lets
 * through, unless it says otherwise (`enableDefaultDeny`). Untrusted.
 */
export function compileCiliumPolicy(document: Fields, pod: Pod): CompiledPolicy | undefined {
  const metadata = fieldsOf(document['metadata']) ?? {}
  const isClusterwide = document['kind'] === 'CiliumClusterwideNetworkPolicy'
  if (!isClusterwide && typeof metadata['namespace'] === 'string' && metadata['namespace'] !== pod.namespace)
    return undefined
  const name = typeof metadata['name'] === 'string' ? metadata['name'] : 'a policy without a name'
  const one = document['spec'] === undefined ? [] : [{ spec: document['spec'], at: '/spec' }]
  const more = (listOf(document['specs']) ?? []).map((spec, at) => ({ spec, at: `/specs/${at}` }))
  const parts = [...one, ...more].flatMap(({ spec, at }) => compileSpec(fieldsOf(spec), { pod, at }) ?? [])
  if (parts.length === 0) return undefined
  return {
    name,
    isolates: parts.some(({ isolates }) => isolates),
    allows: parts.flatMap(({ allows }) => allows),
    denies: parts.flatMap(({ denies }) => denies),
    unread: parts.flatMap(({ unread }) => unread),
  }
}

type Part = Omit<CompiledPolicy, 'name'>
type Place = { readonly pod: Pod; readonly at: string }

function compileSpec(spec: Fields | undefined, { pod, at }: Place): Part | undefined {
  // A nodeSelector speaks of nodes and of no pod.
  if (spec === undefined || spec['endpointSelector'] === undefined) return undefined
  const labels = { ...pod.labels, 'io.kubernetes.pod.namespace': pod.namespace }
  const isSelected = selects(spec['endpointSelector'], labels, ['k8s:', 'any:'])
  if (isSelected === false) return undefined
  if (spec['egress'] === undefined && spec['egressDeny'] === undefined) return undefined
  const unread: string[] = isSelected === undefined ? [`${at}/endpointSelector`] : []
  const tests = (field: 'egress' | 'egressDeny'): CompiledPolicy['allows'] =>
    (listOf(spec[field] ?? []) ?? []).flatMap((rule, i) =>
      ruleTests(fieldsOf(rule), { pod, at: `${at}/${field}/${i}` }, unread),
    )
  return {
    isolates: fieldsOf(spec['enableDefaultDeny'])?.['egress'] !== false,
    allows: tests('egress'),
    denies: tests('egressDeny'),
    unread,
  }
}

function ruleTests(rule: Fields | undefined, { pod, at }: Place, unread: string[]): CompiledPolicy['allows'] {
  const ports = listOf(rule?.['toPorts'] ?? [])
  const tests = ports?.map((one) => portsTest(listOf(fieldsOf(one)?.['ports']) ?? [{}], 'ANY'))
  const known = tests?.filter((test) => test !== undefined)
  if (rule === undefined || known?.length !== ports?.length || OTHERS.some((field) => rule[field] !== undefined)) {
    unread.push(at)
    return []
  }
  const port: FlowTest = known === undefined || known.length === 0 ? () => true : (flow) => known.some((t) => t(flow))
  const named = PEERS.filter((field) => rule[field] !== undefined)
  // A rule without a peer is one for every peer where it names ports; empty, it only isolates.
  if (named.length === 0) return ports?.length === 0 ? [] : [{ pointer: at, test: port }]
  return named.flatMap((field) =>
    (listOf(rule[field]) ?? [undefined]).flatMap((peer, i) => {
      const pointer = `${at}/${field}/${i}`
      const test = peerTest(field, peer, pod)
      if (test !== undefined) return [{ pointer, test: (flow: Flow) => port(flow) && test(flow) }]
      unread.push(pointer)
      return []
    }),
  )
}

function peerTest(field: (typeof PEERS)[number], peer: unknown, pod: Pod): FlowTest | undefined {
  switch (field) {
    case 'toCIDR': {
      const range = typeof peer === 'string' ? parseRange(peer) : undefined
      return range === undefined ? undefined : (flow) => inRange(flow, range)
    }
    case 'toCIDRSet': {
      const block = blockOf(peer)
      return block === undefined ? undefined : (flow) => inRange(flow, block.range, block.except)
    }
    case 'toEntities':
      return typeof peer === 'string' ? entityTest(peer) : undefined
    case 'toFQDNs':
      return nameTest(fieldsOf(peer))
    case 'toServices':
      return serviceTest(fieldsOf(fieldsOf(peer)?.['k8sService']))
    case 'toEndpoints': {
      if (fieldsOf(peer) === undefined) return undefined
      const speaksOfNamespace = JSON.stringify(peer).includes('io.kubernetes.pod.namespace')
      return ({ pod: other }) => {
        if (other === undefined || (!speaksOfNamespace && other.namespace !== pod.namespace)) return false
        const labels = { ...other.labels, 'io.kubernetes.pod.namespace': other.namespace }
        return selects(peer, labels, ['k8s:', 'any:']) === true
      }
    }
  }
}

/** Which address is a node's or the API server's only the cluster knows; those entities are not followed. */
function entityTest(entity: string): FlowTest | undefined {
  if (entity === 'all') return () => true
  if (entity === 'world') return (flow) => flow.pod === undefined
  return entity === 'cluster' ? (flow) => flow.pod !== undefined : undefined
}

function nameTest(peer: Fields | undefined): FlowTest | undefined {
  const { matchName, matchPattern } = peer ?? {}
  if (typeof matchName !== 'string' && typeof matchPattern !== 'string') return undefined
  const isNamed = nameMatcher(typeof matchName === 'string' ? matchName.replaceAll('*', '') : String(matchPattern))
  return ({ names }) => names.some(isNamed)
}

/**
 * Whether a name, in small letters and without the dot at its end, is meant: `*` stands for any letters, digits, `-` and `_` of one
 * label, alone for any name.
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  if (pattern === '*') return () => true
  const plain = plainName(pattern)
  if (!plain.includes('*')) return (name) => name === plain
  const wanted = plain.split('.')
  return (name) => {
    const given = name.split('.')
    return wanted.length === given.length && wanted.every((label, at) => isLabelLike(label, given[at] ?? ''))
  }
}

/** In linear time: names and patterns are captured text. */
function isLabelLike(pattern: string, label: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return pattern === label
  // What a star takes is of a name's own characters; folded names keep their own stars, which take part as they are.
  if (!/^[-a-z0-9_*]*$/.test(label) || !label.startsWith(first) || !label.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = label.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= label.length - last.length
}

function serviceTest(service: Fields | undefined): FlowTest | undefined {
  const { serviceName, namespace } = service ?? {}
  if (typeof serviceName !== 'string' || typeof namespace !== 'string') return undefined
  return ({ names }) =>
    names.some((name) => {
      const known = clusterService(name)
      return known?.service === serviceName && known.namespace === namespace
    })
}

/** The service that a name of the cluster's own DNS stands for: `crm.sales.svc`, with or without `.cluster.local`. */
export function clusterService(name: string): { readonly service: string; readonly namespace: string } | undefined {
  const match = /^([-a-z0-9]+)\.([-a-z0-9]+)\.svc(?:\.[-a-z0-9.]+)?$/.exec(plainName(name))
  return match === null ? undefined : { service: match[1] ?? '', namespace: match[2] ?? '' }
}

export function namespaceOfService(name: string): Flow['pod'] {
  const service = clusterService(name)
  if (service === undefined) return undefined
  const { namespace } = service
  return { namespace, namespaceLabels: { [NAMESPACE_NAME]: namespace }, labels: {} }
}

/** As names are compared. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
