import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HttpConnection } from './connection.ts'
import type { Fragment } from './connection.ts'
import { HpackDecoder } from './hpack.ts'
import { decodeHuffman } from './huffman.ts'
import { exchangesOf, fragmentsOf, recut } from './testing/collect.ts'

/* What the process wrote or read is put together by its offsets, whatever happens to it on the way. */

const MiB = 1024 * 1024

test('CAP-16 fragments of 1 MiB, shuffled and duplicated, give one body', () => {
  const body = Buffer.from(Array.from({ length: 6 * MiB }, (_, index) => 97 + ((index * 7 + (index >> 13)) % 26)))
  const talk = recut(
    fragmentsOf([
      ['>', `POST /big HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`],
      ['>', body],
      ['<', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ]),
    MiB,
  )
  // At most as far apart as the bound for what waits.
  const shuffled = [talk[0], talk[3], talk[2], talk[1], talk[2], talk[0], talk[5], talk[4], talk[4], talk[6], talk[7]]
  const [exchange, ...more] = exchangesOf(shuffled.filter((one) => one !== undefined))
  expect(more).toEqual([])
  expect(exchange?.missing).toEqual([])
  expect(exchange?.request?.body.isPartial).toBe(false)
  expect(exchange?.request?.body.data === body.toString()).toBe(true)
  const [partial] = exchangesOf(shuffled.filter((one) => one !== undefined && one !== talk[3]) as Fragment[])
  expect(partial?.request?.body).toMatchObject({ isPartial: true, holes: [{ at: 2 * MiB, bytes: MiB }] })
})

const talkOf = fc
  .array(fc.tuple(fc.webPath(), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.boolean()), {
    minLength: 1,
    maxLength: 5,
  })
  .map((asks) =>
    asks.flatMap(([path, asked, answered, isChunked]) => {
      const body = Buffer.from(asked)
      const reply = Buffer.from(answered)
      const size = Math.max(1, reply.length)
      const chunked = Buffer.concat([
        Buffer.from(`${size.toString(16)}\r\n`),
        reply.length === 0 ? Buffer.from(' ') : reply,
        Buffer.from('\r\n0\r\n\r\n'),
      ])
      const head = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${reply.length}`
      return [
        ['>', `POST /${path.slice(1)} HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n`],
        ['>', body],
        ['<', `HTTP/1.1 200 OK\r\n${head}\r\n\r\n`],
        ['<', isChunked ? chunked : reply],
      ] as const
    }),
  )

test('any cut, order and repetition of the fragments gives the same exchanges', () => {
  fc.assert(
    fc.property(talkOf, fc.integer({ min: 1, max: 40 }), fc.infiniteStream(fc.nat(1_000)), (talk, size, draws) => {
      const whole = fragmentsOf(talk)
      const plain = exchangesOf(whole).map(untimed)
      const cut = recut(whole, size)
      const doubled = [...cut, ...cut.filter((_, index) => index % 3 === 0)]
      const keyed = doubled.map((fragment) => [draws.next().value as number, fragment] as const)
      const shuffled = keyed.toSorted(([a], [b]) => a - b).map(([, fragment]) => fragment)
      expect(exchangesOf(shuffled).map(untimed)).toEqual(plain)
      expect(plain.every(({ missing }) => missing.length === 0)).toBe(true)
    }),
  )
})

test('a missing fragment never gives an exchange that claims to be whole and differs', () => {
  fc.assert(
    fc.property(
      talkOf,
      fc.integer({ min: 1, max: 40 }),
      fc.nat(),
      fc.constantFrom('kept', 'any'),
      (talk, size, at, order) => {
        const cut = recut(fragmentsOf(talk), size)
        const whole = new Set(exchangesOf(cut).map((one) => JSON.stringify(bodiesOf(one))))
        const holed = cut.filter((_, index) => index !== at % cut.length)
        for (const exchange of exchangesOf(holed, order))
          if (exchange.missing.length === 0) expect(whole).toContain(JSON.stringify(bodiesOf(exchange)))
      },
    ),
  )
})

test('no bytes make it throw, or hold more than its bounds', () => {
  const start = fc.constantFrom(
    '',
    'GET / HTTP/1.1\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\0\0\0\u0004\0\0\0\0\0',
    '\0\0\u0005\u0001\u0004\0\0\0\u0001',
  )
  const fragment = fc.record({
    direction: fc.constantFrom(0 as const, 1 as const),
    offset: fc.nat(3_000),
    at: fc.constant(1n),
    bytes: fc
      .tuple(start, fc.uint8Array({ maxLength: 200 }))
      .map(([text, rest]) => Buffer.concat([Buffer.from(text, 'latin1'), rest])),
  })
  fc.assert(
    fc.property(
      fc.array(fragment, { maxLength: 40 }),
      fc.constantFrom('kept' as const, 'any' as const),
      (fragments, order) => {
        const connection = new HttpConnection((exchange) => expect(exchange.number).toBeGreaterThanOrEqual(0), order)
        for (const one of fragments) connection.push(one)
        expect(connection.heldBytes).toBeLessThan(100_000)
        connection.end()
      },
    ),
    { numRuns: 500 },
  )
})

test('no header block makes the HPACK decoder throw', () => {
  const decoder = new HpackDecoder()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (block) => {
      decoder.decode(block)
      decodeHuffman(block)
    }),
    { numRuns: 2_000 },
  )
})

// RFC 7541, C.4: requests with Huffman codes and a table that fills up.
test('HPACK reads the examples of its standard', () => {
  const decoder = new HpackDecoder()
  const read = (hex: string) => decoder.decode(Buffer.from(hex, 'hex'))?.fields
  const common = [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
  ]
  expect(read('828684418cf1e3c2e5f23a6ba0ab90f4ff')).toEqual(common)
  expect(read('828684be5886a8eb10649cbf')).toEqual([...common, ['cache-control', 'no-cache']])
  expect(read('828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf')).toEqual([
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/index.html'],
    [':authority', 'www.example.com'],
    ['custom-key', 'custom-value'],
  ])
})

function untimed(exchange: ReturnType<typeof exchangesOf>[number]) {
  return { ...exchange, startedAt: '', endedAt: '' }
}

function bodiesOf({ request, response }: ReturnType<typeof exchangesOf>[number]) {
  return [request?.target, request?.body, response?.status, response?.body]
}
