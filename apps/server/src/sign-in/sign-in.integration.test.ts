import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogReader } from '@holdfast/recorder'
import {
  accessTokenOf,
  type Person,
  type ServerProcess,
  startIdentityProvider,
  type TestIdentityProvider,
  traceRequest,
  walkSignIn,
} from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer } from '../testing/server-process.ts'

const MARKUP = '<img src=x onerror=alert(1)>'
const verified = (email: string, groups: unknown): Person => ({ email, email_verified: true, groups })

const PEOPLE: Readonly<Record<string, Person>> = {
  ann: verified('ann@corp.test', ['soc', 'privacy']),
  'ann-too': verified('ann@corp.test', ['soc']),
  sal: verified('sal@corp.test', ['sales']),
  eve: verified('eve', ['soc']),
  hostile: { ...verified('h', [MARKUP, 'soc']), email: `${MARKUP}\u001b[2J` },
  huge: verified('huge@corp.test', ['x'.repeat(1_000_000)]),
  unsure: { ...verified('unsure@corp.test', ['soc']), email_verified: false },
}

const MCP = 'http://127.0.0.1:7020/mcp'
const OTHER = 'http://127.0.0.1:7021/mcp'

let folder: string
let server: ServerProcess
let provider: TestIdentityProvider

beforeAll(async () => {
  provider = await startIdentityProvider({ people: PEOPLE, resources: [MCP, OTHER] })
  folder = mkdtempSync(join(tmpdir(), 'holdfast-sign-in-'))
  const at = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const config = `sign-in:
  issuer: ${provider.issuer}
  client-id: ${provider.clientId}
  client-secret: { file: ${at('secret', provider.clientSecret)} }
  allow: [127.0.0.1]
  resources: ['${MCP}']
  roles:
    - { value: soc, role: responder }
    - { value: privacy, as: [compliance] }
`
  server = await startServer(join(folder, 'log'), { flags: ['--connectors', at('connectors.yaml', config)] })
  provider.trust(`${server.ready.http}/sign-in/provider/callback`)
}, 60_000)

afterAll(async () => {
  await server.stop()
  await provider[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

type Came = {
  readonly status: number
  readonly to: string | null
  readonly session: string | undefined
  readonly page: string
}

/** What a browser carries when it begins: the provider's address, and the cookie of the attempt. */
async function begin(to = '') {
  const response = await fetch(`${server.ready.http}/sign-in/provider${to}`, { redirect: 'manual' })
  const [cookie = ''] = response.headers.getSetCookie()
  return { url: response.headers.get('location') ?? '', cookie: cookie.split(';')[0] ?? '', attributes: cookie }
}

async function comeBack(back: URL, cookie: string): Promise<Came> {
  const response = await fetch(back, { redirect: 'manual', headers: { cookie } })
  const session = response.headers.getSetCookie().find((set) => set.startsWith('holdfast_session='))
  const page = await response.text()
  // Neither a session nor the way to one stays in a cache.
  expect(response.headers.get('cache-control')).toBe('no-store')
  return { status: response.status, to: response.headers.get('location'), session, page }
}

async function signIn(name: string, to = ''): Promise<Came> {
  const { url, cookie } = await begin(to)
  return await comeBack(await walkSignIn(url, { name }), cookie)
}

const ask = async (path: string, headers: Readonly<Record<string, string>>, method = 'GET') =>
  await fetch(server.ready.http + path, { method, headers })

function records(): readonly object[] {
  using reader = LogReader.open({ folder: join(folder, 'log') })
  return [...reader.controls('operator-action'), ...reader.controls('account')].map(({ record }) => record)
}

test('the sign-in page is told where to sign in, by whoever asks', async () => {
  const response = await fetch(`${server.ready.http}/api/v1/sign-in`)
  expect(await response.json()).toEqual({
    provider: {
      host: new URL(provider.issuer).host,
      issuer: provider.issuer,
      url: `${server.ready.http}/sign-in/provider`,
      scopes: ['openid', 'profile', 'email'],
      resources: [MCP],
    },
  })
})

test('who is mapped gets a session with what is mapped, and all of it is on record', async () => {
  const { status, session = '', page } = await signIn('ann', `?to=${encodeURIComponent('/incidents?agent=a&b="x')}`)
  expect(status).toBe(200)
  expect(session).toMatch(/^holdfast_session=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200$/)
  expect(page).toContain('url=/incidents?agent=a&amp;b=%22x"')
  const cookie = session.split(';')[0] ?? ''
  expect(await (await ask('/api/v1/session', { cookie })).json()).toMatchObject({
    name: 'ann@corp.test',
    role: 'responder',
    approves: ['analyst', 'on-call', 'compliance'],
  })
  expect((await ask('/api/v1/accounts/x', { cookie, origin: server.ready.http }, 'POST')).status).toBe(403)
  const own = `/api/v1/accounts/${encodeURIComponent('ann@corp.test')}/sign-in-link`
  const link = { method: 'POST', headers: { cookie, origin: server.ready.http, 'content-type': 'application/json' } }
  expect((await fetch(server.ready.http + own, { ...link, body: '{}' })).status).toBe(409)
  expect((await ask('/api/v1/session', { cookie, origin: server.ready.http }, 'DELETE')).status).toBe(200)
  expect((await ask('/api/v1/session', { cookie })).status).toBe(401)
  expect(records()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        kind: 'account',
        account: 'ann@corp.test',
        decision: expect.objectContaining({
          do: 'sign-in',
          issuer: provider.issuer,
          subject: 'ann',
          role: 'responder',
        }),
      }),
      expect.objectContaining({ action: 'sign-out', by: 'ann@corp.test', outcome: 'done' }),
    ]),
  )
})

