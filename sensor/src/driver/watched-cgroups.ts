import type { SensorResult, WatchedCgroup } from '@holdfast/model'
import { removeAbandonedRuns } from '../cgroup/abandoned.ts'
import type { CgroupTree } from '../cgroup/cgroup-tree.ts'
import { runningProcesses } from '../cgroup/running.ts'
import type { Sources } from '../cgroup/sources.ts'
import type { Governor } from '../egress/governor.ts'
import { CGROUPS_KNOWN, WATCHED_MOST } from '../limits.ts'
import type { Loader } from '../loader/start-loader.ts'
import type { TlsCapture } from '../tls/tls-capture.ts'
import type { ProcessTable } from './process-table.ts'
import { parseTraceparent, type TraceContext } from './trace-context.ts'
import { flagsOf, Watches, type Watch } from './watches.ts'

export type WatchedCgroupsParts = {
  /** Folder in which is kept what is watched. */
  readonly folder: string
  readonly tree: CgroupTree
  readonly sources: Sources
  readonly processes: ProcessTable
  readonly tls: TlsCapture
  readonly governor: Governor
  /** Sends a command to the loader. */
  readonly send: Loader['send']
  /** Resolves when the server has all that the kernel recorded until now. */
  readonly flush: () => Promise<void>
}

/** Which cgroups are watched, as whose, and in which run. */
export class WatchedCgroups {
  readonly #parts: WatchedCgroupsParts
  readonly #watches: Watches
  readonly #watched = new Map<string, WatchedCgroup>()
  /** Context of the run that a cgroup belongs to; forgotten where a run begins or ends. */
  readonly #runs = new Map<number, TraceContext | undefined>()

  constructor(parts: WatchedCgroupsParts) {
    this.#parts = parts
    this.#watches = new Watches(parts.folder)
  }

  list(): readonly WatchedCgroup[] {
    return [...this.#watched.values()]
  }

  /** Watches again what was watched when the driver before this one ended. */
  async restore(): Promise<void> {
    removeAbandonedRuns(this.#parts.tree.mount)
    for (const watch of this.#watches.list()) {
      // Its first program has begun already.
      const result = await this.watch({ ...watch, fromFirstExec: false })
      if (!result.ok) this.#watches.remove(watch.path)
    }
  }

  /** Context of the run that a cgroup belongs to. */
  runOf(cgroup: number): TraceContext | undefined {
    if (this.#runs.has(cgroup)) return this.#runs.get(cgroup)
    const traceparent = this.watchOf(cgroup)?.traceparent
    const nobody = { pid: 0, startLow: 0, startHigh: 0 }
    const context = traceparent === undefined ? undefined : parseTraceparent(traceparent, nobody)
    if (this.#runs.size >= CGROUPS_KNOWN) this.#runs.clear()
    if (this.#parts.tree.pathOf(cgroup) !== undefined) this.#runs.set(cgroup, context)
    return context
  }

  /** What was said of the nearest cgroup above that is watched by name. */
  watchOf(cgroup: number): Watch | undefined {
    const path = this.#parts.tree.pathOf(cgroup)
    if (path === undefined) return undefined
    return this.#watches.list().findLast((known) => path === known.path || path.startsWith(`${known.path}/`))
  }

  /** Begins to watch a cgroup and all below it; watched again, the newest words about it hold. */
  async watch(watch: Watch): Promise<SensorResult> {
    const id = this.#parts.tree.idOf(watch.path)
    if (id === undefined)
      return { ok: false, error: `there is no cgroup ${watch.path} below ${this.#parts.tree.mount}` }
    if (this.#watched.size >= WATCHED_MOST && !this.#watched.has(watch.path))
      return { ok: false, error: `${WATCHED_MOST} cgroups are watched already` }
    // Hooked before the first process can speak.
    if (watch.tls) await this.#parts.tls.prepare()
    const before = this.#watches.list().find(({ path }) => path === watch.path)
    // Named before anything of it can come.
    this.#watches.add(watch)
    this.#parts.sources.name({
      path: watch.path,
      service: watch.service,
      ...(watch.workload === undefined ? {} : { workload: watch.workload }),
      ...(watch.run === undefined ? {} : { run: watch.run }),
      ...(watch.seccomp === undefined ? {} : { seccomp: watch.seccomp }),
    })
    this.#runs.clear()
    for (const [cgroup, path] of this.#parts.tree.below(watch.path)) {
      const pids = this.#parts.tree.processesOf(path)
      this.#parts.processes.addRunning(runningProcesses(pids))
      if (watch.tls) for (const pid of pids) this.#parts.tls.began(pid)
      const result = await this.#parts.send('watch', cgroup, flagsOf(watch))
      if (!result.ok) return await this.#refuse(watch.path, before, result.error ?? 'the loader refused')
      const { logged = [] } = watch.seccomp ?? {}
      if (logged.length > 0) await this.#parts.send('noted', cgroup, ...logged)
    }
    if (watch.egress !== undefined) {
      const governed = await this.#parts.governor.govern(id, watch.path, watch.egress)
      if (!governed.ok) return await this.#refuse(watch.path, before, governed.error ?? 'the egress list was refused')
    }
    const source = this.#parts.sources.sourceOf(id)
    const agent = source?.agent ?? ''
    const agentName = source?.agentName ?? watch.service
    this.#watched.set(watch.path, {
      cgroup: String(id),
      path: watch.path,
      agent,
      agentName,
      ...(watch.run === undefined ? {} : { run: watch.run }),
      ...(watch.egress === undefined ? {} : { egress: { artifact: watch.egress.artifact, mode: watch.egress.mode } }),
    })
    return { ok: true, detail: { cgroup: String(id), agent } }
  }

  /** Whoever was told no must not find it watched all the same: what held before holds again. */
  async #refuse(path: string, before: Watch | undefined, error: string): Promise<SensorResult> {
    for (const [cgroup] of this.#parts.tree.below(path)) {
      if (before === undefined) await this.#parts.send('unwatch', cgroup)
      else await this.#parts.send('watch', cgroup, flagsOf(before))
    }
    if (before === undefined) this.#watches.remove(path)
    else this.#watches.add(before)
    // The newest name alone; one that was given before is there still.
    this.#parts.sources.forget(path)
    this.#runs.clear()
    return { ok: false, error }
  }

  /** Tells which system calls it made, and ends watching it. Resolves once the server has all that was recorded of it. */
  async unwatch(path: string): Promise<SensorResult> {
    const known = this.#watched.get(path)
    if (known === undefined) return { ok: false, error: `${path} is not watched` }
    const below = [...this.#parts.tree.below(path)].map(([cgroup]) => String(cgroup))
    for (const cgroup of new Set([known.cgroup, ...below])) {
      await this.#parts.send('syscalls', cgroup)
      await this.#parts.send('unwatch', cgroup)
    }
    await this.#parts.flush()
    this.#watched.delete(path)
    this.#watches.remove(path)
    this.#parts.governor.forget(path)
    this.#parts.sources.forget(path)
    this.#runs.clear()
    return { ok: true }
  }

  /** Whoever asked may have ended without a word, and somebody else have removed the cgroup. */
  async forgetGone(): Promise<void> {
    removeAbandonedRuns(this.#parts.tree.mount)
    for (const path of this.#watched.keys()) if (this.#parts.tree.idOf(path) === undefined) await this.unwatch(path)
  }
}
