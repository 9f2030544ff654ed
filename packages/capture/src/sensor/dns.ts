/** What a DNS message says, as far as it concerns an agent: the first question and the addresses and names answered. */
export type DnsMessage = {
  readonly isAnswer: boolean
  /** Lower case, without the dot at its end; bytes that are no printable ASCII as `\ddd`. Untrusted. */
  readonly name: string
  readonly recordType: string
  readonly answers: readonly string[]
  /** `NOERROR`, `NXDOMAIN` ...; of answers only. */
  readonly code?: string
}

/** Answers kept of one message (model/kernel.ts promises it). Honest ones have about ten. */
const MAX_ANSWERS = 32
/** Pointers followed in one name. A name has at most 127 labels, and honest writers use one pointer. */
const MAX_POINTERS = 16
/** A name is at most 255 bytes (RFC 1035 2.3.4). */
const MAX_NAME_BYTES = 255

/** Reads a message of RFC 1035; undefined where it has no question that can be read. Never throws. Untrusted. */
export function readDns(bytes: Uint8Array): DnsMessage | undefined {
  if (bytes.length < 12) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const flags = view.getUint16(2)
  const questions = view.getUint16(4)
  if (questions === 0) return undefined
  const question = readName(bytes, 12)
  if (question === undefined || question.end + 4 > bytes.length) return undefined
  const recordType = typeName(view.getUint16(question.end))
  const isAnswer = (flags & 0x8000) !== 0
  // Nobody sends several questions in one message; what follows a second one would be read at a wrong place.
  const answers = isAnswer && questions === 1 ? readAnswers(view, bytes, question.end + 4) : []
  return {
    isAnswer,
    name: question.name,
    recordType,
    answers,
    ...(isAnswer ? { code: CODES[flags & 15] ?? `RCODE${flags & 15}` } : {}),
  }
}

function readAnswers(view: DataView, bytes: Uint8Array, from: number): readonly string[] {
  const answers: string[] = []
  let at = from
  for (let left = view.getUint16(6); left > 0 && answers.length < MAX_ANSWERS; left--) {
    const owner = readName(bytes, at)
    if (owner === undefined || owner.end + 10 > bytes.length) break
    const type = view.getUint16(owner.end)
    const dataAt = owner.end + 10
    at = dataAt + view.getUint16(owner.end + 8)
    if (at > bytes.length) break
    const text = dataText(bytes, { type, from: dataAt, to: at })
    if (text !== undefined) answers.push(text)
  }
  return answers
}

function dataText(
  bytes: Uint8Array,
  { type, from, to }: { readonly type: number; readonly from: number; readonly to: number },
): string | undefined {
  switch (type) {
    case 1:
      return to - from === 4 ? ipv4Text(bytes.subarray(from, to)) : undefined
    case 28:
      return to - from === 16 ? ipv6Text(bytes.subarray(from, to)) : undefined
    case 2:
    case 5:
    case 12:
    case 39:
      return readName(bytes, from)?.name
    default:
      return undefined
  }
}

/** A name and where the bytes after it begin. Pointers lead backwards only, so that no ring of them can be walked. */
function readName(bytes: Uint8Array, from: number): { readonly name: string; readonly end: number } | undefined {
  const labels: string[] = []
  let at = from
  let end = -1
  let pointers = 0
  let size = 0
  for (;;) {
    const length = bytes[at]
    if (length === undefined) return undefined
    if (length === 0) return { name: labels.join('.') || '.', end: end < 0 ? at + 1 : end }
    if (length >= 0xc0) {
      const low = bytes[at + 1]
      if (low === undefined || ++pointers > MAX_POINTERS) return undefined
      const target = ((length & 0x3f) << 8) | low
      if (end < 0) end = at + 2
      if (target >= at) return undefined
      at = target
      continue
    }
    size += length + 1
    if (length > 63 || size > MAX_NAME_BYTES || at + 1 + length > bytes.length) return undefined
    labels.push(labelText(bytes.subarray(at + 1, at + 1 + length)))
    at += length + 1
  }
}

/** RFC 1035 5.1: a byte that would read as something else stands as a backslash and three digits. */
function labelText(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c
    text += isPlain ? String.fromCharCode(byte) : `\\${byte.toString().padStart(3, '0')}`
  }
  return text.toLowerCase()
}

export function ipv4Text(bytes: Uint8Array): string {
  return bytes.join('.')
}

/** RFC 5952: the longest run of zero groups is `::`; an IPv4 address inside an IPv6 socket is shown as IPv4. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups: number[] = []
  for (let at = 0; at < 16; at += 2) groups.push(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0))
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return ipv4Text(bytes.subarray(12, 16))
  let best = { at: -1, length: 1 }
  for (let at = 0; at < 8; at++) {
    let length = 0
    while (at + length < 8 && groups[at + length] === 0) length++
    if (length > best.length) best = { at, length }
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':')
  return best.at < 0 ? hex(groups) : `${hex(groups.slice(0, best.at))}::${hex(groups.slice(best.at + best.length))}`
}

const CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [2, 'NS'],
  [5, 'CNAME'],
  [6, 'SOA'],
  [12, 'PTR'],
  [15, 'MX'],
  [16, 'TXT'],
  [28, 'AAAA'],
  [33, 'SRV'],
  [39, 'DNAME'],
  [64, 'SVCB'],
  [65, 'HTTPS'],
  [255, 'ANY'],
])

function typeName(value: number): string {
  return TYPES.get(value) ?? `TYPE${value}`
}
