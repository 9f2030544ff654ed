import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ToolGate, type Kept } from '@holdfast/capture'
import { expect, test } from 'vitest'
import { passGatedAnswer } from './gated-answer.ts'

const EVIL = '{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"evil","inputSchema":{}}]}}'
const PING = '{"jsonrpc":"2.0","method":"notifications/message"}'

/** What a client gets of a body that a server sends in these pieces, with nothing approved. */
async function passed(type: string, pieces: readonly string[], fields: Readonly<Record<string, string>> = {}) {
  const told: (readonly string[])[] = []
  const messages: string[] = []
  const upstream = createServer((_, response) => {
    response.writeHead(200, { 'content-type': type, ...fields })
    for (const piece of pieces) response.write(piece)
    response.end()
  })
  const proxy = createServer((_, response) => {
    const { port } = upstream.address() as AddressInfo // it listens
    get({ port }, (answer) => {
      const tell = (message: Buffer | undefined, { withheld, ...rest }: Kept): void => {
        told.push(withheld)
        messages.push(message?.toString() ?? '')
        // Whatever else came along would stand in the record beside the message, or in its place.
        expect(rest).toEqual({ held: [] })
      }
      passGatedAnswer({ answer, response, gate: new ToolGate(() => []), tell })
    })
  })
  for (const server of [upstream, proxy]) await once(server.listen(0, '127.0.0.1'), 'listening')
  const [answer] = (await once(get({ port: (proxy.address() as AddressInfo).port }), 'response')) as [IncomingMessage]
  let body = ''
  for await (const piece of answer) body += String(piece)
  for (const server of [upstream, proxy]) server.close().closeAllConnections()
  return { status: answer.statusCode, body, told, messages }
}

test.each([
  ['in one event', [`id: 4\ndata: ${EVIL}\n\n`]],
  ['behind another event, with mixed line ends', [`data: ${PING}\n\rdata: ${EVIL}\n\n`]],
  ['in pieces', `data: ${EVIL}\r\n\r\n`.split('')],
  ['over several lines', [`data: ${EVIL.replace(',', ',\ndata: ')}\n\n`]],
  ['with a byte order mark', [`\uFEFFdata: ${EVIL}\n\n`]],
])('a tool that is not approved is taken out of a stream: %s', async (_, pieces) => {
  const { body, told } = await passed('text/event-stream', pieces)
  expect(body).not.toContain('evil')
  expect(body).toContain('"tools":[]')
  expect(told.flat()).toEqual(['evil'])
})

test('other events of a stream pass byte for byte', async () => {
  const text = `: comment\n\nretry: 10\nid: 1\ndata: ${PING}\n\ndata: \n\n`
  expect((await passed('text/event-stream', [text])).body).toBe(text)
})

test('what no empty line ends does not pass', async () => {
  expect((await passed('text/event-stream', [`data: ${PING}\n\n`, `data: ${EVIL}\n`])).body).toBe(`data: ${PING}\n\n`)
})

test('a list in one body passes without the tool, whatever type it says it has', async () => {
  for (const type of ['application/json', 'text/plain']) {
    const { body, told, messages } = await passed(type, [EVIL], { 'content-length': String(EVIL.length) })
    expect(JSON.parse(body)).toEqual({ jsonrpc: '2.0', id: 1, result: { tools: [] } })
    expect(messages).toEqual([EVIL])
    expect(told).toEqual([['evil']])
  }
})

test('a coded answer is not passed on', async () => {
  const { status, body } = await passed('application/json', ['x'], { 'content-encoding': 'gzip' })
  expect([status, body]).toEqual([502, expect.stringContaining('cannot be checked')])
})
