import { createHash, createPrivateKey, randomBytes, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { holdfastIn } from '../../testing/holdfast.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { startProxy } from './testing/listening.ts'
import { startShop, type ShopServer } from './testing/shop-server.ts'

let folder = ''
let server: TestServer
let shop: ShopServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-peers-'))
  server = await startTestServer()
  shop = await startShop()
  const fields = ['--owner', 'ann', '--version', '1', '--class', 'support', '--reason', 'r']
  const add = (agent: string, peers: string) =>
    holdfast('roster', 'add', agent, ...fields, '--new-key', keyOf(agent), '--peers', peers)
  expect(add('desk', 'billing').status).toBe(0)
  expect(add('billing', 'desk').status).toBe(0)
  // It may hand over to billing as far as it is concerned; billing never said that it takes work from it.
  expect(add('mail', 'billing').status).toBe(0)
  expect(holdfast('roster', 'close', '--reason', 'all are in').status).toBe(0)
}, 120_000)
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const holdfast = (...args: readonly string[]) => holdfastIn(folder, args, server.env)

const keyOf = (agent: string): string => join(folder, `${agent}.key`)
const as = (agent: string): readonly string[] => [
  'mcp',
  '--name',
  agent,
  '--agent-version',
  '1',
  '--agent-key',
  keyOf(agent),
]
const taking = (agent: string, url: string) => startProxy([...as(agent), '--from-peers', '--url', url], server.env)
const giving = (agent: string, peer: string, url: string) =>
  startProxy([...as(agent), '--peer', peer, '--url', url], server.env)

/** What an agent gets that uses the other one's tools through this address. */
async function asked(url: string): Promise<unknown> {
  const client = new Client({ name: 'probe', version: '1.0.0' }, { versionNegotiation: { mode: 'legacy' } })
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(url)))
    return await client.callTool({ name: 'price', arguments: { of: 'lamp' } })
  } catch (fault) {
    return String(fault)
  } finally {
    await client.close()
  }
}

const CALL = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'price', arguments: {} } })

/** Posts a call past the giver's proxy, with a proof made as docs/roster.md says. */
async function posted(url: string, { from, key }: { readonly from: string; readonly key: string }): Promise<unknown> {
  const [at, nonce] = [new Date().toISOString(), randomBytes(16).toString('hex')]
  const digest = createHash('sha256').update(CALL).digest('hex')
  const text = `holdfast hand-over v1\n${from}\nbilling\n${at}\n${nonce}\n${digest}\n`
  const signature = sign(null, Buffer.from(text), createPrivateKey(readFileSync(keyOf(key)))).toString('base64')
  const field = Buffer.from(JSON.stringify({ from, to: 'billing', at, nonce, digest, signature })).toString('base64url')
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'holdfast-hand-over': field },
    body: CALL,
  })
  return await response.json()
}

type Finding = { readonly kind: string; readonly title: string; readonly detail: string }

async function findingsOnce(...titles: readonly string[]): Promise<readonly Finding[]> {
  return await vi.waitFor(
    () => {
      const found = JSON.parse(holdfast('bom', 'findings', '--json').stdout) as readonly Finding[]
      expect(found.map(({ title }) => title)).toEqual(expect.arrayContaining([...titles]))
      return found
    },
    { timeout: 60_000, interval: 300 },
  )
}

const refusal = (fault: string) => ({ error: { code: -32_084, data: expect.objectContaining({ fault }) } })

