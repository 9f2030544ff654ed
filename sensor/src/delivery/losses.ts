import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SensorLosses } from '@holdfast/model'
import { LOSSES_KEPT } from '../limits.ts'
import { eachEntry } from './batch-builder.ts'

type Counted = Omit<SensorLosses, 'byType'> & { readonly byType: Record<string, number> }

/** Losses of one start that the server has not been told of. */
export type Untold = { readonly start: string; readonly losses: readonly SensorLosses[] }

/**
 * What was lost since the start, by cgroup and type. Counts only grow. What happened while the server was away is kept in
 * a file, so that the next start can tell it where this one does not come to.
 *
 * Cgroups come and go for as long as a driver runs. What the kernel dropped has no more rows than the loader has counts
 * (SPEC S4, `lost`). Of the others many are forgotten together once all of them are told, and counting begins anew under
 * the next number of the series; until then what finds no row is counted without its cgroup, so that the sum stays exact.
 */
export class Losses {
  readonly #path: string
  readonly #start: string
  readonly #mostKept: number
  readonly #kernel = new Map<string, Counted>()
  readonly #kept = new Map<string, Counted>()
  readonly #changed = new Set<Counted>()
  #series = 0
  #earlier: Untold | undefined

  constructor(options: { readonly folder: string; readonly start: string; readonly mostKept?: number }) {
    this.#path = join(options.folder, 'losses.json')
    this.#start = options.start
    this.#mostKept = options.mostKept ?? LOSSES_KEPT
    this.#earlier = readEarlier(this.#path)
  }

  /** A running count of the loader: what a full ring or queue dropped. */
  setKernel(cgroup: string, agentName: string, type: string, total: number): void {
    let counted = this.#kernel.get(cgroup)
    if (counted === undefined) this.#kernel.set(cgroup, (counted = countedOf('kernel', cgroup, agentName, 0)))
    if (counted.byType[type] === total) return
    counted.byType[type] = total
    this.#changed.add(counted)
  }

  /** A batch that goes nowhere: the spool cannot take it, or the server will never. */
  addBatch(body: Buffer, place: KeptPlace): void {
    eachEntry(body, ({ cgroup, agentName }, type) => this.#count(this.#keptOf(place, cgroup, agentName), type, 1))
    this.save()
  }

  /** Entries that the spool held and that cannot be read again: nobody knows whose they were. */
  addDamaged(entries: number): void {
    this.#count(this.#keptOf('disk', '', ''), 'unreadable', entries)
    this.save()
  }

  /** What changed since the last that was {@link told}, at most `most` rows; what an earlier start left comes first. */
  untold(most: number): Untold | undefined {
    if (this.#earlier !== undefined) return { ...this.#earlier, losses: this.#earlier.losses.slice(0, most) }
    const losses = [...this.#changed].slice(0, most)
    // A copy: the counts go on while it is being told.
    return losses.length === 0 ? undefined : { start: this.#start, losses: structuredClone(losses) }
  }

  /** Takes what {@link untold} gave, once the server has answered it. */
  told({ start, losses }: Untold): void {
    if (start !== this.#start) this.#toldEarlier(losses.length)
    else
      for (const { place, cgroup, byType } of losses) {
        const now = place === 'kernel' ? this.#kernel.get(cgroup) : this.#kept.get(keyOf(place, cgroup))
        if (now === undefined || !this.#changed.delete(now)) continue
        // It counted on meanwhile: told again, after those that were not told yet.
        if (sumOf(now.byType) !== sumOf(byType)) this.#changed.add(now)
      }
    // Well before there is no room: losses go on while a full table waits to be told.
    if (this.#kept.size > this.#mostKept / 2 && !this.#kept.values().some((one) => this.#changed.has(one))) {
      this.#kept.clear()
      this.#series += 1
    }
    this.save()
  }

  /** Writes down what is not told, for the next start to tell. */
  save(): void {
    // The file is what the earlier start left; what of it is told twice is counted once.
    if (this.#earlier !== undefined) return
    write(this.#path, { start: this.#start, losses: [...this.#changed] })
  }

  #toldEarlier(rows: number): void {
    if (this.#earlier === undefined) return
    const losses = this.#earlier.losses.slice(rows)
    this.#earlier = losses.length === 0 ? undefined : { ...this.#earlier, losses }
  }

  #count(counted: Counted, type: string, entries: number): void {
    counted.byType[type] = (counted.byType[type] ?? 0) + entries
    this.#changed.add(counted)
  }

  #keptOf(place: KeptPlace | 'disk', cgroup: string, agentName: string): Counted {
    const known = this.#kept.get(keyOf(place, cgroup))
    if (known !== undefined) return known
    if (cgroup !== '' && this.#kept.size >= this.#mostKept) return this.#keptOf(place, '', '')
    const counted = countedOf(place, cgroup, agentName, this.#series)
    this.#kept.set(keyOf(place, cgroup), counted)
    return counted
  }
}

/** Why a batch goes nowhere. */
type KeptPlace = Exclude<SensorLosses['place'], 'kernel' | 'disk'>

function countedOf(place: SensorLosses['place'], cgroup: string, agentName: string, series: number): Counted {
  // Types come from records: a map without the names that every object has.
  return { cgroup, agentName, place, series, byType: Object.create(null) as Record<string, number> }
}

function write(path: string, untold: Untold): void {
  try {
    if (untold.losses.length === 0) return rmSync(path, { force: true })
    writeFileSync(`${path}.new`, JSON.stringify(untold), { mode: 0o600 })
    renameSync(`${path}.new`, path)
  } catch {
    // A full disk is why there is something to count: the counts are here, and are told once the server is back.
  }
}

function keyOf(place: string, cgroup: string): string {
  return `${place} ${cgroup}`
}

function sumOf(byType: SensorLosses['byType']): number {
  return Object.values(byType).reduce((sum, count) => sum + count, 0)
}

function readEarlier(path: string): Untold | undefined {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as unknown
    return isUntold(read) ? read : undefined
  } catch {
    // Nothing was left to tell, or the disk did not keep it.
    return undefined
  }
}

/** What #save wrote; a power failure may leave anything in its place. */
function isUntold(read: unknown): read is Untold {
  if (typeof read !== 'object' || read === null || !('start' in read) || !('losses' in read)) return false
  return typeof read.start === 'string' && Array.isArray(read.losses)
}
