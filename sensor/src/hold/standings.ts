import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AllowedAddress, AllowedName, HoldEnding } from '@holdfast/model'
import { ENDINGS_KEPT } from '../limits.ts'

/** A cgroup on a rung that can end by itself, or by root's hand on this host. */
export type Standing = {
  readonly containment: string
  readonly path: string
  /** Id, decimal. */
  readonly cgroup: string
  readonly kind: 'hold' | 'pause'
  /** Boot clock, decimal ns. `expires` 0: never. */
  readonly since: string
  readonly expires: string
  /** Allow list of a restriction to names, and the addresses on it that were learned, as AllowedNames writes them. */
  readonly names?: {
    readonly list: number
    readonly allowed: readonly AllowedName[]
    readonly addresses: readonly AllowedAddress[]
    readonly learned: readonly string[]
  }
}

type Kept = { readonly bootId: string; readonly standing: readonly Standing[]; readonly endings: readonly HoldEnding[] }

/**
 * What this sensor holds, and what of it ended without the server's word and was not told yet. Kept on disk, so that a
 * driver that was away says it once it is back.
 */
export class Standings {
  readonly #path: string
  #kept: Kept

  constructor(options: { readonly folder: string; readonly bootId: string }) {
    const { folder, bootId } = options
    this.#path = join(folder, 'holds.json')
    const kept = read(this.#path)
    this.#kept = { ...kept, bootId }
    // Programs, maps and frozen tasks end with the machine.
    if (kept.bootId !== bootId) for (const one of kept.standing) this.ended(one, 'the host was started anew')
  }

  list(): readonly Standing[] {
    return this.#kept.standing
  }

  /** Ends not told yet. */
  endings(): readonly HoldEnding[] {
    return this.#kept.endings
  }

  told(endings: readonly HoldEnding[]): void {
    this.#save({ endings: this.#kept.endings.filter((one) => !endings.includes(one)) })
  }

  /** Written before the rung is applied: a driver that is killed meanwhile finds out whether it was. Those replaced. */
  add(standing: Standing): readonly Standing[] {
    const replaced = this.#kept.standing.filter(
      (one) => one.path === standing.path && one.kind === standing.kind && one.containment !== standing.containment,
    )
    for (const one of replaced) this.ended(one, 'replaced by another containment')
    this.remove(standing.containment, standing.path)
    this.#save({ standing: [...this.#kept.standing, standing] })
    return replaced
  }

  find(containment: string, path: string): Standing | undefined {
    return this.#kept.standing.find((one) => one.containment === containment && one.path === path)
  }

  /** Puts other learned addresses in the place of those known. */
  learn(containment: string, path: string, learned: readonly string[]): void {
    this.#save({
      standing: this.#kept.standing.map((one) =>
        one.containment === containment && one.path === path && one.names !== undefined
          ? { ...one, names: { ...one.names, learned } }
          : one,
      ),
    })
  }

  /** Ended as the server asked, or never begun: it is told by the answer. */
  remove(containment: string, path: string): void {
    this.#save({ standing: this.#kept.standing.filter((one) => one.containment !== containment || one.path !== path) })
  }

  ended({ containment, path }: Standing, reason: string): void {
    this.remove(containment, path)
    const left = this.#kept.standing.filter((one) => one.containment === containment).length
    this.#save({ endings: [...this.#kept.endings, { containment, path, reason, left }].slice(-ENDINGS_KEPT) })
  }

  #save(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change }
    try {
      if (this.#kept.standing.length + this.#kept.endings.length === 0) return rmSync(this.#path, { force: true })
      writeFileSync(`${this.#path}.new`, JSON.stringify(this.#kept), { mode: 0o600 })
      renameSync(`${this.#path}.new`, this.#path)
    } catch {
      // A full disk must not keep anything from being held; only a driver that is killed now forgets it.
    }
  }
}

function read(path: string): Kept {
  const none = { bootId: '', standing: [], endings: [] }
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Partial<Kept> // what #save wrote, whole or not at all
    return Array.isArray(kept.standing) && Array.isArray(kept.endings) ? { ...none, ...kept } : none
  } catch {
    // The first hold in this folder, or the disk did not keep it.
    return none
  }
}
