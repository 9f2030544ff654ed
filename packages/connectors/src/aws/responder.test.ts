import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { decisionOf } from '../testing/decision.ts'
import { ACCOUNT, BEFORE, BOUNDARY, cutStep, KEY, ROLE, scopeOf, startAccount, TABLE, USER } from './testing/account.ts'

const FREEZE = cutStep('freeze-credential')
const FREEZE_KEY = cutStep('freeze-credential', { target: { kind: 'identity', name: USER, parts: [KEY], state: '' } })
const SUSPEND = cutStep('suspend-grant', {
  target: { kind: 'grant', name: ROLE, parts: [`dynamodb:PutItem ${TABLE}`], state: '' },
})
const BOUND = cutStep('scope-role', {
  target: { kind: 'identity', name: ROLE, parts: [BOUNDARY, `dynamodb:PutItem ${TABLE}`], state: '' },
})
const held = (probes: readonly { readonly held: boolean }[]) => probes.map((probe) => probe.held)
const ALL_HELD = { way: expect.any(String), held: true, detail: expect.any(String) }

test('a role is frozen for open sessions and new ones, by a policy that ends by itself, and comes back as it was', async () => {
  await using at = await startAccount()
  const before = at.role()
  expect(await at.responder.plan(FREEZE)).toEqual({
    status: 'possible',
    state: expect.stringMatching(/^[0-9a-f]{64}$/),
    words: 'refuses everything to refund-writer, to open sessions and new ones, whoever uses the role',
  })
  expect(at.role()).toEqual(before)
  expect(await at.responder.apply(FREEZE, 'plan/freeze')).toMatchObject({ status: 'done' })
  const { own: _own, ...ours } = at.role().inline
  const deny = { Effect: 'Deny', Action: '*', Resource: '*' }
  expect(Object.values(ours).map((text) => JSON.parse(text))).toEqual([
    {
      Version: '2012-10-17',
      Statement: [
        {
          ...deny,
          Sid: 'HoldfastRevokeOlderSessions',
          Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-03-02T12:00:00.000Z' } },
        },
        {
          ...deny,
          Sid: 'HoldfastFreeze',
          Condition: { DateLessThan: { 'aws:CurrentTime': '2026-03-02T13:00:00.000Z' } },
        },
      ],
    },
  ])
  expect(Object.values(at.role().tags)).toContain(
    'inc-0123456789abcdef freeze-credential 2026-03-02T13:00:00.000Z plan/freeze',
  )
  const probes = await at.responder.probe(FREEZE)
  expect(probes).toEqual([ALL_HELD, ALL_HELD, ALL_HELD, ALL_HELD, ALL_HELD])
  expect(probes.map(({ way }) => way)).toContain('new sessions in us-east-1')
  expect(probes.at(-1)?.detail).toContain('no token of the role was tried')
  expect(await at.responder.revert(FREEZE, 'plan/freeze')).toMatchObject({ status: 'done' })
  expect(at.role()).toEqual(before)
})

test('once its time is over the freeze lets new sessions pass by itself; old ones stay revoked', async () => {
  await using at = await startAccount()
  await at.responder.apply(FREEZE, 'plan/freeze')
  at.clock.nowMs += 3_600_001
  const probes = await at.responder.probe(FREEZE)
  expect(probes.filter(({ way }) => way.startsWith('open')).map((probe) => probe.held)).toEqual([true, true])
  expect(probes.filter(({ way }) => way.startsWith('new')).map((probe) => probe.held)).toEqual([false, false])
})

test('applied twice with one key it is written once; taken back twice, or never applied, it succeeds; an older plan releases nothing', async () => {
  await using at = await startAccount()
  expect(await at.responder.revert(FREEZE, 'plan/freeze')).toMatchObject({ status: 'done' })
  await at.responder.apply(FREEZE, 'plan/freeze')
  expect(await at.responder.apply(FREEZE, 'plan/freeze')).toMatchObject({ detail: expect.stringContaining('already') })
  expect(at.server.actions.filter((action) => action === 'PutRolePolicy')).toHaveLength(1)
  expect(await at.responder.revert(FREEZE, 'older/freeze')).toMatchObject({
    detail: expect.stringContaining('later plan'),
  })
  expect(Object.keys(at.role().inline)).toHaveLength(2)
  await at.responder.revert(FREEZE, 'plan/freeze')
  expect(await at.responder.revert(FREEZE, 'plan/freeze')).toMatchObject({ status: 'done' })
})

