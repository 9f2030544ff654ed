import { ConnectorError, type Identity } from '@holdfast/connectors'
import type { ControlRecord } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Attempts } from './attempts.ts'
import { ATTEMPT_MS, ATTEMPTS, REFUSALS_RECORDED, REFUSALS_WINDOW_MS } from './limits.ts'
import { ProviderSignIn, type ProviderSignInSources } from './provider-sign-in.ts'
import { Refusals } from './refusals.ts'
import { returnPath } from './return-path.ts'
import { rightsOf } from './rights-of.ts'

const WORKSPACE = 'https://holdfast.corp.test'

test('the strongest role of the groups counts, with all their marks, and none without a group that has one', () => {
  const mapping = [
    { value: 'ops', role: 'viewer', as: [] },
    { value: 'soc', role: 'responder', as: [] },
    { value: 'law', as: ['compliance'] },
  ] as const
  const of = (...values: string[]) =>
    rightsOf(
      values,
      [...mapping].map((one) => ({ ...one, as: [...one.as] })),
    )
  expect(of('law', 'ops', 'soc')).toEqual({ role: 'responder', marks: ['compliance'] })
  expect(of('ops')).toEqual({ role: 'viewer', marks: [] })
  for (const nobody of [[], ['law'], ['SOC'], ['soc '], ['constructor'], ['s', 'o', 'c']])
    expect(of(...nobody)).toBeUndefined()
})

test('nobody is brought anywhere but to a page of the workspace', () => {
  for (const page of ['/', '/incidents/x?cell=a%2Fb&who=agent', '/search?q=%22']) expect(returnPath(page)).toBe(page)
  for (const elsewhere of [
    undefined,
    '',
    'incidents',
    '//evil.test',
    '/\\evil.test',
    '/.//evil.test',
    '/x/..//evil.test',
    '/\t/evil.test',
    '/%2e/%2e%2e//evil.test',
    'https://evil.test',
    'javascript:alert(1)',
    '/api/v1/openapi.json',
    '/sign-in?code=x',
    `/${'x'.repeat(3_000)}`,
  ])
    expect(returnPath(elsewhere), elsewhere).toBe('/')
  const parts = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '%2e',
    '@',
    ':',
    '?',
    '#',
    '\t',
    '\n',
    'evil.test',
    'http:',
    '"',
    '<',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(parts).map((some) => some.join('')),
      ),
      (text) => {
        const path = returnPath(`/${text}`)
        expect(new URL(path, WORKSPACE).origin).toBe(WORKSPACE)
        expect(path).not.toMatch(/["<>\s]/)
      },
    ),
  )
})

const attempt = (state: string) => ({ state, nonce: 'n', verifier: 'v', redirectUri: 'r', returnTo: '/' })

