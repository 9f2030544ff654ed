import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of a data folder by what they are. */
export type DiskUse = {
  /** The log itself, with what went to cold storage. */
  readonly log: number
  /** Made of the log, and made anew of it wherever they are gone. */
  readonly projections: number
  /** Keys, the spool of the sensor, files on their way. */
  readonly other: number
}

/** What a stored byte was counted over. */
export type StoreRate = {
  /** Stored bytes of the log, by the day. */
  readonly bytesPerDay: number
  /** Hours of records that it was counted from, 24 at most. */
  readonly hours: number
}

export type Runway = { readonly runwayDays: number; readonly rateHours: number }

/** Asks for one file after the other, without holding the thread. */
export async function diskUseOf(folder: string): Promise<DiskUse> {
  const use = { log: 0, projections: 0, other: 0 }
  for (const file of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name)
    // A file that has gone meanwhile takes no room.
    const found = await stat(path).catch(() => undefined)
    use[partOf(path.slice(folder.length).replace(/^\/+/, ''))] += found?.size ?? 0
  }
  return use
}

/**
 * Days that a disk lasts at least: projections grow with the log, as far as they did until now. Of a young log that is too much, so
 * the disk lasts longer than this says, never shorter by it. Undefined before there is a rate.
 */
export function runwayOf(leftBytes: number, use: DiskUse, rate: StoreRate | undefined): Runway | undefined {
  if (rate === undefined || rate.bytesPerDay <= 0) return undefined
  const share = use.log === 0 ? 1 : (use.log + use.projections) / use.log
  return { runwayDays: Math.max(0, leftBytes) / (rate.bytesPerDay * share), rateHours: rate.hours }
}

function partOf(path: string): keyof DiskUse {
  if (path.startsWith('views/')) return 'projections'
  return path.startsWith('log.db') || path.startsWith('cold/') ? 'log' : 'other'
}
