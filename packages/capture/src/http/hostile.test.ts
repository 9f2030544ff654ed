import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BodyCollector } from './body.ts'
import { HttpConnection } from './connection.ts'
import { HpackDecoder } from './hpack.ts'
import { MAX_MISSING } from './limits.ts'
import type { SeenExchange } from './pairing.ts'
import { exchangesOf, fragmentsOf, recut } from './testing/collect.ts'
import { Unread } from './unread.ts'

/* What an agent may write to make its reader slow, or hold more than it was given. Slow tests end by their time limit. */

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
const GET = Buffer.from([0x82, 0x84, 0x87])

function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** Writes one direction, each part as a record of its own. */
function write(connection: HttpConnection, parts: Iterable<Uint8Array>): void {
  let offset = 0
  for (const bytes of parts) {
    connection.push({ direction: 0, offset, bytes, at: 1n })
    offset += bytes.length
  }
}

test('a long query without parameters takes no more time than one with them', () => {
  const target = `/?${'a'.repeat(60_000)}`
  const talk = fragmentsOf([['>', `GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`]])
  for (const size of [1, 100_000]) {
    const [exchange] = exchangesOf(recut(talk, size))
    expect(exchange?.request?.target === target).toBe(true)
    expect(exchange?.missing).toEqual(['response: not seen'])
  }
})

test('a start line that never ends costs what it is, and not the rest of the connection', () => {
  const talk = fragmentsOf([
    ['>', `GET /${'a'.repeat(70_000)}`],
    ['>', 'GET /seen HTTP/1.1\r\nHost: h\r\n\r\n'],
  ])
  const [exchange] = exchangesOf(talk)
  expect(exchange?.request?.target).toBe('/seen')
  expect(exchange?.isMidway).toBe(true)
})

test('a head of short lines, written byte by byte, is read in proportion to its length', () => {
  const lines = 'a:\n'.repeat(20_000)
  const talk = fragmentsOf([['>', `GET / HTTP/1.1\n${lines}\n`]])
  const [exchange] = exchangesOf(recut(talk, 1))
  expect(exchange?.request?.target).toBe('/')
  expect(exchange?.missing).toContain('request: 19744 fields are not known')
})

test('a body in chunks of one byte takes no object for each', () => {
  const body = new BodyCollector()
  for (let i = 0; i < 100_000; i += 1) body.push(Uint8Array.of(97))
  expect(body.heldBytes).toBeLessThanOrEqual(200_000)
  const text = body.finish({ contentEncoding: '', contentType: '', isEnded: true })
  expect(text).toEqual({ form: 'text', data: 'a'.repeat(100_000), bytes: 100_000, isPartial: false })
})

test('a header block that never ends holds what it has and no more, and says so', () => {
  const connection = new HttpConnection(() => {}, 'kept')
  const empty = frame(9, 0, 1)
  const byte = frame(9, 0, 1, Uint8Array.of(0))
  write(connection, [PREFACE, frame(1, 0, 1, GET), ...Array.from({ length: 200_000 }, () => empty)])
  expect(connection.heldBytes).toBeLessThan(1_000)
  const second = new HttpConnection(() => {}, 'kept')
  write(second, [PREFACE, frame(1, 0, 1, GET), ...Array.from({ length: 50_000 }, () => byte)])
  expect(second.heldBytes).toBeGreaterThanOrEqual(50_000)
  expect(second.heldBytes).toBeLessThan(150_000)
})

test('a frame that comes byte by byte is read in proportion to its length', () => {
  const seen: SeenExchange[] = []
  const connection = new HttpConnection((exchange) => seen.push(exchange), 'kept')
  const value = Buffer.alloc(60_000, 0x62)
  // Literal without indexing, name `a`, value of 60,000 bytes: 127 + 59,873 as a prefix integer.
  const long = Buffer.concat([GET, Buffer.from([0x00, 0x01, 0x61, 0x7f, 0xe1, 0xd3, 0x03]), value])
  const bytes = frame(1, 5, 1, long)
  write(connection, [PREFACE, ...Array.from(bytes, (byte) => Uint8Array.of(byte))])
  connection.end()
  expect(seen[0]?.request?.head.fields).toEqual([['a', 'b'.repeat(8_192)]])
})

