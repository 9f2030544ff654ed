import { isIPv4 } from 'node:net'

export type Answered = { readonly owner: string; readonly ttlS: number } & (
  | { readonly address: string }
  | { readonly alias: string }
)

/** An answer of RFC 1035 to a question for `name`, as a server writes it without compression. */
export function answerBytes(name: string, answers: readonly Answered[], question?: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(question?.readUInt16BE(0) ?? 7, 0)
  head.writeUInt16BE(0x8180, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(answers.length, 6)
  const type = question?.subarray(12 + nameBytes(name).length, 16 + nameBytes(name).length) ?? Buffer.from([0, 1, 0, 1])
  return Buffer.concat([head, nameBytes(name), type, ...answers.map(recordBytes)])
}

/** The name that a question of one label chain asks for, and its type. */
export function questionOf(bytes: Buffer): { readonly name: string; readonly type: number } {
  const labels: string[] = []
  let at = 12
  for (let size = bytes[at] ?? 0; size > 0; size = bytes[at] ?? 0) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + size))
    at += size + 1
  }
  return { name: labels.join('.').toLowerCase(), type: bytes.readUInt16BE(at + 1) }
}

function recordBytes(answered: Answered): Buffer {
  const data = 'alias' in answered ? nameBytes(answered.alias) : addressBytes(answered.address)
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16BE('alias' in answered ? 5 : data.length === 4 ? 1 : 28, 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt32BE(answered.ttlS, 4)
  fixed.writeUInt16BE(data.length, 8)
  return Buffer.concat([nameBytes(answered.owner), fixed, data])
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]))
  return Buffer.concat([...labels, Buffer.from([0])])
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const words = (part: string): readonly number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16))
  const before = words(head)
  const after = words(tail)
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
  const bytes = Buffer.alloc(16)
  all.forEach((word, i) => bytes.writeUInt16BE(word, i * 2))
  return bytes
}
