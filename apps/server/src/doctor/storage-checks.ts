import { counted, type UnixNano } from '@holdfast/model'
import { runwayWords } from '@holdfast/api'
import type { Runway } from '../disk-use.ts'
import type { FoundCheck } from './found-check.ts'
import { RETENTION_DAYS, RUNWAY_FAIL_DAYS } from './limits.ts'

type Storage = {
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number; readonly neededBytes: number }
  /** How long the disk lasts at least; undefined before there is a rate. */
  readonly runway: Runway | undefined
  /** When the oldest entry was recorded; undefined in an empty log. */
  readonly oldest: UnixNano | undefined
  readonly now: UnixNano
}

const DISK_WARN = 0.1
const MIB = 2 ** 20
const DAY_NS = 86_400_000_000_000
const RATE_HOURS = 24

/** Whether there is room now, for how many days at this rate, and whether an incident could be read back as far as it must. */
export function storageChecks({ disk, runway, oldest, now }: Storage): readonly FoundCheck[] {
  const share = disk.totalBytes === 0 ? 1 : disk.freeBytes / disk.totalBytes
  const isFull = disk.freeBytes < disk.neededBytes
  return [
    {
      id: 'disk',
      status: isFull ? 'FAIL' : share < DISK_WARN ? 'WARN' : 'PASS',
      title: 'disk',
      detail: `${(share * 100).toFixed(1)} % free; below ${Math.ceil(disk.neededBytes / MIB)} MiB nothing is taken in`,
      ...(share < DISK_WARN || isFull ? { remedy: MORE_DISK } : {}),
    },
    runwayCheck(runway),
    retentionCheck({ runway, keptDays: oldest === undefined ? undefined : Number(now - oldest) / DAY_NS }),
  ]
}

const MORE_DISK = 'free space on the disk of the data folder, or move the folder to a larger one'

function runwayCheck(runway: Runway | undefined): FoundCheck {
  const about = { id: 'disk-runway', title: 'disk runway' } as const
  if (runway === undefined)
    return {
      ...about,
      status: 'PASS',
      detail: 'nothing was stored in the last 24 hours, so there is no rate to count with',
    }
  const detail = `${runwayWords(runway)} until nothing more is taken in, at the rate of the last 24 hours`
  if (runway.runwayDays < RUNWAY_FAIL_DAYS) return { ...about, status: 'FAIL', detail, remedy: MORE_DISK }
  return { ...about, status: 'PASS', detail }
}

/** Nothing is deleted by its age: how far back one can read is bounded by the disk alone. */
function retentionCheck({
  runway,
  keptDays,
}: {
  readonly runway: Runway | undefined
  readonly keptDays: number | undefined
}): FoundCheck {
  const about = { id: 'retention', title: `retention against ${RETENTION_DAYS} days` } as const
  const kept = keptDays === undefined ? 'the log is empty' : `the log reaches back ${daysText(keptDays)}`
  const reach = (keptDays ?? 0) + (runway?.runwayDays ?? Number.POSITIVE_INFINITY)
  // The first hours are often a burst, and what a day of them would be is no reason to buy a disk.
  const isEarly = runway !== undefined && runway.rateHours < RATE_HOURS
  if (reach >= RETENTION_DAYS || isEarly)
    return { ...about, status: 'PASS', detail: `${kept}, and nothing is deleted by its age` }
  return {
    ...about,
    status: 'WARN',
    detail: `${kept}, nothing is deleted by its age, and the disk is full before ${RETENTION_DAYS} days are kept`,
    remedy: MORE_DISK,
  }
}

function daysText(days: number): string {
  if (days >= 3_650) return 'more than 10 years'
  return days < 1 ? `${(days * 24).toFixed(1)} hours` : counted(Math.floor(days), 'day')
}
