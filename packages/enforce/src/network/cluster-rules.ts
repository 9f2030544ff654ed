import { nameMatcher } from './cilium-rules.ts'
import type { Flow } from './flow.ts'
import { NAMESPACE_NAME, type Pod } from './kubernetes-rules.ts'
import { blockOf, inRange, type FlowTest } from './rules.ts'
import { fieldsOf, listOf, selects, type Fields } from './selector.ts'

/** A ClusterNetworkPolicy (`policy.networking.k8s.io`) as it speaks of what leaves the pod: the first rule that fits decides. */
export type ClusterPolicy = {
  readonly name: string
  /** `admin` decides before NetworkPolicies are asked, `baseline` where none of them selects the pod. */
  readonly tier: 'admin' | 'baseline'
  /** Smaller ones are asked first. */
  readonly priority: number
  readonly rules: readonly { readonly action: 'accept' | 'deny' | 'pass'; readonly test: FlowTest }[]
  readonly unread: readonly string[]
}

/** Undefined where the policy does not select the pod. Untrusted. */
export function compileClusterPolicy(document: Fields, pod: Pod): ClusterPolicy | undefined {
  const metadata = fieldsOf(document['metadata']) ?? {}
  const spec = fieldsOf(document['spec']) ?? {}
  const subject = fieldsOf(spec['subject'])
  const isSelected = subject === undefined ? undefined : peerSelects(subject, pod)
  if (isSelected === false) return undefined
  const unread: string[] = isSelected === undefined ? ['/spec/subject'] : []
  const rules = (listOf(spec['egress'] ?? []) ?? []).flatMap((rule, at) => {
    const read = ruleOf(fieldsOf(rule))
    if (read === undefined) unread.push(`/spec/egress/${at}`)
    return read ?? []
  })
  return {
    name: typeof metadata['name'] === 'string' ? metadata['name'] : 'a policy without a name',
    tier: String(spec['tier']).toLowerCase() === 'baseline' ? 'baseline' : 'admin',
    priority: typeof spec['priority'] === 'number' ? spec['priority'] : 0,
    rules,
    unread,
  }
}

function ruleOf(rule: Fields | undefined): ClusterPolicy['rules'][number] | undefined {
  const action = ACTIONS.get(String(rule?.['action']).toLowerCase())
  const peers = listOf(rule?.['to'])?.map((peer) => peerTest(fieldsOf(peer)))
  const protocols = listOf(rule?.['protocols'] ?? [])?.map((one) => protocolTest(fieldsOf(one)))
  const known = peers?.filter((test) => test !== undefined)
  const ports = protocols?.filter((test) => test !== undefined)
  if (action === undefined || known === undefined || ports === undefined) return undefined
  if (known.length !== peers?.length || ports.length !== protocols?.length) return undefined
  return {
    action,
    test: (flow) => known.some((test) => test(flow)) && (ports.length === 0 || ports.some((test) => test(flow))),
  }
}

const ACTIONS: ReadonlyMap<string, 'accept' | 'deny' | 'pass'> = new Map([
  ['accept', 'accept'],
  ['deny', 'deny'],
  ['pass', 'pass'],
])

function peerTest(peer: Fields | undefined): FlowTest | undefined {
  if (peer === undefined) return undefined
  if (peer['networks'] !== undefined) {
    const blocks = listOf(peer['networks'])?.map((cidr) => blockOf({ cidr }))
    if (blocks === undefined || blocks.includes(undefined)) return undefined
    return (flow) => blocks.some((block) => block !== undefined && inRange(flow, block.range))
  }
  if (peer['domainNames'] !== undefined) {
    const names = listOf(peer['domainNames'])?.filter((name) => typeof name === 'string')
    const matchers = names?.map(nameMatcher)
    return matchers === undefined ? undefined : (flow) => flow.names.some((name) => matchers.some((is) => is(name)))
  }
  if (peer['namespaces'] === undefined && peer['pods'] === undefined) return undefined
  return ({ pod }) => pod !== undefined && peerSelects(peer, pod) === true
}

function peerSelects(peer: Fields, pod: Pod | NonNullable<Flow['pod']>): boolean | undefined {
  const namespaceLabels = { [NAMESPACE_NAME]: pod.namespace, ...pod.namespaceLabels }
  if (peer['namespaces'] !== undefined) return selects(peer['namespaces'], namespaceLabels)
  const pods = fieldsOf(peer['pods'])
  if (pods === undefined) return undefined
  const results = [
    selects(pods['namespaceSelector'] ?? {}, namespaceLabels),
    selects(pods['podSelector'] ?? {}, pod.labels),
  ]
  return results.includes(false) ? false : results.includes(undefined) ? undefined : true
}

/** `{tcp: {destinationPort: {number: 443}}}`, or a span of ports. */
function protocolTest(fields: Fields | undefined): FlowTest | undefined {
  for (const protocol of ['tcp', 'udp'] as const) {
    const own = fieldsOf(fields?.[protocol])
    if (own === undefined) continue
    const port = fieldsOf(own['destinationPort'])
    if (port === undefined) return (flow) => flow.protocol === protocol
    const span = fieldsOf(port['range'])
    const [first, last] = [Number(port['number'] ?? span?.['start']), Number(port['number'] ?? span?.['end'])]
    if (!Number.isInteger(first) || !Number.isInteger(last)) return undefined
    return (flow) => flow.protocol === protocol && first <= flow.port && flow.port <= last
  }
  return undefined
}
