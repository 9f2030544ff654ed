import { execFileSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Allowed, HoldRung } from '@holdfast/model'
import { setTimeout as delay } from 'node:timers/promises'
import { CgroupTree } from '../cgroup/cgroup-tree.ts'
import { Holder, type HolderOptions } from '../hold/holder.ts'
import { Standings } from '../hold/standings.ts'
import { startLoader, type Loader, type LoaderOptions } from '../loader/start-loader.ts'
import { loaderPath } from './root.ts'
import { cgroupRoot, type TestCgroup } from './test-cgroup.ts'

/** A loader with a pinned set of its own, and what holds cgroups by it, as a driver has them. All gone at the end. */
export class TestHolder {
  readonly holder: Holder
  readonly loader: Loader
  readonly standings: Standings
  readonly #holds: string
  readonly #folder: string
  readonly #held = new Map<TestCgroup, { readonly containment: string; readonly rung: HoldRung }>()

  private constructor(parts: {
    readonly loader: Loader
    readonly holds: string
    readonly names: HolderOptions['names'] | undefined
  }) {
    const { loader, holds, names } = parts
    this.#folder = mkdtempSync(join(tmpdir(), 'holdfast-holder-'))
    this.#holds = holds
    this.loader = loader
    this.standings = new Standings({ folder: this.#folder, bootId: loader.hello.bootId })
    this.holder = new Holder({
      tree: new CgroupTree(cgroupRoot()),
      loader: loaderPath,
      holds,
      send: (verb, ...words) => loader.send(verb, ...words),
      standings: this.standings,
      say: (line) => process.stderr.write(`${line}\n`),
      ...(names === undefined ? {} : { names }),
    })
  }

  static async start(
    options: { readonly names?: HolderOptions['names']; readonly onRecords?: LoaderOptions['onRecords'] } = {},
  ): Promise<TestHolder> {
    const holds = join('/run', `holdfast-test-${randomBytes(4).toString('hex')}`, 'bpf')
    const loader = await startLoader({ path: loaderPath, holds, onRecords: options.onRecords ?? (() => {}) })
    return new TestHolder({ loader, holds, names: options.names })
  }

  /** What got through, by way; empty where the rung stands. Throws where it could not be applied. */
  async apply(
    cgroup: TestCgroup,
    rung: HoldRung,
    allow: readonly Allowed[] = [],
    ttlMs = 0,
  ): Promise<readonly string[]> {
    const containment = randomUUID()
    const result = await this.holder.contain({
      do: 'contain',
      containment,
      path: basename(cgroup.path),
      rung,
      ttlMs,
      allow,
    })
    if (!result.ok) throw new Error(result.error)
    this.#held.set(cgroup, { containment, rung })
    const checks = result.detail?.['checks'] as readonly { readonly way: string; readonly held: boolean }[] // a HoldOutcome
    return checks.flatMap(({ way, held }) => (held ? [] : [way]))
  }

  async release(cgroup: TestCgroup): Promise<void> {
    const held = this.#held.get(cgroup)
    if (held !== undefined) await this.holder.release({ do: 'release', path: basename(cgroup.path), ...held })
    this.#held.delete(cgroup)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cgroup of this.#held.keys()) await this.release(cgroup)
    await this.loader.stop()
    // Its keeper removes what is pinned once nothing is held.
    while (existsSync(join(this.#holds, 'hold-3'))) await delay(5)
    execFileSync('/bin/umount', [this.#holds])
    rmSync(join(this.#holds, '..'), { recursive: true, force: true })
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
