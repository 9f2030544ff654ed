import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Body } from '@holdfast/api'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { startProxy } from './testing/listening.ts'
import { apiOf, connect } from './testing/proxied.ts'
import { startShop } from './testing/shop-server.ts'

type Hold = Body<'orderProxies'>['hold']

let folder = ''
let server: TestServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-holds-'))
  server = await startTestServer({ data: join(folder, 'data') })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function order(agent: string, hold: Hold, more: { readonly server?: string } = {}, at: TestServer = server) {
  const body = { agent, incident: 'inc-7', hold, ttlMs: 3_600_000, reason: 'test' }
  return await apiOf(at).call('orderProxies', {
    body: { ...body, ...(more.server === undefined ? {} : { server: more.server }) },
  })
}

async function listed(client: Client): Promise<readonly string[]> {
  return (await client.listTools({}, { cacheMode: 'refresh' })).tools.map(({ name }) => name)
}

const lookup = (client: Client) => client.callTool({ name: 'lookup', arguments: { id: 'T-1' } })

test('a tool is withdrawn within a second, confirmed by tries and by the record, and comes back on release', async () => {
  const client = await connect(server.env, ['--name', 'support', '--data', server.data])
  expect(await listed(client)).toEqual(['lookup', 'change', 'hold'])
  expect(await lookup(client)).toMatchObject({ content: [{ text: expect.stringContaining('T-1') }] })
  const given = await order('support', { kind: 'withdraw-tool', tool: 'lookup' }, { server: 'desk' })
  expect(given).toMatchObject({ state: 'acknowledged', proxies: [{ state: 'acknowledged' }] })
  expect(await listed(client)).toEqual(['change', 'hold'])
  await expect(lookup(client)).rejects.toThrow('the tool "lookup" is held: it is withdrawn (incident inc-7)')
  const { checks, order: probed } = await apiOf(server).call('probeProxyOrder', {
    params: { order: given.order },
    body: {},
  })
  expect(checks.map(({ held }) => held)).toEqual([true, true, true])
  expect(checks.map(({ way }) => way)).toEqual([
    'a call of lookup at desk',
    'lookup in a list at desk',
    'recorded calls',
  ])
  expect(probed.state).toBe('probed')
  const released = await apiOf(server).call('releaseProxyOrder', {
    params: { order: given.order },
    body: { reason: 'over' },
  })
  expect(released.state).toBe('released')
  expect(await listed(client)).toEqual(['lookup', 'change', 'hold'])
  expect(await lookup(client)).toMatchObject({ content: [{ type: 'text' }] })
  await client.close()
})

test('a hold outlives the server and the proxy', async () => {
  const own = await startTestServer()
  try {
    const flags = ['--name', 'keeper', '--data', own.data]
    const first = await connect(own.env, flags)
    await listed(first)
    await order('keeper', { kind: 'withdraw-tool', tool: 'lookup' }, {}, own)
    own.child.kill('SIGKILL')
    await own.ended
    await expect(lookup(first)).rejects.toThrow('is held')
    await first.close()
    // Started anew, with nobody to ask.
    const second = await connect({}, flags)
    await expect(lookup(second)).rejects.toThrow('is held')
    expect(await listed(second)).toEqual(['change', 'hold'])
    await second.close()
  } finally {
    await own[Symbol.asyncDispose]()
  }
})

test.each([
  ['/mcp', { mode: 'auto' }],
  ['/sessions', { mode: 'legacy' }],
] as const)(
  'over HTTP %s a server is detached and comes back, its sessions living on',
  async (path, versionNegotiation) => {
    await using shop = await startShop()
    const name = `shopper-${path.slice(1)}`
    const flags = ['mcp', '--url', `${shop.origin}${path}`, '--name', name, '--data', server.data]
    await using proxy = await startProxy(flags, server.env)
    const client = new Client({ name: 'probe', version: '1.0.0' }, { versionNegotiation })
    await client.connect(new StreamableHTTPClientTransport(new URL(proxy.url)))
    expect(await listed(client)).toEqual(['price'])
    const price = () => client.callTool({ name: 'price', arguments: { of: 'lamp' } })
    const given = await order(name, { kind: 'quarantine-server' }, { server: 'shop' })
    expect(await listed(client)).toEqual([])
    await expect(price()).rejects.toThrow('the server is held in quarantine (incident inc-7)')
    const { checks } = await apiOf(server).call('probeProxyOrder', { params: { order: given.order }, body: {} })
    expect(checks.filter(({ held }) => !held)).toEqual([])
    expect(checks).toHaveLength(5)
    await apiOf(server).call('releaseProxyOrder', { params: { order: given.order }, body: { reason: 'over' } })
    expect(await listed(client)).toEqual(['price'])
    expect(await price()).toMatchObject({ content: [{ text: 'lamp: 29.90 EUR' }] })
    await client.close()
  },
  120_000,
)

test('what a proxy cannot carry out it refuses, and says so', async () => {
  const client = await connect(server.env, ['--name', 'guarded', '--data', server.data])
  await listed(client)
  const guard = { kind: 'guard-arguments', tool: 'lookup', argument: 'id', values: [], pattern: '(?=x)' } as const
  const given = await order('guarded', guard)
  expect(given).toMatchObject({
    state: 'refused',
    proxies: [{ state: 'refused', detail: expect.stringContaining('RE2') }],
  })
  expect(await lookup(client)).toMatchObject({ content: [{ type: 'text' }] })
  await order('guarded', { ...guard, pattern: 'T-[0-9]{1,4}' })
  expect(await lookup(client)).toMatchObject({ content: [{ type: 'text' }] })
  await expect(client.callTool({ name: 'lookup', arguments: { id: '../T-1' } })).rejects.toThrow('known values')
  await client.close()
})

test('a frozen model is answered with 503, of one model or all, and what asks for another passes', async () => {
  let asked = 0
  const provider = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked += 1
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}')
  })
  await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening))
  // A listening TCP server has one.
  const { port } = provider.address() as AddressInfo
  const flags = ['llm', '--url', `http://127.0.0.1:${port}/v1`, '--name', 'writer', '--data', server.data]
  await using proxy = await startProxy(flags, server.env)
  const call = (model: string) =>
    fetch(`${proxy.url}/chat/completions`, { method: 'POST', body: JSON.stringify({ model, messages: [] }) })
  expect((await call('m-1')).status).toBe(200)
  const one = await order('writer', { kind: 'freeze-model', model: 'm-1' })
  expect(one.state).toBe('acknowledged')
  const refused = await call('m-1')
  expect([refused.status, await refused.json()]).toMatchObject([503, { error: { incident: 'inc-7' } }])
  expect((await call('m-2')).status).toBe(200)
  await order('writer', { kind: 'freeze-model' })
  expect((await call('m-2')).status).toBe(503)
  expect(asked).toBe(2)
  const { checks } = await apiOf(server).call('probeProxyOrder', { params: { order: one.order }, body: {} })
  expect(checks).toMatchObject([{ way: expect.stringContaining('a request to the model'), held: true }])
  provider.close()
})
