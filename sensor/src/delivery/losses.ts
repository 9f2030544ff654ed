import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SensorLosses } from '@holdfast/model'
import { eachEntry } from './batch-builder.ts'

type Counted = {
  readonly cgroup: string
  agentName: string
  readonly place: SensorLosses['place']
  byType: Record<string, number>
}

/** Losses of one start that the server has not been told of. */
export type Untold = { readonly start: string; readonly losses: readonly SensorLosses[] }

/**
 * What was lost since the start, by cgroup and type. Counts only grow. What happened while the server was away is kept in
 * a file, so that the next start can tell it where this one does not come to.
 */
export class Losses {
  readonly #path: string
  readonly #start: string
  readonly #counts = new Map<string, Counted>()
  readonly #changed = new Set<string>()
  #earlier: Untold | undefined

  constructor(options: { readonly folder: string; readonly start: string }) {
    this.#path = join(options.folder, 'losses.json')
    this.#start = options.start
    this.#earlier = readEarlier(this.#path)
  }

  /** A running count of the loader: what a full ring or queue dropped. */
  setKernel(cgroup: string, agentName: string, type: string, total: number): void {
    const counted = this.#counted(cgroup, agentName, 'kernel')
    if (counted.byType[type] === total) return
    counted.byType[type] = total
    this.#changed.add(keyOf('kernel', cgroup))
  }

  /** A batch that goes nowhere: the spool cannot take it, or the server will never. */
  addBatch(body: Buffer, place: 'slow' | 'away' | 'full-disk' | 'refused'): void {
    eachEntry(body, ({ cgroup, agentName }, type) => this.#count(place, cgroup, agentName, type, 1))
    this.#save()
  }

  /** Entries that the spool held and that cannot be read again: nobody knows whose they were. */
  addDamaged(entries: number): void {
    this.#count('disk', '', '', 'unreadable', entries)
    this.#save()
  }

  /** What changed since the last that was {@link told}, at most `most` rows; what an earlier start left comes first. */
  untold(most: number): Untold | undefined {
    if (this.#earlier !== undefined) return this.#earlier
    const losses = [...this.#changed].slice(0, most).flatMap((key) => this.#counts.get(key) ?? [])
    // A copy: the counts go on while it is being told.
    return losses.length === 0 ? undefined : { start: this.#start, losses: structuredClone(losses) }
  }

  told({ start, losses }: Untold): void {
    if (start !== this.#start) this.#earlier = undefined
    else
      for (const { place, cgroup, byType } of losses) {
        const key = keyOf(place, cgroup)
        const now = this.#counts.get(key)
        if (now !== undefined && sumOf(now.byType) === sumOf(byType)) this.#changed.delete(key)
      }
    this.#save()
  }

  #count(place: SensorLosses['place'], cgroup: string, agentName: string, type: string, entries: number): void {
    const { byType } = this.#counted(cgroup, agentName, place)
    byType[type] = (byType[type] ?? 0) + entries
    this.#changed.add(keyOf(place, cgroup))
  }

  #counted(cgroup: string, agentName: string, place: SensorLosses['place']): Counted {
    const key = keyOf(place, cgroup)
    const known = this.#counts.get(key)
    if (known !== undefined) return known
    // Types come from records: a map without the names that every object has.
    const counted: Counted = { cgroup, agentName, place, byType: Object.create(null) as Record<string, number> }
    this.#counts.set(key, counted)
    return counted
  }

  #save(): void {
    if (this.#earlier !== undefined) return
    const losses = [...this.#changed].flatMap((key) => this.#counts.get(key) ?? [])
    try {
      if (losses.length === 0) return rmSync(this.#path, { force: true })
      writeFileSync(`${this.#path}.new`, JSON.stringify({ start: this.#start, losses }), { mode: 0o600 })
      renameSync(`${this.#path}.new`, this.#path)
    } catch {
      // A full disk is why there is something to count: the counts are here, and are told once the server is back.
    }
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
