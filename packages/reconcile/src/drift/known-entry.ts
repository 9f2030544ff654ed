import { SETTLE_DAYS } from './limits.ts'

/** One part that is known, in nanoseconds of claimed time. Owned by the profile, which alone changes it. */
export type Entry = {
  last: bigint
  since: bigint
  longestGap: bigint
  /** A recorded change or a person brought it. */
  isAccepted: boolean
  /** Starts of the last {@link SETTLE_DAYS} days on which it was there, in order. */
  days: readonly bigint[]
}

type Times = { readonly at: bigint; readonly last: bigint }

export function newEntry({ at, last }: Times, isAccepted: boolean): Entry {
  return { since: at, last, longestGap: 0n, isAccepted, days: [dayStart(at)] }
}

/** It was there again, from `at` to `last`. */
export function touch(known: Entry, { at, last }: Times): void {
  if (at - known.last > known.longestGap) known.longestGap = at - known.last
  if (last > known.last) known.last = last
  const day = dayStart(at)
  if (known.days.at(-1) !== day) known.days = [...known.days.slice(1 - SETTLE_DAYS), day]
}

/** An accepted new part is used with more and more of the old ones for a while. */
export function isYoung({ isAccepted, since }: Readonly<Entry>, at: bigint): boolean {
  return isAccepted && at - since < days(SETTLE_DAYS)
}

/**
 * Beside another part only the days count on which they could have met: a tool that came two weeks ago is still new to an
 * export that is made on Mondays.
 */
export function isYoungBeside(entry: Readonly<Entry>, other: Readonly<Entry>, at: bigint): boolean {
  if (isYoung(entry, at)) return true
  return entry.isAccepted && (other.days.length < SETTLE_DAYS || (other.days[0] ?? 0n) <= entry.since)
}

/** Days as nanoseconds. */
export function days(count: number): bigint {
  return BigInt(Math.round(count * 86_400)) * 1_000_000_000n
}

function dayStart(at: bigint): bigint {
  return at - (at % days(1))
}
