import { counted } from '@holdfast/model'
import { createHash } from 'node:crypto'
import type { GenerationRefusal, GeneratorFacts } from '../generator.ts'
import { LINES_MOST, NAMED_MOST } from '../limits.ts'
import type { Destination } from './destinations.ts'
import type { LabelSelector, PolicyMetadata } from './grammar.ts'
import type { Pod } from './kubernetes-rules.ts'
import { fieldsOf, type Fields } from './selector.ts'

/** Annotation that says by which names the addresses of a policy go: JSON of lists of names by address. */
const NAMES_ANNOTATION = 'holdfast.dev/names'

/** The pods of an agent, as policies select them. */
export type PolicyTarget = {
  readonly pod: Pod
  readonly selector: LabelSelector
  /** Set where the labels were not read but taken by custom. */
  readonly assumed?: string
}

/** Undefined for an agent that does not say in which namespace and of which workload its pods are. */
export function targetOf({ agent }: GeneratorFacts): PolicyTarget | undefined {
  const { namespace, workload, name, labels } = agent
  const called = workload ?? name
  if (namespace === undefined || namespace === '' || called === '') return undefined
  if (labels !== undefined && Object.keys(labels).length > 0)
    return { pod: { namespace, labels }, selector: { matchLabels: labels } }
  const custom = { 'app.kubernetes.io/name': called }
  return {
    pod: { namespace, labels: custom },
    selector: { matchLabels: custom },
    assumed: `the labels of its pods were not read: the selector takes app.kubernetes.io/name=${called}, which has to be held against them first`,
  }
}

export const NOT_IN_A_CLUSTER: GenerationRefusal = {
  status: 'refused',
  code: 'not-in-layer',
  reason: 'a policy of a cluster selects pods, and this agent tells of no namespace',
  missing: ['the namespace and the workload of its pods'],
}

export function tooLarge(lines: number): GenerationRefusal {
  return {
    status: 'refused',
    code: 'too-large',
    reason: `its destinations make ${counted(lines, 'line')}, and more than ${LINES_MOST} can be reviewed by nobody`,
    missing: [],
  }
}

/** The same name for every version, so that a new one takes the place of the old. */
export function metadataOf(
  facts: GeneratorFacts,
  { pod }: PolicyTarget,
  addresses: ReadonlySet<string>,
): PolicyMetadata {
  const { agent, profile } = facts
  const names = [...addresses].toSorted().flatMap((address) => {
    const own = facts.names.get(address)
    return own === undefined ? [] : [[address, own.toSorted()] as const]
  })
  return {
    name: objectName(agent.workload ?? agent.name),
    namespace: pod.namespace,
    labels: { 'app.kubernetes.io/managed-by': 'holdfast' },
    annotations: {
      'holdfast.dev/agent': agent.id,
      'holdfast.dev/profile': profile.digest,
      'holdfast.dev/log-size': String(profile.size),
      ...(names.length === 0 ? {} : { [NAMES_ANNOTATION]: JSON.stringify(Object.fromEntries(names)) }),
    },
  }
}

/** Addresses by name, as the annotation of a document of ours has them. */
export function annotatedNames(document: Fields): ReadonlyMap<string, readonly string[]> {
  const annotations = fieldsOf(fieldsOf(document['metadata'])?.['annotations'])
  const text = annotations?.[NAMES_ANNOTATION]
  const byAddress = typeof text === 'string' ? (JSON.parse(text) as Readonly<Record<string, readonly string[]>>) : {}
  const byName = new Map<string, string[]>()
  for (const [address, names] of Object.entries(byAddress))
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), address])
  return byName
}

/** A name that an object may have (RFC 1123); two names that only differ in what it may not hold stay two. */
export function objectName(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 200)
    .replaceAll(/^-+|-+$/g, '')
  const isSame = plain === text && plain !== ''
  return `holdfast-${isSame ? plain : `${plain === '' ? 'agent' : plain}-${digest8(text)}`}`
}

function digest8(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

/** What no policy for the network sees, first what it lets through (requirement ENF-14). */
export function networkBlindSpots(destinations: readonly Destination[]): readonly string[] {
  const keys = destinations.map(({ key }) => key)
  const more = keys.length - NAMED_MOST
  const named = `${keys.slice(0, NAMED_MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return [
    ...(keys.length === 0
      ? []
      : [`an allowed destination can carry wrong data: what is sent to ${named}, and how much, is not looked at`]),
    'names are resolved without a limit, so a name server can carry data out in questions',
    'connections that stand when the policy comes into force may stay open, as the network plug-in has it',
    'pods on the network of their node, and traffic of the node itself, are not selected by any such policy',
  ]
}

/** What is said of a destination's line. */
export function seenText({ whole }: Destination): string {
  const { count, daysSeen, last } = whole
  return `seen ${counted(count, 'time')} on ${counted(daysSeen, 'day')}, last on ${last.slice(0, 10)}; it can carry wrong data, which this layer does not see`
}
