import { agentIdOf, type SensorSource } from '@holdfast/model'
import type { Watch } from '../driver/watches.ts'
import { CGROUP_PATH_KEPT, CGROUPS_KNOWN, SOURCE_WAIT_MS } from '../limits.ts'
import type { CgroupTree } from './cgroup-tree.ts'
import { containerOf, type Container } from './container.ts'
import type { Pod, PodDirectory } from './kubernetes.ts'

/** A watched cgroup that was given a name: all below it that is no container of its own goes by it. */
export type Named = Pick<Watch, 'path' | 'service' | 'workload' | 'run' | 'seccomp'>

export type SourcesOptions = {
  readonly tree: CgroupTree
  readonly pods: PodDirectory | undefined
  readonly host: string
  readonly cluster: string | undefined
  /** What is the same in every source of this start. */
  readonly fixed: Pick<SensorSource, 'sensor' | 'start' | 'bootId'>
  readonly bootToWallNs: () => bigint
  readonly say: (line: string) => void
}

type Known = { readonly source: SensorSource; bytes: Buffer; offset: bigint }
type Entry = { readonly sinceMs: number; known: Known | undefined }

/** Whose a cgroup is: run, container, pod, Deployment; as the bytes that stand before the records of a batch. */
export class Sources {
  readonly #options: SourcesOptions
  readonly #entries = new Map<number, Entry>()
  readonly #named: Named[] = []

  constructor(options: SourcesOptions) {
    this.#options = options
  }

  /** Names a cgroup and those below it. The newest name wins. */
  name(named: Named): void {
    this.#named.unshift(named)
    this.#entries.clear()
  }

  /** Takes the name back for cgroups that come; those that are known keep theirs, because their records may still come. */
  forget(path: string): void {
    const at = this.#named.findIndex((named) => named.path === path)
    if (at >= 0) this.#named.splice(at, 1)
  }

  /** The source of a cgroup as canonical JSON; undefined while its pod is being asked for. */
  bytesOf(cgroup: number): Buffer | undefined {
    const { known } = this.#entry(cgroup)
    if (known === undefined) return undefined
    const offset = this.#options.bootToWallNs()
    if (known.offset !== offset) {
      known.bytes = canonical({ ...known.source, bootToWallNs: offset.toString() })
      known.offset = offset
    }
    return known.bytes
  }

  /** What is known of a cgroup now. */
  sourceOf(cgroup: number): SensorSource | undefined {
    return this.#entry(cgroup).known?.source
  }

  /** Waits for no pod any more: what is known now is all that will be. */
  settle(): void {
    for (const [cgroup, entry] of this.#entries) if (entry.known === undefined) this.#settle(entry, cgroup, undefined)
  }

  #entry(cgroup: number): Entry {
    const known = this.#entries.get(cgroup)
    if (known !== undefined) {
      if (known.known === undefined && performance.now() - known.sinceMs > SOURCE_WAIT_MS)
        this.#settle(known, cgroup, undefined)
      return known
    }
    const [oldest] = this.#entries.keys()
    if (this.#entries.size >= CGROUPS_KNOWN && oldest !== undefined) this.#entries.delete(oldest)
    const entry: Entry = { sinceMs: performance.now(), known: undefined }
    this.#entries.set(cgroup, entry)
    const uid = containerOf(this.#options.tree.pathOf(cgroup) ?? '')?.podUid
    const { pods, say } = this.#options
    if (uid === undefined || pods === undefined) this.#settle(entry, cgroup, undefined)
    else
      pods.find(uid).then(
        (pod) => this.#settle(entry, cgroup, pod),
        (error: unknown) => {
          say(`pod ${uid} could not be looked up: ${error instanceof Error ? error.message : String(error)}`)
          this.#settle(entry, cgroup, undefined)
        },
      )
    return entry
  }

  #settle(entry: Entry, cgroup: number, pod: Pod | undefined): void {
    // Records went out under what was known before: one start of one cgroup stays one source.
    if (entry.known !== undefined) return
    const { tree, fixed, host } = this.#options
    const offset = this.#options.bootToWallNs()
    const path = tree.pathOf(cgroup) ?? ''
    const container = containerOf(path)
    const named = this.#named.find((candidate) => path === candidate.path || path.startsWith(`${candidate.path}/`))
    const source: SensorSource = {
      ...fixed,
      host,
      bootToWallNs: offset.toString(),
      cgroup: String(cgroup),
      cgroupPath: plain(path, CGROUP_PATH_KEPT),
      ...this.#agentOf(path, named, container, pod),
      ...(named?.run === undefined ? {} : { run: named.run }),
      ...policyOf(named),
      ...(container === undefined ? {} : { container: container.id, runtime: container.runtime }),
      ...(pod === undefined ? {} : { pod: pod.name, namespace: pod.namespace, workload: pod.workload }),
    }
    entry.known = { source, bytes: canonical(source), offset }
  }

  /** By the name that was given, else the Deployment, else the container, else the folder of the cgroup. */
  #agentOf(
    path: string,
    named: Named | undefined,
    container: Container | undefined,
    pod: Pod | undefined,
  ): Pick<SensorSource, 'agent' | 'agentName'> {
    const { host, cluster } = this.#options
    if (pod !== undefined && named?.run === undefined) {
      const { workload, namespace } = pod
      const agent = agentIdOf({ kind: 'k8s', workload, namespace, ...(cluster === undefined ? {} : { cluster }) })
      return { agent, agentName: plain(workload, 256) }
    }
    const folder = path.split('/').at(-1) ?? ''
    const own = container === undefined ? folder : container.id.slice(0, 12)
    const service = plain(named?.service ?? (own === '' ? 'unknown cgroup' : own), 256)
    const stated = named?.workload
    if (stated === undefined) return { agent: agentIdOf({ kind: 'host', host, service }), agentName: service }
    const { name: workload, ...where } = stated
    return { agent: agentIdOf({ kind: 'k8s', workload, ...where }), agentName: service }
  }
}

/** The policy that the cgroup's seccomp filter is of. */
function policyOf(named: Named | undefined): Pick<SensorSource, 'seccomp' | 'seccompMode'> {
  const { artifact, mode = 'monitor' } = named?.seccomp ?? {}
  return artifact === undefined ? {} : { seccomp: artifact, seccompMode: mode }
}

/**
 * A name as a source may hold it. *Untrusted*: what may make cgroups names them, and the server refuses the whole batch of
 * a source that is too large or no text, with the records of all others in it.
 */
function plain(name: string, most: number): string {
  return name
    .slice(0, most)
    .replaceAll(/\p{Cc}/gu, '\uFFFD')
    .toWellFormed()
}

/** RFC 8785 for an object of texts: keys in the order of their code units. */
function canonical(source: SensorSource): Buffer {
  return Buffer.from(
    JSON.stringify(Object.fromEntries(Object.entries(source).toSorted(([a], [b]) => (a < b ? -1 : 1)))),
  )
}
