/** Digits of a date and a time of day, as a text gives them. Absent parts of the time of day are zero. */
export type CivilTime = {
  readonly year: string | undefined
  readonly month: string | undefined
  readonly day: string | undefined
  readonly hour?: string | undefined
  readonly minute?: string | undefined
  readonly second?: string | undefined
  /** Up to nine digits. */
  readonly fraction?: string | undefined
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** `Nov` and `November` as `11`; undefined for what is no month. */
export function monthOf(name: string): string | undefined {
  const at = MONTHS.indexOf(name.slice(0, 3).toLowerCase())
  return at === -1 ? undefined : String(at + 1)
}

/**
 * Nanoseconds from 1970 to that time of day in UTC; undefined where no calendar has the day or no clock the time. The
 * second 60 of a leap second is the first of the next minute, as in POSIX time.
 */
export function nanosOfCivil(civil: CivilTime): bigint | undefined {
  const [year, month, day] = [Number(civil.year), Number(civil.month), Number(civil.day)]
  const [hour, minute, second] = [Number(civil.hour ?? 0), Number(civil.minute ?? 0), Number(civil.second ?? 0)]
  if (hour > 23 || minute > 59 || second > 60) return undefined
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59)))
  // `Date.UTC` carries 30 February over into March, and reads the years 0 to 99 as 1900 to 1999.
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const seconds = BigInt(date.getTime() / 1000) + (second === 60 ? 1n : 0n)
  return seconds * 1_000_000_000n + BigInt((civil.fraction ?? '').padEnd(9, '0'))
}
