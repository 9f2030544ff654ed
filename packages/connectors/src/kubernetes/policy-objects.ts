import { z } from 'zod'

import type { KubernetesApi } from './api.ts'
import type { KubeObject } from './objects.ts'
import { isObjectName } from './refs.ts'
import {
  ARTIFACT,
  CHANGED,
  differencesOf,
  isOurs,
  ownState,
  planOf,
  removePolicy,
  withArtifact,
  writePolicy,
  type PolicyOutcome,
  type PolicyReturn,
  type PolicyWrite,
} from './written-policy.ts'

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

const RESOURCES: ReadonlyMap<string, string> = new Map([
  ['networking.k8s.io/v1 NetworkPolicy', 'networkpolicies'],
  ['cilium.io/v2 CiliumNetworkPolicy', 'ciliumnetworkpolicies'],
])

/**
 * Puts generated policies into a cluster by server-side apply, and takes them back to the byte. Only objects that this writer made
 * are touched; fields of others are never forced. With `isRehearsal` the API server checks all and keeps nothing.
 */
export class PolicyObjects {
  readonly #api: KubernetesApi

  constructor(api: KubernetesApi) {
    this.#api = api
  }

  async apply(document: unknown, { artifact, isRehearsal, plan }: PolicyWrite): Promise<PolicyOutcome> {
    const target = targetOf(document)
    if (target === undefined) return { status: 'refused', reason: 'no cluster takes policies of this layer by itself' }
    const standing = await this.#api.get(target.path)
    if (standing !== undefined && !isOurs(standing))
      return { status: 'refused', reason: `${target.text} is somebody else's: it was not made here` }
    const body = { ...target.document, metadata: withArtifact(target.document.metadata, artifact) }
    const before = standing === undefined ? undefined : ownState(standing)
    const own = planOf([body], before)
    if (plan !== undefined && plan !== own) return { status: 'refused', reason: CHANGED }
    const written = await writePolicy(this.#api, target.path, { body, isRehearsal })
    if (written !== undefined) return { status: 'refused', reason: written }
    const what = standing === undefined ? 'made' : 'replaced'
    const detail = isRehearsal ? `${target.text} would be ${what}` : `${target.text} is ${what}`
    return { status: 'done', detail, plan: own, ...(before === undefined ? {} : { before }) }
  }

  /** In what the object is not as `apply` left it, in words; empty where it is. Throws as the API client does. */
  async differences(document: unknown, artifact: string): Promise<readonly string[]> {
    const target = targetOf(document)
    if (target === undefined) return []
    const body = { ...target.document, metadata: withArtifact(target.document.metadata, artifact) }
    return differencesOf(body, await this.#api.get(target.path), target.text)
  }

  /** Restores what `apply` said was there before, or removes the object where nothing was. Throws as the API client does. */
  async restore(document: unknown, { before, artifact, isRehearsal }: PolicyReturn): Promise<PolicyOutcome> {
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
    const written = await writePolicy(this.#api, target.path, {
      body: { apiVersion, kind, metadata, ...rest },
      isRehearsal,
    })
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
    if (!(await removePolicy(this.#api, target.path, standing)))
      return { status: 'refused', reason: `${target.text} was replaced meanwhile` }
    return { status: 'done', detail: `${target.text} is removed: nothing stood there before` }
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