test('an attempt is good once, in time, and for the browser that began it', () => {
  const clock = { nowMs: 0 }
  const attempts = new Attempts(() => clock.nowMs)
  const [one, two, three] = ['one', 'two', 'three'].map((state) => attempts.keep(attempt(state)))
  expect([attempts.take('one', one)?.state, attempts.take('one', one)]).toEqual(['one', undefined])
  expect([attempts.take('two', one), attempts.take('two', two), attempts.take('none', two)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  clock.nowMs = ATTEMPT_MS + 1
  expect(attempts.take('three', three)).toBeUndefined()
})

test('attempts are bounded: the oldest makes room', () => {
  const attempts = new Attempts(() => 0)
  const first = attempts.keep(attempt('first'))
  const second = attempts.keep(attempt('second'))
  for (let i = 0; i < ATTEMPTS - 1; i++) attempts.keep(attempt(`more ${i}`))
  expect([attempts.take('first', first), attempts.take('second', second)?.state]).toEqual([undefined, 'second'])
})

test('a flood of refusals is counted, not recorded', async () => {
  const clock = { nowMs: 0 }
  const given = recorded()
  const refusals = new Refusals({ ...given.sources, now: () => clock.nowMs })
  const add = () => refusals.add({ fault: 'stale', detail: 'd', issuer: 'i' })
  for (let i = 0; i < REFUSALS_RECORDED + 5; i++) await add()
  expect(given.records).toHaveLength(REFUSALS_RECORDED)
  clock.nowMs = REFUSALS_WINDOW_MS
  await add()
  expect(given.records.at(-1)).toMatchObject({ detail: 'stale: d; 5 before it were counted, not recorded' })
})

function recorded() {
  const records: ControlRecord[] = []
  const errors: unknown[] = []
  const recorder: ProviderSignInSources['recorder'] = {
    appendControl: async (record) => {
      records.push(record)
      return { from: 0, to: 0 } as never // no caller here reads it
    },
  }
  return { records, errors, sources: { recorder, onError: (error: unknown) => errors.push(error), now: () => 0 } }
}

/** A sign-in of somebody whom the provider vouches for as told. */
async function signedIn(identity: Partial<Identity> | ConnectorError, search?: string) {
  const given = recorded()
  const admitted: unknown[] = []
  const signIn = new ProviderSignIn({
    ...given.sources,
    config: {
      issuer: 'https://id.test',
      'client-id': 'c',
      'client-secret': { file: 'f' },
      'client-authentication': 'basic',
      scopes: ['openid'],
      'name-claim': 'email',
      'roles-claim': ['groups'],
      roles: [{ value: 'soc', role: 'analyst', as: ['compliance'] }],
      resources: [],
      'session-hours': 2,
      allow: [],
    },
    provider: {
      issuer: 'https://id.test',
      host: 'id.test',
      begin: async (redirectUri) => ({
        state: 's',
        nonce: 'n',
        verifier: 'v',
        redirectUri,
        url: 'https://id.test/auth',
      }),
      finish: async () => {
        if (identity instanceof ConnectorError) throw identity
        return { issuer: 'https://id.test', subject: 's-1', values: ['soc'], ...identity }
      },
      identify: async () => expect.fail('no token comes here'),
    },
    accounts: {
      admit: async (name, admission) => {
        admitted.push([name, admission])
        return 'revoked'
      },
      nameOf: () => 'ann@corp.test',
    },
    auth: { open: () => 'cookie', openForProgram: () => 'token' },
    nowMs: () => 0,
    workspace: () => WORKSPACE,
  })
  const begun = await signIn.begin('/')
  if (begun.status !== 'begun') return expect.fail(begun.fault)
  const ended = await signIn.finish(new URLSearchParams(search ?? 'state=s&code=c'), begun.browserSecret)
  return { ended, admitted, ...given }
}

test('a claim of markup, control bytes or without end is no name, and inert where it is on record', async () => {
  for (const name of [
    '<img src=x onerror=alert(1)>',
    'ann\u001b[2J',
    'ann\u202Enna',
    '\u212Aim',
    'a'.repeat(65),
    '../token',
    ' ann',
    '-rf',
  ]) {
    const { ended, admitted, records } = await signedIn({ name })
    expect([ended, admitted]).toEqual([{ status: 'refused', fault: 'no-name' }, []])
    const [record] = records
    if (record?.kind !== 'operator-action') return expect.fail('it is on record')
    expect(record).toMatchObject({ action: 'sign-in', by: 'anyone', outcome: 'refused', target: 'https://id.test' })
    expect(record.detail).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(record.detail.length).toBeLessThan(500)
  }
  const { admitted } = await signedIn({ name: 'Ann@Corp.test' })
  expect(admitted).toMatchObject([
    ['ann@corp.test', { rights: { role: 'analyst', marks: ['compliance'] }, lifetimeMs: 7_200_000 }],
  ])
})

test('who is refused under another name than that of their account is on record with both', async () => {
  const { records } = await signedIn({ name: 'anna@corp.test' })
  expect(records).toMatchObject([
    { detail: 'revoked: subject "s-1", called "anna@corp.test": as anna@corp.test, whose account is ann@corp.test' },
  ])
  const { records: same } = await signedIn({ name: 'ann@corp.test' })
  expect(same).toMatchObject([{ detail: 'revoked: subject "s-1", called "ann@corp.test": as ann@corp.test' }])
})

test('who is not mapped is not let in, whatever they are called', async () => {
  const { ended, admitted } = await signedIn({ name: 'ann', values: ['sales'] })
  expect([ended, admitted]).toEqual([{ status: 'refused', fault: 'not-mapped' }, []])
})

test.each([
  [new ConnectorError('unavailable', 'no answer'), 'unreachable', 'failed'],
  [new ConnectorError('unusable', 'not believed'), 'unverified', 'failed'],
  [new ConnectorError('refused', 'access_denied'), 'declined', 'refused'],
])('a fault of the provider is on record and on the page: %s', async (error, fault, outcome) => {
  const { ended, records } = await signedIn(error)
  expect(ended).toEqual({ status: 'refused', fault })
  expect(records).toMatchObject([{ outcome, detail: expect.stringContaining(error.message) }])
})

test('a state that is missing, doubled or another is refused before the provider is asked', async () => {
  for (const search of ['', 'code=c', 'state=x&code=c', 'state=s&state=s&code=c']) {
    const { ended, admitted } = await signedIn({ name: 'ann' }, search)
    expect([ended, admitted]).toEqual([{ status: 'refused', fault: 'stale' }, []])
  }
})
