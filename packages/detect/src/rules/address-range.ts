/** A range of addresses, `10.0.0.0/8` or `fd00::/8`. */
export type AddressRange = { readonly bits: 32 | 128; readonly prefix: bigint; readonly shift: bigint }

/** Undefined where it is none. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [address = '', length, ...more] = text.split('/')
  const parsed = parseAddress(address)
  if (parsed === undefined || more.length > 0) return undefined
  const count = length === undefined ? parsed.bits : /^\d{1,3}$/.test(length) ? Number(length) : -1
  if (count < 0 || count > parsed.bits) return undefined
  const shift = BigInt(parsed.bits - count)
  return { bits: parsed.bits, prefix: parsed.value >> shift, shift }
}

/** True where the text is an address of the range; an IPv4 address mapped into IPv6 is one of IPv4. */
export function isInRange({ bits, prefix, shift }: AddressRange, text: string): boolean {
  const address = parseAddress(text)
  return address !== undefined && address.bits === bits && address.value >> shift === prefix
}

type Address = { readonly bits: 32 | 128; readonly value: bigint }

function parseAddress(text: string): Address | undefined {
  if (text.length > 64) return undefined
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(text)
  const four = parseFour(mapped?.[1] ?? text)
  return four ?? parseSix(text)
}

function parseFour(text: string): Address | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined
  return { bits: 32, value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) }
}

function parseSix(text: string): Address | undefined {
  const halves = text.split('::')
  if (halves.length > 2 || !text.includes(':')) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const groups = [...(head ?? []), ...(tail ?? [])]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  const gap = 8 - groups.length
  if (halves.length === 1 ? gap !== 0 : gap < 1) return undefined
  const all = [...(head ?? []), ...Array.from({ length: gap }, () => '0'), ...(tail ?? [])]
  return { bits: 128, value: all.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n) }
}