test('an answer of the provider opens one session, in the browser that asked', async () => {
  const first = await begin()
  expect(first.attributes).toMatch(/; HttpOnly; SameSite=Lax; Path=\/sign-in\/provider; Max-Age=600$/)
  const back = await walkSignIn(first.url, { name: 'ann' })
  const other = await begin()
  expect(await comeBack(back, other.cookie)).toMatchObject({ status: 303, to: '/?sign-in=stale', session: undefined })
  // Whoever tried it in another browser has used it up.
  expect(await comeBack(back, first.cookie)).toMatchObject({ to: '/?sign-in=stale', session: undefined })

  const second = await begin()
  const good = await walkSignIn(second.url, { name: 'ann' })
  expect((await comeBack(good, second.cookie)).session).toBeDefined()
  expect(await comeBack(good, second.cookie)).toMatchObject({ to: '/?sign-in=stale', session: undefined })

  // The code of one sign-in in another.
  const [third, fourth] = [await begin(), await begin()]
  const stolen = await walkSignIn(third.url, { name: 'ann' })
  const state = new URL(fourth.url).searchParams.get('state') ?? ''
  stolen.searchParams.set('state', state)
  expect(await comeBack(stolen, fourth.cookie)).toMatchObject({ to: '/?sign-in=declined', session: undefined })
})

test.each([
  ['sal', 'not-mapped'],
  ['ann-too', 'name-taken'],
  ['hostile', 'no-name'],
  ['huge', 'unverified'],
  ['unsure', 'no-name'],
  ['nobody', 'declined'],
])('%s is refused: %s', async (name, fault) => {
  await signIn('ann')
  expect(await signIn(name)).toMatchObject({ status: 303, to: `/?sign-in=${fault}`, session: undefined })
  const said = JSON.stringify(records())
  expect(said).toContain(`${fault}: `)
  expect(said).not.toContain('\\u001b')
})

test('an account that has a token is not taken over by its name', async () => {
  const body = { decision: { do: 'add', role: 'viewer', marks: [], days: 1 }, reason: 'a test' }
  await server.post('/api/v1/accounts/eve', body)
  expect(await signIn('eve')).toMatchObject({ to: '/?sign-in=name-taken', session: undefined })
})

