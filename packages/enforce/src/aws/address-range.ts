/** True where the range (`10.0.0.0/8`, `2001:db8::/32`, one address) holds the address. What is none holds nothing. */
export function contains(range: string, address: string): boolean {
  const [base = '', length] = range.split('/')
  const [one, other] = [addressBits(base), addressBits(address)]
  if (one === undefined || other === undefined || one.width !== other.width) return false
  const prefix = length === undefined ? one.width : Number(length)
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > one.width) return false
  const rest = BigInt(one.width - prefix)
  return one.bits >> rest === other.bits >> rest
}

type Bits = { readonly bits: bigint; readonly width: 32 | 128 }

function addressBits(text: string): Bits | undefined {
  const four = quad(text)
  if (four !== undefined) return { bits: four, width: 32 }
  if (!text.includes(':')) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const fill = halves.length === 2 ? 8 - (head?.length ?? 0) - (tail?.length ?? 0) : 0
  if (fill < 0) return undefined
  const groups = [...(head ?? []), ...Array.from({ length: fill }, () => '0'), ...(tail ?? [])]
  if (groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return { bits: groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n), width: 128 }
}

function quad(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)
}
