import { createContext, useContext } from 'react'
import { exactUtc, formatUtc } from './time.ts'

/** A zone that this browser knows, as IANA names it (`Europe/Berlin`); undefined is UTC. */
export type Zone = string | undefined

/** In which zone times of the pages are shown: that of the address, and UTC where it names none. */
export const ZoneContext = createContext<Zone>(undefined)

export function useZone(): Zone {
  return useContext(ZoneContext)
}

/** The name under which this browser knows a zone, whatever its case; undefined where it knows none, and for UTC. */
export function parseZone(text: string): Zone {
  const name = formatterOf(text)?.resolvedOptions().timeZone
  return name === undefined || /^(?:etc\/)?(?:utc|gmt|uct|zulu|universal|greenwich)$/i.test(name) ? undefined : name
}

/** The zone of this browser; undefined where it is UTC. */
export function localZone(): Zone {
  return parseZone(new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone)
}

/**
 * `2026-11-21 02:20:04.123 +01:00`: the same instant with the offset that the zone had then, so that it can be pasted
 * anywhere. In UTC where the zone is unknown, or had an offset that RFC 3339 cannot write, as a few had before 1972.
 */
export function formatIn(nanos: bigint, zone: Zone): string {
  const placed = zone === undefined ? undefined : placedIn(nanos, zone)
  return placed === undefined
    ? formatUtc(nanos)
    : `${placed.date} ${placed.clock}.${fraction(nanos).slice(0, 3)} ${placed.offset}`
}

/** {@link formatIn} without its date. */
export function formatClockIn(nanos: bigint, zone: Zone): string {
  return formatIn(nanos, zone).slice(11)
}

/** `2026-11-21T02:20:04.123456789+01:00`: every digit, in the zone. */
export function exactIn(nanos: bigint, zone: Zone): string {
  const placed = zone === undefined ? undefined : placedIn(nanos, zone)
  if (placed === undefined) return exactUtc(nanos)
  const digits = /\.(\d+)Z$/.exec(exactUtc(nanos))?.[1]
  return `${placed.date}T${placed.clock}${digits === undefined ? '' : `.${digits}`}${placed.offset}`
}

type Placed = { readonly date: string; readonly clock: string; readonly offset: string }

function placedIn(nanos: bigint, zone: string): Placed | undefined {
  const parts = formatterOf(zone)?.formatToParts(Number(nanos / 1_000_000n))
  if (parts === undefined) return undefined
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? ''
  const offset = /^GMT(?:([+-]\d\d:\d\d))?$/.exec(part('timeZoneName'))
  if (offset === null) return undefined
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    clock: `${part('hour')}:${part('minute')}:${part('second')}`,
    offset: offset[1] ?? '+00:00',
  }
}

function fraction(nanos: bigint): string {
  return (nanos % 1_000_000_000n).toString().padStart(9, '0')
}

/** Making one takes a millisecond, and a page has hundreds of times in one zone. The last one asked for is kept. */
let kept: { readonly zone: string; readonly formatter: Intl.DateTimeFormat } | undefined

function formatterOf(zone: string): Intl.DateTimeFormat | undefined {
  if (kept?.zone === zone) return kept.formatter
  try {
    const formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    })
    kept = { zone, formatter }
    return formatter
  } catch {
    // A name that no zone has: the only fault that these options can meet.
    return undefined
  }
}
