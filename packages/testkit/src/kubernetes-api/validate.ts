import { BlockList, isIP } from 'node:net'

import { clusterPolicyFaults } from './cluster-policies.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject, objectAt, textAt, told } from './json.ts'
import type { Resource } from './resources.ts'

type Shape = { readonly [field: string]: Shape | 'any' | readonly [Shape] }

const METADATA: Shape = Object.fromEntries(
  'name generateName namespace labels annotations uid resourceVersion generation ownerReferences finalizers managedFields creationTimestamp deletionTimestamp deletionGracePeriodSeconds'
    .split(' ')
    .map((field) => [field, 'any' as const]),
)
const anyOf = (fields: string): Shape => Object.fromEntries(fields.split(' ').map((field) => [field, 'any' as const]))
const SELECTOR: Shape = { matchLabels: 'any', matchExpressions: [anyOf('key operator values')] }
const PEER: Shape = { podSelector: SELECTOR, namespaceSelector: SELECTOR, ipBlock: anyOf('cidr except') }
const PORT = anyOf('port endPort protocol')
const PODS: Shape = { namespaceSelector: SELECTOR, podSelector: SELECTOR }
const TRANSPORT: Shape = { destinationPort: { number: 'any', range: anyOf('start end') } }
const PROTOCOL: Shape = { tcp: TRANSPORT, udp: TRANSPORT, sctp: TRANSPORT, destinationNamedPort: 'any' }
/** Of a rule of a ClusterNetworkPolicy; only one that speaks of what goes out knows networks. */
const CLUSTER_RULE = { ...anyOf('name action'), protocols: [PROTOCOL] } as const
const CLUSTER_PEER: Shape = { namespaces: SELECTOR, pods: PODS }

/** Fields of the specs, as the API of Kubernetes 1.33 documents them; what lies below a template is not looked at. */
const SPECS: Readonly<Record<Resource, Shape>> = {
  deployments: {
    ...anyOf('replicas template strategy minReadySeconds revisionHistoryLimit paused progressDeadlineSeconds'),
    selector: SELECTOR,
  },
  statefulsets: {
    ...anyOf(
      'replicas template serviceName podManagementPolicy updateStrategy revisionHistoryLimit volumeClaimTemplates minReadySeconds persistentVolumeClaimRetentionPolicy ordinals',
    ),
    selector: SELECTOR,
  },
  daemonsets: { ...anyOf('template updateStrategy minReadySeconds revisionHistoryLimit'), selector: SELECTOR },
  replicasets: { ...anyOf('replicas template minReadySeconds'), selector: SELECTOR },
  jobs: {
    ...anyOf(
      'parallelism completions completionMode backoffLimit backoffLimitPerIndex maxFailedIndexes activeDeadlineSeconds ttlSecondsAfterFinished suspend manualSelector podFailurePolicy podReplacementPolicy successPolicy managedBy template',
    ),
    selector: SELECTOR,
  },
  cronjobs: anyOf(
    'schedule timeZone startingDeadlineSeconds concurrencyPolicy suspend jobTemplate successfulJobsHistoryLimit failedJobsHistoryLimit',
  ),
  pods: anyOf(
    'containers initContainers nodeName serviceAccountName restartPolicy volumes terminationGracePeriodSeconds',
  ),
  namespaces: {},
  configmaps: {},
  services: anyOf(
    'type clusterIP clusterIPs ports selector sessionAffinity ipFamilies ipFamilyPolicy externalIPs externalName publishNotReadyAddresses internalTrafficPolicy externalTrafficPolicy',
  ),
  nodes: anyOf('podCIDR podCIDRs providerID unschedulable taints configSource'),
  networkpolicies: {
    podSelector: SELECTOR,
    policyTypes: 'any',
    ingress: [{ from: [PEER], ports: [PORT] }],
    egress: [{ to: [PEER], ports: [PORT] }],
  },
  clusternetworkpolicies: {
    ...anyOf('tier priority'),
    subject: CLUSTER_PEER,
    ingress: [{ ...CLUSTER_RULE, from: [CLUSTER_PEER] }],
    egress: [{ ...CLUSTER_RULE, to: [{ ...CLUSTER_PEER, networks: 'any' }] }],
  },
}

/** Fields that the API does not know, as strict validation names them. */
export function unknownFields(resource: Resource, object: JsonObject): readonly string[] {
  const shape: Shape = { apiVersion: 'any', kind: 'any', metadata: METADATA, spec: SPECS[resource], status: 'any' }
  return unknownIn(object, shape, '')
}

