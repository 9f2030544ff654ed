declare const brand: unique symbol

/** Nanoseconds since 1970-01-01T00:00:00Z. Always a bigint inside the program and a decimal string on any wire. */
export type UnixNano = bigint & { readonly [brand]: 'UnixNano' }

const MAX_UINT64 = (1n << 64n) - 1n

/** Undefined unless `value` fits an unsigned 64-bit integer. */
export function parseUnixNano(value: bigint): UnixNano | undefined {
  return value >= 0n && value <= MAX_UINT64 ? (value as UnixNano) : undefined
}

/** Undefined unless `text` is a decimal integer that fits an unsigned 64-bit integer. */
export function parseUnixNanoText(text: string): UnixNano | undefined {
  return /^[0-9]{1,20}$/.test(text) ? parseUnixNano(BigInt(text)) : undefined
}

/** `2026-11-21T01:20:04.000000001Z`: RFC 3339 in UTC, nine digits of fraction, trailing zero groups of three dropped. */
export function formatRfc3339(time: UnixNano): string {
  const seconds = time / 1_000_000_000n
  const nanos = (time % 1_000_000_000n).toString().padStart(9, '0')
  const base = secondsToRfc3339(seconds)
  const fraction = nanos.replace(/(000){1,3}$/, '')
  return fraction === '' ? `${base}Z` : `${base}.${fraction}Z`
}

/** Undefined unless `text` is an RFC 3339 time with a zone; digits of the fraction past the ninth are dropped. */
export function parseRfc3339(text: string): UnixNano | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (parts === null) return undefined
  // `Date` would cut the fraction to three digits, so it reads the seconds alone.
  const millis = Date.parse(`${parts[1]}${parts[3]}`)
  if (Number.isNaN(millis)) return undefined
  return parseUnixNano(BigInt(millis) * 1_000_000n + BigInt((parts[2] ?? '').padEnd(9, '0')))
}

function secondsToRfc3339(seconds: bigint): string {
  // Date stops at the year 275760; uint64 nanoseconds stop at 2554, so every value fits.
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
}