test('heads that a few bytes name again and again count as what they hold', () => {
  let told = 0
  const connection = new HttpConnection(() => (told += 1), 'kept')
  const value = Buffer.alloc(4_000, 0x62)
  // `a` with 4,000 bytes goes into the table once; each stream names it 15 times.
  const entry = Buffer.concat([Buffer.from([0x40, 0x01, 0x61, 0x7f, 0xa1, 0x1e]), value])
  const again = Buffer.concat([GET, Buffer.alloc(15, 0x80 | 62)])
  const streams = Array.from({ length: 500 }, (_, i) => frame(1, 4, 3 + 2 * i, again))
  write(connection, [PREFACE, frame(1, 5, 1, Buffer.concat([GET, entry])), ...streams])
  expect(told).toBe(0)
  expect(connection.heldBytes).toBeGreaterThan(500 * 15 * 4_000)
})

test('what is missing again and again is told a bounded number of times', () => {
  const seen: SeenExchange[] = []
  const connection = new HttpConnection((exchange) => seen.push(exchange), 'kept')
  const open = Array.from({ length: 50 }, (_, i) => frame(1, 4, 1 + 2 * i, GET))
  const junk = Buffer.from('this is no frame, and long enough')
  const losses = Array.from({ length: 1_000 }, () => [frame(8, 0, 0, Buffer.alloc(4)), junk]).flat()
  write(connection, [PREFACE, ...open, ...losses])
  connection.end()
  expect(seen).toHaveLength(50)
  for (const { request } of seen) expect(request?.missing.length).toBe(MAX_MISSING)
})

test('tiny entries of a large HPACK table come and go as the standard says', () => {
  const decoder = new HpackDecoder()
  const tableOf = (bytes: number) => Buffer.from([0x3f, ...prefixed(bytes - 31)])
  const added = (i: number) => Buffer.from([0x40, 0x01, 0x61 + (i % 26), 0x01, 0x41 + (i % 26)])
  // 34 bytes each: 100 fit.
  expect(decoder.decode(tableOf(3_400))).toEqual({ fields: [], unknown: 0 })
  for (let i = 0; i < 5_000; i += 1) decoder.decode(added(i))
  expect(decoder.heldBytes).toBe(3_400)
  const at = (index: number) => decoder.decode(Buffer.from([0xff, ...prefixed(61 + index - 127)]))
  const letterOf = (i: number) => [[String.fromCharCode(0x61 + (i % 26)), String.fromCharCode(0x41 + (i % 26))]]
  expect(at(67)?.fields).toEqual(letterOf(4_999 - 66))
  expect(at(100)?.fields).toEqual(letterOf(4_999 - 99))
  expect(at(101)).toEqual({ fields: [], unknown: 1 })
})

/** Bytes behind a full prefix (RFC 7541, section 5.1). */
function prefixed(rest: number): readonly number[] {
  return rest < 128 ? [rest] : [(rest & 127) | 128, ...prefixed(rest >> 7)]
}

test('bytes that wait come out as they went in, whatever the pieces and the takes', () => {
  const step = fc.oneof(
    fc.record({ append: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ take: fc.nat({ max: 50 }) }),
    fc.constantFrom('keep' as const, 'clear' as const),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const unread = new Unread()
      let model: number[] = []
      for (const next of steps) {
        if (next === 'clear') {
          unread.clear()
          model = []
        } else if (next === 'keep') unread.keep()
        else if ('take' in next) expect([...unread.take(next.take)]).toEqual(model.splice(0, next.take))
        else {
          const piece = Uint8Array.from(next.append)
          unread.append(piece)
          model.push(...next.append)
          unread.keep()
          // The sender's memory is used again.
          piece.fill(0)
        }
        expect([...unread.view]).toEqual(model)
        expect(unread.length).toBe(model.length)
      }
    }),
  )
})
