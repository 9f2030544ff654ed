import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { startProxy } from './testing/listening.ts'
import { apiOf, eventsOnce, ofKind, textOf } from './testing/proxied.ts'
import { startShop, type ShopServer } from './testing/shop-server.ts'

let server: TestServer
let shop: ShopServer
beforeAll(async () => {
  server = await startTestServer()
  shop = await startShop()
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

test.each([
  ['without handshake', '/mcp', { mode: 'auto' }, '2026-07-28'],
  ['with a handshake', '/mcp', { mode: 'legacy' }, '2025-11-25'],
  ['with sessions and streams', '/sessions', { mode: 'legacy' }, '2025-11-25'],
] as const)(
  'calls over HTTP %s are recorded alike',
  async (_, path, versionNegotiation, protocol) => {
    const name = `shopper${path.slice(1)}${protocol.slice(0, 4)}`
    await using proxy = await startProxy(['mcp', '--url', `${shop.origin}${path}`, '--name', name], server.env)
    expect(new URL(proxy.url).pathname).toBe(path)
    const client = new Client({ name: 'probe', version: '1.0.0' }, { versionNegotiation })
    await client.connect(new StreamableHTTPClientTransport(new URL(proxy.url)))
    await client.listTools()
    expect(await client.callTool({ name: 'price', arguments: { of: 'lamp' } })).toMatchObject({
      content: [{ text: 'lamp: 29.90 EUR' }],
    })
    await client.close()
    const api = apiOf(server)
    const all = await eventsOnce(api, (events) =>
      ofKind(events, 'tool-result').some(({ agent }) => agent.name === name),
    )
    const events = all.filter(({ agent }) => agent.name === name)
    const [call] = ofKind(events, 'tool-call')
    const [result] = ofKind(events, 'tool-result')
    expect(call?.facts).toMatchObject({ toolName: 'price', server: 'shop', callId: result?.facts['callId'] })
    expect(result && (await textOf(api, result, 'result'))).toBe('lamp: 29.90 EUR')
    expect(call?.source.instrumentation).toBe(`mcp http ${protocol}`)
    expect(ofKind(events, 'tool-catalogue')[0]?.facts).toMatchObject({ server: 'shop', isWhole: true })
  },
  120_000,
)

/** A server that answers as it is told, and keeps what it was asked. */
async function startStub(
  answer: Parameters<typeof createServer>[1],
): Promise<{ readonly url: string; readonly http: Server }> {
  const http = createServer(answer)
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  // A listening TCP server has one.
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp?tenant=1`, http }
}

test('fields, status and bytes pass untouched, also of what is no MCP', async () => {
  const asked: { readonly fields: readonly string[]; readonly url: string | undefined }[] = []
  const body = gzipSync(Buffer.from('plain text'))
  const { url, http } = await startStub((request, response) => {
    asked.push({ fields: request.rawHeaders, url: request.url })
    response.writeHead(418, 'Short And Stout', [
      'Mcp-Session-Id',
      's-1',
      'X-Odd',
      'a',
      'X-Odd',
      'b',
      'Content-Encoding',
      'gzip',
    ])
    response.end(body)
  })
  await using proxy = await startProxy(['mcp', '--url', url, '--name', 'odd'], server.env)
  const response = await fetch(`${proxy.url}?tenant=1`, {
    method: 'DELETE',
    headers: { 'mcp-session-id': 's-1', 'last-event-id': '42', authorization: 'Bearer secret', 'x-future': 'yes' },
  })
  expect([response.status, response.statusText, response.headers.get('x-odd')]).toEqual([
    418,
    'Short And Stout',
    'a, b',
  ])
  expect(await response.text()).toBe('plain text')
  const [first] = asked
  const fields = first?.fields ?? []
  expect(first?.url).toBe('/mcp?tenant=1')
  for (const value of ['s-1', '42', 'Bearer secret', 'yes']) expect(fields).toContain(value)
  http.close()
})

test('events of a stream pass one by one, as they come', async () => {
  let next: () => void = () => undefined
  const { url, http } = await startStub((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('id: 1\ndata: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n')
    // Only after the client has read the first one.
    next = () => response.end('id: 2\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n')
  })
  await using proxy = await startProxy(['mcp', '--url', url, '--name', 'streamer'], server.env)
  const response = await fetch(proxy.url, { headers: { accept: 'text/event-stream', 'mcp-session-id': 's-2' } })
  const pieces: string[] = []
  for await (const piece of response.body ?? []) {
    pieces.push(Buffer.from(piece).toString())
    next()
  }
  expect(pieces).toHaveLength(2)
  expect(pieces[0]).toContain('list_changed')
  const events = await eventsOnce(apiOf(server), (all) =>
    all.some(({ label }) => label === 'mcp notifications/message'),
  )
  expect(events.map(({ label }) => label)).toContain('mcp notifications/tools/list_changed')
  http.close()
})

test('a server that cannot be reached is said so, and a page from elsewhere is refused', async () => {
  const { url, http } = await startStub(() => undefined)
  await new Promise((done) => http.close(done))
  await using proxy = await startProxy(['mcp', '--url', url, '--name', 'gone'], server.env)
  const response = await fetch(proxy.url, { method: 'POST', body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' })
  expect(response.status).toBe(502)
  const { port } = new URL(proxy.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write('GET /mcp HTTP/1.1\r\nHost: evil.test\r\n\r\n')
  const [rebound] = (await once(socket, 'data')) as [Buffer] // node:net, "data"
  socket.destroy()
  expect(rebound.toString()).toMatch(/^HTTP\/1\.1 421 /)
})
