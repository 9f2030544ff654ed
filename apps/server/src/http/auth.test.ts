import { expect, test } from 'vitest'
import type { Account } from '../accounts/account.ts'
import { SESSION_MS, SESSIONS_PER_CALLER, SIGN_IN_CODE_MS } from '../limits.ts'
import { Auth, mayCall } from './auth.ts'

test('only the very token speaks for anybody', () => {
  const { auth } = authAt(0)
  expect(auth.byToken('token')).toMatchObject({ role: 'admin' })
  for (const wrong of ['', 'toke', 'token ', 'TOKEN', 'tokentoken']) expect(auth.byToken(wrong)).toBeUndefined()
})

test('a sign-in code opens one session, and none once it is too old', () => {
  const { auth, clock } = authAt(0)
  const [code, late] = [auth.makeSignInCode(), auth.makeSignInCode()]
  const cookie = auth.signIn(code) ?? ''
  expect(auth.byCookie(cookie)).toEqual(auth.byToken('token'))
  expect(auth.signIn(code)).toBeUndefined()
  clock.now = SIGN_IN_CODE_MS + 1
  expect(auth.signIn(late)).toBeUndefined()
})

test('a session ends by sign-out, by its age, and when the same caller signs in too often', () => {
  const { auth, clock } = authAt(0)
  const signIn = (): string => auth.signIn(auth.makeSignInCode()) ?? ''
  const left = signIn()
  auth.signOut(left)
  expect(auth.byCookie(left)).toBeUndefined()
  const pushed = signIn()
  for (let i = 0; i < SESSIONS_PER_CALLER; i++) signIn()
  expect(auth.byCookie(pushed)).toBeUndefined()
  const old = signIn()
  clock.now = SESSION_MS + 1
  expect(auth.byCookie(old)).toBeUndefined()
})

test('sessions of programs that are over push nobody out of the browser', () => {
  const account = { name: 'ann', credential: 7, role: 'viewer', marks: [] } as unknown as Account // no other member is read
  const { auth, clock } = authAt(0, account)
  const cookie = auth.open(account, SESSION_MS)
  for (let i = 0; i < 2 * SESSIONS_PER_CALLER; i++) {
    auth.openForProgram(account, 1)
    clock.now += 2
  }
  expect(auth.byCookie(cookie)).toMatchObject({ name: 'ann' })
})

test('a route is open to its role and those above it, and to nobody unknown', () => {
  const analyst = { name: 'x', role: 'analyst' } as const
  expect([mayCall(analyst, 'viewer'), mayCall(analyst, 'analyst'), mayCall(analyst, 'admin')]).toEqual([
    true,
    true,
    false,
  ])
  expect([mayCall(undefined, 'public'), mayCall(undefined, 'viewer')]).toEqual([true, false])
})

function authAt(now: number, account?: Account): { readonly auth: Auth; readonly clock: { now: number } } {
  const clock = { now }
  const accounts = { ofToken: () => undefined, ofCredential: () => account }
  return { auth: new Auth({ token: 'token', now: () => clock.now, accounts }), clock }
}
