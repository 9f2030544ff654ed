import { z } from 'zod'

import { CLUSTER_TIER_LAST, FIRST_CLUSTER_PRIORITY } from './limits.ts'
import type { KubeObject, LabelSelector } from './objects.ts'
import { selectorOf } from './objects.ts'
import { isObjectName } from './refs.ts'

/** Label that every namespace carries: its own name. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name'
const texts = z.record(z.string(), z.string())

/**
 * A generated ClusterNetworkPolicy. What it says of its subject is what keeps it to one workload: one namespace by its name, and pods by
 * at least one label. It passes on or denies, and never accepts in the name of the cluster.
 */
const documentSchema = z.looseObject({
  apiVersion: z.literal('policy.networking.k8s.io/v1alpha2'),
  kind: z.literal('ClusterNetworkPolicy'),
  metadata: z.looseObject({
    name: z.string().refine(isObjectName),
    namespace: z.undefined().optional(),
    labels: texts,
    annotations: texts,
  }),
  spec: z.strictObject({
    tier: z.literal('Admin'),
    priority: z.int(),
    subject: z.strictObject({
      pods: z.strictObject({
        namespaceSelector: z.strictObject({ matchLabels: z.strictObject({ [NAMESPACE_NAME]: z.string() }) }),
        podSelector: z.strictObject({ matchLabels: texts.refine((labels) => Object.keys(labels).length > 0) }),
      }),
    }),
    egress: z.array(z.looseObject({ action: z.enum(['Pass', 'Deny']) })).min(1),
  }),
})

export type ClusterDocument = z.output<typeof documentSchema>

/** The pods that a list of objects speaks of, all of them of the same ones. */
export type ClusterSubject = { readonly namespace: string; readonly labels: Readonly<Record<string, string>> }

export type ClusterList = { readonly documents: readonly ClusterDocument[]; readonly subject: ClusterSubject }

/** Undefined for what is no list of such objects, or speaks of more than one workload. */
export function clusterListOf(given: readonly unknown[]): ClusterList | undefined {
  const parsed = z.array(documentSchema).min(1).safeParse(given)
  if (!parsed.success) return undefined
  const subjects = parsed.data.map(({ spec }) => spec.subject.pods)
  const [first] = subjects
  if (first === undefined || new Set(subjects.map((one) => JSON.stringify(one))).size > 1) return undefined
  const namespace = first.namespaceSelector.matchLabels[NAMESPACE_NAME]
  if (namespace === undefined) return undefined
  return { documents: parsed.data, subject: { namespace, labels: first.podSelector.matchLabels } }
}

/** Another policy of the admin tier that may select the same pods. */
export type Neighbour = { readonly name: string; readonly priority: number; readonly isOurs: boolean }

/** Those of `others` that may select the same pods: what is not read is taken for one that does. */
export function neighboursOf(
  others: readonly KubeObject[],
  subject: ClusterSubject,
  isOurs: (object: KubeObject) => boolean,
): readonly Neighbour[] {
  return others
    .filter(({ spec = {} }) => spec['tier'] !== 'Baseline' && mayMeet(spec['subject'], subject))
    .map((object) => ({
      name: object.metadata.name,
      priority: typeof object.spec?.['priority'] === 'number' ? object.spec['priority'] : CLUSTER_TIER_LAST,
      isOurs: isOurs(object),
    }))
}

/**
 * Where in the tier a list of `count` objects goes: after every policy of others that may select the same pods, because what ours passes
 * on skips whatever comes later; and where no other of ours stands, because which of two with one priority is asked first is not
 * defined. `now` is where it stands already, and stays where it may. A sentence where there is no such place.
 */
export function placeInTier(
  count: number,
  { neighbours, now }: { readonly neighbours: readonly Neighbour[]; readonly now: number | undefined },
): number | string {
  const last = neighbours.filter(({ isOurs }) => !isOurs).toSorted((a, b) => b.priority - a.priority)[0]
  const from = Math.max(FIRST_CLUSTER_PRIORITY, (last?.priority ?? -1) + 1)
  const taken = new Set(neighbours.map(({ priority }) => priority))
  const isFree = (first: number) =>
    first >= from &&
    first + count - 1 <= CLUSTER_TIER_LAST &&
    Array.from({ length: count }, (_, at) => first + at).every((priority) => !taken.has(priority))
  if (now !== undefined && isFree(now)) return now
  for (let first = from; first + count - 1 <= CLUSTER_TIER_LAST; first += 1) if (isFree(first)) return first
  const after =
    last === undefined || last.priority < FIRST_CLUSTER_PRIORITY ? '' : ` after ${last.name} (${last.priority})`
  return `no ${count} priorities in a row are free${after} in the admin tier, and what comes before others would undo them`
}

/** False only where labels say that no pod can be selected by both. */
function mayMeet(theirs: unknown, { namespace, labels }: ClusterSubject): boolean {
  const parsed = subjectSchema.safeParse(theirs)
  if (!parsed.success) return true
  const { namespaces, pods } = parsed.data
  const ofNamespace = selectorOf(namespaces ?? pods?.namespaceSelector ?? {})
  const ofPods = selectorOf(pods?.podSelector ?? {})
  return !excludes(ofNamespace, { [NAMESPACE_NAME]: namespace }) && !excludes(ofPods, labels)
}

const subjectSchema = z.union([
  z.strictObject({ namespaces: z.unknown(), pods: z.undefined().optional() }),
  z.strictObject({
    pods: z.strictObject({ namespaceSelector: z.unknown().optional(), podSelector: z.unknown().optional() }),
    namespaces: z.undefined().optional(),
  }),
])

/** Of labels only some are known: what they do not name may be there or not. */
function excludes(selector: LabelSelector | undefined, known: Readonly<Record<string, string>>): boolean {
  if (selector === undefined) return false
  const valueOf = (key: string) => (Object.hasOwn(known, key) ? known[key] : undefined)
  const { matchLabels = {}, matchExpressions = [] } = selector
  return (
    Object.entries(matchLabels).some(([key, value]) => (valueOf(key) ?? value) !== value) ||
    matchExpressions.some(({ key, operator, values = [] }) => {
      const value = valueOf(key)
      if (value === undefined) return false
      return (
        operator === 'DoesNotExist' ||
        (operator === 'In' ? !values.includes(value) : operator === 'NotIn' && values.includes(value))
      )
    })
  )
}
