import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { PODS_ASK_MS, PODS_BYTES } from '../limits.ts'

/** Where a pod belongs, as the Kubernetes API says. */
export type Pod = { readonly name: string; readonly namespace: string; readonly workload: string }

/** Who knows pods by their uid. */
export type PodDirectory = { readonly find: (uid: string) => Promise<Pod | undefined> }

export type KubernetesOptions = {
  readonly url: string
  readonly token?: string
  readonly authority?: string
  /** Only pods of this node are asked for. */
  readonly node?: string
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The API server that a pod's environment names, with its service account; undefined outside of a pod. */
export function kubernetesOf(env: Readonly<Record<string, string | undefined>>): KubernetesOptions | undefined {
  const node = env['NODE_NAME']
  const stated = env['HOLDFAST_KUBERNETES_API']
  const host = env['KUBERNETES_SERVICE_HOST']
  if (stated === undefined && host === undefined) return undefined
  const bracketed = host?.includes(':') === true ? `[${host}]` : host
  const token = readIfThere(`${ACCOUNT}/token`)?.trim()
  const authority = readIfThere(`${ACCOUNT}/ca.crt`)
  return {
    url: stated ?? `https://${bracketed}:${env['KUBERNETES_SERVICE_PORT'] ?? '443'}`,
    ...(token === undefined ? {} : { token }),
    ...(authority === undefined ? {} : { authority }),
    ...(node === undefined ? {} : { node }),
  }
}

/**
 * Pods of a node and the workloads that own them, asked for when a pod is met that is not known. A ReplicaSet stands for
 * its Deployment and a Job for its CronJob. Rejects where the API cannot be asked.
 */
export class KubernetesPods implements PodDirectory {
  readonly #options: KubernetesOptions
  #pods: ReadonlyMap<string, Listed> = new Map()
  /** What owns the owners of the pods that were listed last. */
  readonly #owners = new Map<string, string>()
  #askedMs = Number.NEGATIVE_INFINITY

  constructor(options: KubernetesOptions) {
    this.#options = options
  }

  async find(uid: string): Promise<Pod | undefined> {
    if (!this.#pods.has(uid) && performance.now() - this.#askedMs > PODS_ASK_MS) {
      this.#askedMs = performance.now()
      const { node } = this.#options
      const selector = node === undefined ? '' : `?fieldSelector=${encodeURIComponent(`spec.nodeName=${node}`)}`
      this.#pods = podsOf(await this.#get(`/api/v1/pods${selector}`))
      this.#forgetOwners()
    }
    const listed = this.#pods.get(uid)
    if (listed === undefined) return undefined
    const { name, namespace } = listed
    return { name, namespace, workload: await this.#workloadOf(listed) }
  }

  /** Jobs come and go for as long as the sensor runs: what owned them goes with their pods. */
  #forgetOwners(): void {
    const standing = new Set([...this.#pods.values()].map(ownerKey))
    for (const key of this.#owners.keys()) if (!standing.has(key)) this.#owners.delete(key)
  }

  async #workloadOf(listed: Listed): Promise<string> {
    const { name, namespace, owner } = listed
    if (owner === undefined) return name
    const path = OWNERS_OF_OWNERS.get(owner.kind)
    if (path === undefined) return owner.name
    const key = ownerKey(listed)
    const known = this.#owners.get(key)
    if (known !== undefined) return known
    const above = ownerOf(await this.#get(`/apis/${path(namespace, owner.name)}`))?.name ?? owner.name
    this.#owners.set(key, above)
    return above
  }

  #get(path: string): Promise<unknown> {
    const { url, token, authority } = this.#options
    const target = new URL(path, url)
    const headers = { accept: 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
    const ask = target.protocol === 'https:' ? httpsRequest : httpRequest
    return new Promise((resolve, reject) => {
      const sent = ask(
        target,
        { headers, timeout: 5_000, ...(authority === undefined ? {} : { ca: authority }) },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            text += part
            if (text.length > PODS_BYTES) response.destroy(new Error(`more than ${PODS_BYTES} bytes from ${path}`))
          })
          response.once('error', reject)
          response.once('end', () => {
            if (response.statusCode !== 200)
              return reject(new Error(`${path}: the API server answered ${response.statusCode}`))
            try {
              resolve(JSON.parse(text))
            } catch (error) {
              reject(new Error(`${path}: not JSON`, { cause: error }))
            }
          })
        },
      )
      sent.once('timeout', () => sent.destroy(new Error(`${path}: no answer`)))
      sent.once('error', reject)
      sent.end()
    })
  }
}

type Owner = { readonly kind: string; readonly name: string }
type Listed = { readonly name: string; readonly namespace: string; readonly owner: Owner | undefined }

function ownerKey({ namespace, owner }: Pick<Listed, 'namespace' | 'owner'>): string {
  return `${owner?.kind ?? ''}/${namespace}/${owner?.name ?? ''}`
}

const OWNERS_OF_OWNERS: ReadonlyMap<string, (namespace: string, name: string) => string> = new Map([
  [
    'ReplicaSet',
    (namespace, name) => `apps/v1/namespaces/${encodeURIComponent(namespace)}/replicasets/${encodeURIComponent(name)}`,
  ],
  ['Job', (namespace, name) => `batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs/${encodeURIComponent(name)}`],
])

function podsOf(answer: unknown): ReadonlyMap<string, Listed> {
  const pods = new Map<string, Listed>()
  for (const item of listOf(field(answer, 'items'))) {
    const metadata = field(item, 'metadata')
    const [uid, name, namespace] = ['uid', 'name', 'namespace'].map((key) => textOf(field(metadata, key)))
    if (uid === undefined || name === undefined || namespace === undefined) continue
    const listed = { name, namespace, owner: ownerOf(item) }
    pods.set(uid, listed)
    // Of a static pod the folders of its cgroup carry the digest of its file.
    const mirror = textOf(field(field(metadata, 'annotations'), 'kubernetes.io/config.mirror'))
    if (mirror !== undefined) pods.set(mirror, listed)
  }
  return pods
}

/** The owner that controls an object. */
function ownerOf(object: unknown): Owner | undefined {
  const owners = listOf(field(field(object, 'metadata'), 'ownerReferences'))
  const owner = owners.find((candidate) => field(candidate, 'controller') === true) ?? owners[0]
  const kind = textOf(field(owner, 'kind'))
  const name = textOf(field(owner, 'name'))
  return kind === undefined || name === undefined ? undefined : { kind, name }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key] // it was just seen to be an object with that key
    : undefined
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // No service account is mounted: the API may answer without one, or say so.
    return undefined
  }
}
