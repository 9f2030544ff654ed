import { baselineOf } from '@holdfast/declare'
import {
  convergenceOf,
  dailySeries,
  standingOf,
  type Convergence,
  type ConvergenceLimits,
  type Standing,
} from '@holdfast/observe'
import { PROFILE_DIMENSIONS, type ProfileDimension } from '@holdfast/model'
import type { AboutAgent } from '../inventory/inventory-queries.ts'
import { dayOf } from './docs.ts'
import { countsOf, joined, type ProfileReader, type Seen, type SeenDays } from './profile-reader.ts'

/** One entry of a profile over all its days. */
export type ProfileEntry = Seen & {
  readonly dimension: ProfileDimension
  readonly key: string
  readonly daysSeen: number
  readonly standing: Standing
  /** First seen after the profile had converged. */
  readonly isNew: boolean
}

/** A profile with its verdict, as of an instant. */
export type AgentBaseline = {
  readonly reader: ProfileReader
  readonly limits: ConvergenceLimits
  readonly asOf: bigint
  readonly convergence: Convergence
  readonly days: ReadonlyMap<ProfileDimension, SeenDays>
}

/** `asOf` is the instant that is asked about; the reader already leaves out what came after it. */
export function baselineAt(reader: ProfileReader, about: AboutAgent | undefined, asOf: bigint): AgentBaseline {
  const limits = baselineOf(about?.class ?? 'unclassified').convergence
  const days = new Map(PROFILE_DIMENSIONS.map((dimension) => [dimension, reader.days(dimension)]))
  const series = new Map([...days].map(([dimension, seen]) => [dimension, dailySeries(countsOf(seen), limits)]))
  return { reader, limits, asOf, convergence: convergenceOf(series, { limits, asOf: dayOf(asOf) }), days }
}

/** All entries, by dimension and then the most seen first. */
export function entriesOf({ days, limits, asOf, convergence }: AgentBaseline): readonly ProfileEntry[] {
  const convergedOn = convergence.status === 'converged' ? convergence.since : undefined
  return [...days].flatMap(([dimension, seen]) => {
    const entries = new Map<string, { readonly all: Seen; readonly daysSeen: number }>()
    for (const day of seen.values())
      for (const [key, more] of day) {
        const known = entries.get(key)
        entries.set(key, { all: joined(known?.all, more), daysSeen: (known?.daysSeen ?? 0) + 1 })
      }
    return [...entries]
      .map(([key, { all, daysSeen }]): ProfileEntry => {
        const daysSince = Math.max(0, Number(asOf - all.last) / DAY_NANOS)
        const standing = standingOf({ daysSince, daysSeen, halfLifeDays: limits.halfLifeDays })
        const isNew = convergedOn !== undefined && dayOf(all.first) > convergedOn
        return { ...all, dimension, key, daysSeen, standing, isNew }
      })
      .toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
  })
}

const DAY_NANOS = 86_400_000_000_000
