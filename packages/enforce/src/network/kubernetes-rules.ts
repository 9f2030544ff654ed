import type { Flow } from './flow.ts'
import { blockOf, inRange, portsTest, type CompiledPolicy, type FlowTest } from './rules.ts'
import { fieldsOf, listOf, selects, type Fields } from './selector.ts'

/** The pod that policies are asked about. */
export type Pod = {
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  /** Those of its namespace; its name is one of them (`kubernetes.io/metadata.name`). */
  readonly namespaceLabels?: Readonly<Record<string, string>>
}

/** Label that Kubernetes puts on every namespace. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name'

/**
 * A NetworkPolicy (`networking.k8s.io/v1`) as it speaks of what leaves the pod; undefined where it does not select it. One whose
 * selector cannot be read is taken to select. Untrusted.
 */
export function compileNetworkPolicy(document: Fields, pod: Pod): CompiledPolicy | undefined {
  const metadata = fieldsOf(document['metadata']) ?? {}
  const spec = fieldsOf(document['spec']) ?? {}
  const namespace = metadata['namespace']
  if (typeof namespace === 'string' && namespace !== pod.namespace) return undefined
  const isSelected = selects(spec['podSelector'] ?? {}, pod.labels)
  if (isSelected === false) return undefined
  const types = listOf(spec['policyTypes'])
  const speaksOfEgress = types === undefined ? spec['egress'] !== undefined : types.includes('Egress')
  if (!speaksOfEgress) return undefined
  const unread: string[] = isSelected === undefined ? ['/spec/podSelector'] : []
  const rules = listOf(spec['egress'] ?? []) ?? []
  const allows = rules.flatMap((rule, at) => ruleTests(rule, { pod, at: `/spec/egress/${at}`, unread }))
  const name = typeof metadata['name'] === 'string' ? metadata['name'] : 'a policy without a name'
  return { name, isolates: true, allows, denies: [], unread }
}

function ruleTests(
  rule: unknown,
  { pod, at, unread }: { readonly pod: Pod; readonly at: string; readonly unread: string[] },
): CompiledPolicy['allows'] {
  const fields = fieldsOf(rule)
  const peers = listOf(fields?.['to'] ?? [])
  const entries = listOf(fields?.['ports'] ?? [])
  const port = entries === undefined ? undefined : entries.length === 0 ? () => true : portsTest(entries, 'TCP')
  if (fields === undefined || peers === undefined || port === undefined) {
    unread.push(at)
    return []
  }
  // No peer is every peer.
  if (peers.length === 0) return [{ pointer: at, test: port }]
  return peers.flatMap((peer, i) => {
    const pointer = `${at}/to/${i}`
    const test = peerTest(fieldsOf(peer), pod)
    if (test === undefined) {
      unread.push(pointer)
      return []
    }
    return [{ pointer, test: (flow: Flow) => port(flow) && test(flow) }]
  })
}

function peerTest(peer: Fields | undefined, pod: Pod): FlowTest | undefined {
  if (peer === undefined) return undefined
  if (peer['ipBlock'] !== undefined) {
    const block = blockOf(peer['ipBlock'])
    return block === undefined ? undefined : (flow) => inRange(flow, block.range, block.except)
  }
  const { namespaceSelector, podSelector } = peer
  if (namespaceSelector === undefined && podSelector === undefined) return undefined
  return ({ pod: other }) => {
    if (other === undefined) return false
    const isInNamespace =
      namespaceSelector === undefined
        ? other.namespace === pod.namespace
        : selects(namespaceSelector, other.namespaceLabels) === true
    return isInNamespace && (podSelector === undefined || selects(podSelector, other.labels) === true)
  }
}
