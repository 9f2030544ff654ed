import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CGROUP_GONE } from '@holdfast/model'
import { bootNow } from './boot-now.ts'
import type { CommandResult } from '../loader/told.ts'
import { THAW_LATE_NS } from '../limits.ts'
import type { Standing, Standings } from './standings.ts'

export type HoldWatchOptions = {
  readonly standings: Standings
  readonly mount: string
  /** Folder of what is pinned; the loader's notes lie beside it. */
  readonly holds: string
  readonly send: (verb: string) => Promise<CommandResult>
  readonly thaw: (standing: Standing) => Promise<void>
  /** What is being applied or released now is looked at later. */
  readonly isBusy: (path: string) => boolean
  readonly onEnded: (standing: Standing) => void
}

type Note = { readonly cgroup: string; readonly kind: string; readonly how: string; readonly bootNs: string }
type Held = { readonly cgroup: string; readonly expires: string }

/** Finds out what no longer stands of what was held, and why. */
export class HoldWatch {
  readonly #options: HoldWatchOptions

  constructor(options: HoldWatchOptions) {
    this.#options = options
  }

  /** One look at everything that stands. */
  async look(): Promise<void> {
    const { standings, send, isBusy, onEnded } = this.#options
    if (standings.list().length === 0) return
    const { ok, more } = await send('holds')
    if (!ok) return
    const held = (more?.['holds'] ?? []) as readonly Held[] // what the loader's `holds` tells
    for (const standing of standings.list()) {
      if (isBusy(standing.path) || (await this.#stands(standing, held))) continue
      // Whoever asked meanwhile has ended or replaced it by his own word.
      if (standings.find(standing.containment, standing.path) !== standing) continue
      standings.ended(standing, this.#reason(standing))
      onEnded(standing)
    }
  }

  async #stands(standing: Standing, held: readonly Held[]): Promise<boolean> {
    const { cgroup, kind, expires } = standing
    const now = bootNow()
    if (kind === 'hold') {
      const found = held.find((one) => one.cgroup === cgroup)
      return found !== undefined && (found.expires === '0' || BigInt(found.expires) > now)
    }
    if (!isFrozen(join(this.#options.mount, standing.path))) return false
    // Whose process was ended too, nobody else thaws.
    if (now > BigInt(expires) + THAW_LATE_NS)
      await this.#options.thaw(standing).catch(() => {
        // Tried again at the next look: what else is held is to be looked at all the same.
      })
    return true
  }

  #reason({ cgroup, kind, since, expires, path }: Standing): string {
    const note = readNotes(`${this.#options.holds}.ended`).findLast(
      (one) => one.cgroup === cgroup && one.kind === kind && BigInt(one.bootNs) >= BigInt(since),
    )
    if (note !== undefined) return note.how === 'local' ? 'released locally' : 'expired'
    if (expires !== '0' && bootNow() >= BigInt(expires)) return 'expired'
    if (!existsSync(join(this.#options.mount, path))) return CGROUP_GONE
    return 'released on the host, by other means than this program'
  }
}

function isFrozen(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'cgroup.freeze'), 'utf8').trim() === '1'
  } catch {
    // The cgroup is gone, and its tasks with it.
    return false
  }
}

/** What the loader's hold-notes.c wrote; nothing where nothing ended yet. */
function readNotes(path: string): readonly Note[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n')
    // A line without its end is still being written; the others are hold-notes.c's own, in a folder of root's.
    return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as Note)
  } catch {
    // No file: nothing ended yet, or the machine was started anew.
    return []
  }
}
