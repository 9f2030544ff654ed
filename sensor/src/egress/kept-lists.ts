import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Which list of the kernel's is a cgroup's, and the addresses on it that were learned, as AllowedNames writes them. */
export type KeptList = {
  readonly path: string
  readonly artifact: string
  /** Digest of the entries that it was given: an operator may add to an artifact's own, and take that back. */
  readonly entries: string
  readonly list: number
  readonly learned: readonly string[]
}

/** Egress lists kept on disk, so that a driver that was killed goes on with what names were known to stand for. */
export class KeptLists {
  readonly #file: string
  readonly #bootId: string
  #lists: readonly KeptList[]

  constructor({ folder, bootId }: { readonly folder: string; readonly bootId: string }) {
    this.#file = join(folder, 'egress.json')
    this.#bootId = bootId
    this.#lists = read(this.#file, bootId)
  }

  find(wanted: Pick<KeptList, 'path' | 'artifact' | 'entries'>): KeptList | undefined {
    const { path, artifact, entries } = wanted
    return this.#lists.find((one) => one.path === path && one.artifact === artifact && one.entries === entries)
  }

  add(list: KeptList): void {
    this.#save([...this.#lists.filter(({ path }) => path !== list.path), list])
  }

  learn(path: string, learned: readonly string[]): void {
    this.#save(this.#lists.map((one) => (one.path === path ? { ...one, learned } : one)))
  }

  remove(path: string): void {
    this.#save(this.#lists.filter((one) => one.path !== path))
  }

  #save(lists: readonly KeptList[]): void {
    this.#lists = lists
    try {
      if (lists.length === 0) return rmSync(this.#file, { force: true })
      writeFileSync(`${this.#file}.new`, JSON.stringify({ bootId: this.#bootId, lists }), { mode: 0o600 })
      renameSync(`${this.#file}.new`, this.#file)
    } catch {
      // A full disk must not keep anything from being governed; only a driver that is killed now asks for names anew.
    }
  }
}

function read(file: string, bootId: string): readonly KeptList[] {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { readonly bootId?: unknown; readonly lists?: unknown }
    // Maps end with the machine; what #save wrote is there whole or not at all.
    return kept.bootId === bootId && Array.isArray(kept.lists) ? (kept.lists as readonly KeptList[]) : []
  } catch {
    // The first list in this folder, or the disk did not keep it.
    return []
  }
}
