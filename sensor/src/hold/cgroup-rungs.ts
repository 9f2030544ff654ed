import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { HoldCheck } from '@holdfast/model'
import type { CgroupTree } from '../cgroup/cgroup-tree.ts'
import { HOLD_LOOK_MS, HOLD_SETTLE_MS, STOP_GRACE_MS } from '../limits.ts'

/** What the cgroup's own files do: end and freeze all that is in it, and say whether that is done. */
export class CgroupRungs {
  readonly #tree: CgroupTree

  constructor(tree: CgroupTree) {
    this.#tree = tree
  }

  /** Every process of the cgroup and of those below it. */
  processes(path: string): readonly number[] {
    return [...this.#tree.below(path)].flatMap(([, below]) => this.#tree.processesOf(below))
  }

  /** SIGTERM to all, and the end of those who do not heed it. */
  async stop(path: string): Promise<void> {
    for (const pid of this.processes(path)) {
      try {
        process.kill(pid, 'SIGTERM')
      } catch {
        // It has ended meanwhile.
      }
    }
    // A frozen task takes no signal before it is thawed.
    if (this.isFreezing(path)) this.#write(path, 'cgroup.freeze', '0')
    if (await this.#settled(() => this.#isEmpty(path), STOP_GRACE_MS)) return
    await this.kill(path)
  }

  async kill(path: string): Promise<void> {
    this.#write(path, 'cgroup.kill', '1')
    await this.#settled(() => this.#isEmpty(path))
  }

  async untilFrozen(path: string): Promise<void> {
    await this.#settled(() => this.#events(path)['frozen'] === '1')
  }

  checkFrozen(path: string): readonly HoldCheck[] {
    const frozen = this.#events(path)['frozen']
    return [{ way: 'frozen', held: frozen === '1', detail: `cgroup.events says frozen ${frozen ?? 'nothing'}` }]
  }

  checkEmpty(path: string): readonly HoldCheck[] {
    const populated = this.#events(path)['populated']
    const detail = `cgroup.events says populated ${populated ?? 'nothing'}`
    return [{ way: 'processes', held: populated === '0', detail }]
  }

  isFreezing(path: string): boolean {
    const file = join(this.folder(path), 'cgroup.freeze')
    return existsSync(file) && readFileSync(file, 'utf8').trim() === '1'
  }

  folder(path: string): string {
    return join(this.#tree.mount, path)
  }

  #isEmpty(path: string): boolean {
    return this.#events(path)['populated'] === '0'
  }

  /** `populated` and `frozen`; a cgroup that is gone has no processes. */
  #events(path: string): Readonly<Record<string, string>> {
    try {
      const text = readFileSync(join(this.folder(path), 'cgroup.events'), 'utf8')
      const lines = text.trim().split('\n')
      return Object.fromEntries(lines.map((line) => line.split(' ') as [string, string])) // the kernel's format
    } catch {
      // Removed once it was empty.
      return { populated: '0', frozen: '0' }
    }
  }

  /** False where it did not come in time. */
  async #settled(is: () => boolean, withinMs: number = HOLD_SETTLE_MS): Promise<boolean> {
    const end = performance.now() + withinMs
    while (!is() && performance.now() < end) await delay(HOLD_LOOK_MS)
    return is()
  }

  #write(path: string, file: string, text: string): void {
    writeFileSync(join(this.folder(path), file), text)
  }
}
