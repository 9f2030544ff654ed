import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'

/** A body made to cost its receiver more than it costs its sender. */
export type Bomb = {
  readonly name: string
  readonly encoding: 'proto' | 'json'
  readonly coding: 'identity' | 'gzip' | 'deflate' | 'br' | 'zstd'
  readonly body: Buffer
}

const MIB = 1024 * 1024
/** Deep, wide and long beyond every bound of the listeners, and one that lies below them. */
const INFLATED_BYTES = [1 * MIB, 65 * MIB, 256 * MIB] as const
const NESTING = [33, 1_000, 100_000] as const
const ATTRIBUTES = [1_025, 100_000, 1_000_000] as const
const FRESH_AGENTS = 500

const CODINGS: Readonly<Record<Bomb['coding'], (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: gzipSync,
  deflate: deflateSync,
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: (bytes) => zstdCompressSync(bytes),
}

/** Made once for each size and coding: what costs time here is the making. */
const packed = new Map<string, Buffer>()

/** The next bomb; `random` chooses it, and with it all its sizes. */
export function nextBomb(random: () => number): Bomb {
  const coding = pick(['identity', 'gzip', 'deflate', 'br', 'zstd'] as const, random)
  switch (Math.floor(random() * 6)) {
    case 0: {
      const size = pick(INFLATED_BYTES, random)
      const fill = pick(['\0', ' ', '\n\x80'] as const, random)
      const squeezed = coding === 'identity' ? 'gzip' : coding
      const body = once(`${squeezed} ${size} ${fill}`, () => CODINGS[squeezed](Buffer.alloc(size, fill)))
      return {
        name: `${size} bytes as ${body.length} of ${squeezed}`,
        encoding: either(random),
        coding: squeezed,
        body,
      }
    }
    case 1: {
      const depth = pick(NESTING, random)
      const encoding = either(random)
      const plain = encoding === 'json' ? nestedJson(depth) : nestedProto(depth)
      return { name: `${depth} levels of ${encoding}`, encoding, coding, body: CODINGS[coding](plain) }
    }
    case 2: {
      const count = pick(ATTRIBUTES, random)
      const body = once(`attributes ${count}`, () => gzipSync(manyAttributes(count)))
      return { name: `${count} attributes`, encoding: 'json', coding: 'gzip', body }
    }
    case 3: {
      const length = pick(
        ['ffffffffffffffffff01', 'ffffffff07', '80808080808080808001', 'ffffffffffffffffffffff'],
        random,
      )
      const body = Buffer.concat([Buffer.of(0x0a), Buffer.from(length, 'hex'), Buffer.alloc(64, 0x0a)])
      return { name: `a length of ${length}`, encoding: 'proto', coding, body: CODINGS[coding](body) }
    }
    case 4: {
      const body = CODINGS[coding](freshAgents(Math.floor(random() * 1e9)))
      return { name: `${FRESH_AGENTS} agents nobody has seen`, encoding: 'json', coding, body }
    }
    default: {
      // Says that it is compressed and is not, or ends in the middle.
      const body = CODINGS[coding](nestedJson(10)).subarray(0, Math.floor(random() * 40))
      return { name: `${coding} cut after ${body.length} bytes`, encoding: 'json', coding, body }
    }
  }
}

function once(name: string, make: () => Buffer): Buffer {
  const made = packed.get(name) ?? make()
  packed.set(name, made)
  return made
}

function nestedJson(depth: number): Buffer {
  const open = '{"arrayValue":{"values":['.repeat(depth)
  return Buffer.from(spanJson(`{"key":"deep","value":${open}{"intValue":"1"}${']}}'.repeat(depth)}}`))
}

function manyAttributes(count: number): Buffer {
  const attributes = Array.from({ length: count }, (_, i) => `{"key":"a${i}","value":{"intValue":"1"}}`)
  return Buffer.from(spanJson(attributes.join()))
}

function spanJson(attributes: string): string {
  const ids = '"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331"'
  return `{"resourceSpans":[{"scopeSpans":[{"spans":[{${ids},"name":"bomb","attributes":[${attributes}]}]}]}]}`
}

function freshAgents(first: number): Buffer {
  const resourceSpans = Array.from({ length: FRESH_AGENTS }, (_, i) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: `fresh-${first + i}` } }] },
    scopeSpans: [{ spans: [{ traceId: (first + i + 1).toString(16).padStart(32, '0'), spanId: 'b7ad6b7169203331' }] }],
  }))
  return Buffer.from(JSON.stringify({ resourceSpans }))
}

/** An AnyValue in an ArrayValue in an AnyValue, with every length true, as one attribute of a span. */
function nestedProto(depth: number): Buffer {
  // Built from the inside out, in reverse, so that a deep one does not copy itself again at each level.
  const parts: Buffer[] = [Buffer.of(0x18, 0x01)]
  let length = 2
  for (let level = 0; level < depth; level++) {
    for (const tag of [0x0a, 0x2a]) {
      const head = Buffer.concat([Buffer.of(tag), varint(length)])
      parts.push(head)
      length += head.length
    }
  }
  const ids = Buffer.concat([Buffer.of(0x0a, 16), Buffer.alloc(16, 1), Buffer.of(0x12, 8), Buffer.alloc(8, 1)])
  let message = field(0x12, Buffer.concat(parts.reverse()))
  message = Buffer.concat([ids, field(0x4a, Buffer.concat([field(0x0a, Buffer.from('deep')), message]))])
  for (const tag of [0x12, 0x12, 0x0a]) message = field(tag, message)
  return message
}

function field(tag: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag), varint(bytes.length), bytes])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left])
    bytes.push((left % 128) | 0x80)
  }
}

function either(random: () => number): Bomb['encoding'] {
  return random() < 0.5 ? 'proto' : 'json'
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T // the index is below the length, and no list is empty
}
