import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Body } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { Accounts } from './accounts.ts'
import { approverOf } from './approver.ts'

const DAY_NANOS = 86_400_000_000_000n
type Decision = Body<'decideAccount'>['decision']
const ADD: Extract<Decision, { readonly do: 'add' }> = { do: 'add', role: 'analyst', marks: [], days: 90 }

const OWN: readonly Decision[] = [
  { do: 'role', role: 'viewer' },
  { do: 'mark', marks: ['compliance'] },
  { do: 'revoke' },
]

/** Accounts of a new folder, with a clock of their own. */
async function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-accounts-'))
  const clock = { now: 1_790_000_000_000_000_000n }
  const now = (): UnixNano => clock.now as UnixNano // in range
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
    decide: (name: string, decision: Decision, by = 'token') =>
      accounts.decide(name, { decision, reason: 'because' }, by),
    [Symbol.asyncDispose]: async () => {
      reader[Symbol.dispose]()
      await recorder[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

test('an account is there after a start as its decisions left it, and the log has no token', async () => {
  await using given = await opened()
  const { token = '' } = await given.decide('eve', { ...ADD, marks: ['compliance'] })
  await given.decide('eve', { do: 'role', role: 'responder' })
  expect(given.open().list()).toEqual(given.accounts.list())
  expect(given.open().ofToken(token)).toMatchObject({ name: 'eve', role: 'responder', marks: ['compliance'] })
  const records = JSON.stringify(given.reader.controls('account').map(({ record }) => record))
  expect(records).not.toContain(token)
  expect(records).toContain('because')
})

test('a decision that cannot be is refused and leaves nothing in the log', async () => {
  await using given = await opened()
  await given.decide('eve', { ...ADD, role: 'admin' })
  await given.decide('gone', ADD)
  await given.decide('gone', { do: 'revoke' })
  const before = given.reader.controls('account').length
  await expect(given.decide('eve', ADD)).rejects.toMatchObject({ status: 409 })
  await expect(given.decide('token', ADD)).rejects.toMatchObject({ status: 409 })
  await expect(given.decide('nobody', { do: 'revoke' })).rejects.toMatchObject({ status: 404 })
  await expect(given.decide('gone', { do: 'renew', days: 1 })).rejects.toMatchObject({ status: 409 })
  for (const own of OWN) await expect(given.decide('eve', own, 'eve')).rejects.toMatchObject({ status: 409 })
  expect(given.reader.controls('account')).toHaveLength(before)
})

test('of two that add one name at once, one is refused', async () => {
  await using given = await opened()
  const both = await Promise.allSettled([given.decide('eve', ADD), given.decide('eve', ADD)])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})

test('a token ends with its time, also where the clock is set back afterwards, and with the next one', async () => {
  await using given = await opened()
  const { token: first = '' } = await given.decide('eve', { ...ADD, days: 1 })
  const { token: second = '' } = await given.decide('eve', { do: 'renew', days: 2 })
  expect([given.accounts.ofToken(first), given.accounts.ofToken(second)?.name]).toEqual([undefined, 'eve'])
  given.clock.now += 2n * DAY_NANOS
  expect(given.accounts.ofToken(second)).toBeUndefined()
  given.clock.now -= DAY_NANOS
  expect(given.accounts.ofToken(second)).toBeUndefined()
})

test('use is recorded once a day', async () => {
  await using given = await opened()
  const { token = '' } = await given.decide('eve', ADD)
  const uses = () =>
    given.reader.controls('account').filter(({ record }) => record.kind === 'account' && record.decision.do === 'used')
  for (let i = 0; i < 5; i++) given.accounts.ofToken(token)
  // Behind the use, which is recorded beside the request.
  await given.decide('other', ADD)
  expect(uses()).toHaveLength(1)
  given.clock.now += DAY_NANOS
  for (let i = 0; i < 5; i++) given.accounts.ofToken(token)
  await given.decide('another', ADD)
  expect(uses()).toHaveLength(2)
})

test('drift is an expired or unused account, and rights that are not those it was added with', async () => {
  await using given = await opened()
  const driftOf = (name: string) => given.accounts.list().find((one) => one.name === name)?.drift
  await given.decide('eve', { ...ADD, days: 200 })
  await given.decide('ben', { ...ADD, days: 1 })
  expect([driftOf('eve'), driftOf('ben')]).toEqual([[], []])
  await given.decide('eve', { do: 'role', role: 'admin' })
  await given.decide('eve', { do: 'mark', marks: ['compliance'] })
  given.clock.now += 90n * DAY_NANOS
  expect(driftOf('eve')).toEqual([
    'unused for 90 days',
    'added as analyst, is admin',
    'added with no mark, has the mark compliance',
  ])
  expect(driftOf('ben')?.[0]).toMatch(/^expired \d{4}-/)
  await given.decide('ben', { do: 'revoke' })
  expect(driftOf('ben')).toEqual([])
})

test('service owner is who owns every agent, and nobody is it of none', () => {
  const rosters = { ownerOf: (names: readonly string[]) => (names.includes('desk') ? 'eve' : undefined) }
  const [desk, mail] = [
    { id: 'host:h/desk', name: 'desk' },
    { id: 'host:h/mail', name: 'mail' },
  ]
  const eve = { name: 'eve', role: 'analyst', approves: [] } as const
  expect(approverOf(eve, [desk], rosters)).toEqual({ name: 'eve', roles: ['service-owner'] })
  expect(approverOf({ ...eve, role: 'viewer' }, [desk], rosters).roles).toEqual([])
  for (const agents of [[], [mail], [desk, mail]]) expect(approverOf(eve, agents, rosters).roles).toEqual([])
  expect(approverOf({ ...eve, name: 'ben' }, [desk], rosters).roles).toEqual([])
})

test('nobody takes the name under which the program makes plans, or that of another part', async () => {
  await using at = await opened()
  for (const name of ['policy', 'program', 'token'])
    await expect(at.decide(name, ADD)).rejects.toThrow('stands for a part')
})
