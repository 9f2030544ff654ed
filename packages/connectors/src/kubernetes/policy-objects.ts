import { z } from 'zod'

import type { KubernetesApi } from './api.ts'
import { okOf } from './api.ts'
import type { KubeObject } from './objects.ts'
import { managersOf } from './objects.ts'
import { isObjectName } from './refs.ts'

/** A generated policy, as far as it says where it goes. */
const documentSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.record(z.string(), z.unknown()),
})

/** What became of a policy in a cluster. `before` is what stood there, as JSON of all that we write; none for nothing. */
export type PolicyOutcome =
  | { readonly status: 'done'; readonly detail: string; readonly before?: string }
  | { readonly status: 'refused'; readonly reason: string }

const RESOURCES: ReadonlyMap<string, string> = new Map([
  ['networking.k8s.io/v1 NetworkPolicy', 'networkpolicies'],
  ['cilium.io/v2 CiliumNetworkPolicy', 'ciliumnetworkpolicies'],
])

/** Who writes the fields of policies: another writer than that of holds, which come and go on their own. */
const MANAGER = 'holdfast-policy'
const ARTIFACT = 'holdfast.dev/artifact'

/**
 * Puts generated policies into a cluster by server-side apply, and takes them back to the byte. Only objects that this writer made
 * are touched; fields of others are never forced. With `isRehearsal` the API server checks all and keeps nothing.
 */
export class PolicyObjects {
  readonly #api: KubernetesApi

  constructor(api: KubernetesApi) {
    this.#api = api
  }

  async apply(
    document: unknown,
    { artifact, isRehearsal }: { readonly artifact: string; readonly isRehearsal: boolean },
  ): Promise<PolicyOutcome> {
    const target = targetOf(document)
    if (target === undefined) return { status: 'refused', reason: 'no cluster takes policies of this layer by itself' }
    const standing = await this.#api.get(target.path)
    if (standing !== undefined && !isOurs(standing))
      return { status: 'refused', reason: `${target.text} is somebody else's: it was not made here` }
    const body = { ...target.document, metadata: withArtifact(target.document.metadata, artifact) }
    const written = await this.#write(target.path, body, isRehearsal)
    if (written !== undefined) return { status: 'refused', reason: written }
    const what = standing === undefined ? 'made' : 'replaced'
    const detail = isRehearsal ? `${target.text} would be ${what}` : `${target.text} is ${what}`
    return { status: 'done', detail, ...(standing === undefined ? {} : { before: ownState(standing) }) }
  }

  /** Restores what `apply` said was there before, or removes the object where nothing was. Throws as the API client does. */
  async restore(
    document: unknown,
    {
      before,
      artifact,
      isRehearsal,
    }: { readonly before: string | undefined; readonly artifact: string; readonly isRehearsal: boolean },
  ): Promise<PolicyOutcome> {
    const target = targetOf(document)
    if (target === undefined) return { status: 'refused', reason: 'no cluster takes policies of this layer by itself' }
    const standing = await this.#api.get(target.path)
    if (standing !== undefined && standing.metadata.annotations?.[ARTIFACT] !== artifact)
      return {
        status: 'refused',
        reason: `${target.text} is not as it was applied: a later policy or somebody else stands there`,
      }
    if (before === undefined) return await this.#remove(target, standing, isRehearsal)
    const { apiVersion, kind } = target.document
    const { metadata, ...rest } = JSON.parse(before) as { readonly metadata: object } // our own record
    const written = await this.#write(target.path, { apiVersion, kind, metadata, ...rest }, isRehearsal)
    if (written !== undefined) return { status: 'refused', reason: written }
    if (isRehearsal) return { status: 'done', detail: `${target.text} would be as before` }
    const now = await this.#api.get(target.path)
    if (now === undefined || ownState(now) !== before)
      return {
        status: 'refused',
        reason: `${target.text} was written, and is not what it was before: somebody else writes it too`,
      }
    return { status: 'done', detail: `${target.text} is as before, byte for byte` }
  }

  async #remove(target: Target, standing: KubeObject | undefined, isRehearsal: boolean): Promise<PolicyOutcome> {
    if (standing === undefined) return { status: 'done', detail: `${target.text} is gone already` }
    if (isRehearsal) return { status: 'done', detail: `${target.text} would be removed` }
    const answer = await this.#api.ask({
      method: 'DELETE',
      path: target.path,
      body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: standing.metadata.uid } },
    })
    if (answer.status === 'conflict') return { status: 'refused', reason: `${target.text} was replaced meanwhile` }
    if (answer.status !== 'absent') okOf(answer, `DELETE ${target.path}`)
    return { status: 'done', detail: `${target.text} is removed: nothing stood there before` }
  }

  /** Why it was not written, in the words of the API server; undefined where it was. */
  async #write(path: string, body: object, isRehearsal: boolean): Promise<string | undefined> {
    const query = { fieldManager: MANAGER, ...(isRehearsal ? { dryRun: 'All' } : {}) }
    const answer = await this.#api.ask({ method: 'PATCH', patch: 'apply', path, query, body })
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
}

type Document = z.output<typeof documentSchema>
type Target = { readonly document: Document; readonly path: string; readonly text: string }

/** Where a document goes; undefined for one of another layer, or with a name that no API server takes. */
function targetOf(given: unknown): Target | undefined {
  const parsed = documentSchema.safeParse(given)
  if (!parsed.success) return undefined
  const { apiVersion, kind, metadata } = parsed.data
  const resource = RESOURCES.get(`${apiVersion} ${kind}`)
  // Names come from captured text and go into a path.
  if (resource === undefined || !isObjectName(metadata.name) || !isObjectName(metadata.namespace)) return undefined
  const path = `/apis/${apiVersion}/namespaces/${metadata.namespace}/${resource}/${metadata.name}`
  return { document: parsed.data, path, text: `${metadata.namespace}/${resource}/${metadata.name}` }
}

function withArtifact(metadata: Document['metadata'], artifact: string): object {
  return { ...metadata, annotations: { ...metadata.annotations, [ARTIFACT]: artifact } }
}

function isOurs(object: KubeObject): boolean {
  return (
    object.metadata.annotations?.[ARTIFACT] !== undefined &&
    managersOf(object, 'podSelector').concat(managersOf(object, 'endpointSelector')).includes(MANAGER)
  )
}

/** All that we write of an object, in the order in which it was served, without what the API server adds. */
function ownState({ metadata, spec = {} }: KubeObject): string {
  const { name, namespace, labels = {}, annotations = {} } = metadata
  return JSON.stringify({ metadata: { name, namespace, labels, annotations }, spec })
}
