import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SensorCommand } from '@holdfast/model'
import { WATCH_FLAG } from '../loader/record-layout.ts'

/** A cgroup that is to be watched, and how. */
export type Watch = Omit<Extract<SensorCommand, { readonly do: 'watch' }>, 'do'>

/** As the loader takes them (SPEC S4). */
export function flagsOf({ allOpens, tls, fromFirstExec, seccomp }: Watch): number {
  return (
    WATCH_FLAG.descend |
    (allOpens ? WATCH_FLAG.allOpens : 0) |
    (tls ? WATCH_FLAG.tls : 0) |
    (fromFirstExec === true ? WATCH_FLAG.resetAtExec : 0) |
    (seccomp === undefined ? 0 : WATCH_FLAG.refusals)
  )
}

/** The cgroups that were asked to be watched, kept so that a driver that was killed watches them again. */
export class Watches {
  readonly #path: string
  #watches: readonly Watch[]

  constructor(folder: string) {
    this.#path = join(folder, 'watches.json')
    this.#watches = readWatches(this.#path)
  }

  list(): readonly Watch[] {
    return this.#watches
  }

  add(watch: Watch): void {
    this.#save([...this.#watches.filter(({ path }) => path !== watch.path), watch])
  }

  remove(path: string): void {
    this.#save(this.#watches.filter((watch) => watch.path !== path))
  }

  #save(watches: readonly Watch[]): void {
    this.#watches = watches
    try {
      if (watches.length === 0) return rmSync(this.#path, { force: true })
      writeFileSync(`${this.#path}.new`, JSON.stringify(watches), { mode: 0o600 })
      renameSync(`${this.#path}.new`, this.#path)
    } catch {
      // A full disk must not keep anything from being watched; only a driver that is killed now forgets it.
    }
  }
}

function readWatches(path: string): readonly Watch[] {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as unknown
    return Array.isArray(read) ? read.filter(isWatch) : []
  } catch {
    // The first start in this folder, or the disk did not keep it.
    return []
  }
}

/** What #save wrote; a power failure may leave anything in its place. */
function isWatch(read: unknown): read is Watch {
  if (typeof read !== 'object' || read === null || !('path' in read) || !('service' in read)) return false
  return typeof read.path === 'string' && typeof read.service === 'string'
}