test('what was misused is refused and nothing else', async () => {
  await using at = await startAccount()
  const before = at.role()
  expect(await at.responder.plan(SUSPEND)).toMatchObject({ words: expect.stringContaining('1 statements') })
  await at.responder.apply(SUSPEND, 'plan/suspend')
  const [, text = ''] = Object.values(at.role().inline)
  expect(JSON.parse(text)).toMatchObject({
    Statement: [{ Effect: 'Deny', Action: ['dynamodb:PutItem'], Resource: [TABLE] }],
  })
  expect(held(await at.responder.probe(SUSPEND))).toEqual([true, true, true])
  await at.responder.revert(SUSPEND, 'plan/suspend')
  expect(at.role()).toEqual(before)
})

test('of many things that were misused each is tried: one that is open leaks', async () => {
  await using at = await startAccount()
  const parts = Array.from({ length: 130 }, (_, i) => `s3:Put${i} *`)
  const many = cutStep('suspend-grant', { target: { kind: 'grant', name: ROLE, parts, state: '' } })
  await at.responder.apply(many, 'plan/many')
  const probes = await at.responder.probe(many)
  expect(held(probes)).toEqual([true, true, true])
  expect(probes[1]?.detail).toContain('refuses 130 of 130 actions')
  const [name = '', text = ''] = Object.entries(at.role().inline).at(-1) ?? []
  const inline = { ...at.role().inline, [name]: text.replace('"s3:Put99"', '"s3:PutOther"') }
  at.server.change(ACCOUNT, (state) => ({ ...state, roles: { 'refund-writer': { ...at.role(), inline } } }))
  expect(held(await at.responder.probe(many))).toEqual([true, false, false])
})

