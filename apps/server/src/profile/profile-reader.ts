import {
  added,
  chunkOf,
  counted,
  decodeProofs,
  isExcluded,
  namedDestination,
  pairsOf,
  type DayCounts,
  type Exclusion,
  type Histogram,
  type Proof,
} from '@holdfast/observe'
import type { ProjectionStore } from '@holdfast/recorder'
import { VOLUME_MEASURES, type ProfileDimension, type VolumeMeasure } from '@holdfast/model'
import {
  callsOf,
  dayOf,
  decode,
  decodeHistogram,
  sumsOf,
  type ChangeDoc,
  type CountDoc,
  type ExecutionDoc,
  type MarkDoc,
  type ProfileDoc,
} from './docs.ts'
import { exclusionsOf, marksOf, type Mark } from './exclusions.ts'
import { keys, partOf } from './keys.ts'
import { CHANGES_SHOWN, MARKS_READ, PAGE_ROWS, ROWS_READ } from './limits.ts'

/** How often an entry was seen on one day, first and last. */
export type Seen = { readonly count: number; readonly first: bigint; readonly last: bigint }
export type SeenDays = ReadonlyMap<number, ReadonlyMap<string, Seen>>

type Store = Pick<ProjectionStore, 'get' | 'scan'>
const DAY_NANOS = 86_400_000_000_000n

/**
 * One agent's profile as it is read: without what marks take out, and where an instant is given, without what came after it.
 * Days that no mark touches are read from their counts; the others are counted anew from their proofs.
 */
export class ProfileReader {
  readonly doc: ProfileDoc
  readonly marks: readonly Mark[]
  readonly #store: Store
  readonly #exclusions: readonly Exclusion[]
  readonly #lastDay: number
  #touched: { readonly days: ReadonlySet<number>; readonly executions: readonly ExecutionDoc[] } | undefined
  #names: ReadonlyMap<string, readonly string[]> | undefined

  static open(store: Store, agent: string, at?: bigint): ProfileReader | undefined {
    const bytes = store.get(keys.agent(agent))
    return bytes === undefined ? undefined : new ProfileReader(store, decode<ProfileDoc>(bytes), at)
  }