test('peers hand over once both have proven their names; who stands outside a list or bears a name is refused by the other end', async () => {
  await using billing = await taking('billing', `${shop.origin}/mcp`)
  await using desk = await giving('desk', 'billing', billing.url)
  expect(await asked(desk.url)).toMatchObject({ content: [{ text: 'lamp: 29.90 EUR' }] })

  // A rostered specialist with its own valid key, past its own proxy: billing does not have it on its list.
  expect(await posted(billing.url, { from: 'mail', key: 'mail' })).toMatchObject(refusal('outside-peers'))
  // Right name, wrong key.
  expect(await posted(billing.url, { from: 'desk', key: 'mail' })).toMatchObject(refusal('impersonation'))
  // No name at all.
  expect(await asked(billing.url)).toContain('not handed over')

  const found = await findingsOnce(
    'mail was to hand work to billing',
    'an end of the hand-over from desk to billing bears a name that is not its own',
  )
  expect(found.find(({ kind }) => kind === 'impersonation')?.detail).toContain('another key than that of the roster')
  expect(found.find(({ kind }) => kind === 'outside-peers')?.detail).toContain('refused by the proxy')
  // A borne name is an incident, with nobody asking for one.
  const listed = await vi.waitFor(
    () => {
      const { stdout } = holdfast('incidents', 'list', '--json')
      expect(stdout).toContain('signed with another key than that of its name')
      return stdout
    },
    { timeout: 60_000, interval: 500 },
  )
  expect(listed).toContain('privilege-boundary-escape')
}, 240_000)

test('the giver refuses by its own list, and hands nothing to who does not prove its name', async () => {
  const bodies: string[] = []
  const stranger = createServer((request, response) => {
    request.setEncoding('utf8')
    let body = ''
    request.on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      bodies.push(body)
      const { id, params } = JSON.parse(body) as { readonly id: string; readonly params: { readonly nonce: string } }
      const text = `holdfast hand-over answer v1\ndesk\nbilling\n${params.nonce}\n`
      const signature = sign(null, Buffer.from(text), createPrivateKey(readFileSync(keyOf('mail')))).toString('base64')
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ jsonrpc: '2.0', id, result: { signature } }))
    })
  })
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening))
  // A listening TCP server has one.
  const { port } = stranger.address() as AddressInfo
  await using borne = await giving('desk', 'billing', `http://127.0.0.1:${port}/mcp`)
  expect(await asked(borne.url)).toContain('does not hold its key')
  // It saw the question for its name, and no word of the work.
  expect(new Set(bodies.map((body) => (JSON.parse(body) as { readonly method: string }).method))).toEqual(
    new Set(['holdfast/prove']),
  )
  stranger.closeAllConnections()
  stranger.close()

  await using silent = await giving('desk', 'billing', `${shop.origin}/mcp`)
  expect(await asked(silent.url)).toContain('billing did not prove its name')
  await using outside = await giving('desk', 'mail', `${shop.origin}/mcp`)
  expect(await asked(outside.url)).toContain('mail is no peer of desk')
  await findingsOnce('desk was to hand work to mail')
}, 180_000)

test('an open roster lets a hand-over outside the lists pass and tells it; a borne name it refuses', async () => {
  expect(holdfast('roster', 'open', '--reason', 'moving').status).toBe(0)
  await using billing = await taking('billing', `${shop.origin}/mcp`)
  await using mail = await giving('mail', 'billing', billing.url)
  expect(await asked(mail.url)).toMatchObject({ content: [{ text: 'lamp: 29.90 EUR' }] })
  expect(await posted(billing.url, { from: 'desk', key: 'mail' })).toMatchObject(refusal('impersonation'))
  const start = ['--name', 'desk', '--agent-version', '1', '--agent-key', keyOf('mail'), '--', 'true']
  const borne = holdfast('run', ...start)
  expect([borne.status, borne.stderr]).toEqual([5, expect.stringContaining('signed with another key')])
  const found = await findingsOnce('mail handed work to billing', 'somebody bore the name desk and was refused')
  expect(found.find(({ title }) => title === 'mail handed work to billing')?.detail).toContain('the roster is open')
}, 180_000)

test.each([
  [['--peer', 'billing', '--', 'cat'], '--url'],
  [['--peer', 'billing', '--from-peers', '--url', 'http://127.0.0.1:1/'], 'name one of them'],
  [['--peer', 'desk', '--url', 'http://127.0.0.1:1/'], 'no peer of itself'],
])('flags that do not fit are refused: %j', (flags, words) => {
  const { status, stderr } = holdfast(...as('desk'), ...flags)
  expect([status, stderr]).toEqual([2, expect.stringContaining(words)])
})