test('whoever is revoked is out at once, and stays out until they are readmitted', async () => {
  const { session = '' } = await signIn('ann')
  const cookie = session.split(';')[0] ?? ''
  const path = `/api/v1/accounts/${encodeURIComponent('ann@corp.test')}`
  await server.post(path, { decision: { do: 'revoke' }, reason: 'a test' })
  expect((await ask('/api/v1/session', { cookie })).status).toBe(401)
  expect(await signIn('ann')).toMatchObject({ to: '/?sign-in=revoked', session: undefined })
  await server.post(path, { decision: { do: 'readmit' }, reason: 'a test' })
  expect((await signIn('ann')).session).toBeDefined()
})

async function exchange(token: string, resource = MCP) {
  const response = await fetch(`${server.ready.http}/api/v1/token-exchange`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, resource }),
  })
  return { status: response.status, answer: (await response.json()) as { readonly token?: string } } // its schema
}

test('an access token that was made for a resource of ours opens the API to its person, as they are mapped', async () => {
  const { accessToken } = await accessTokenOf(provider.issuer, { name: 'ann', resource: MCP })
  const { status, answer } = await exchange(accessToken)
  expect([status, answer]).toMatchObject([200, { name: 'ann@corp.test', role: 'responder' }])
  const headers = { authorization: `Bearer ${answer.token ?? ''}` }
  expect(await (await ask('/api/v1/session', headers)).json()).toMatchObject({ name: 'ann@corp.test' })
  // Neither is the other: a token in a cookie, the provider's own token here.
  expect((await ask('/api/v1/session', { cookie: `holdfast_session=${answer.token ?? ''}` })).status).toBe(401)
  expect((await ask('/api/v1/session', { authorization: `Bearer ${accessToken}` })).status).toBe(401)
  expect(JSON.stringify(records())).toContain(`for ${MCP}`)
  // A program signs out with what it came with.
  expect((await ask('/api/v1/session', headers, 'DELETE')).status).toBe(200)
  expect((await ask('/api/v1/session', headers)).status).toBe(401)
  expect(JSON.stringify(records())).toContain('the session of one program')
})

test('a token for another resource, an ID token, a changed one and that of somebody unmapped open nothing', async () => {
  const { accessToken, idToken } = await accessTokenOf(provider.issuer, { name: 'ann', resource: MCP })
  const other = await accessTokenOf(provider.issuer, { name: 'ann', resource: OTHER })
  const [header = '', claims = '', signature = ''] = accessToken.split('.')
  const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), sub: 'eve' }))
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
  for (const wrong of [
    other.accessToken,
    idToken,
    `${header}.${forged.toString('base64url')}.${signature}`,
    `${none}.${claims}.`,
    'no token',
    accessToken.slice(0, -8),
  ])
    expect((await exchange(wrong)).status).toBe(401)
  expect((await exchange(other.accessToken, OTHER)).status).toBe(401)
  const sal = await accessTokenOf(provider.issuer, { name: 'sal', resource: MCP })
  expect((await exchange(sal.accessToken)).status).toBe(403)
  expect(JSON.stringify(records())).not.toContain(signature)
})

test('while the provider is down, links and tokens work and what agents send is recorded', async () => {
  const { url, cookie } = await begin()
  const back = await walkSignIn(url, { name: 'ann' })
  provider.setDown(true)
  try {
    expect(await comeBack(back, cookie)).toMatchObject({ to: '/?sign-in=unreachable', session: undefined })
    const { url: link } = await server.post<{ readonly url: string }>('/api/v1/accounts/token/sign-in-link', {})
    expect((await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')).toMatch(/^holdfast_session=/)
    const sent = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(traceRequest({ service: 'desk', trace: 'down', spans: [{ name: 'act', attributes: {} }] })),
    })
    expect(sent.status).toBe(200)
  } finally {
    provider.setDown(false)
  }
})
