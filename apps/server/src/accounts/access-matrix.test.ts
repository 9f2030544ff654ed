import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Access, type Body, type RouteName, routes, type RouteSpec } from '@holdfast/api'
import { ACCOUNT_ROLES, type AccountRole, type UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../http/app.ts'
import { Auth } from '../http/auth.ts'
import type { Handlers } from '../http/handlers.ts'
import { Accounts } from './accounts.ts'

const HOST = '127.0.0.1:4319'
const DAY_NANOS = 86_400_000_000_000n
const ROOT = 'the token of the folder, as long as it has to be'
/** Asked before there is anybody: how one signs in, and by a program that is about to. */
const PUBLIC: readonly string[] = ['getSignIn', 'exchangeToken']

const RANK: Readonly<Record<Access, number>> = { public: 0, viewer: 1, analyst: 2, responder: 3, admin: 4 }
const table = Object.entries<RouteSpec>(routes)

const folder = mkdtempSync(join(tmpdir(), 'holdfast-accounts-'))
const clock = { now: 1_790_000_000_000_000_000n }
let recorder: Recorder
let reader: LogReader
let app: FastifyInstance
let auth: Auth
let accounts: Accounts
let visits = 0
/** Routes whose handler was reached since it was emptied. */
const reached: string[] = []

beforeAll(async () => {
  recorder = await Recorder.open({ folder, clock: () => clock.now as UnixNano }) // in range
  reader = LogReader.open({ folder })
  const now = (): UnixNano => clock.now as UnixNano // in range
  accounts = new Accounts({ recorder, reader, clock: now, onError: (error) => expect.fail(String(error)) })
  auth = new Auth({ token: ROOT, now: () => 0, accounts })
  // What a route does is not asked here, but whether it is reached.
  const handlers = Object.fromEntries(
    table.map(([name]) => [name, async () => (reached.push(name), {})]),
  ) as unknown as Handlers
  app = await createApp({
    auth,
    handlers,
    version: '0',
    webFolder: join(folder, 'no-pages'),
    metrics: async () => '',
    ready: () => ({ ready: true, checks: {} }),
    doctor: async () => ({
      checks: [],
      evidence: { agents: [], total: 0, ready: 0, of: 0 },
      modelCalls: { connections: 0, captured: 0, agents: [] },
    }),
    behind: () => 0,
    onVisit: () => void (visits += 1),
    logger: pino({ level: 'silent' }),
  })
}, 60_000)
afterAll(async () => {
  await app.close()
  reader[Symbol.dispose]()
  await recorder[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function add(name: string, role: AccountRole, days = 90): Promise<string> {
  const decision: Body<'decideAccount'>['decision'] = { do: 'add', role, marks: [], days }
  const { token } = await accounts.decide(name, { decision, reason: 'test' }, 'token')
  return token ?? expect.fail('an account that is added has a token')
}

function cookieOf(name: string): string {
  const account = accounts.named(name) ?? expect.fail(`${name} may sign in`)
  return `holdfast_session=${auth.signIn(auth.makeSignInCode(account)) ?? ''}`
}

type State = { readonly words: string; readonly headers: Readonly<Record<string, string>>; readonly mayRead: boolean }

/** One account of a role in every state that its credentials can be in. `mayRead`: good for what changes nothing. */
async function statesOf(role: AccountRole): Promise<readonly (State & { readonly mayChange: boolean })[]> {
  const good = await add(`good-${role}`, role)
  const cookie = cookieOf(`good-${role}`)
  const renewed = await add(`renewed-${role}`, role)
  const oldCookie = cookieOf(`renewed-${role}`)
  await accounts.decide(`renewed-${role}`, { decision: { do: 'renew', days: 1 }, reason: 'test' }, 'token')
  const revoked = await add(`revoked-${role}`, role)
  const revokedCookie = cookieOf(`revoked-${role}`)
  await accounts.decide(`revoked-${role}`, { decision: { do: 'revoke' }, reason: 'test' }, 'token')
  const expired = await add(`expired-${role}`, role, 1)
  const expiredCookie = cookieOf(`expired-${role}`)
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const dead = { mayRead: false, mayChange: false }
  return [
    { words: 'no token', headers: {}, ...dead },
    { words: 'an empty token', headers: bearer(''), ...dead },
    { words: 'a wrong token', headers: bearer(`${good}x`), ...dead },
    { words: 'its digest as token', headers: bearer('0'.repeat(64)), ...dead },
    { words: 'a token in another scheme', headers: { authorization: `Basic ${good}` }, ...dead },
    {
      words: 'a wrong token beside a good cookie',
      headers: { ...bearer('x'), cookie, origin: `http://${HOST}` },
      ...dead,
    },
    { words: 'an expired token', headers: bearer(expired), ...dead },
    { words: 'a session of an expired account', headers: { cookie: expiredCookie, origin: `http://${HOST}` }, ...dead },
    { words: 'a revoked token', headers: bearer(revoked), ...dead },
    { words: 'a session of a revoked account', headers: { cookie: revokedCookie, origin: `http://${HOST}` }, ...dead },
    { words: 'a token that was renewed since', headers: bearer(renewed), ...dead },
    { words: 'a session of the token before', headers: { cookie: oldCookie, origin: `http://${HOST}` }, ...dead },
    { words: 'a cookie without origin', headers: { cookie }, mayRead: true, mayChange: false },
    {
      words: 'a cookie of another origin',
      headers: { cookie, origin: 'http://else.test' },
      mayRead: true,
      mayChange: false,
    },
    {
      words: 'a cookie of the own origin',
      headers: { cookie, origin: `http://${HOST}` },
      mayRead: true,
      mayChange: true,
    },
    { words: 'a good token', headers: bearer(good), mayRead: true, mayChange: true },
  ]
}

test('each role reaches, in each state of its credentials, the routes of the table and no other', async () => {
  const states = new Map<AccountRole, Awaited<ReturnType<typeof statesOf>>>()
  for (const role of ACCOUNT_ROLES) states.set(role, await statesOf(role))
  clock.now += 2n * DAY_NANOS
  const wrong: string[] = []
  for (const [role, some] of states)
    for (const { words, headers, mayRead, mayChange } of some)
      for (const [name, { method, path, access }] of table) {
        reached.length = 0
        const { statusCode } = await app.inject({
          method,
          url: path.replaceAll(/\{\w+\}/g, 'x'),
          headers: { host: HOST, ...headers },
        })
        const isGood = method === 'GET' ? mayRead : mayChange
        const isAllowed = access === 'public' || (isGood && RANK[role] >= RANK[access])
        const denial = isGood ? 403 : 401
        // What is allowed may still be asked wrongly: then another status says so.
        const isRight = isAllowed
          ? statusCode !== 401 && statusCode !== 403
          : statusCode === denial && reached.length === 0
        if (!isRight) wrong.push(`${role} with ${words}: ${name} gave ${statusCode}`)
      }
  expect(wrong).toEqual([])
  expect(states.get('admin')?.length).toBe(16)
}, 120_000)

/**
 * Routes that are no reading by their method and that whoever may look may use: about the caller alone, or changing nothing.
 * Policies as files are what the artifacts themselves say, in another form; a proof looks up what explaining a line shows.
 */
const OWN: ReadonlySet<RouteName> = new Set([
  'endSession',
  'exchangeToken',
  'makeSignInLink',
  'rehearseSkill',
  'exportPolicies',
  'verifyPolicies',
])

test('who asks for a page or an answer is told of, and a probe is not', async () => {
  const host = { host: 'localhost' }
  const before = visits
  for (const url of ['/livez', '/readyz?verbose', '/metrics']) await app.inject({ url, headers: host })
  expect(visits).toBe(before)
  for (const url of ['/', '/incidents/x', '/api/v1/session']) await app.inject({ url, headers: host })
  expect(visits).toBe(before + 3)
})

test('nobody changes anything as a viewer, and nothing but sign-in needs no account', () => {
  for (const [name, { method, access }] of table) {
    expect(access === 'public', name).toBe(PUBLIC.includes(name))
    if (method !== 'GET' && !OWN.has(name as RouteName)) expect(RANK[access], name).toBeGreaterThanOrEqual(RANK.analyst)
  }
})

test('captured texts and bytes are opened by nobody who only looks', () => {
  const opening = [
    'getContent',
    'getEventValues',
    'getRawEntry',
    'exportEvidence',
    'exportIncident',
    'exportAuditRow',
  ] as const
  for (const name of opening) expect(RANK[routes[name].access], name).toBeGreaterThanOrEqual(RANK.analyst)
})

test('a session has the role that its account has now', async () => {
  await add('eve', 'admin')
  const cookie = cookieOf('eve')
  const session = () => auth.byCookie(cookie.slice(cookie.indexOf('=') + 1))
  expect(session()).toEqual({ name: 'eve', role: 'admin', approves: ['analyst', 'on-call'] })
  await accounts.decide('eve', { decision: { do: 'role', role: 'viewer' }, reason: 'left the team' }, 'token')
  await accounts.decide('eve', { decision: { do: 'mark', marks: ['compliance'] }, reason: 'joined' }, 'token')
  expect(session()).toEqual({ name: 'eve', role: 'viewer', approves: [] })
  await accounts.decide('eve', { decision: { do: 'role', role: 'analyst' }, reason: 'came back' }, 'token')
  expect(session()?.approves).toEqual(['analyst', 'compliance'])
})