  private constructor(store: Store, doc: ProfileDoc, at: bigint | undefined) {
    this.#store = store
    this.doc = doc
    this.marks = marksOf(
      store.scan({ prefix: keys.marks(doc.id), limit: MARKS_READ }).map(([, bytes]) => decode<MarkDoc>(bytes)),
    )
    const last = doc.lastClaimed === '' ? 0 : dayOf(BigInt(doc.lastClaimed))
    this.#lastDay = at === undefined ? last : Math.min(last, dayOf(at))
    this.#exclusions = [
      ...exclusionsOf(this.marks),
      ...(at === undefined ? [] : [{ markId: '', from: at + 1n, positions: [] }]),
    ]
  }

  /** Entries of a dimension by day, under the keys that they are shown by; `isRaw`: as they were recorded. */
  days(dimension: ProfileDimension, { isRaw = false }: { readonly isRaw?: boolean } = {}): SeenDays {
    const { days: touched, executions } = this.#touch()
    const seen = new Map<number, Map<string, Seen>>()
    const add = (day: number, raw: string, more: Seen): void => {
      if (day > this.#lastDay) return
      const own = seen.get(day) ?? new Map<string, Seen>()
      seen.set(day, own)
      const key = isRaw ? raw : this.shownAs(dimension, raw)
      own.set(key, joined(own.get(key), more))
    }
    const anew = dimension === 'tool-order' ? orderDays(executions, touched) : touched
    for (const [key, bytes] of this.#rows(keys.counts(this.doc.id, dimension))) {
      const day = Number(partOf(key, 3))
      if (anew.has(day)) continue
      const [count, first, last] = decode<CountDoc>(bytes)
      add(day, partOf(key, 4), { count, first: BigInt(first), last: BigInt(last) })
    }
    if (dimension === 'tool-order') this.#addPairs(anew, add)
    else
      for (const day of anew) {
        if (this.#isGone(day)) continue
        for (const [key, bytes] of this.#rows(keys.proofsOfDay(this.doc.id, dimension, day)))
          for (const proof of decodeProofs(bytes))
            if (!isExcluded(this.#exclusions, proof)) add(day, partOf(key, 4), once(proof.claimedAt))
      }
    return seen
  }

  /** Amounts of executions, by day of their first. */
  volumes(): ReadonlyMap<VolumeMeasure, ReadonlyMap<number, Histogram>> {
    const all = new Map<VolumeMeasure, Map<number, Histogram>>()
    for (const measure of VOLUME_MEASURES) {
      const days = new Map<number, Histogram>()
      for (const [key, bytes] of this.#rows(keys.volumes(this.doc.id, measure))) {
        const day = Number(partOf(key, 3))
        if (day <= this.#lastDay) days.set(day, decodeHistogram(bytes))
      }
      all.set(measure, days)
    }
    const move = (sums: ReturnType<typeof sumsOf>, by: 1 | -1): void => {
      for (const [measure, amount] of sums?.sums ?? []) {
        const days = all.get(measure)
        const day = sums?.day ?? 0
        days?.set(day, counted(days.get(day) ?? new Map(), amount, by))
      }
    }
    for (const execution of this.#touch().executions) {
      move(sumsOf(execution), -1)
      move(
        sumsOf(execution, (amount) => !isExcluded(this.#exclusions, amount)),
        1,
      )
    }
    return all
  }

  /** Proofs of one entry, the earliest in the log first, beyond `after`. */
  proofs(
    dimension: ProfileDimension,
    shown: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): readonly Proof[] {
    const chunks: (readonly [chunk: number, bytes: Uint8Array])[] = []
    for (const [key, bytes] of this.#rows(keys.counts(this.doc.id, dimension))) {
      const [day, raw] = [Number(partOf(key, 3)), partOf(key, 4)]
      if (this.shownAs(dimension, raw) !== shown || day > this.#lastDay || bytes.length === 0) continue
      const prefix = keys.proofs({ agent: this.doc.id, dimension, day, key: raw })
      for (const [name, chunk] of this.#rows(prefix)) chunks.push([Number(name.slice(prefix.length)), chunk])
    }
    const proofs: Proof[] = []
    // What is proven for weeks has thousands: of a later run of log positions nothing is decoded once there are enough.
    for (const run of Map.groupBy(
      chunks.toSorted(([a], [b]) => a - b),
      ([chunk]) => chunk,
    ).values()) {
      if (proofs.length >= limit) break
      const own = run
        .flatMap(([, bytes]) => decodeProofs(bytes))
        .filter((proof) => proof.entry > after && !isExcluded(this.#exclusions, proof))
      for (const proof of own.toSorted((a, b) => a.entry - b.entry)) proofs.push(proof)
    }
    return proofs.slice(0, limit)
  }

  /** Log positions that prove the entries of a dimension, by the keys that were recorded: of each the first `most` of its earliest days. */
  grounds(dimension: ProfileDimension, most: number): ReadonlyMap<string, readonly number[]> {
    const grounds = new Map<string, number[]>()
    for (const [key] of this.#rows(keys.counts(this.doc.id, dimension))) {
      const [day, raw] = [Number(partOf(key, 3)), partOf(key, 4)]
      const own = grounds.get(raw) ?? []
      if (day > this.#lastDay || own.length >= most) continue
      for (const [, chunk] of this.#rows(keys.proofs({ agent: this.doc.id, dimension, day, key: raw })))
        for (const proof of decodeProofs(chunk))
          if (own.length < most && !isExcluded(this.#exclusions, proof)) own.push(proof.entry)
      grounds.set(raw, own)
    }
    return new Map([...grounds].map(([raw, entries]) => [raw, [...new Set(entries)].toSorted((a, b) => a - b)]))
  }

  /** Names that DNS answers gave the agent's destinations, by address. */
  names(): ReadonlyMap<string, readonly string[]> {
    this.#names ??= new Map(
      [...this.#rows(keys.namesOf(this.doc.id))].map(([key, bytes]) => [partOf(key, 2), decode<string[]>(bytes)]),
    )
    return this.#names
  }

  /** True where marks take a sighting out. */
  isLeftOut(proof: Proof): boolean {
    return isExcluded(this.#exclusions, proof)
  }

  /** Recorded changes of the agent up to the instant, the newest {@link CHANGES_SHOWN}, in order of time. */
  changes(): readonly ChangeDoc[] {
    return [...this.#rows(keys.changes(this.doc.id))]
      .map(([, bytes]) => decode<ChangeDoc>(bytes))
      .filter(({ claimedAt }) => dayOf(BigInt(claimedAt)) <= this.#lastDay)
      .toSorted((a, b) => (BigInt(a.claimedAt) < BigInt(b.claimedAt) ? -1 : 1))
      .slice(-CHANGES_SHOWN)
  }

  #addPairs(days: ReadonlySet<number>, add: (day: number, key: string, seen: Seen) => void): void {
    const done = new Set<string>()
    for (const day of days) {
      if (day > this.#lastDay) continue
      for (const execution of this.#executionsOf(day)) {
        if (done.has(execution)) continue
        done.add(execution)
        const doc = this.#execution(execution)
        const calls = doc === undefined ? [] : callsOf(doc).filter((call) => !isExcluded(this.#exclusions, call))
        for (const { key, claimedAt } of pairsOf(calls))
          if (days.has(dayOf(claimedAt))) add(dayOf(claimedAt), key, once(claimedAt))
      }
    }
  }

  /** Days of which something is taken out, and the executions that had a part in them. */
  #touch(): { readonly days: ReadonlySet<number>; readonly executions: readonly ExecutionDoc[] } {
    if (this.#touched !== undefined) return this.#touched
    const { firstClaimed, lastClaimed } = this.doc
    const days = new Set<number>()
    const names = new Set<string>()
    if (firstClaimed !== '') {
      const [first, last] = [dayOf(BigInt(firstClaimed)), dayOf(BigInt(lastClaimed))]
      for (const exclusion of this.#exclusions) {
        for (const day of timedDays(exclusion, first, Math.min(last, this.#lastDay))) days.add(day)
        for (const day of this.#positionDays(exclusion)) if (day <= this.#lastDay) days.add(day)
      }
      for (const name of this.#goingOn(first, last)) names.add(name)
    }
    for (const day of days) for (const name of this.#executionsOf(day)) names.add(name)
    const executions = [...names].flatMap((name) => this.#execution(name) ?? [])
    this.#touched = { days, executions }
    return this.#touched
  }

  /**
   * Executions that began before the instant and went on after its day. What began later leaves the profile with its days:
   * reading the weeks after an instant would cost more than the weeks before it.
   */
  *#goingOn(first: number, last: number): Generator<string> {
    if (last <= this.#lastDay) return
    const begun = new Set<string>()
    for (let day = first; day <= this.#lastDay; day += 1) for (const name of this.#executionsOf(day)) begun.add(name)
    for (let day = this.#lastDay + 1; day <= last; day += 1)
      for (const name of this.#executionsOf(day)) if (begun.has(name)) yield name
  }

  *#executionsOf(day: number): Generator<string> {
    for (const [key] of this.#rows(keys.executionsOf(this.doc.id, day))) yield partOf(key, 3)
  }

  *#positionDays({ positions }: Exclusion): Generator<number> {
    for (const [first, last] of positions) {
      // Positions past the end of what was folded name nothing.
      const end = Math.min(last, this.doc.version)
      for (let chunk = chunkOf(first); chunk <= chunkOf(end); chunk += 1)
        for (const [key] of this.#rows(keys.daysOf(this.doc.id, chunk))) yield Number(partOf(key, 3))
    }
  }

  /** True where a mark takes out all of a day. */
  #isGone(day: number): boolean {
    const [start, end] = [BigInt(day) * DAY_NANOS, BigInt(day + 1) * DAY_NANOS]
    return this.#exclusions.some(
      ({ from, to }) => (from !== undefined || to !== undefined) && (from ?? 0n) <= start && (to ?? end) >= end,
    )
  }

  /** The key that an entry is shown under: an address goes by the name that a DNS answer gave it, whenever it did. */
  shownAs(dimension: ProfileDimension, raw: string): string {
    if (dimension !== 'destination') return raw
    const address = raw.slice(0, raw.lastIndexOf(':'))
    return namedDestination(raw, this.names().get(address) ?? [])
  }

  /** A name may be answered after the address was used: what was read of names and by them is read again. */
  forgetNames(): void {
    this.#names = undefined
  }

  #execution(execution: string): ExecutionDoc | undefined {
    const bytes = this.#store.get(keys.execution(this.doc.id, execution))
    return bytes === undefined ? undefined : decode<ExecutionDoc>(bytes)
  }

  *#rows(prefix: string): Generator<readonly [string, Uint8Array]> {
    let after: string | undefined
    for (let read = 0; read < ROWS_READ;) {
      const rows = this.#store.scan({ prefix, limit: PAGE_ROWS, ...(after === undefined ? {} : { after }) })
      yield* rows
      if (rows.length < PAGE_ROWS) return
      after = rows.at(-1)?.[0]
      read += rows.length
    }
  }
}

/** Counts alone: what the formulas take. */
export function countsOf(days: SeenDays): ReadonlyMap<number, DayCounts> {
  return new Map(
    [...days].map(([day, entries]) => [day, new Map([...entries].map(([key, { count }]) => [key, count]))]),
  )
}

/** All days of a measure as one. */
export function wholeOf(days: ReadonlyMap<number, Histogram>): Histogram {
  return [...days.values()].reduce<Histogram>((sum, day) => added(sum, day), new Map())
}

export function joined(a: Seen | undefined, b: Seen): Seen {
  if (a === undefined) return b
  return {
    count: a.count + b.count,
    first: a.first < b.first ? a.first : b.first,
    last: a.last > b.last ? a.last : b.last,
  }
}

function once(claimedAt: bigint): Seen {
  return { count: 1, first: claimedAt, last: claimedAt }
}

function* timedDays({ from, to }: Exclusion, first: number, last: number): Generator<number> {
  if (from === undefined && to === undefined) return
  const start = from === undefined ? first : Math.max(first, dayOf(from))
  const end = to === undefined ? last : Math.min(last, dayOf(to))
  for (let day = start; day <= end; day += 1) yield day
}

/** A call that goes changes the pair of the next one, which may be of the day after. */
function orderDays(executions: readonly ExecutionDoc[], touched: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...touched, ...executions.flatMap((doc) => callsOf(doc).map(({ claimedAt }) => dayOf(claimedAt)))])
}
