import { readFileSync } from 'node:fs'

import type { AgentId } from '@holdfast/model'
import { expect, test } from 'vitest'

import { decisionOf } from '../testing/decision.ts'
import { ORDERS, rungStep, scopeOf, startAgents, TARGET } from './testing/agents.ts'

const QUARANTINE = rungStep('soft-quarantine')
const RESTRICT = rungStep('restrict', { target: { ...QUARANTINE.target, parts: ['ALIAS00001=2'] } })
const held = (probes: readonly { readonly held: boolean }[]) => probes.map((probe) => probe.held)

test('R2: nobody gets in by any alias, looked at first, marked with incident and end, probed, and each as it was once released', async () => {
  await using at = await startAgents({ lag: 4 })
  const before = at.aliases()
  expect(await at.responder.plan(QUARANTINE)).toEqual({
    status: 'possible',
    state: expect.stringMatching(/^[0-9a-f]{64}$/),
    words: expect.stringContaining('3 aliases (TSTALIASID, ALIAS00001, ALIAS00002)'),
  })
  expect(at.aliases()).toEqual(before)
  expect(await at.responder.apply(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'done' })
  for (const alias of at.aliases()) {
    expect(alias.state).toBe('REJECT_INVOCATIONS')
    expect(Object.values(alias.tags)).toContain(
      'inc-0123456789abcdef soft-quarantine 2026-03-02T13:00:00.000Z plan/rung',
    )
  }
  expect(held(await at.responder.probe(QUARANTINE))).toEqual([true, true])
  expect(await at.responder.revert(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'done' })
  // That nobody had ever set the state reads the same as that it was set to what it is by default.
  const was = before.map((alias) => ({ ...alias, state: alias.state ?? 'ACCEPT_INVOCATIONS' }))
  expect(at.aliases()).toEqual(was)
})

test('R1: an alias leads back to the version before, and forward again once released; its throughput and description stay', async () => {
  await using at = await startAgents()
  const [, live] = at.aliases()
  expect(await at.responder.plan(RESTRICT)).toMatchObject({
    words: expect.stringContaining('ALIAS00001 from version 3 orders-pt to 2'),
  })
  await at.responder.apply(RESTRICT, 'plan/rung')
  expect(at.aliases()[1]).toMatchObject({ version: '2', description: 'what customers ask', name: 'live' })
  expect(at.aliases()[0]).toMatchObject({ version: 'DRAFT', tags: {} })
  expect(held(await at.responder.probe(RESTRICT))).toEqual([true, true])
  await at.responder.revert(RESTRICT, 'plan/rung')
  expect(at.aliases()[1]).toMatchObject({ version: '3', throughput: 'orders-pt', tags: live!.tags })
})

test('R3 and above are not available, and each says why; a target of another account is none of ours', async () => {
  await using at = await startAgents()
  const elsewhere = { ...QUARANTINE.target, name: TARGET.replace('123456789012', '999999999999') }
  for (const [step, reason] of [
    [rungStep('pause'), 'R3 is not available'],
    [rungStep('stop'), 'R4 and R5 are not available'],
    [rungStep('kill'), 'R4 and R5 are not available'],
    [rungStep('restrict'), 'R1 is not available'],
    [rungStep('soft-quarantine', { target: elsewhere }), 'not of this account'],
    [rungStep('soft-quarantine', { target: { ...QUARANTINE.target, name: `${TARGET}/../x` } }), 'names no agent'],
  ] as const) {
    expect(await at.responder.plan(step)).toMatchObject({
      status: 'impossible',
      reason: expect.stringContaining(reason),
    })
    expect(await at.responder.apply(step, 'k')).toMatchObject({ status: 'failed' })
  }
})

test('an agent is offered by the id of its inventory, of its own account and region; what cannot be is offered with no state', async () => {
  await using at = await startAgents()
  const elsewhere = ORDERS.replace('eu-central-1', 'us-east-1') as AgentId // in the form of one
  const scope = scopeOf(ORDERS, elsewhere, 'k8s:prod/payments/orders' as AgentId)
  const offersOf = async (rung: Parameters<typeof decisionOf>[0]) =>
    (await at.responder.offers(scope, decisionOf(rung))).map(({ agent, target }) => [
      agent,
      target.name,
      target.parts,
      target.state !== '',
    ])
  expect(await offersOf('soft-quarantine')).toEqual([[ORDERS, TARGET, undefined, true]])
  expect(await offersOf('restrict')).toEqual([[ORDERS, TARGET, ['ALIAS00001=2'], true]])
  expect(await offersOf('pause')).toEqual([[ORDERS, TARGET, undefined, false]])
  expect(await offersOf('watch')).toEqual([])
})

test('applied twice with one key it is written once; what an older plan held is not released by it', async () => {
  await using at = await startAgents()
  await at.responder.apply(QUARANTINE, 'old/rung')
  const updates = () => at.server.operations.filter((one) => one === 'UpdateAgentAlias').length
  expect(updates()).toBe(3)
  await at.responder.apply(QUARANTINE, 'old/rung')
  expect(updates()).toBe(3)
  await at.responder.apply(QUARANTINE, 'new/rung')
  expect(await at.responder.revert(QUARANTINE, 'old/rung')).toMatchObject({
    detail: expect.stringContaining('a later plan holds it'),
  })
  expect(at.aliases()[1]).toMatchObject({ state: 'REJECT_INVOCATIONS' })
  await at.responder.revert(QUARANTINE, 'new/rung')
  expect(at.aliases()[1]).toMatchObject({ state: 'ACCEPT_INVOCATIONS', tags: { team: 'orders' } })
})

