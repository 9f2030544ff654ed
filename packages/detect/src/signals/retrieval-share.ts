/** What an agent retrieved on one day of one item. */
export type RetrievedDay = { readonly day: number; readonly count: number }

/** One item of a corpus as it was retrieved: by its own id, with the versions that were seen. */
export type RetrievedItem = {
  readonly origin: string
  readonly days: readonly RetrievedDay[]
  /** Versions in the order in which they were first retrieved, with the event that showed it. */
  readonly versions: readonly {
    readonly version: string
    readonly day: number
    readonly claimedAt: bigint
    readonly event: string
    readonly entry: number
  }[]
}

/** An item whose part in what an agent retrieves has grown, and the version with which it began to. */
export type RisingItem = {
  readonly item: RetrievedItem
  readonly from: number
  readonly to: number
  readonly days: number
  readonly since: RetrievedItem['versions'][number] | undefined
}

/** Days and retrievals before a share says anything; how far, and by how many times, it has to rise. */
const LEAST_DAYS = 10
const LEAST_RETRIEVALS = 50
const LEAST_RISE = 0.1
const LEAST_TIMES = 2

/**
 * The item whose share of retrievals rose most between the first and the last third of the days; undefined where none did.
 * Slow tampering with a corpus leaves no single deed: this is where to look first, and proves nothing by itself.
 */
export function risingItem(items: readonly RetrievedItem[]): RisingItem | undefined {
  const totals = new Map<number, number>()
  for (const { days } of items) for (const { day, count } of days) totals.set(day, (totals.get(day) ?? 0) + count)
  const days = [...totals.keys()].toSorted((a, b) => a - b)
  const retrievals = [...totals.values()].reduce((sum, count) => sum + count, 0)
  if (days.length < LEAST_DAYS || retrievals < LEAST_RETRIEVALS) return undefined
  const third = Math.floor(days.length / 3)
  const [early, late] = [new Set(days.slice(0, third)), new Set(days.slice(-third))]
  const risen = items
    .map((item) => ({ item, from: shareOf(item, early, totals), to: shareOf(item, late, totals) }))
    .filter(({ from, to }) => to - from >= LEAST_RISE && to >= LEAST_TIMES * from)
    .toSorted((a, b) => b.to - b.from - (a.to - a.from) || (a.item.origin < b.item.origin ? -1 : 1))
  const [most] = risen
  if (most === undefined) return undefined
  return {
    ...most,
    days: days.length,
    since: versionOf(most.item, { days, totals, middle: (most.from + most.to) / 2 }),
  }
}

function shareOf(item: RetrievedItem, days: ReadonlySet<number>, totals: ReadonlyMap<number, number>): number {
  const own = item.days.reduce((sum, { day, count }) => (days.has(day) ? sum + count : sum), 0)
  const all = [...days].reduce((sum, day) => sum + (totals.get(day) ?? 0), 0)
  return all === 0 ? 0 : own / all
}

type Rise = { readonly days: readonly number[]; readonly totals: ReadonlyMap<number, number>; readonly middle: number }

/** The version that was served when the share passed the middle of its way: the last one that had come by then. */
function versionOf(item: RetrievedItem, { days, totals, middle }: Rise): RisingItem['since'] {
  const own = new Map(item.days.map(({ day, count }) => [day, count]))
  const passed = days.find((day) => (own.get(day) ?? 0) / Math.max(1, totals.get(day) ?? 0) >= middle) ?? Infinity
  const byTime = item.versions.toSorted((a, b) => (a.claimedAt < b.claimedAt ? -1 : a.claimedAt > b.claimedAt ? 1 : 0))
  return byTime.findLast(({ day }) => day <= passed) ?? byTime[0]
}
