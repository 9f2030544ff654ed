import { formatRfc3339, parseUnixNanoText } from '@holdfast/model'

/**
 * A wire time (decimal nanoseconds, or RFC 3339 with a zone) as nanoseconds. Undefined for anything else: a time without
 * a zone is nobody's time.
 */
export function parseWireTime(text: string): bigint | undefined {
  const nanos = parseUnixNanoText(text)
  if (nanos !== undefined) return nanos
  if (!/(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const ms = Date.parse(text)
  if (Number.isNaN(ms) || ms < 0) return undefined
  // Date keeps milliseconds: digits past the third are read from the text itself.
  const digits = /\.(\d{1,9})\d*(?:Z|[+-]\d\d:\d\d)$/.exec(text)?.[1] ?? ''
  const wholeSeconds = BigInt(Math.floor(ms / 1000)) * 1_000_000_000n
  return wholeSeconds + BigInt(digits.padEnd(9, '0'))
}

/** `2026-11-21 01:20:04.123 UTC`: milliseconds, always with its zone. */
export function formatUtc(nanos: bigint): string {
  const whole = exactUtc(nanos)
  return `${whole.slice(0, 10)} ${whole.slice(11, 19)}.${fractionOf(whole).slice(0, 3)} UTC`
}

/** A text and the RFC 3339 times in UTC that stand in it: each piece is followed by its `time`, where it has one. */
export function splitTimes(text: string): readonly { readonly text: string; readonly time?: string }[] {
  // Fixed widths: linear, whatever names the sentence holds.
  const pieces = text.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)/)
  return pieces.flatMap((piece, index) => {
    if (index % 2 === 1) return []
    const time = pieces[index + 1]
    return [{ text: piece, ...(time === undefined ? {} : { time }) }]
  })
}

/** `2026-11-21T01:20:04.123456789Z`: every digit that is known. */
export function exactUtc(nanos: bigint): string {
  const parsed = parseUnixNanoText(nanos.toString())
  return parsed === undefined ? 'out of range' : formatRfc3339(parsed)
}

/** `3 min ago`, `in 2 h`; never shown without the absolute time beside it. */
export function formatAgo(nanos: bigint, nowMs: number): string {
  const seconds = (nowMs - Number(nanos / 1_000_000n)) / 1000
  const size = Math.abs(seconds)
  if (size < 5) return 'now'
  const text =
    size < 60
      ? `${Math.floor(size)} s`
      : size < 3600
        ? `${Math.floor(size / 60)} min`
        : size < 172_800
          ? `${Math.floor(size / 3600)} h`
          : `${Math.floor(size / 86_400)} d`
  return seconds >= 0 ? `${text} ago` : `in ${text}`
}

/** Milliseconds between two wire times; 0 where either is no time. */
export function millisBetween(from: string, to: string): number {
  const start = parseWireTime(from)
  const end = parseWireTime(to)
  return start === undefined || end === undefined ? 0 : Number((end - start) / 1_000n) / 1000
}

function fractionOf(rfc3339: string): string {
  const fraction = rfc3339.length > 20 ? rfc3339.slice(20, -1) : ''
  return fraction.padEnd(9, '0')
}
