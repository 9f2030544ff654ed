import { readdirSync, readFileSync, statSync, type Dirent, type Stats } from 'node:fs'
import { join, relative } from 'node:path'
import { CGROUP_WALK_MS, CGROUPS_WALKED } from '../limits.ts'

/** Where the cgroup v2 hierarchy is mounted; undefined where it is not. */
export function cgroupMount(mounts = readFileSync('/proc/self/mounts', 'utf8')): string | undefined {
  for (const line of mounts.split('\n')) {
    const [, path, type] = line.split(' ')
    // Spaces in a path are written \040.
    if (type === 'cgroup2' && path !== undefined) return path.replaceAll('\\040', ' ')
  }
  return undefined
}

/** Ids of cgroups and their paths below the mount. An id is the inode of the folder. */
export class CgroupTree {
  readonly mount: string
  readonly #paths = new Map<number, string>()
  #walkedMs = Number.NEGATIVE_INFINITY

  constructor(mount: string) {
    this.mount = mount
  }

  /** Undefined where there is no such cgroup, or the path leads out of the hierarchy. */
  idOf(path: string): number | undefined {
    const folder = join(this.mount, path)
    if (relative(this.mount, folder).startsWith('..')) return undefined
    const found = statusOf(folder)
    if (found?.isDirectory() !== true) return undefined
    this.#learn(found.ino, relative(this.mount, folder))
    return found.ino
  }

  /** Undefined for a cgroup that is gone and was never seen. Walks the tree at most once a second. */
  pathOf(id: number): string | undefined {
    const known = this.#paths.get(id)
    if (known !== undefined || performance.now() - this.#walkedMs < CGROUP_WALK_MS) return known
    this.#walkedMs = performance.now()
    for (const [found, path] of this.below('')) this.#learn(found, path)
    return this.#paths.get(id)
  }

  /** What a record says of a new cgroup, before anybody could look it up. */
  learnChild(id: number, parent: number, name: string): void {
    const above = this.#paths.get(parent) ?? this.pathOf(parent)
    if (above !== undefined && !name.includes('/')) this.#learn(id, join(above, name))
  }

  /** A cgroup and all below it, the outer before the inner. */
  *below(path: string): Generator<readonly [id: number, path: string]> {
    const waiting = [path]
    for (let walked = 0; waiting.length > 0 && walked < CGROUPS_WALKED; walked += 1) {
      const next = waiting.shift() ?? ''
      const found = statusOf(join(this.mount, next))
      if (found === undefined) continue
      yield [found.ino, next]
      for (const entry of entriesOf(join(this.mount, next)))
        if (entry.isDirectory()) waiting.push(join(next, entry.name))
    }
  }

  /** Processes of one cgroup, those below it not. */
  processesOf(path: string): readonly number[] {
    try {
      const text = readFileSync(join(this.mount, path, 'cgroup.procs'), 'utf8')
      return text.split('\n').flatMap((line) => (/^[1-9]\d*$/.test(line) ? [Number(line)] : []))
    } catch {
      // It is gone, or a threaded cgroup, whose processes are those of the one above.
      return []
    }
  }

  #learn(id: number, path: string): void {
    const [oldest] = this.#paths.keys()
    if (this.#paths.size >= CGROUPS_WALKED && oldest !== undefined) this.#paths.delete(oldest)
    this.#paths.set(id, path)
  }
}

function statusOf(folder: string): Stats | undefined {
  try {
    return statSync(folder)
  } catch {
    // Gone; or so deep that its path is longer than any the kernel takes, which whoever may make folders can do.
    return undefined
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    // Removed between being listed and being read.
    return []
  }
}
