import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Body } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { Auth } from '../http/auth.ts'
import type { SignedIdentity } from './account.ts'
import { type Admission, Accounts } from './accounts.ts'

const HOUR_MS = 3_600_000
const ANN = { issuer: 'https://id.test', subject: 's-1' }
const OTHER = { issuer: 'https://id.test', subject: 's-2' }

const ADMISSION: Admission = {
  identity: ANN,
  rights: { role: 'analyst', marks: [] },
  lifetimeMs: HOUR_MS,
  reason: 'signed in with id.test',
}

/** Accounts of a new folder, by a clock of their own. */
async function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-admission-'))
  const clock = { nowMs: 1_790_000_000_000 }
  const now = (): UnixNano => (BigInt(clock.nowMs) * 1_000_000n) as UnixNano // in range
  const recorder = await Recorder.open({ folder, clock: now })
  const reader = LogReader.open({ folder })
  const open = (): Accounts =>
    new Accounts({ recorder, reader, clock: now, onError: (error) => expect.fail(String(error)) })
  const accounts = open()
  return {
    clock,
    accounts,
    reader,
    /** What a start reads from the log. */
    open,
    auth: new Auth({ token: 'of the folder', now: () => clock.nowMs, accounts }),
    admit: (name: string, more: Partial<Admission> = {}) => accounts.admit(name, { ...ADMISSION, ...more }),
    /** A sign-in as it stands in a log, whatever would be decided of it now. */
    record: (account: string, identity: SignedIdentity) =>
      recorder.appendControl({
        kind: 'account',
        account,
        decision: { do: 'sign-in', ...identity, role: 'analyst', marks: [], expiresAt: '2099-01-01T00:00:00Z' },
        reason: 'signed in with id.test',
        by: account,
      }),
    decide: (name: string, decision: Body<'decideAccount'>['decision'], by = 'token') =>
      accounts.decide(name, { decision, reason: 'because' }, by),
    [Symbol.asyncDispose]: async () => {
      reader[Symbol.dispose]()
      await recorder[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Given = Awaited<ReturnType<typeof opened>>

async function sessionOf(given: Given, name: string, lifetimeMs = 24 * HOUR_MS) {
  const account = await given.admit(name)
  if (typeof account === 'string') return expect.fail(account)
  const cookie = given.auth.open(account, lifetimeMs)
  return () => given.auth.byCookie(cookie)
}

test('who comes in is on record with whom the provider vouches for, and is there after a start', async () => {
  await using given = await opened()
  const account = await given.admit('ann', { rights: { role: 'responder', marks: ['compliance'] } })
  expect(account).toMatchObject({ name: 'ann', role: 'responder', marks: ['compliance'] })
  expect(given.open().list()).toEqual(given.accounts.list())
  expect(given.accounts.list()).toMatchObject([
    { identity: ANN, state: 'active', drift: [], approves: expect.anything() },
  ])
  expect(given.reader.controls('account').map(({ record }) => record)).toMatchObject([
    { account: 'ann', by: 'ann', decision: { do: 'sign-in', ...ANN, role: 'responder', marks: ['compliance'] } },
  ])
})

test('what the claims are mapped to now holds in sessions that are open, and no longer than it was given for', async () => {
  await using given = await opened()
  const session = await sessionOf(given, 'ann')
  expect(session()).toMatchObject({ name: 'ann', role: 'analyst', approves: ['analyst'] })
  await given.admit('ann', { rights: { role: 'viewer', marks: ['compliance'] } })
  expect(session()).toMatchObject({ role: 'viewer', approves: [] })
  given.clock.nowMs += HOUR_MS
  expect(session()).toBeUndefined()
  expect(given.accounts.named('ann')).toBeUndefined()
})

test('a session ends after its own time, also where the account may still come in', async () => {
  await using given = await opened()
  const session = await sessionOf(given, 'ann', HOUR_MS / 2)
  given.clock.nowMs += HOUR_MS / 2 + 1
  expect([session(), given.accounts.named('ann')?.name]).toEqual([undefined, 'ann'])
})

test('a name belongs to whom it was first given, whoever is called so now', async () => {
  await using given = await opened()
  await given.admit('ann')
  await given.decide('eve', { do: 'add', role: 'admin', marks: [], days: 1 })
  const size = given.reader.controls('account').length
  expect(await given.admit('ann', { identity: OTHER })).toBe('name-taken')
  expect(await given.admit('ann', { identity: { ...ANN, issuer: 'https://else.test' } })).toBe('name-taken')
  for (const name of ['eve', 'token', 'program', 'anyone', 'quarantine'])
    expect(await given.admit(name, { identity: OTHER })).toBe('name-taken')
  expect(given.reader.controls('account')).toHaveLength(size)
})

test('what is revoked stays out until it is readmitted, and its old sessions stay dead', async () => {
  await using given = await opened()
  const session = await sessionOf(given, 'ann')
  await given.decide('ann', { do: 'revoke' })
  expect([session(), await given.admit('ann')]).toEqual([undefined, 'revoked'])
  await given.decide('ann', { do: 'readmit' })
  expect(await given.admit('ann', { identity: OTHER })).toBe('name-taken')
  await given.decide('ann', { do: 'revoke' })
  expect(await given.admit('ann')).toBe('revoked')
  await given.decide('ann', { do: 'readmit' })
  expect(await given.admit('ann')).toMatchObject({ name: 'ann' })
  expect(session()).toBeUndefined()
  expect(given.open().list()).toEqual(given.accounts.list())
})

test('one person of the provider is one account, whatever they are called there now', async () => {
  await using given = await opened()
  await given.admit('ann')
  expect(await given.admit('anna', { rights: { role: 'responder', marks: [] } })).toMatchObject({
    name: 'ann',
    role: 'responder',
  })
  await given.decide('ann', { do: 'revoke' })
  expect([await given.admit('anna'), await given.open().admit('anna', ADMISSION)]).toEqual(['revoked', 'revoked'])
  await given.decide('ann', { do: 'readmit' })
  expect(await given.admit('anna')).toMatchObject({ name: 'ann' })
  expect(given.accounts.list().map(({ name }) => name)).toEqual(['ann'])
})

test('who was revoked stays out by any name while the name that they had is somebody else’s', async () => {
  await using given = await opened()
  await given.admit('ann')
  await given.decide('ann', { do: 'revoke' })
  await given.decide('ann', { do: 'add', role: 'analyst', marks: [], days: 9 })
  for (const accounts of [given.accounts, given.open()])
    for (const name of ['ann', 'anna']) expect(await accounts.admit(name, ADMISSION)).toBe('name-taken')
  expect(given.accounts.list().map(({ name }) => name)).toEqual(['ann'])
  // Another person may get the name, and then it is theirs alone.
  await given.decide('ann', { do: 'revoke' })
  expect([await given.admit('anna'), await given.admit('ann', { identity: OTHER })]).toEqual(['revoked', 'revoked'])
  await given.decide('ann', { do: 'readmit' })
  expect(await given.admit('ann', { identity: OTHER })).toMatchObject({ name: 'ann' })
  expect([await given.admit('anna'), await given.open().admit('anna', ADMISSION)]).toEqual(['name-taken', 'name-taken'])
})

test('who moved to a token comes back by the provider once the token is revoked and the name readmitted', async () => {
  await using given = await opened()
  await given.admit('ann')
  await given.decide('ann', { do: 'revoke' })
  await given.decide('ann', { do: 'add', role: 'analyst', marks: [], days: 9 })
  await given.decide('ann', { do: 'revoke' })
  await given.decide('ann', { do: 'readmit' })
  expect(await given.admit('anna')).toMatchObject({ name: 'ann', formerly: [] })
})

test('who had two names, of which one is revoked, comes in by neither', async () => {
  await using given = await opened()
  await given.record('ann', ANN)
  await given.record('anna', ANN)
  const accounts = given.open()
  await accounts.decide('anna', { decision: { do: 'revoke' }, reason: 'left' }, 'token')
  expect([accounts.nameOf(ANN), accounts.nameOf(OTHER)]).toEqual(['anna', undefined])
  expect([await accounts.admit('ann', ADMISSION), await accounts.admit('anna', ADMISSION)]).toEqual([
    'revoked',
    'revoked',
  ])
})

test('the name of a revoked token is nobody else’s until it is readmitted', async () => {
  await using given = await opened()
  const { token = '' } = await given.decide('ann', { do: 'add', role: 'admin', marks: [], days: 9 })
  await given.decide('ann', { do: 'revoke' })
  expect(await given.admit('ann')).toBe('revoked')
  await given.decide('ann', { do: 'readmit' })
  expect(await given.admit('ann')).toMatchObject({ role: 'analyst' })
  expect(given.accounts.ofToken(token)).toBeUndefined()
  expect(given.open().ofToken(token)).toBeUndefined()
})

test('nobody changes here what the provider says, and nobody readmits who is not out', async () => {
  await using given = await opened()
  await given.admit('ann')
  const changes: readonly Body<'decideAccount'>['decision'][] = [
    { do: 'renew', days: 1 },
    { do: 'role', role: 'admin' },
    { do: 'mark', marks: ['compliance'] },
  ]
  for (const decision of changes) await expect(given.decide('ann', decision)).rejects.toThrow('identity provider')
  await expect(given.decide('ann', { do: 'readmit' })).rejects.toThrow('not revoked')
  await expect(given.decide('ann', { do: 'revoke' }, 'ann')).rejects.toThrow('does not change itself')
  await expect(given.decide('nobody', { do: 'readmit' })).rejects.toThrow('no account')
})
