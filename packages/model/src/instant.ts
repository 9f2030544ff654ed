import { type CivilTime, monthOf, nanosOfCivil } from './civil-time.ts'
import { formatRfc3339, parseUnixNano, type UnixNano } from './time.ts'

/** What somebody typed or pasted for a time, and how it was read. */
export type ParsedInstant =
  | {
      readonly status: 'ok'
      readonly at: UnixNano
      /** The instant in UTC and the form that it was read from, to be shown beside the field. */
      readonly understood: string
    }
  /** A wall clock without a zone: two people would read it differently. */
  | {
      readonly status: 'needs-zone'
      /** The same time with the zone UTC, as it may be typed instead. */
      readonly inUtc: string
      /** The question to put to whoever typed it. */
      readonly reason: string
    }
  | { readonly status: 'bad'; readonly reason: string }

type Reading =
  | { readonly kind: 'instant'; readonly nanos: bigint; readonly form: string }
  | { readonly kind: 'wall-clock'; readonly nanos: bigint }
  | { readonly kind: 'bad'; readonly reason: string }

/** No form of a time is longer; Go's own print of one with its monotonic clock is 60. */
const MAX_CHARACTERS = 80

/**
 * Reads a time in any form that tools of the field print: RFC 3339 with any offset, epoch in s, ms, us or ns, Kubernetes
 * and klog, CloudTrail (event, console, file name), Go, access logs, e-mail and syslog dates, `14:32Z`, and `2h ago`.
 * `now` gives the day and the year where the text leaves them out.
 */
export function parseInstant(text: string, { now }: { readonly now: UnixNano }): ParsedInstant {
  const trimmed = unwrapped(text)
  if (trimmed === '') return { status: 'bad', reason: 'no time was given' }
  if (trimmed.length > MAX_CHARACTERS)
    return { status: 'bad', reason: `a time has at most ${MAX_CHARACTERS} characters, this has ${trimmed.length}` }
  for (const read of READERS) {
    const reading = read(trimmed, now)
    if (reading !== undefined) return answer(reading)
  }
  return { status: 'bad', reason: 'not a time: write 2026-11-21T14:32:00Z, 14:32Z, an epoch, or 2h ago' }
}

function answer(reading: Reading): ParsedInstant {
  if (reading.kind === 'bad') return { status: 'bad', reason: reading.reason }
  const at = parseUnixNano(reading.nanos)
  if (at === undefined) return { status: 'bad', reason: 'out of range: times reach from 1970 to 2554' }
  const inUtc = formatRfc3339(at)
  return reading.kind === 'instant'
    ? { status: 'ok', at, understood: `${inUtc} (${reading.form})` }
    : { status: 'needs-zone', inUtc, reason: `no zone is given: for UTC write ${inUtc}` }
}

/** As copied from JSON or a log line: without the quotes, brackets and comma around it. */
function unwrapped(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && ' \t\r\n"\'[(<'.includes(text[start] ?? '')) start += 1
  while (start < end && ' \t\r\n"\'],;>'.includes(text[end - 1] ?? '')) end -= 1
  return text.slice(start, end)
}

type Reader = (text: string, now: UnixNano) => Reading | undefined

const READERS: readonly Reader[] = [readRelative, readEpoch, readIso, readBasicIso, readNamedMonth, readKlog, readClock]

const UNIT_NANOS = { s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n, d: 86_400_000_000_000n } as const
const MINUTE_NANOS = UNIT_NANOS.m

