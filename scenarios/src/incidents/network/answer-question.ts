import { MAX_QUESTION_BYTES } from './limits.ts'

const HEADER_BYTES = 12
const TYPE_A = 1
const NO_SUCH_NAME = 3

/**
 * The answer of a resolver that knows these names and no others (RFC 1035): one A record, none for another type, and
 * "no such name" for the rest. Undefined where the question cannot be read.
 */
export function answerQuestion(question: Buffer, addresses: ReadonlyMap<string, string>): Buffer | undefined {
  if (question.length < HEADER_BYTES || question.length > MAX_QUESTION_BYTES) return undefined
  const asked = nameAt(question, HEADER_BYTES)
  if (asked === undefined || asked.end + 4 > question.length) return undefined
  const address = addresses.get(asked.name.toLowerCase())
  const isAnswered = address !== undefined && question.readUInt16BE(asked.end) === TYPE_A
  const header = Buffer.from(question.subarray(0, HEADER_BYTES))
  // A response, with recursion desired as asked and recursion available.
  header.writeUInt16BE(0x8080 | (question.readUInt16BE(2) & 0x0100) | (address === undefined ? NO_SUCH_NAME : 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(isAnswered ? 1 : 0, 6)
  header.writeUInt32BE(0, 8)
  const parts = [header, question.subarray(HEADER_BYTES, asked.end + 4)]
  if (isAnswered) parts.push(recordOf(address))
  return Buffer.concat(parts)
}

function nameAt(message: Buffer, start: number): { readonly name: string; readonly end: number } | undefined {
  const labels: string[] = []
  let at = start
  for (let length = message[at]; length !== undefined && length > 0 && length < 64; length = message[at]) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return message[at] === 0 ? { name: labels.join('.'), end: at + 1 } : undefined
}

/** An A record for the name in the question, which a pointer names. */
function recordOf(address: string): Buffer {
  const fixed = Buffer.from([0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4])
  return Buffer.concat([fixed, Buffer.from(address.split('.').map(Number))])
}
