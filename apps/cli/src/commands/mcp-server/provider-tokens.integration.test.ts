import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client, type OAuthClientProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { accessTokenOf, startIdentityProvider, type TestIdentityProvider, walkSignIn } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CLI_PROGRAM, startTestServer, type TestServer } from '../../testing/server.ts'

const PEOPLE = {
  ann: { email: 'ann@corp.test', email_verified: true, groups: ['soc'] },
  sal: { email: 'sal@corp.test', email_verified: true, groups: ['sales'] },
}

let folder: string
let provider: TestIdentityProvider
let server: TestServer
let assistants: ChildProcess | undefined
let url: string

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}/mcp`
  provider = await startIdentityProvider({ people: PEOPLE, resources: [url, 'http://127.0.0.1:1/mcp'] })
  folder = mkdtempSync(join(tmpdir(), 'holdfast-mcp-oauth-'))
  writeFileSync(join(folder, 'secret'), provider.clientSecret)
  const file = join(folder, 'connectors.yaml')
  writeFileSync(
    file,
    `sign-in:
  issuer: ${provider.issuer}
  client-id: ${provider.clientId}
  client-secret: { file: ${join(folder, 'secret')} }
  allow: [127.0.0.1]
  resources: ['${url}']
  roles: [{ value: soc, role: viewer }]
`,
  )
  server = await startTestServer({ data: join(folder, 'log'), flags: ['--connectors', file] })
  provider.trust(`${server.ready.http}/sign-in/provider/callback`)
  assistants = spawn(process.execPath, [...CLI_PROGRAM, 'mcp-server', '--http', String(port)], {
    env: { PATH: process.env['PATH'], ...server.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (assistants.stdout !== null) await once(createInterface({ input: assistants.stdout }), 'line')
}, 60_000)
afterAll(async () => {
  if (assistants !== undefined) {
    const ended = once(assistants, 'exit')
    assistants.kill('SIGTERM')
    await ended
  }
  await server?.[Symbol.asyncDispose]()
  await provider?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** The address is part of what the server is configured with, and has to be known before either runs. */
async function freePort(): Promise<number> {
  const holder = createServer()
  await new Promise<void>((listening) => holder.listen(0, '127.0.0.1', listening))
  const { port } = holder.address() as AddressInfo // a listening TCP server has one
  await new Promise((closed) => holder.close(closed))
  return port
}

/** What an assistant keeps of its OAuth, in memory; its person goes through the provider's pages when they are opened. */
class Keeping implements OAuthClientProvider {
  readonly redirectUrl = 'http://127.0.0.1/back'
  readonly clientMetadata = { redirect_uris: [this.redirectUrl], token_endpoint_auth_method: 'none' }
  readonly #name: string
  #tokens: Awaited<ReturnType<OAuthClientProvider['tokens']>>
  #verifier = ''
  #discovered: Awaited<ReturnType<NonNullable<OAuthClientProvider['discoveryState']>>>
  back: URL | undefined

  constructor(name: string) {
    this.#name = name
  }

  clientInformation() {
    return { client_id: 'assistant' }
  }
  tokens() {
    return this.#tokens
  }
  saveTokens(tokens: NonNullable<Awaited<ReturnType<OAuthClientProvider['tokens']>>>) {
    this.#tokens = tokens
  }
  async redirectToAuthorization(authorization: URL) {
    this.back = await walkSignIn(authorization.href, { name: this.#name })
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier
  }
  codeVerifier() {
    return this.#verifier
  }
  saveDiscoveryState(state: Parameters<NonNullable<OAuthClientProvider['saveDiscoveryState']>>[0]) {
    this.#discovered = state
  }
  discoveryState() {
    return this.#discovered
  }
}

const call = async (token: string | undefined) =>
  await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  })

test('an assistant finds the identity provider by itself, its person signs in, and it has their rights', async () => {
  const authProvider = new Keeping('ann')
  const transport = () => new StreamableHTTPClientTransport(new URL(url), { authProvider })
  const first = transport()
  await expect(new Client({ name: 'assistant', version: '1.0.0' }).connect(first)).rejects.toThrow()
  await first.finishAuth(authProvider.back?.searchParams ?? expect.fail('the assistant asked nobody'))
  const client = new Client({ name: 'assistant', version: '1.0.0' })
  await client.connect(transport())
  const answer = await client.callTool({ name: 'list_incidents', arguments: {} })
  expect(answer.structuredContent).toMatchObject({ incidents: [] })
  const refused = await client.callTool({ name: 'propose_containment', arguments: { incident: 'x' } })
  expect(refused).toMatchObject({ isError: true })
  await client.close()
  const listed = await fetch(`${server.ready.http}/api/v1/accounts`, {
    headers: { authorization: `Bearer ${server.ready.token}` },
  })
  const { items } = (await listed.json()) as { readonly items: readonly object[] } // its schema
  // One token, however many requests came with it: one sign-in on record.
  expect(items).toMatchObject([{ name: 'ann@corp.test', role: 'viewer', identity: { subject: 'ann' } }])
})

test('who has no token, or one that is no good, is told where a good one is to be had', async () => {
  const metadata = `${new URL(url).origin}/.well-known/oauth-protected-resource/mcp`
  expect((await call(undefined)).headers.get('www-authenticate')).toBe(`Bearer resource_metadata="${metadata}"`)
  expect(await (await fetch(metadata)).json()).toMatchObject({
    resource: url,
    authorization_servers: [provider.issuer],
  })
  const { accessToken, idToken } = await accessTokenOf(provider.issuer, { name: 'ann', resource: url })
  expect((await call(accessToken)).status).toBe(200)
  const elsewhere = await accessTokenOf(provider.issuer, { name: 'ann', resource: 'http://127.0.0.1:1/mcp' })
  for (const wrong of [idToken, elsewhere.accessToken, 'a.b.c']) {
    const answer = await call(wrong)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer error="invalid_token", resource_metadata="${metadata}"`,
    ])
  }
  const sal = await accessTokenOf(provider.issuer, { name: 'sal', resource: url })
  expect((await call(sal.accessToken)).status).toBe(403)
})

test('an account that is revoked is out with the next request, whatever its token says', async () => {
  const { accessToken } = await accessTokenOf(provider.issuer, { name: 'ann', resource: url })
  expect((await call(accessToken)).status).toBe(200)
  const decide = async (what: string) =>
    await fetch(`${server.ready.http}/api/v1/accounts/${encodeURIComponent('ann@corp.test')}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ decision: { do: what }, reason: 'a test' }),
    })
  expect((await decide('revoke')).status).toBe(200)
  expect((await call(accessToken)).status).toBe(403)
  expect((await decide('readmit')).status).toBe(200)
  expect((await call(accessToken)).status).toBe(200)
})