test('of two incidents the last to be released gives back what was before both', async () => {
  await using at = await startAgents()
  const other = rungStep('soft-quarantine', { incident: 'inc-fedcba9876543210' })
  await at.responder.apply(QUARANTINE, 'a/rung')
  await at.responder.apply(other, 'b/rung')
  await at.responder.revert(QUARANTINE, 'a/rung')
  expect(at.aliases().map(({ state }) => state)).toEqual(Array(3).fill('REJECT_INVOCATIONS'))
  await at.responder.revert(other, 'b/rung')
  expect(at.aliases().map(({ state }) => state)).toEqual([
    'ACCEPT_INVOCATIONS',
    'ACCEPT_INVOCATIONS',
    'REJECT_INVOCATIONS',
  ])
})

test('what somebody opened again, or made since, is seen by the probe; what somebody switched is not switched back', async () => {
  await using at = await startAgents()
  await at.responder.apply(QUARANTINE, 'plan/rung')
  const late = { id: 'ALIAS00009', name: 'late', version: '3', earlier: [], tags: {} }
  at.server.change('AGENT00001', (agent) => ({
    ...agent,
    aliases: [
      ...agent.aliases.map((one) => (one.id === 'ALIAS00001' ? { ...one, state: 'ACCEPT_INVOCATIONS' as const } : one)),
      late,
    ],
  }))
  expect(await at.responder.probe(QUARANTINE)).toMatchObject([
    { held: false, detail: 'not switched: ALIAS00001, ALIAS00009' },
    { held: true },
  ])
  await at.responder.revert(QUARANTINE, 'plan/rung')
  await at.responder.apply(RESTRICT, 'plan/r1')
  at.server.change('AGENT00001', (agent) => ({
    ...agent,
    aliases: agent.aliases.map((one) => (one.id === 'ALIAS00001' ? { ...one, version: '1' } : one)),
  }))
  expect(await at.responder.revert(RESTRICT, 'plan/r1')).toMatchObject({
    detail: expect.stringContaining('somebody else has switched it since'),
  })
  expect(at.aliases()[1]).toMatchObject({ version: '1', tags: { team: 'orders' } })
})

test('where the mark was taken away the release fails; a mark that somebody else wrote is none', async () => {
  await using at = await startAgents()
  await at.responder.apply(QUARANTINE, 'plan/rung')
  const forged = at.aliases()[1]!.tags
  at.server.change('AGENT00001', (agent) => ({
    ...agent,
    aliases: agent.aliases.map((one) => ({ ...one, tags: one.id === 'ALIAS00002' ? forged : {} })),
  }))
  expect(await at.responder.revert(QUARANTINE, 'plan/rung')).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('no mark of ours'),
  })
  at.clock.nowMs += 7_200_000
  expect(await at.responder.sweep(async () => {})).toEqual([])
})

test('what is over is swept by its marks and recorded before; a step that is not in effect on record is left', async () => {
  await using at = await startAgents()
  await at.responder.apply(QUARANTINE, 'plan/rung')
  expect(await at.responder.sweep(async () => {})).toEqual([])
  at.clock.nowMs += 3_600_000
  at.over.add('plan/rung')
  expect(await at.responder.sweep(async () => {})).toEqual([])
  at.over.clear()
  await expect(at.responder.sweep(() => Promise.reject(new Error('no record')))).rejects.toThrow('no record')
  expect(at.aliases()[1]).toMatchObject({ state: 'REJECT_INVOCATIONS' })
  const swept = await at.responder.sweep(async () => {})
  expect(swept.map(({ target, status }) => [target.split('/').at(-1), status])).toEqual([
    ['TSTALIASID', 'released'],
    ['ALIAS00001', 'released'],
    ['ALIAS00002', 'released'],
  ])
  expect(at.aliases()[1]).toMatchObject({ state: 'ACCEPT_INVOCATIONS', tags: { team: 'orders' } })
})

test('a service that lies confirms nothing; one that refuses, errs or knows another secret is an error and no answer', async () => {
  await using at = await startAgents()
  at.server.faults.add({ kind: 'lie', at: (what) => what === 'UpdateAgentAlias' })
  expect(await at.responder.apply(QUARANTINE, 'plan/rung')).toMatchObject({ status: 'done' })
  expect(held(await at.responder.probe(QUARANTINE))).toContain(false)
  at.server.faults.clear()
  at.server.faults.add({ kind: 'error', code: 500, at: (what) => what === 'ListAgentAliases' })
  await expect(at.responder.probe(QUARANTINE)).rejects.toMatchObject({ code: 'unavailable' })
  await using poor = await startAgents({ denied: ['UpdateAgentAlias'] })
  await expect(poor.responder.apply(QUARANTINE, 'plan/rung')).rejects.toMatchObject({ code: 'refused' })
  await using stranger = await startAgents({ secret: 'another' })
  expect(await stranger.responder.check()).toMatchObject([{ status: 'FAIL' }])
  expect(await at.responder.check()).toMatchObject([{ status: 'PASS', detail: expect.stringContaining('3 agents') }])
})

test('everything that is asked of Bedrock is in the policy that an operator is told to give, and nothing else is', async () => {
  await using at = await startAgents()
  await at.responder.offers(scopeOf(ORDERS), decisionOf('soft-quarantine'))
  await at.responder.apply(QUARANTINE, 'plan/rung')
  await at.responder.revert(QUARANTINE, 'plan/rung')
  const file = new URL('../../../../deploy/aws/bedrock-response-policy.json', import.meta.url)
  const policy = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly Statement: readonly { readonly Action: readonly string[] }[]
  } // our own file
  const granted = policy.Statement.flatMap(({ Action }) => Action)
  expect([...new Set(at.server.operations)].map((one) => `bedrock:${one}`).toSorted()).toEqual(granted.toSorted())
})
