/** Names that reach an object's prototype where a sender's key becomes a property. */
const HOSTILE_NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'] as const
/** Varints and numbers at the edges: a length of 2^64 - 1, of 2^63, of 2^31, and one that never ends. */
const EDGES = [
  'ffffffffffffffffff01',
  '80808080808080808001',
  'ffffffff07',
  'ffffffffffffffffffff',
  '00',
  '7f',
  '8000',
].map((hex) => Buffer.from(hex, 'hex'))
const JSON_PARTS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  'null',
  '-0',
  '1e999',
  '9007199254740993',
  '{"__proto__":{"a":1}}',
].map((text) => Buffer.from(text))
/** One input grows to at most this much of its seed: growth upon growth would fuzz the allocator. */
const MAX_GROWTH_BYTES = 4096

/** Share of the inputs whose lengths stay true, so that what lies behind the first check is reached. */
const GENTLE_SHARE = 0.5

/**
 * A changed copy of a request: bits and bytes changed, parts cut, doubled, moved in from another request, lengths and names
 * replaced by hostile ones. `random` alone decides.
 */
export function mutate(seed: Uint8Array, other: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  let bytes = Buffer.from(seed)
  if (random() < GENTLE_SHARE) {
    for (let n = 1 + below(3, random); n > 0; n--)
      bytes = random() < 0.5 ? renamed(bytes, random) : flipped(bytes, random)
    return new Uint8Array(bytes)
  }
  for (let n = 1 + Math.floor(random() * 6); n > 0; n--) bytes = mutateOnce(bytes, other, random)
  return new Uint8Array(bytes.subarray(0, seed.length + MAX_GROWTH_BYTES))
}

function mutateOnce(bytes: Buffer<ArrayBuffer>, other: Uint8Array, random: () => number): Buffer<ArrayBuffer> {
  const at = below(bytes.length + 1, random)
  const end = Math.min(bytes.length, at + below(64, random))
  switch (below(8, random)) {
    case 0:
      return flipped(bytes, random)
    case 1:
      if (at < bytes.length) bytes[at] = below(256, random)
      return bytes
    case 2:
      return Buffer.from(bytes.subarray(0, at))
    case 3:
      return replaced(bytes, { at, end, by: new Uint8Array(0) })
    case 4:
      return replaced(bytes, { at, end: at, by: bytes.subarray(at, end) })
    case 5: {
      const from = below(other.length, random)
      return replaced(bytes, { at, end, by: other.subarray(from, from + below(256, random)) })
    }
    case 6:
      return replaced(bytes, { at, end: at + 1, by: pick(random() < 0.5 ? EDGES : JSON_PARTS, random) })
    default:
      return renamed(bytes, random)
  }
}

function flipped(bytes: Buffer<ArrayBuffer>, random: () => number): Buffer<ArrayBuffer> {
  const at = below(bytes.length, random)
  if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8, random))
  return bytes
}

/** A name of the request becomes a hostile one, with its length where the name has a length before it. */
function renamed(bytes: Buffer<ArrayBuffer>, random: () => number): Buffer<ArrayBuffer> {
  const start = bytes.indexOf(pick(NAME_STARTS, random), below(bytes.length, random))
  if (start === -1) return bytes
  const name = Buffer.from(HOSTILE_NAMES[below(HOSTILE_NAMES.length, random)] ?? '__proto__')
  let end = start
  while (end < bytes.length && isNameByte(bytes[end] ?? 0)) end++
  // The same length keeps every length around it true, so that the name is really read.
  const padded = Buffer.alloc(end - start, '_')
  name.copy(padded)
  return end - start >= name.length ? replaced(bytes, { at: start, end, by: padded }) : bytes
}

const NAME_STARTS = ['gen_ai.', 'service.', 'stringValue', 'attributes', 'llm.', 'ai.'].map((text) => Buffer.from(text))

function isNameByte(byte: number): boolean {
  return byte === 0x2e || byte === 0x5f || (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x7a)
}

type Part = { readonly at: number; readonly end: number; readonly by: Uint8Array }

function replaced(bytes: Buffer, { at, end, by }: Part): Buffer<ArrayBuffer> {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(Math.min(end, bytes.length))])
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[below(list.length, random)] as T // the index is below the length, and no list is empty
}

function below(bound: number, random: () => number): number {
  return Math.floor(random() * bound)
}
