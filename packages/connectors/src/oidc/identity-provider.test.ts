import { startIdentityProvider, type TestIdentityProvider, walkSignIn } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { signInConfigSchema } from './config.ts'
import { IdentityProvider } from './identity-provider.ts'
import { type Forgery, startForgingProvider } from './testing/forging-provider.ts'

const BACK = 'http://127.0.0.1:4319/sign-in/provider/callback'
const ANN = { email: 'ann@corp.test', email_verified: true, groups: ['soc', 'night'] }

function clientOf(issuer: string, { more = {}, secret = 's', nowMs = Date.now } = {}): IdentityProvider {
  const roles = [{ value: 'soc', role: 'analyst' }]
  const settings = { issuer, 'client-id': 'holdfast', 'client-secret': { file: 'x' }, roles, allow: ['127.0.0.1'] }
  return new IdentityProvider(signInConfigSchema.parse({ ...settings, ...more }), { clientSecret: secret, nowMs })
}

function clientAt(provider: TestIdentityProvider, options: Parameters<typeof clientOf>[1] = {}): IdentityProvider {
  provider.trust(BACK)
  return clientOf(provider.issuer, { ...options, secret: provider.clientSecret })
}

test.each(['id-token', 'userinfo'] as const)('a real provider says who somebody is, by %s', async (claimsIn) => {
  await using provider = await startIdentityProvider({ people: { ann: ANN }, claimsIn })
  const client = clientAt(provider)
  expect(provider.asked).toEqual([])
  const attempt = await client.begin(BACK)
  const { searchParams } = new URL(attempt.url)
  expect([searchParams.get('code_challenge_method'), searchParams.get('response_type')]).toEqual(['S256', 'code'])
  const { searchParams: query } = await walkSignIn(attempt.url, { name: 'ann' })
  expect(await client.finish(attempt, query)).toEqual({
    issuer: provider.issuer,
    subject: 'ann',
    name: 'ann@corp.test',
    values: ['soc', 'night'],
  })
  expect(provider.asked.filter((path) => path === '/me')).toHaveLength(claimsIn === 'userinfo' ? 1 : 0)
  // The provider gives nothing for a code a second time.
  await expect(client.finish(attempt, query)).rejects.toMatchObject({ code: 'refused' })
})

test('an answer counts for the attempt that it was made for alone', async () => {
  await using provider = await startIdentityProvider({ people: { ann: ANN } })
  const client = clientAt(provider)
  const [first, second] = [await client.begin(BACK), await client.begin(BACK)]
  const { searchParams: query } = await walkSignIn(first.url, { name: 'ann' })
  for (const wrong of [
    { ...first, state: second.state },
    { ...first, verifier: second.verifier },
    { ...first, redirectUri: 'http://127.0.0.1:1/else' },
  ])
    await expect(client.finish(wrong, query)).rejects.toMatchObject({ name: 'ConnectorError' })
  const { searchParams: again } = await walkSignIn(second.url, { name: 'ann' })
  const other = { ...second, nonce: first.nonce }
  await expect(client.finish(other, again)).rejects.toMatchObject({ code: 'unusable' })
  for (const text of [
    '',
    'code=x',
    `state=${first.state}`,
    `${query.toString()}&state=x`,
    `${query.toString()}&code=x`,
  ])
    await expect(client.finish(first, new URLSearchParams(text))).rejects.toMatchObject({ name: 'ConnectorError' })
})

test('who declines is told so, in the words of the provider made inert', async () => {
  await using provider = await startIdentityProvider({ people: {} })
  const client = clientAt(provider)
  const attempt = await client.begin(BACK)
  const { searchParams } = await walkSignIn(attempt.url, 'decline')
  const fault = await client.finish(attempt, searchParams).catch((error: unknown) => error)
  expect(fault).toMatchObject({ code: 'refused', message: expect.stringContaining('access_denied') })
  expect(String(fault)).not.toContain('\u001b')
})

test('a client that the provider does not know is refused, and its secret is in no message', async () => {
  await using provider = await startIdentityProvider({ people: { ann: ANN } })
  provider.trust(BACK)
  const client = clientOf(provider.issuer, { secret: 'another secret' })
  const attempt = await client.begin(BACK)
  const { searchParams } = await walkSignIn(attempt.url, { name: 'ann' })
  const fault = await client.finish(attempt, searchParams).catch((error: unknown) => error)
  expect(fault).toMatchObject({ code: 'refused' })
  expect(JSON.stringify(fault) + String(fault)).not.toContain('another secret')
})

