import type { Json, JsonObject } from './json.ts'
import { isObject, objectAt, told } from './json.ts'

/** Of each list of a spec: rules, peers, networks, protocols. */
const LIST_MOST = 25

/** What is wrong with a ClusterNetworkPolicy, as its definition (v1alpha2 of network-policy-api 0.2.0) has it; empty where it is valid. */
export function clusterPolicyFaults(spec: JsonObject, isRange: (text: string) => boolean): readonly string[] {
  const { tier, priority } = spec
  const rules = (field: 'ingress' | 'egress') => spec[field] ?? []
  return [
    ...(tier === 'Admin' || tier === 'Baseline' ? [] : [`spec.tier: Unsupported value: "${told(tier)}"`]),
    ...(Number.isInteger(priority) && Number(priority) >= 0 && Number(priority) <= 1_000
      ? []
      : ['spec.priority: Invalid value: should be in 0 to 1000']),
    ...peerFaults('spec.subject', spec['subject'], { kinds: ['namespaces', 'pods'], isRange }),
    ...(['ingress', 'egress'] as const).flatMap((field) =>
      listFaults(`spec.${field}`, rules(field), 0, (rule, path) => ruleFaults(path, rule, { field, isRange })),
    ),
  ]
}

function ruleFaults(
  path: string,
  rule: Json,
  { field, isRange }: { readonly field: 'ingress' | 'egress'; readonly isRange: (text: string) => boolean },
): readonly string[] {
  const { name = '', action, protocols } = objectAt(rule)
  const direction = field === 'ingress' ? 'from' : 'to'
  const kinds = ['namespaces', 'pods', ...(field === 'egress' ? ['networks'] : [])]
  return [
    ...(typeof name === 'string' && name.length <= 100
      ? []
      : [`${path}.name: Too long: may not be more than 100 bytes`]),
    ...(['Accept', 'Deny', 'Pass'].includes(told(action))
      ? []
      : [`${path}.action: Unsupported value: "${told(action)}"`]),
    ...listFaults(`${path}.${direction}`, objectAt(rule)[direction], 1, (peer, at) =>
      peerFaults(at, peer, { kinds, isRange }),
    ),
    ...(protocols === undefined ? [] : listFaults(`${path}.protocols`, protocols, 1, protocolFaults)),
  ]
}

function peerFaults(
  path: string,
  peer: Json | undefined,
  { kinds, isRange }: { readonly kinds: readonly string[]; readonly isRange: (text: string) => boolean },
): readonly string[] {
  const [kind, ...more] = Object.keys(objectAt(peer))
  if (kind === undefined || more.length > 0 || !kinds.includes(kind))
    return [`${path}: Invalid value: must have exactly one of ${kinds.join(', ')}`]
  const value = objectAt(peer)[kind]
  if (kind === 'networks')
    return listFaults(`${path}.networks`, value, 1, (cidr, at) =>
      isRange(told(cidr)) ? [] : [`${at}: Invalid value: "${told(cidr)}": Invalid CIDR format provided`],
    )
  return kind === 'pods' && !isObject(objectAt(value)['podSelector'])
    ? [`${path}.pods.podSelector: Required value`]
    : []
}

function protocolFaults(protocol: Json, path: string): readonly string[] {
  const [kind, ...more] = Object.keys(objectAt(protocol))
  if (kind === undefined || more.length > 0) return [`${path}: Invalid value: must have exactly one field`]
  if (kind === 'destinationNamedPort') return []
  const { number, range } = objectAt(protocol, kind, 'destinationPort')
  const isPort = (port: Json | undefined) => Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535
  const isValid =
    range === undefined ? isPort(number) : isPort(objectAt(range)['start']) && isPort(objectAt(range)['end'])
  return isValid && (number === undefined) !== (range === undefined)
    ? []
    : [`${path}.${kind}.destinationPort: Invalid value`]
}

function listFaults(
  path: string,
  value: Json | undefined,
  least: number,
  faultsOf: (item: Json, path: string) => readonly string[],
): readonly string[] {
  if (!Array.isArray(value)) return [`${path}: Required value`]
  const items = value as readonly Json[] // seen to be one
  if (items.length < least) return [`${path}: Invalid value: should have at least ${least} items`]
  if (items.length > LIST_MOST) return [`${path}: Too many: ${items.length}: must have at most ${LIST_MOST} items`]
  return items.flatMap((item, at) => faultsOf(item, `${path}[${at}]`))
}
