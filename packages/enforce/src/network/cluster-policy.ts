import { createHash } from 'node:crypto'
import type { PolicyArtifact } from '@holdfast/model'
import { PEERS_A_LIST, RULES_A_CLUSTER_POLICY } from '../limits.ts'
import type { LabelSelector, NetworkPolicy, NetworkPolicyEgress, NetworkPolicyPeer, PolicyMetadata } from './grammar.ts'
import { NAMESPACE_NAME } from './kubernetes-rules.ts'

/** ClusterNetworkPolicy `policy.networking.k8s.io/v1alpha2`, as far as policies here use it. */
export type ClusterNetworkPolicy = {
  readonly apiVersion: 'policy.networking.k8s.io/v1alpha2'
  readonly kind: 'ClusterNetworkPolicy'
  readonly metadata: Omit<PolicyMetadata, 'namespace'>
  readonly spec: {
    readonly tier: 'Admin'
    readonly priority: number
    readonly subject: { readonly pods: PodsPeer }
    readonly egress: readonly ClusterEgress[]
  }
}

type ClusterEgress = {
  /** The line of the NetworkPolicy that it says, by pointer: reasons and grounds stand there. */
  readonly name: string
  readonly action: 'Pass' | 'Deny'
  readonly to: readonly ({ readonly networks: readonly string[] } | { readonly pods: PodsPeer })[]
  readonly protocols?: readonly { readonly [Transport in 'tcp' | 'udp']?: Destination }[]
}

type PodsPeer = {
  readonly namespaceSelector: LabelSelector
  readonly podSelector: LabelSelector | { readonly matchLabels?: never }
}
type Destination = { readonly destinationPort: { readonly number: number } }

/**
 * The same list where tenants cannot add to it: what the NetworkPolicy names is passed on to whatever else stands in the namespace, and
 * the rest is denied before any of that is asked. What is passed on skips the later policies of the same tier, so nothing is let through
 * by it that another policy refuses only where it comes after all that select the same pods: `firstPriority` says where (0 to 1000; the
 * objects of a list follow one another). One object holds 25 rules, so a longer list is several. `artifact` is of the kind
 * `network-policy`.
 */
export function clusterNetworkPolicies(
  { document }: PolicyArtifact,
  { firstPriority = FIRST_PRIORITY }: { readonly firstPriority?: number } = {},
): readonly ClusterNetworkPolicy[] {
  const { metadata, spec } = document as NetworkPolicy // of the generator of this folder
  const rules = [...spec.egress.flatMap(passed), DENY_REST]
  const parts = Array.from({ length: Math.ceil(rules.length / RULES_A_CLUSTER_POLICY) }, (_, at) =>
    rules.slice(at * RULES_A_CLUSTER_POLICY, (at + 1) * RULES_A_CLUSTER_POLICY),
  )
  const { namespace, name, ...others } = metadata
  return parts.map((egress, at) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { ...others, name: clusterName(namespace, name, at) },
    spec: {
      tier: 'Admin',
      priority: firstPriority + at,
      subject: {
        pods: { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: namespace } }, podSelector: spec.podSelector },
      },
      egress,
    },
  }))
}

/** Late in its tier (0 to 1000): what administrators wrote by hand is asked first. */
const FIRST_PRIORITY = 900
/** Of an object's name (RFC 1123 subdomain). */
const NAME_CHARS = 253

/**
 * Names of the cluster are of all namespaces, and no two workloads may share one: a namespace holds no dot, and `name` neither holds one
 * nor is it a number.
 */
function clusterName(namespace: string, name: string, at: number): string {
  const whole = `${namespace}.${at === 0 ? '' : `${at + 1}.`}${name}`
  if (whole.length <= NAME_CHARS) return whole
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 16)
  return `${whole.slice(0, NAME_CHARS - digest.length - 1)}-${digest}`
}

const DENY_REST: ClusterEgress = {
  name: '/spec/policyTypes/0',
  action: 'Deny',
  // Networks hold pods of the cluster as well.
  to: [{ networks: ['0.0.0.0/0', '::/0'] }],
}

/** Lists of peers and of networks have 25 places each: a longer one is a rule of its own. */
function passed({ to, ports = [] }: NetworkPolicyEgress, at: number): readonly ClusterEgress[] {
  const networks = to.flatMap((peer) => ('ipBlock' in peer ? [peer.ipBlock.cidr] : []))
  const peers = [...inLists(networks).map((some) => ({ networks: some })), ...to.flatMap(podsOf)]
  const protocols = ports.map(({ protocol, port }) => ({
    [protocol === 'UDP' ? 'udp' : 'tcp']: { destinationPort: { number: port } },
  }))
  return inLists(peers).flatMap((some) =>
    (protocols.length === 0 ? [undefined] : inLists(protocols)).map((own): ClusterEgress => ({
      name: `/spec/egress/${at}`,
      action: 'Pass',
      to: some,
      ...(own === undefined ? {} : { protocols: own }),
    })),
  )
}

function podsOf(peer: NetworkPolicyPeer): readonly { readonly pods: PodsPeer }[] {
  if ('ipBlock' in peer) return []
  return [{ pods: { namespaceSelector: peer.namespaceSelector, podSelector: peer.podSelector ?? {} } }]
}

function inLists<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / PEERS_A_LIST) }, (_, at) =>
    all.slice(at * PEERS_A_LIST, (at + 1) * PEERS_A_LIST),
  )
}