test('a provider that is down is unavailable, and works again once it is up', async () => {
  await using provider = await startIdentityProvider({ people: { ann: ANN } })
  const client = clientAt(provider)
  provider.setDown(true)
  await expect(client.begin(BACK)).rejects.toMatchObject({ code: 'unavailable' })
  provider.setDown(false)
  const attempt = await client.begin(BACK)
  const { searchParams } = await walkSignIn(attempt.url, { name: 'ann' })
  provider.setDown(true)
  await expect(client.finish(attempt, searchParams)).rejects.toMatchObject({ code: 'unavailable' })
})

test('a provider at an address that was not allowed is not asked', async () => {
  await using provider = await startIdentityProvider({ people: {} })
  await expect(clientAt(provider, { more: { allow: [] } }).begin(BACK)).rejects.toMatchObject({ code: 'unusable' })
  expect(provider.asked).toEqual([])
})

test('tokens are held against the clock that was given', async () => {
  await using provider = await startIdentityProvider({ people: { ann: ANN } })
  const clock = { aheadMs: 0 }
  const client = clientAt(provider, { nowMs: () => Date.now() + clock.aheadMs })
  const attempt = await client.begin(BACK)
  const { searchParams } = await walkSignIn(attempt.url, { name: 'ann' })
  clock.aheadMs = 3_600_000
  await expect(client.finish(attempt, searchParams)).rejects.toMatchObject({ code: 'unusable' })
})

const HOUR = 3_600
const forgeries: readonly (readonly [string, Forgery])[] = [
  ['another key', { hasOtherKey: true }],
  ['no signature', { header: { alg: 'none' } }],
  ['an algorithm of a shared secret', { header: { alg: 'HS256' } }],
  ['another audience', { claims: (right) => ({ ...right, aud: 'else' }) }],
  ['another issuer', { claims: (right) => ({ ...right, iss: 'https://else.test' }) }],
  ['no nonce', { claims: (right) => ({ ...right, nonce: undefined }) }],
  ['an age', { claims: (right) => ({ ...right, iat: Number(right['iat']) - HOUR, exp: Number(right['exp']) - HOUR }) }],
  ['a time to come', { claims: (right) => ({ ...right, nbf: Number(right['iat']) + HOUR }) }],
  ['no subject', { claims: (right) => ({ ...right, sub: undefined }) }],
  ['a subject without end', { claims: (right) => ({ ...right, sub: 's'.repeat(300) }) }],
  ['no ID token', { token: (right) => ({ ...right, id_token: undefined }) }],
  ['a megabyte', { claims: (right) => ({ ...right, name: 'x'.repeat(1_000_000) }) }],
  ['the name of another issuer', { metadata: (right) => ({ ...right, issuer: 'https://else.test' }) }],
  ['a page that is a script', { metadata: (right) => ({ ...right, authorization_endpoint: 'javascript:alert(1)' }) }],
  ['keys at an address within', { metadata: (right) => ({ ...right, jwks_uri: 'http://169.254.169.254/keys' }) }],
]

test.each(forgeries)('a token with %s is not believed', async (_words, forgery) => {
  await using provider = await startForgingProvider(forgery)
  const client = clientOf(provider.issuer)
  const signIn = async () => {
    const attempt = await client.begin(BACK)
    provider.nonce = attempt.nonce
    return await client.finish(attempt, new URLSearchParams({ code: 'any', state: attempt.state }))
  }
  await expect(signIn()).rejects.toMatchObject({ name: 'ConnectorError', code: 'unusable' })
})

test('what is forged above is believed where it is not forged', async () => {
  await using provider = await startForgingProvider({})
  const client = clientOf(provider.issuer)
  const attempt = await client.begin(BACK)
  provider.nonce = attempt.nonce
  const query = new URLSearchParams({ code: 'any', state: attempt.state })
  expect(await client.finish(attempt, query)).toMatchObject({ subject: 'ann', values: ['soc'] })
})
