import { deflateSync, gzipSync, brotliCompressSync, zstdCompressSync, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { exchangesOf, fragmentsOf, recut } from './testing/collect.ts'

const ask =
  'POST /v1/chat HTTP/1.1\r\nHost: model.test\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"say":"hey"}'
const told = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello'

test('a request and its answer are one exchange, in any cuts', () => {
  const whole = fragmentsOf([
    ['>', ask],
    ['<', told],
  ])
  for (const size of [1, 2, 7, 1000]) {
    const [exchange, ...more] = exchangesOf(recut(whole, size))
    expect(more).toEqual([])
    expect(exchange).toMatchObject({
      protocol: 'http/1.1',
      side: 'client',
      isMidway: false,
      missing: [],
      request: {
        method: 'POST',
        target: '/v1/chat',
        authority: 'model.test',
        body: { form: 'text', data: '{"say":"hey"}' },
      },
      response: { status: 200, body: { form: 'text', data: 'hello', bytes: 5, isPartial: false } },
    })
  }
})

test('what the process reads as requests makes it the server', () => {
  const [exchange] = exchangesOf(
    fragmentsOf([
      ['<', ask],
      ['>', told],
    ]),
  )
  expect(exchange).toMatchObject({ side: 'server', request: { method: 'POST' }, response: { status: 200 } })
})

test('keep-alive and pipelining keep the order of the answers', () => {
  const request = (n: number) => `GET /${n} HTTP/1.1\r\nHost: h\r\n\r\n`
  const answer = (n: number) => `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${n}`
  const seen = exchangesOf(
    fragmentsOf([
      ['>', request(1)],
      ['<', answer(1)],
      ['>', request(2) + request(3)],
      ['<', answer(2)],
      ['<', answer(3)],
    ]),
  )
  expect(seen.map(({ request: asked, response }) => [asked?.target, response?.body.data])).toEqual([
    ['/1', '1'],
    ['/2', '2'],
    ['/3', '3'],
  ])
  expect(new Set(seen.map(({ id }) => id)).size).toBe(3)
})

test('interim answers, chunks with extensions and trailers leave the body alone', () => {
  const [exchange] = exchangesOf(
    fragmentsOf([
      ['>', 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n'],
      ['<', 'HTTP/1.1 100 Continue\r\n\r\n'],
      ['>', '4;x=y\r\nwiki\r\n9\r\npedia in \r\n0\r\nChecksum: 1\r\n\r\n'],
      ['<', 'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n'],
    ]),
  )
  expect(exchange).toMatchObject({
    missing: [],
    request: { body: { data: 'wikipedia in ' } },
    response: { status: 201, body: { form: 'none' } },
  })
})

test('an answer to HEAD, a 204 and a 304 have no body whatever they state', () => {
  const seen = exchangesOf(
    fragmentsOf([
      ['>', 'HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\nHost: h\r\n\r\n'],
      ['<', 'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n'],
      ['<', told],
    ]),
  )
  expect(seen.map(({ response }) => [response?.status, response?.body.bytes])).toEqual([
    [200, 0],
    [304, 0],
    [200, 5],
  ])
})

test('a body that lasts until the connection ends is whole when it ends', () => {
  const [exchange] = exchangesOf(
    fragmentsOf([
      ['>', 'GET / HTTP/1.0\r\nHost: h\r\n\r\n'],
      ['<', 'HTTP/1.0 200 OK\r\n\r\nfirst '],
      ['<', 'second'],
    ]),
  )
  expect(exchange).toMatchObject({ missing: [], response: { body: { data: 'first second', isPartial: false } } })
})

test('bodies are decompressed, two codings on one too', () => {
  const text = 'the answer '.repeat(500)
  const codings: readonly (readonly [string, Uint8Array])[] = [
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
  ]
  for (const [coding, bytes] of codings) {
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`
    const [exchange] = exchangesOf(
      fragmentsOf([
        ['>', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'],
        ['<', head],
        ['<', bytes],
      ]),
    )
    expect(exchange?.response?.body).toEqual({ form: 'text', data: text, bytes: bytes.length, isPartial: false })
  }
})

test('a compressed body that is cut gives the text before the cut', () => {
  const text = Array.from({ length: 4_000 }, (_, index) => `line ${index}\n`).join('')
  const bytes = gzipSync(text)
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/plain\r\nContent-Length: ${bytes.length}\r\n\r\n`
  const [exchange] = exchangesOf(
    fragmentsOf([
      ['>', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'],
      ['<', head],
      ['<', bytes.subarray(0, bytes.length / 2)],
    ]),
  )
  const body = exchange?.response?.body
  expect(body?.isPartial).toBe(true)
  expect(body?.data.length).toBeGreaterThan(100)
  expect(text.startsWith(body?.data ?? 'nothing')).toBe(true)
})

test('a bomb is kept as it came and never blown up', () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
  const [exchange] = exchangesOf(
    fragmentsOf([
      ['>', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'],
      ['<', `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`],
      ['<', bomb],
    ]),
  )
  expect(exchange?.response?.body).toMatchObject({ form: 'base64', coding: 'gzip', bytes: bomb.length })
})

test('a hole in a body of known length costs that body only', () => {
  const talk = fragmentsOf([
    ['>', 'GET /a HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['<', 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 15\r\n\r\n'],
    ['<', 'aaaaa'],
    ['<', 'bbbbb'],
    ['<', 'ccccc'],
    ['>', 'GET /b HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['<', told],
  ])
  const seen = exchangesOf(talk.filter((_, index) => index !== 3))
  expect(seen[0]?.response?.body).toEqual({
    form: 'text',
    data: 'aaaaaccccc',
    bytes: 10,
    isPartial: true,
    holes: [{ at: 5, bytes: 5 }],
  })
  expect(seen[1]).toMatchObject({ missing: [], request: { target: '/b' }, response: { body: { data: 'hello' } } })
})

test('after a lost head the next exchange is read, and the lost one is not made up', () => {
  const talk = fragmentsOf([
    ['>', 'GET /a HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['<', told],
    ['>', 'GET /lost HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['<', 'HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone'],
    ['>', 'GET /c HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['<', told],
  ])
  const kept = talk.filter((_, index) => index !== 2)
  const seen = exchangesOf(kept, 'kept')
  expect(seen.map(({ request, response }) => [request?.target, response?.status])).toEqual([
    ['/a', 200],
    [undefined, 404],
    ['/c', 200],
  ])
  // Where the order says nothing, nothing is paired rather than wrongly.
  const pairs = exchangesOf(kept).map(({ request, response }) => `${request?.target} ${response?.status}`)
  expect(pairs).toContain('/a 200')
  expect(pairs).not.toContain('/c 404')
  expect(seen.every(({ request, missing }) => request !== undefined || missing.includes('request: not seen'))).toBe(
    true,
  )
})

test('joined in the middle of an answer, the next exchange is read', () => {
  const seen = exchangesOf(
    fragmentsOf([
      ['<', 'ome text of an answer that began before\n'],
      ['<', 'more of it'],
      ['>', 'GET /next HTTP/1.1\r\nHost: h\r\n\r\n'],
      ['<', told],
    ]),
  )
  expect(seen).toMatchObject([{ isMidway: true, request: { target: '/next' }, response: { body: { data: 'hello' } } }])
})

test('credentials in fields and in the address are left out and named', () => {
  const [exchange] = exchangesOf(
    fragmentsOf([
      [
        '>',
        'GET /v1?alt=sse&key=AIzaSecret&page=2 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer s3cret\r\nX-Api-Key: s3cret\r\n',
      ],
      ['>', 'Cookie: id=s3cret\r\nX-Amz-Security-Token: s3cret\r\nAccept: */*\r\n\r\n'],
      ['<', 'HTTP/1.1 200 OK\r\nSet-Cookie: id=s3cret\r\nContent-Length: 0\r\n\r\n'],
    ]),
  )
  expect(exchange?.request).toMatchObject({
    target: '/v1?alt=sse&key=&page=2',
    fields: [
      ['host', 'h'],
      ['accept', '*/*'],
    ],
    withheld: ['authorization', 'cookie', 'x-amz-security-token', 'x-api-key'],
  })
  expect(exchange?.response?.withheld).toEqual(['set-cookie'])
  expect(JSON.stringify(exchange)).not.toMatch(/s3cret|AIzaSecret/)
})

test('after an upgrade nothing is read as HTTP', () => {
  const seen = exchangesOf(
    fragmentsOf([
      ['>', 'GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'],
      ['<', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'],
      ['>', 'GET /not-http HTTP/1.1\r\nHost: h\r\n\r\n'],
    ]),
  )
  expect(seen).toMatchObject([{ request: { target: '/ws' }, response: { status: 101 } }])
})