/** `now`, `30m`, `-30m`, `2h ago`, `1d12h ago`, `+5m`. Without a sign it lies back: so every command has taken it. */
function readRelative(text: string, now: UnixNano): Reading | undefined {
  const lower = text.toLowerCase()
  if (lower === 'now') return { kind: 'instant', nanos: now, form: 'now' }
  const parts = /^([+-]?)((?:\d{1,6} ?[a-z]{1,7} ?){1,4})$/.exec(lower.replace(/ ago$/, ''))
  if (parts === null) return undefined
  if (parts[1] !== '' && lower.endsWith(' ago')) return { kind: 'bad', reason: 'a sign and "ago": write one of them' }
  let span = 0n
  for (const [, count = '', unit = ''] of parts[2]?.matchAll(/(\d{1,6}) ?([a-z]{1,7})/g) ?? []) {
    const nanos = unitNanos(unit)
    if (nanos === undefined) return undefined
    span += BigInt(count) * nanos
  }
  return parts[1] === '+'
    ? { kind: 'instant', nanos: now + span, form: 'counted from now' }
    : { kind: 'instant', nanos: now - span, form: 'counted back from now' }
}

function unitNanos(unit: string): bigint | undefined {
  if (/^(s|secs?|seconds?)$/.test(unit)) return UNIT_NANOS.s
  if (/^(m|mins?|minutes?)$/.test(unit)) return UNIT_NANOS.m
  if (/^(h|hrs?|hours?)$/.test(unit)) return UNIT_NANOS.h
  if (/^(d|days?)$/.test(unit)) return UNIT_NANOS.d
  return /^(w|weeks?)$/.test(unit) ? 7n * UNIT_NANOS.d : undefined
}

/** The number of digits tells the unit for all times of this era: 10 are seconds, 13, 16 and 19 ms, us and ns. */
function readEpoch(text: string): Reading | undefined {
  const [, whole, fraction] = /^(\d{1,20})(?:\.(\d{1,9})\d{0,9})?$/.exec(text) ?? []
  if (whole === undefined) return undefined
  if (whole.length < 9)
    return { kind: 'bad', reason: `${whole} is too short for an epoch: seconds of today have 10 digits` }
  const digits = whole.length
  const [unit, name] =
    digits <= 11
      ? [1_000_000_000n, 'epoch in seconds']
      : digits <= 14
        ? [1_000_000n, 'epoch in milliseconds']
        : digits <= 17
          ? [1000n, 'epoch in microseconds']
          : [1n, 'epoch in nanoseconds']
  const part = (BigInt((fraction ?? '').padEnd(9, '0')) * unit) / 1_000_000_000n
  return { kind: 'instant', nanos: BigInt(whole) * unit + part, form: name }
}

const CLOCK = String.raw`(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?`
/** Go writes the offset and then its name, and the reading of the monotonic clock. */
const ZONE = String.raw`(?: ?(Z|UTC|GMT|UT|[+-]\d\d(?::?\d\d)?)(?: (?:UTC|GMT))?(?: m=[+-][\d.]+)?)?`
const ISO = new RegExp(`^(\\d{4})[-/](\\d\\d)[-/](\\d\\d)(?:(?:[T_ ]|, )${CLOCK}${ZONE})?$`, 'i')

/** RFC 3339 and its kin; a day alone is a wall clock too. */
function readIso(text: string): Reading | undefined {
  const parts = ISO.exec(text)
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second, fraction, zone] = parts
  return placed({ year, month, day, hour, minute, second, fraction }, zone, 'RFC 3339')
}

/** `20261121T143200Z`: names of CloudTrail files, dates of signed requests. */
function readBasicIso(text: string): Reading | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?$/i.exec(text)
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second, zone] = parts
  return placed({ year, month, day, hour, minute, second }, zone, 'ISO 8601 basic')
}

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}'
const WEEKDAY = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?'
const DAY_FIRST = new RegExp(`^${WEEKDAY}(\\d\\d?)[ /-]${MONTH}[ /-](\\d{4})(?:[:, ]|, )${CLOCK}${ZONE}$`, 'i')
const MONTH_FIRST = new RegExp(
  `^${WEEKDAY}${MONTH} {1,2}(\\d\\d?)(?:,? (\\d{4}),?)? ${CLOCK}(?: ?\\(?(?:UTC(?=[+-]))?(Z|UTC|GMT|UT|[+-]\\d\\d(?::?\\d\\d)?)\\)?)?(?: (\\d{4}))?$`,
  'i',
)

