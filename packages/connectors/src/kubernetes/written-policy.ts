import { createHash } from 'node:crypto'

import { canonicalJson } from '@holdfast/model'

import type { KubernetesApi } from './api.ts'
import { okOf } from './api.ts'
import type { KubeObject } from './objects.ts'
import { managersOf } from './objects.ts'

/** What became of a policy in a cluster. */
export type PolicyOutcome =
  | {
      readonly status: 'done'
      readonly detail: string
      /** What stood there, as JSON of all that we write; none for nothing. */
      readonly before?: string
      /** SHA-256 of what is written over what: a write that names the plan of its rehearsal is refused where it would be another. */
      readonly plan?: string
      /** Of policies of the whole cluster: the place of the first one in its tier. */
      readonly priority?: number
    }
  | { readonly status: 'refused'; readonly reason: string }

/** What is put into a cluster, and whether it is kept. */
export type PolicyWrite = {
  readonly artifact: string
  readonly isRehearsal: boolean
  /** Of the rehearsal that was agreed to; what stands there by now may make it another. */
  readonly plan?: string | undefined
}

/** What is given back to a cluster: what `apply` said was there before, or nothing. */
export type PolicyReturn = {
  readonly before: string | undefined
  readonly artifact: string
  readonly isRehearsal: boolean
}

/** Who writes the fields of policies: another writer than that of holds, which come and go on their own. */
export const MANAGER = 'holdfast-policy'
/** Annotation with the id of the artifact that an object was made of. */
export const ARTIFACT = 'holdfast.dev/artifact'

/** Why a write is none. */
export const CHANGED = 'what stands in the cluster is not what the rehearsal saw: rehearse it again'

export function planOf(bodies: readonly object[], before: string | undefined): string {
  return createHash('sha256')
    .update(canonicalJson([bodies, before ?? null]))
    .digest('hex')
}

export function withArtifact<M extends { readonly annotations?: Readonly<Record<string, string>> | undefined }>(
  metadata: M,
  artifact: string,
) {
  return { ...metadata, annotations: { ...metadata.annotations, [ARTIFACT]: artifact } }
}

/** Whether this writer made it: who else writes the annotation does not write in its name. */
export function isOurs(object: KubeObject): boolean {
  return (
    object.metadata.annotations?.[ARTIFACT] !== undefined &&
    ['podSelector', 'endpointSelector', 'subject'].some((field) => managersOf(object, field).includes(MANAGER))
  )
}

/** All that we write of an object, in the order in which it was served, without what the API server adds. */
export function ownState({ metadata, spec = {} }: KubeObject): string {
  const { name, namespace, labels = {}, annotations = {} } = metadata
  return JSON.stringify({ metadata: { name, namespace, labels, annotations }, spec })
}

/** Server-side apply, without force. Why it was not written, in the words of the API server; undefined where it was. */
export async function writePolicy(
  api: KubernetesApi,
  path: string,
  { body, isRehearsal }: { readonly body: object; readonly isRehearsal: boolean },
): Promise<string | undefined> {
  // A field that the cluster does not know would be left out, and the rest would say something else.
  const query = { fieldManager: MANAGER, fieldValidation: 'Strict', ...(isRehearsal ? { dryRun: 'All' } : {}) }
  const answer = await api.ask({ method: 'PATCH', patch: 'apply', path, query, body })
  switch (answer.status) {
    case 'ok':
      return undefined
    case 'absent':
      return 'its namespace or its kind is not there'
    case 'conflict':
    case 'refused':
      return answer.message
  }
}

/** False where another object stands under its name by now; one that is gone is removed. */
export async function removePolicy(api: KubernetesApi, path: string, { metadata }: KubeObject): Promise<boolean> {
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: metadata.uid } }
  const answer = await api.ask({ method: 'DELETE', path, body })
  if (answer.status === 'conflict') return false
  if (answer.status !== 'absent') okOf(answer, `DELETE ${path}`)
  return true
}

/** In what an object is not as it was written: what others added to its labels and annotations is theirs. */
export function differencesOf(
  body: { readonly metadata: object; readonly spec: object },
  standing: KubeObject | undefined,
  text: string,
): readonly string[] {
  if (standing === undefined) return [`${text} is gone`]
  const { metadata, spec } = body as Written // as each of ours is
  const { labels = {}, annotations = {} } = standing.metadata
  const isLost = (own: Texts = {}, all: Texts) => Object.entries(own).some(([key, value]) => all[key] !== value)
  const fields = new Set([...Object.keys(spec), ...Object.keys(standing.spec ?? {})])
  const changed = [...fields].filter(
    (field) => canonicalJson(spec[field] ?? null) !== canonicalJson(standing.spec?.[field] ?? null),
  )
  return [
    ...(isLost(metadata.labels, labels) ? [`${text}: its labels were changed`] : []),
    ...(isLost(metadata.annotations, annotations) ? [`${text}: its annotations were changed`] : []),
    ...changed.map((field) => `${text}: ${safe(field) ?? 'a field'} of its spec was changed${byWhom(standing, field)}`),
  ]
}

type Texts = Readonly<Record<string, string>>
type Written = {
  readonly metadata: { readonly labels?: Texts; readonly annotations?: Texts }
  readonly spec: Readonly<Record<string, unknown>>
}

function byWhom(object: KubeObject, field: string): string {
  const others = managersOf(object, field).flatMap((manager) => (manager === MANAGER ? [] : (safe(manager) ?? [])))
  return others.length === 0 ? '' : ` by ${[...new Set(others)].join(', ')}`
}

/** Names of fields and of their writers are for anybody to choose. */
function safe(text: string): string | undefined {
  return /^[\w.:/-]{1,128}$/.test(text) ? text : undefined
}