function unknownIn(value: Json | undefined, shape: Shape, prefix: string): readonly string[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`
    const known = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (known === undefined) return [path]
    if (known === 'any') return []
    if (!Array.isArray(known)) return unknownIn(inner, known as Shape, path) // neither 'any' nor a list
    const [item] = known as readonly [Shape] // the list that it is
    return Array.isArray(inner) ? inner.flatMap((one: Json, at) => unknownIn(one, item, `${path}[${at}]`)) : []
  })
}

/** What is wrong with an object as it would stand, in the words of the API server; empty where it is valid. */
export function invalidities(resource: Resource, object: JsonObject): readonly string[] {
  const spec = objectAt(object, 'spec')
  const metadata = objectAt(object, 'metadata')
  return [
    ...labelFaults('metadata.labels', objectAt(metadata, 'labels')),
    ...Object.keys(objectAt(metadata, 'annotations')).flatMap((key) =>
      isQualifiedName(key) ? [] : [`metadata.annotations: Invalid value: "${key}"`],
    ),
    ...(isDnsName(textAt(metadata, 'name') ?? '')
      ? []
      : [`metadata.name: Invalid value: "${textAt(metadata, 'name')}"`]),
    ...(resource === 'networkpolicies' ? policyFaults(spec) : []),
    ...(resource === 'clusternetworkpolicies' ? clusterPolicyFaults(spec, isRange) : []),
    ...(resource === 'deployments' || resource === 'statefulsets' ? workloadFaults(spec) : []),
    ...(resource === 'jobs' || resource === 'cronjobs' ? batchFaults(resource, spec) : []),
    ...(resource === 'nodes' && !['boolean', 'undefined'].includes(typeof spec['unschedulable'])
      ? ['spec.unschedulable: must be a boolean']
      : []),
  ]
}

function workloadFaults(spec: JsonObject): readonly string[] {
  const { replicas = 1, paused = false } = spec
  return [
    ...(isObject(spec['selector']) ? [] : ['spec.selector: Required value']),
    ...(isObject(spec['template']) ? [] : ['spec.template: Required value']),
    ...(Number.isInteger(replicas) && Number(replicas) >= 0
      ? []
      : ['spec.replicas: must be greater than or equal to 0']),
    ...(typeof paused === 'boolean' ? [] : ['spec.paused: must be a boolean']),
  ]
}

function batchFaults(resource: 'jobs' | 'cronjobs', spec: JsonObject): readonly string[] {
  const template = resource === 'jobs' ? 'template' : 'jobTemplate'
  return [
    ...(isObject(spec[template]) ? [] : [`spec.${template}: Required value`]),
    ...(resource === 'jobs' || typeof spec['schedule'] === 'string' ? [] : ['spec.schedule: Required value']),
    ...(['boolean', 'undefined'].includes(typeof spec['suspend']) ? [] : ['spec.suspend: must be a boolean']),
  ]
}

function policyFaults(spec: JsonObject): readonly string[] {
  const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []) // seen to be one
  const types = list(spec['policyTypes'])
  const rules = [...list(spec['ingress']), ...list(spec['egress'])]
  const peers = rules.flatMap((rule) => [...list(objectAt(rule)['from']), ...list(objectAt(rule)['to'])])
  const ports = rules.flatMap((rule) => list(objectAt(rule)['ports']))
  return [
    ...(isObject(spec['podSelector']) ? [] : ['spec.podSelector: Required value']),
    ...types.flatMap((type) =>
      type === 'Ingress' || type === 'Egress' ? [] : [`spec.policyTypes: Unsupported value: "${told(type)}"`],
    ),
    ...labelFaults('spec.podSelector.matchLabels', objectAt(spec, 'podSelector', 'matchLabels')),
    ...peers.flatMap((peer) => peerFaults(objectAt(peer))),
    ...ports.flatMap((port) => {
      const { protocol = 'TCP', port: number } = objectAt(port)
      const isPort =
        typeof number === 'string' ||
        number === undefined ||
        (Number.isInteger(number) && Number(number) >= 1 && Number(number) <= 65_535)
      return isPort && ['TCP', 'UDP', 'SCTP'].includes(told(protocol)) ? [] : ['spec.ports: Invalid value']
    }),
  ]
}

function peerFaults(peer: JsonObject): readonly string[] {
  const kinds = ['podSelector', 'namespaceSelector', 'ipBlock'].filter((key) => peer[key] !== undefined)
  if (kinds.length === 0) return ['must specify a peer']
  if (kinds.includes('ipBlock') && kinds.length > 1) return ['may not specify both ipBlock and another peer']
  if (!kinds.includes('ipBlock')) return []
  const cidr = textAt(peer, 'ipBlock', 'cidr') ?? ''
  const except = objectAt(peer, 'ipBlock')['except']
  const outside = Array.isArray(except) ? except.filter((one: Json) => !isWithin(told(one), cidr)) : []
  return [
    ...(isRange(cidr) ? [] : [`ipBlock.cidr: Invalid value: "${cidr}"`]),
    ...outside.map((one: Json) => `ipBlock.except: Invalid value: "${told(one)}": must be a strict subset of cidr`),
  ]
}

function isWithin(inner: string, outer: string): boolean {
  const [address = '', bits = ''] = inner.split('/')
  const [base = '', length = ''] = outer.split('/')
  if (!isRange(inner) || !isRange(outer) || isIP(address) !== isIP(base) || Number(bits) <= Number(length)) return false
  const family = isIP(base) === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(base, Number(length), family)
  return list.check(address, family)
}

function isRange(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/')
  const family = isIP(address)
  return (
    family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(length ?? '') && Number(length) <= (family === 4 ? 32 : 128)
  )
}

function labelFaults(path: string, labels: JsonObject): readonly string[] {
  return Object.entries(labels).flatMap(([key, value]) =>
    isQualifiedName(key) &&
    typeof value === 'string' &&
    /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value)
      ? []
      : [`${path}: Invalid value: "${key}=${told(value)}"`],
  )
}

function isQualifiedName(key: string): boolean {
  const [prefix, name = prefix, ...rest] = key.split('/')
  if (rest.length > 0) return false
  return (
    (key.includes('/') ? isDnsName(prefix ?? '') : true) &&
    /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(name ?? '')
  )
}

function isDnsName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text)
}
