import { scanChange } from '@holdfast/capture'
import type { KubeObject, KubernetesApi } from '@holdfast/connectors'
import type { CapturePolicy } from '@holdfast/model'
import type { Recorder } from '@holdfast/recorder'
import type { Logger } from 'pino'
import { CLUSTER_LOOK_MS, CONFIG_MAPS_OF_A_WORKLOAD } from '../limits.ts'

export type WatchedCluster = {
  readonly name: string
  /** As agents name the cluster. */
  readonly cluster: string
  /** Without one all namespaces are looked at. */
  readonly namespaces: readonly string[] | undefined
  readonly api: Pick<KubernetesApi, 'list'>
}

export type ClusterWatchSources = {
  readonly clusters: readonly WatchedCluster[]
  readonly recorder: Pick<Recorder, 'append'>
  readonly policy: () => CapturePolicy | undefined
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
  readonly later: (ms: number, call: () => void) => () => void
  readonly logger: Logger
}

/** How an object stood at the last look: what of it changes behaviour. */
type Known = { readonly version: string; readonly sign: string }

/**
 * Looks at the workloads of clusters and at the ConfigMaps that they use, every half minute, and puts on record what is otherwise
 * than at the look before, as the API server has it. A change of replicas alone is recorded as such.
 */
export class ClusterWatch implements AsyncDisposable {
  readonly #sources: ClusterWatchSources
  /** By cluster, then by uid; absent before the first look, after which nothing is called a change. */
  readonly #known = new Map<string, Map<string, Known>>()
  #cancel: (() => void) | undefined
  #run: Promise<void> | undefined
  #isClosed = false

  constructor(sources: ClusterWatchSources) {
    this.#sources = sources
  }

  start(): void {
    if (this.#sources.clusters.length === 0) return
    this.#run = this.#lookAtAll()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#cancel?.()
    await this.#run
  }

  /** One look at one cluster; resolves with how many changes were recorded. */
  async look({ name, cluster, namespaces, api }: WatchedCluster): Promise<number> {
    if (this.#sources.policy() === undefined) return 0
    const known = this.#known.get(name)
    const next = new Map<string, Known>()
    const frames: string[] = []
    const at = new Date(this.#sources.nowMs()).toISOString()
    for (const prefix of namespaces?.map((one) => `/namespaces/${encodeURIComponent(one)}`) ?? ['']) {
      const workloads = await api.list(`/apis/apps/v1${prefix}/deployments`)
      const maps = await api.list(`/api/v1${prefix}/configmaps`)
      for (const object of workloads) {
        const now = { version: object.metadata.resourceVersion, sign: signOf(object) }
        next.set(object.metadata.uid, now)
        const before = known?.get(object.metadata.uid)
        if (known !== undefined && before?.sign !== now.sign)
          frames.push(frameOf(cluster, object, { isNew: before === undefined, at }))
      }
      for (const map of maps) {
        const now = { version: map.metadata.resourceVersion, sign: JSON.stringify([map['data'], map['binaryData']]) }
        next.set(map.metadata.uid, now)
        const before = known?.get(map.metadata.uid)
        if (known === undefined || before === undefined || before.sign === now.sign) continue
        for (const user of workloads.filter((object) => uses(object, map)).slice(0, CONFIG_MAPS_OF_A_WORKLOAD))
          frames.push(mapFrame(cluster, map, { user, at }))
      }
    }
    const groups = frames.flatMap(
      (frame) => scanChange(frame, { instance: `cluster ${name}`, credential: `kubernetes:${name}` }) ?? [],
    )
    if (groups.length > 0) await this.#sources.recorder.append(groups)
    // Only now: what could not be recorded is still otherwise than known at the next look.
    this.#known.set(name, next)
    return groups.length
  }

  async #lookAtAll(): Promise<void> {
    for (const cluster of this.#sources.clusters)
      await this.look(cluster).catch((error: unknown) =>
        this.#sources.logger.warn(
          { err: error, cluster: cluster.name },
          'a cluster could not be looked at for changes',
        ),
      )
    if (this.#isClosed) return
    this.#cancel = this.#sources.later(CLUSTER_LOOK_MS, () => {
      this.#run = this.#lookAtAll()
    })
  }
}

/** What of a workload changes when somebody changes it: its pods' template and its number, and no status. */
function signOf({ metadata, spec }: KubeObject): string {
  const revision = metadata.annotations?.['deployment.kubernetes.io/revision'] ?? ''
  return JSON.stringify([spec?.['template'], spec?.['replicas'], revision])
}

function frameOf(
  cluster: string,
  object: KubeObject,
  { isNew, at }: { readonly isNew: boolean; readonly at: string },
): string {
  return JSON.stringify({
    holdfastChange: {
      agent: agentOf(cluster, object),
      at: writtenAt(object.metadata) ?? at,
      record: { type: isNew ? 'ADDED' : 'MODIFIED', object: { ...object, kind: 'Deployment' } },
    },
  })
}

/** A ConfigMap says what a workload is told: of an agent that is its prompt, its tools or its model. */
function mapFrame(
  cluster: string,
  { metadata }: KubeObject,
  { user, at }: { readonly user: KubeObject; readonly at: string },
): string {
  return JSON.stringify({
    holdfastChange: {
      agent: agentOf(cluster, user),
      at: writtenAt(metadata) ?? at,
      change: 'prompt-template',
      subject: `configmap/${metadata.namespace ?? 'default'}/${metadata.name}`,
      to: `resourceVersion ${metadata.resourceVersion}`,
      changeId: `${metadata.uid}/${metadata.resourceVersion}`,
    },
  })
}

function agentOf(cluster: string, { metadata }: KubeObject) {
  return { cluster, namespace: metadata.namespace ?? 'default', workload: metadata.name }
}

/** When it was written last, by whoever manages its fields; undefined where nobody says: then it was just seen. */
function writtenAt(metadata: KubeObject['metadata']): string | undefined {
  const times = (metadata.managedFields ?? []).flatMap((one) => (typeof one['time'] === 'string' ? [one['time']] : []))
  return times.toSorted().at(-1)
}

/** True where the workload's template names the ConfigMap: as a volume or for its environment. */
function uses({ metadata, spec }: KubeObject, map: KubeObject): boolean {
  if ((metadata.namespace ?? 'default') !== (map.metadata.namespace ?? 'default')) return false
  const name = JSON.stringify(map.metadata.name)
  const text = JSON.stringify(spec?.['template'] ?? {})
  return (
    text.includes(`"configMap":{"name":${name}`) ||
    text.includes(`"configMapRef":{"name":${name}`) ||
    text.includes(`"configMapKeyRef":{"name":${name}`)
  )
}
