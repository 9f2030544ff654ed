import { DNS_NAME_BYTES, DNS_POINTERS, DNS_RECORDS } from '../limits.ts'

/** Addresses of one name in an answer, following its aliases. Untrusted. */
export type DnsAnswer = {
  /** Lower case, without the dot at its end. */
  readonly name: string
  readonly addresses: readonly { readonly address: string; readonly ttlS: number }[]
}

const TYPE = { a: 1, cname: 5, aaaa: 28 } as const
/** The Internet (RFC 1035 3.2.4). */
const CLASS_IN = 1

/** Reads an answer of RFC 1035; undefined where it is none that can be read. Never throws. */
export function readDnsAnswer(bytes: Buffer): DnsAnswer | undefined {
  // One question, no error, and an answer.
  if (bytes.length < 12 || (bytes.readUInt16BE(2) & 0x800f) !== 0x8000 || bytes.readUInt16BE(4) !== 1) return undefined
  const question = nameAt(bytes, 12)
  if (question === undefined) return undefined
  const addresses: { readonly address: string; readonly ttlS: number }[] = []
  // A server writes aliases before what they stand for (RFC 1034 3.6.2 as every resolver reads it).
  const aliases = new Set([question.name])
  let at = question.end + 4
  for (let left = Math.min(bytes.readUInt16BE(6), DNS_RECORDS); left > 0; left -= 1) {
    const owner = nameAt(bytes, at)
    if (owner === undefined || owner.end + 10 > bytes.length) break
    const [type, kind] = [bytes.readUInt16BE(owner.end), bytes.readUInt16BE(owner.end + 2)]
    const ttlS = bytes.readUInt32BE(owner.end + 4)
    const from = owner.end + 10
    at = from + bytes.readUInt16BE(owner.end + 8)
    if (at > bytes.length) break
    if (kind !== CLASS_IN || !aliases.has(owner.name)) continue
    const alias = type === TYPE.cname ? nameAt(bytes, from)?.name : undefined
    if (alias !== undefined) aliases.add(alias)
    const address = addressOf(bytes.subarray(from, at), type)
    if (address !== undefined) addresses.push({ address, ttlS })
  }
  return { name: question.name, addresses }
}

function addressOf(data: Buffer, type: number): string | undefined {
  if (type === TYPE.a && data.length === 4) return data.join('.')
  if (type !== TYPE.aaaa || data.length !== 16) return undefined
  return Array.from({ length: 8 }, (_, i) => data.readUInt16BE(i * 2).toString(16)).join(':')
}

function nameAt(bytes: Buffer, from: number): { readonly name: string; readonly end: number } | undefined {
  const labels: string[] = []
  let at = from
  let end: number | undefined
  let pointers = 0
  for (let length = 0; length <= DNS_NAME_BYTES;) {
    const size = bytes[at]
    if (size === undefined) return undefined
    if (size === 0) return { name: labels.join('.').toLowerCase(), end: end ?? at + 1 }
    if (size >= 0xc0) {
      if (at + 2 > bytes.length || (pointers += 1) > DNS_POINTERS) return undefined
      end ??= at + 2
      at = bytes.readUInt16BE(at) & 0x3fff
      continue
    }
    if (size > 63 || at + 1 + size > bytes.length) return undefined
    // A dot inside a label would make two of it: the name is none that anybody allows.
    const label = bytes.toString('latin1', at + 1, at + 1 + size)
    if (label.includes('.')) return undefined
    labels.push(label)
    length += size + 1
    at += size + 1
  }
  return undefined
}