/** Access logs, e-mail, CloudTrail's console, `date`, and syslog, which leaves out the year. */
function readNamedMonth(text: string, now: UnixNano): Reading | undefined {
  const dayFirst = DAY_FIRST.exec(text)
  if (dayFirst !== null) {
    const [, day, month = '', year, hour, minute, second, fraction, zone] = dayFirst
    return placed({ year, month: monthOf(month), day, hour, minute, second, fraction }, zone, 'date with a month name')
  }
  const parts = MONTH_FIRST.exec(text)
  if (parts === null) return undefined
  const [, name = '', day, early, hour, minute, second, fraction, zone, late] = parts
  const civil = { month: monthOf(name), day, hour, minute, second, fraction }
  const year = early ?? late
  if (year !== undefined) return placed({ ...civil, year }, zone, 'date with a month name')
  return inLatestYear(civil, { zone, now, form: 'syslog date, latest such day' })
}

/** `I1121 14:32:00.123456`: Kubernetes components write no year and no zone. */
function readKlog(text: string, now: UnixNano): Reading | undefined {
  const parts = new RegExp(`^[IWEF](\\d\\d)(\\d\\d) ${CLOCK}${ZONE}$`).exec(text)
  if (parts === null) return undefined
  const [, month, day, hour, minute, second, fraction, zone] = parts
  const civil = { month, day, hour, minute, second, fraction }
  return inLatestYear(civil, { zone, now, form: 'klog, latest such day' })
}

/** `14:32Z` and `14:32 UTC`: the last time that this was the time. */
function readClock(text: string, now: UnixNano): Reading | undefined {
  const parts = new RegExp(`^${CLOCK}${ZONE}$`, 'i').exec(text)
  if (parts === null) return undefined
  const [, hour, minute, second, fraction, zone] = parts
  const [year, month, day] = formatRfc3339(now).slice(0, 10).split('-')
  const today = placed({ year, month, day, hour, minute, second, fraction }, zone, 'today')
  if (today.kind === 'bad') return today
  const DAY = UNIT_NANOS.d
  // A clock of an offset may be on another day than ours: the latest that is not ahead of now.
  let { nanos } = today
  if (nanos + DAY <= now) nanos += DAY
  while (nanos > now) nanos -= DAY
  return { ...today, nanos, ...(today.kind === 'instant' ? { form: 'latest such time of day' } : {}) }
}

type DatePart = Omit<CivilTime, 'year'>

function inLatestYear(
  civil: DatePart,
  { zone, now, form }: { readonly zone: string | undefined; readonly now: UnixNano; readonly form: string },
): Reading {
  const thisYear = Number(formatRfc3339(now).slice(0, 4))
  let reading: Reading = { kind: 'bad', reason: 'no such day' }
  // A day ahead is allowed for: clocks and zones differ. 29 February may lie eight years back.
  for (let year = thisYear + 1; year >= thisYear - 8; year--) {
    reading = placed({ ...civil, year: String(year) }, zone, form)
    if (reading.kind !== 'bad' && reading.nanos <= now + UNIT_NANOS.d) return reading
  }
  return reading
}

function placed(civil: CivilTime, zone: string | undefined, form: string): Reading {
  const nanos = nanosOfCivil(civil)
  if (nanos === undefined) return { kind: 'bad', reason: 'no such day or time of day' }
  if (zone === undefined) return { kind: 'wall-clock', nanos }
  const offset = offsetMinutes(zone)
  if (offset === undefined) return { kind: 'bad', reason: `no such offset: ${zone}` }
  return { kind: 'instant', nanos: nanos - BigInt(offset) * MINUTE_NANOS, form }
}

function offsetMinutes(zone: string): number | undefined {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  if (sign === undefined) return 0
  const size = Number(hours) * 60 + Number(minutes)
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  return sign === '-' ? -size : size
}