test('a policy that would be too large names actions alone, and where even that does not fit it is impossible', async () => {
  await using at = await startAccount()
  const parts = Array.from({ length: 200 }, (_, i) => `s3:GetObject arn:aws:s3:::bucket-${i}/${'k'.repeat(60)}`)
  const many = cutStep('suspend-grant', { target: { kind: 'grant', name: ROLE, parts, state: '' } })
  await at.responder.apply(many, 'plan/many')
  expect(Object.values(at.role().inline).at(-1)).toContain('"Resource":"*"')
  const padding = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::b/${'k'.repeat(9_900)}` }],
  })
  await using full = await startAccount({ role: { inline: { full: padding } } })
  expect(await full.responder.plan(FREEZE)).toMatchObject({
    status: 'impossible',
    reason: expect.stringContaining('of 10240: too few'),
  })
  expect(await full.responder.apply(FREEZE, 'plan/freeze')).toMatchObject({ status: 'failed' })
  expect(full.role().tags).toEqual({ team: 'payments' })
})

test('a role is bounded, and gets the boundary back that it had, after the last of two holds', async () => {
  await using at = await startAccount({ role: { boundary: BEFORE } })
  const before = at.role()
  const other = { ...BOUND, incident: 'inc-fedcba9876543210' }
  expect(await at.responder.plan(BOUND)).toMatchObject({ words: expect.stringContaining(`now by ${BEFORE}`) })
  await at.responder.apply(BOUND, 'a/bound')
  await at.responder.apply(other, 'b/bound')
  expect(held(await at.responder.probe(BOUND))).toEqual([true, true, true])
  expect(await at.responder.revert(BOUND, 'a/bound')).toMatchObject({ detail: expect.stringContaining('another hold') })
  expect(at.role().boundary).toBe(BOUNDARY)
  await at.responder.revert(other, 'b/bound')
  expect(at.role()).toEqual(before)
})

test('a boundary that somebody else has set since stays', async () => {
  await using at = await startAccount()
  await at.responder.apply(BOUND, 'a/bound')
  at.server.change(ACCOUNT, (state) => ({ ...state, roles: { 'refund-writer': { ...at.role(), boundary: BEFORE } } }))
  await at.responder.revert(BOUND, 'a/bound')
  expect(at.role().boundary).toBe(BEFORE)
})

test('a key is switched off and on again; one that was off before stays off', async () => {
  await using at = await startAccount()
  const user = () => at.server.stateOf(ACCOUNT).users['batch']
  const before = user()
  await at.responder.apply(FREEZE_KEY, 'plan/key')
  expect(user()?.keys[KEY]?.isActive).toBe(false)
  expect(await at.responder.probe(FREEZE_KEY)).toEqual([
    { way: 'access key', held: true, detail: expect.stringContaining('last used 2026-03-02T11:58:00.000Z') },
  ])
  await at.responder.revert(FREEZE_KEY, 'plan/key')
  expect(user()).toEqual(before)
  at.server.change(ACCOUNT, (state) => ({
    ...state,
    users: { batch: { ...before!, keys: { [KEY]: { isActive: false } } } },
  }))
  await at.responder.apply(FREEZE_KEY, 'plan/key')
  await at.responder.revert(FREEZE_KEY, 'plan/key')
  expect(user()?.keys[KEY]?.isActive).toBe(false)
})

test('a probe waits for what IAM makes true later, and a client that is throttled tries again', async () => {
  await using at = await startAccount({ lag: 12 })
  at.server.faults.add({ kind: 'error', code: 400, at: (action) => action === 'PutRolePolicy', times: 1 })
  expect(await at.responder.apply(FREEZE, 'plan/freeze')).toMatchObject({ status: 'done' })
  expect(held(await at.responder.probe(FREEZE))).not.toContain(false)
  expect(at.clock.waits).toBeGreaterThan(0)
  expect(await at.responder.revert(FREEZE, 'plan/freeze')).toMatchObject({ status: 'done' })
  expect(at.role().tags).toEqual({ team: 'payments' })
  expect(Object.keys(at.role().inline)).toEqual(['own'])
})

test('an account that lies, errs or hangs confirms nothing', async () => {
  await using at = await startAccount()
  at.server.faults.add({ kind: 'lie', at: (action) => /^(Put|Tag|Update)/.test(action) })
  expect(await at.responder.apply(FREEZE, 'plan/freeze')).toMatchObject({ status: 'done' })
  expect(held(await at.responder.probe(FREEZE))).toEqual([false, false, false, false, false])
  await at.responder.apply(FREEZE_KEY, 'plan/key')
  expect(held(await at.responder.probe(FREEZE_KEY))).toEqual([false])
  at.server.faults.clear()
  at.server.faults.add({ kind: 'error', code: 500, at: () => true })
  await expect(at.responder.apply(FREEZE, 'plan/freeze')).rejects.toMatchObject({ code: 'unavailable' })
  await using silent = await startAccount({ answerMs: 200 })
  silent.server.faults.add({ kind: 'hang', at: () => true })
  await expect(silent.responder.apply(FREEZE, 'plan/freeze')).rejects.toMatchObject({ code: 'unavailable' })
})

test('a freeze that somebody takes away leaks', async () => {
  await using at = await startAccount()
  await at.responder.apply(FREEZE, 'plan/freeze')
  const { own } = at.role().inline
  at.server.change(ACCOUNT, (state) => ({
    ...state,
    roles: { 'refund-writer': { ...at.role(), inline: { own: own! } } },
  }))
  expect(held(await at.responder.probe(FREEZE))).toEqual([false, false, false, false, false])
})

test('what IAM cannot do is said: the root, another account, itself, a service role, a secret', async () => {
  await using at = await startAccount({ role: { path: '/aws-service-role/ec2/' } })
  const on = (name: string) => cutStep('freeze-credential', { target: { kind: 'identity', name, state: '' } })
  for (const [step, reason] of [
    [on(`arn:aws:iam::${ACCOUNT}:root`), 'names no role and no user'],
    [on('arn:aws:iam::999999999999:role/x'), 'no account of this connector'],
    [on(`${ROLE}-gone`), 'is not there'],
    [FREEZE, 'belongs to a service'],
    [on(`arn:aws:iam::${ACCOUNT}:user/holdfast`), 'no record names the key'],
    [
      cutStep('freeze-credential', {
        target: {
          kind: 'identity',
          name: `arn:aws:iam::${ACCOUNT}:user/holdfast`,
          parts: ['AKIAHOLDFAST00000000'],
          state: '',
        },
      }),
      'lock itself out',
    ],
    [cutStep('rotate-secret'), 'is for people'],
  ] as const) {
    expect(await at.responder.plan(step)).toMatchObject({
      status: 'impossible',
      reason: expect.stringContaining(reason),
    })
  }
})

test('another trust policy is another target; a hold of ours is not', async () => {
  await using at = await startAccount()
  const stateNow = async () => {
    const preview = await at.responder.plan(FREEZE)
    return preview.status === 'possible' ? preview.state : preview.reason
  }
  const first = await stateNow()
  await at.responder.apply(SUSPEND, 'plan/suspend')
  expect(await stateNow()).toBe(first)
  at.server.change(ACCOUNT, (state) => ({ ...state, roles: { 'refund-writer': { ...at.role(), trust: '{}' } } }))
  expect(await stateNow()).not.toBe(first)
})

test('what is over is swept by the tags that it left, and recorded before', async () => {
  await using at = await startAccount()
  const before = at.server.stateOf(ACCOUNT)
  for (const step of [FREEZE, FREEZE_KEY, BOUND]) await at.responder.apply(step, `plan/${step.id}`)
  expect(await at.responder.sweep(async () => {})).toEqual([])
  at.clock.nowMs += 3_600_000
  await expect(at.responder.sweep(() => Promise.reject(new Error('no record')))).rejects.toThrow('no record')
  const swept = await at.responder.sweep(async () => {})
  expect(swept.map(({ target, status }) => [target, status])).toEqual([
    [ROLE, 'released'],
    [ROLE, 'released'],
    [USER, 'released'],
  ])
  expect(at.server.stateOf(ACCOUNT)).toEqual(before)
})

test('a mark that somebody else wrote, changed, or wrote again ends nothing', async () => {
  await using at = await startAccount({ role: { boundary: BOUNDARY } })
  const tag = (tags: Readonly<Record<string, string>>) =>
    at.server.change(ACCOUNT, (state) => ({
      ...state,
      roles: { 'refund-writer': { ...at.role(), tags: { ...at.role().tags, ...tags } } },
      users: {
        batch: {
          ...state.users['batch']!,
          keys: { [KEY]: { isActive: false } },
          tags: { ...tags, 'holdfast:on:0123456789ab': KEY, 'holdfast:before:0123456789ab': 'Active' },
        },
      },
    }))
  tag({
    'holdfast:hold:0123456789ab': 'inc-1 scope-role 2026-03-01T00:00:00.000Z plan/forged',
    'holdfast:on:0123456789ab': BOUNDARY,
    'holdfast:seal:0123456789ab': 'made-up',
  })
  expect(await at.responder.sweep(async () => {})).toEqual([])
  expect(at.role().boundary).toBe(BOUNDARY)
  expect(at.server.stateOf(ACCOUNT).users['batch']?.keys[KEY]?.isActive).toBe(false)
  // One of ours, of a step that is over by our record.
  await using own = await startAccount()
  await own.responder.apply(BOUND, 'plan/old')
  own.over.add('plan/old')
  own.clock.nowMs += 3_600_000
  expect(await own.responder.sweep(async () => {})).toEqual([])
  expect(own.role().boundary).toBe(BOUNDARY)
  // Nor does it keep a later one of another incident from being taken back.
  own.server.change(ACCOUNT, (state) => {
    const { boundary: _, ...role } = own.role()
    return { ...state, roles: { 'refund-writer': role } }
  })
  const later = { ...BOUND, incident: 'inc-fedcba9876543210' }
  await own.responder.apply(later, 'plan/later')
  expect(own.role().boundary).toBe(BOUNDARY)
  await own.responder.revert(later, 'plan/later')
  expect(own.role().boundary).toBeUndefined()
})

test('where the mark was taken away, the effect itself is looked at: undone where that is known, else the release fails', async () => {
  await using at = await startAccount()
  for (const step of [FREEZE, FREEZE_KEY, BOUND]) await at.responder.apply(step, 'plan/x')
  at.server.change(ACCOUNT, (state) => ({
    ...state,
    roles: { 'refund-writer': { ...at.role(), tags: {} } },
    users: { batch: { ...state.users['batch']!, tags: {} } },
  }))
  expect(await at.responder.revert(FREEZE, 'plan/x')).toMatchObject({ status: 'done' })
  expect(Object.keys(at.role().inline)).toEqual(['own'])
  expect(await at.responder.revert(BOUND, 'plan/x')).toMatchObject({ status: 'failed' })
  expect(await at.responder.revert(FREEZE_KEY, 'plan/x')).toMatchObject({ status: 'failed' })
})

test('offers name the role of a session, the key of a user and the actions that were misused', async () => {
  await using at = await startAccount()
  const decision = decisionOf('soft-quarantine', ['freeze-credential', 'suspend-grant', 'scope-role', 'rotate-secret'])
  const offers = await at.responder.offers(scopeOf(), decision)
  expect(
    offers.map(({ serves, target: { kind, name, parts } }) => [serves.kind === 'cut' && serves.cut, kind, name, parts]),
  ).toEqual([
    ['freeze-credential', 'identity', ROLE, undefined],
    ['suspend-grant', 'grant', ROLE, [`dynamodb:PutItem ${TABLE}`]],
    ['scope-role', 'identity', ROLE, [BOUNDARY, `dynamodb:PutItem ${TABLE}`]],
  ])
  const byUser = await at.responder.offers(scopeOf({ name: USER, credential: KEY }), decision)
  expect(byUser.map(({ target }) => target.parts)).toEqual([[KEY]])
  expect(await at.responder.offers(scopeOf({ name: USER }), decision)).toEqual([])
  expect(await at.responder.offers(scopeOf({ authority: 'gcp' }), decision)).toEqual([])
  const innocent = { ...scopeOf().principals[0]!, name: USER, credential: KEY, isMisused: false }
  const both = { ...scopeOf(), principals: [...scopeOf().principals, innocent] }
  expect((await at.responder.offers(both, decision)).map(({ target }) => target.name)).not.toContain(USER)
  expect(await at.responder.offers({ ...scopeOf(), principals: [innocent] }, decision)).toEqual([])
})

test('an account is reached by a role that is assumed, and a check says whose it is', async () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/HoldfastResponse`
  const config = { accounts: [{ id: ACCOUNT, role }] }
  await using at = await startAccount({ caller: { account: '210987654321', assumes: [role] }, config })
  expect(await at.responder.check()).toMatchObject([
    { status: 'PASS', detail: expect.stringContaining('assumed-role/HoldfastResponse') },
  ])
  expect(await at.responder.apply(FREEZE, 'plan/freeze')).toMatchObject({ status: 'done' })
  await using other = await startAccount({ caller: { account: '210987654321' } })
  expect(await other.responder.check()).toMatchObject([
    { status: 'FAIL', detail: 'the credentials are of account 210987654321' },
  ])
  await using wrong = await startAccount({ secret: 'another' })
  const [failed] = await wrong.responder.check()
  expect(failed).toMatchObject({ status: 'FAIL', detail: expect.stringContaining('SignatureDoesNotMatch') })
  expect(failed?.detail).not.toContain('another')
})

test('everything that is asked of IAM is in the policy that an operator is told to give, and nothing else is', async () => {
  await using at = await startAccount()
  for (const step of [FREEZE, FREEZE_KEY, SUSPEND, BOUND]) {
    await at.responder.plan(step)
    await at.responder.apply(step, step.id)
    await at.responder.probe(step)
    await at.responder.revert(step, step.id)
  }
  await at.responder.apply({ ...BOUND, incident: 'inc-fedcba9876543210' }, 'over')
  at.server.change(ACCOUNT, (state) => ({ ...state, roles: { 'refund-writer': { ...at.role(), boundary: BEFORE } } }))
  await at.responder.check()
  await at.responder.sweep(async () => {})
  const asked = at.server.actions.filter((action) => action !== 'GetCallerIdentity').map((action) => `iam:${action}`)
  const file = new URL('../../../../deploy/aws/response-policy.json', import.meta.url)
  const policy = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly Statement: readonly { readonly Action: readonly string[] }[]
  } // our own file
  const granted = policy.Statement.flatMap(({ Action }) => Action)
  expect([...new Set(asked)].toSorted()).toEqual(granted.toSorted())
})
