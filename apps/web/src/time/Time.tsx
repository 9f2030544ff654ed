import { useNow } from './use-now.ts'
import { exactUtc, formatAgo, parseWireTime } from './time.ts'
import { exactIn, formatClockIn, formatIn, useZone } from './zone.ts'

type TimeProps = {
  /** Decimal nanoseconds or RFC 3339. */
  readonly at: string
  /** `clock` leaves the date out, for rows that stand under one. */
  readonly form?: 'full' | 'clock' | 'exact'
  /** How long ago, beside it. */
  readonly ago?: boolean
}

/** A time in UTC, or in the zone of the address, with its label. The exact nanoseconds in UTC are its title. */
export function Time({ at, form = 'full', ago = false }: TimeProps) {
  const zone = useZone()
  const nanos = parseWireTime(at)
  if (nanos === undefined) return <span className="text-faint">no time stated</span>
  const exact = exactUtc(nanos)
  const text =
    form === 'exact' ? exactIn(nanos, zone) : form === 'clock' ? formatClockIn(nanos, zone) : formatIn(nanos, zone)
  return (
    <time dateTime={exact} title={exact} className="tabular">
      {text}
      {ago && <Ago nanos={nanos} />}
    </time>
  )
}

function Ago({ nanos }: { readonly nanos: bigint }) {
  const now = useNow()
  return <span className="text-faint"> · {formatAgo(nanos, now)}</span>
}
