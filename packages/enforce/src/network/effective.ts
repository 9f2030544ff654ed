import type { EffectiveResult, PolicyArtifact } from '@holdfast/model'
import type { GeneratorFacts } from '../generator.ts'
import { NAMED_MOST } from '../limits.ts'
import { addressText } from './address.ts'
import { cellsOf } from './cells.ts'
import { clusterNetworkPolicies } from './cluster-policy.ts'
import type { Flow } from './flow.ts'
import type { NetworkPolicy } from './grammar.ts'
import type { Pod } from './kubernetes-rules.ts'
import { fieldsOf } from './selector.ts'
import { evaluateFlow, worldOf, type PolicyWorld } from './world.ts'

/** The policy that was made, under the name that it replaces an older one of. */
export type OwnPolicy = { readonly name: string; readonly kind: string; readonly document: unknown }

/**
 * What a policy does beside those in force (requirement ENF-15). Policies that let through add up: where a pod is isolated already,
 * one more takes nothing away, whatever it says.
 */
export function effectiveResult(
  own: OwnPolicy,
  { inForce, planesRead }: Pick<GeneratorFacts, 'inForce' | 'planesRead'>,
  pod: Pod,
): EffectiveResult {
  const others = inForce.filter(({ plane, document }) => plane === 'network' && !isOlder(document, own, pod))
  return effectBeside([own], { others, isRead: planesRead?.includes('network') === true }, pod)
}

/**
 * The same of a `network-policy` as ClusterNetworkPolicies, which policies of a namespace do not undo. `inForce` is all that stands in the
 * cluster; what it holds of an earlier list of the same agent goes.
 */
export function clusterEffect(
  artifact: PolicyArtifact,
  { inForce, firstPriority }: Pick<GeneratorFacts, 'inForce'> & { readonly firstPriority: number },
): EffectiveResult {
  const { metadata, spec } = artifact.document as NetworkPolicy // of the generator of this folder
  const owns = clusterNetworkPolicies(artifact, { firstPriority }).map((document) => ({
    name: document.metadata.name,
    kind: document.kind,
    document,
  }))
  const others = inForce.filter(({ plane, document }) => plane === 'network' && !isListOf(document, artifact.agent))
  return effectBeside(
    owns,
    { others, isRead: true },
    { namespace: metadata.namespace, labels: spec.podSelector.matchLabels },
  )
}

function effectBeside(
  owns: readonly OwnPolicy[],
  { others, isRead }: { readonly others: GeneratorFacts['inForce']; readonly isRead: boolean },
  pod: Pod,
): EffectiveResult {
  const against = others.map(({ name }) => name)
  if (others.length === 0 && !isRead)
    return {
      narrows: true,
      reason:
        'by itself it narrows what the pods may reach; policies in force were not read, so nothing is said of them',
      against,
    }
  const before = worldOf(others, pod)
  const after = worldOf([...others, ...owns], pod)
  const isOrdered = after.cluster.length > 0 || after.policies.some(({ denies }) => denies.length > 0)
  const { flows, isWhole } = cellsOf(
    [...owns, ...others].map(({ document }) => document),
    { isOrdered },
  )
  const stops: Flow[] = []
  const opens: Flow[] = []
  for (const flow of flows) {
    const [was, is] = [evaluateFlow(before, flow).allowed, evaluateFlow(after, flow).allowed]
    if (was && !is) stops.push(flow)
    if (!was && is) opens.push(flow)
  }
  const unread = [
    ...(before.unread.length === 0 ? [] : [`not understood, so without a claim: ${named(before.unread)}`]),
    ...(isWhole ? [] : ['there are more ranges than are held against each other: part of them was']),
  ]
  const opened = opens.length === 0 ? [] : [`it lets through what they refuse: ${named(opens.map(flowText))}`]
  const reason =
    stops.length > 0
      ? `refuses what ${others.length === 0 ? 'nothing else' : 'no other'} refuses`
      : whyNot(before, flows)
  return { narrows: stops.length > 0, reason: [reason, ...opened, ...unread].join('; '), against }
}

function whyNot(before: PolicyWorld, flows: readonly Flow[]): string {
  const open = before.policies.find((policy) =>
    flows.every((flow) => flow.names[0] !== 'unknown.invalid' || policy.allows.some(({ test }) => test(flow))),
  )
  if (open !== undefined)
    return `it narrows nothing: ${open.name} lets everything through, and policies add up. No enforcement is claimed`
  const isolating = before.policies.filter(({ isolates }) => isolates).map(({ name }) => name)
  if (isolating.length > 0)
    return `it narrows nothing: ${named(isolating)} already refuses all that no policy names, and policies add up`
  const accepting = before.cluster.find(
    ({ tier, rules }) => tier === 'admin' && rules.some((r) => r.action === 'accept'),
  )
  const denying = before.cluster.find(({ tier, rules }) => tier === 'admin' && rules.some((r) => r.action === 'deny'))
  if (accepting === undefined && denying !== undefined)
    return `it narrows nothing: ${denying.name} denies all that it would refuse before other policies are asked`
  return accepting === undefined
    ? 'it narrows nothing: it does not select the pods, or lets everything through'
    : `it narrows nothing: ${accepting.name} accepts it before other policies are asked`
}

/** An earlier version of the same policy goes when this one is applied. */
function isOlder(document: unknown, own: OwnPolicy, { namespace }: Pod): boolean {
  const { kind, metadata } = document as {
    readonly kind?: unknown
    readonly metadata?: Readonly<Record<string, unknown>>
  }
  return kind === own.kind && metadata?.['name'] === own.name && metadata['namespace'] === namespace
}

/** An object of ours that speaks of the same agent to the whole cluster. */
function isListOf(document: unknown, agent: string): boolean {
  const fields = fieldsOf(document)
  const annotations = fieldsOf(fieldsOf(fields?.['metadata'])?.['annotations'])
  return (
    fields?.['kind'] === 'ClusterNetworkPolicy' &&
    annotations?.['holdfast.dev/artifact'] !== undefined &&
    annotations['holdfast.dev/agent'] === agent
  )
}

function flowText({ addresses: [address], names, port, protocol }: Flow): string {
  return `${address === undefined ? (names[0] ?? '') : addressText(address)}:${port}/${protocol}`
}

function named(names: readonly string[]): string {
  const more = names.length - NAMED_MOST
  return `${names.slice(0, NAMED_MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
