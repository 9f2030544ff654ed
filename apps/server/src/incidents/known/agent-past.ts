import { baselineOf } from '@holdfast/declare'
import type { KnownBound, KnownEntry, KnownProfile } from '@holdfast/detect'
import { isExcluded, spreadOf, standingOf, type Histogram } from '@holdfast/observe'
import { PROFILE_DIMENSIONS, type AgentClass, type ProfileDimension, type VolumeMeasure } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { dayOf, decode, type ValuesDoc } from '../../profile/docs.ts'
import { exclusionsOf } from '../../profile/exclusions.ts'
import { keys } from '../../profile/keys.ts'
import { ProfileReader, wholeOf, type Seen, type SeenDays } from '../../profile/profile-reader.ts'
import { keyed, memoised } from './memoised.ts'
import { LEAST_DAYS, SETTLED_DAYS, SPAN_DAYS } from './limits.ts'

type Days = readonly (readonly [day: number, seen: Seen])[]
type Store = Pick<ProjectionStore, 'get' | 'scan'>

/** All that is kept of what an agent did, read once and asked about at any instant. What marks take out is not in it. */
export class AgentPast {
  readonly #store: Store
  readonly #reader: ProfileReader
  readonly #class: AgentClass
  readonly #dimensions = new Map<ProfileDimension, ReadonlyMap<string, Days>>()
  #volumes: ReadonlyMap<VolumeMeasure, ReadonlyMap<number, Histogram>> | undefined
  #days: ReadonlyMap<number, bigint> | undefined
  /** By the day that is asked about: cases of one day have one answer. */
  readonly #bounds = memoised((today: number) => this.#boundsOn(today))
  readonly #settled = keyed((about: { readonly dimension: ProfileDimension; readonly today: number }) =>
    this.#isSettled(about),
  )

  static open(store: Store, agent: string, of: AgentClass): AgentPast | undefined {
    const reader = ProfileReader.open(store, agent)
    return reader === undefined ? undefined : new AgentPast(store, reader, of)
  }

  private constructor(store: Store, reader: ProfileReader, of: AgentClass) {
    this.#store = store
    this.#reader = reader
    this.#class = of
  }

  /** Names of addresses are no past: an answer that came since holds for all that went there. */
  forgetNames(): void {
    this.#reader.forgetNames()
    this.#dimensions.delete('destination')
  }

  /** What was observed before an instant; undefined where that is of fewer than {@link LEAST_DAYS} days. */
  before(at: bigint): KnownProfile | undefined {
    const days = [...this.#firsts()].filter(([, first]) => first < at).length
    if (days < LEAST_DAYS) return undefined
    const today = dayOf(at)
    const entry = (dimension: ProfileDimension, key: string): KnownEntry | undefined =>
      this.#entry(this.#of(dimension).get(this.#reader.shownAs(dimension, key)), at)
    return {
      days,
      entry,
      anyServer: memoised((tool: string) => {
        for (const [key, seen] of this.#of('tool')) {
          const known = key.endsWith(`/${tool}`) ? this.#entry(seen, at) : undefined
          if (known !== undefined) return known
        }
        return undefined
      }),
      writesIn: memoised((folder: string) =>
        [...this.#of('file')].some(([key, seen]) => key.startsWith(`write ${folder}`) && isBefore(seen, at)),
      ),
      size: memoised(
        (dimension: ProfileDimension) => [...this.#of(dimension).values()].filter((seen) => isBefore(seen, at)).length,
      ),
      isSettled: (dimension) => this.#settled(`${dimension} ${today}`, { dimension, today }),
      shownAs: (dimension, key) => this.#reader.shownAs(dimension, key),
      bounds: this.#bounds(today),
      values: (tool, path) => this.#values(tool, path, at),
    }
  }

  #of(dimension: ProfileDimension): ReadonlyMap<string, Days> {
    const known = this.#dimensions.get(dimension)
    if (known !== undefined) return known
    const byKey = byKeyOf(this.#reader.days(dimension))
    this.#dimensions.set(dimension, byKey)
    return byKey
  }

  /** Each day with anything observed, and when that began. */
  #firsts(): ReadonlyMap<number, bigint> {
    if (this.#days !== undefined) return this.#days
    const days = new Map<number, bigint>()
    for (const dimension of PROFILE_DIMENSIONS)
      for (const seen of this.#of(dimension).values())
        for (const [day, { first }] of seen) {
          const known = days.get(day)
          if (known === undefined || first < known) days.set(day, first)
        }
    this.#days = days
    return days
  }

  #entry(seen: Days | undefined, at: bigint): KnownEntry | undefined {
    const before = (seen ?? []).filter(([, { first }]) => first < at)
    const [newest, oldest] = [before.at(-1)?.[1], before[0]?.[1]]
    if (newest === undefined || oldest === undefined) return undefined
    // Of a day that went on after the instant only its first sighting is known to lie before it.
    const last = newest.last < at ? newest.last : newest.first
    const { halfLifeDays } = baselineOf(this.#class).convergence
    const daysSince = Number(at - last) / DAY_NANOS
    const { state } = standingOf({ daysSince, daysSeen: before.length, halfLifeDays })
    return { first: oldest.first, last, days: before.length, isStale: state !== 'current' }
  }

  /** No more novelty over its last days than a converged profile of the class has (requirement book, 6.1). */
  #isSettled({ dimension, today }: { readonly dimension: ProfileDimension; readonly today: number }): boolean {
    const observed = new Map<number, number>()
    const fresh = new Map<number, number>()
    for (const seen of this.#of(dimension).values()) {
      const first = seen[0]?.[0]
      for (const [day, { count }] of seen) if (day < today) observed.set(day, (observed.get(day) ?? 0) + count)
      if (first !== undefined && first < today) fresh.set(first, (fresh.get(first) ?? 0) + 1)
    }
    const days = [...observed.keys()].toSorted((a, b) => a - b)
    const last = days.slice(-SETTLED_DAYS)
    if (last.length < SETTLED_DAYS || today - (days[0] ?? today) < SPAN_DAYS) return false
    const sum = (of: ReadonlyMap<number, number>): number => last.reduce((all, day) => all + (of.get(day) ?? 0), 0)
    return sum(fresh) <= baselineOf(this.#class).convergence.novelty * sum(observed)
  }

  #boundsOn(today: number): ReadonlyMap<VolumeMeasure, KnownBound> {
    const volumes = (this.#volumes ??= this.#reader.volumes())
    return new Map(
      [...volumes].flatMap(([measure, days]) => {
        const spread = spreadOf(wholeOf(new Map([...days].filter(([day]) => day < today))))
        return spread === undefined ? [] : [[measure, { p99: spread.p99, executions: spread.count }] as const]
      }),
    )
  }

  #values(tool: string, path: string, at: bigint): ReturnType<KnownProfile['values']> {
    const bytes = this.#store.get(keys.values(this.#reader.doc.id, tool, path))
    if (bytes === undefined) return undefined
    const { values, days, isOpen } = decode<ValuesDoc>(bytes)
    const exclusions = exclusionsOf(this.#reader.marks)
    const newest = values.at(-1)?.[1]
    // The earliest are kept: before the newest of them was given, all that had been are there.
    if (isOpen && (newest === undefined || BigInt(newest) < at)) return undefined
    const known = new Set(
      values.flatMap(([digest, first, entry]) =>
        BigInt(first) < at && !isExcluded(exclusions, { entry, claimedAt: BigInt(first) }) ? [digest] : [],
      ),
    )
    const today = dayOf(at)
    const calls = days.reduce((sum, [day, count]) => (day < today ? sum + count : sum), 0)
    return { knows: (digest) => known.has(digest), distinct: known.size, calls }
  }
}

const DAY_NANOS = 86_400_000_000_000

function byKeyOf(days: SeenDays): ReadonlyMap<string, Days> {
  const byKey = new Map<string, [number, Seen][]>()
  for (const [day, entries] of [...days].toSorted(([a], [b]) => a - b))
    for (const [key, seen] of entries) {
      const own = byKey.get(key)
      if (own === undefined) byKey.set(key, [[day, seen]])
      else own.push([day, seen])
    }
  return byKey
}

function isBefore(seen: Days, at: bigint): boolean {
  return seen.some(([, { first }]) => first < at)
}
