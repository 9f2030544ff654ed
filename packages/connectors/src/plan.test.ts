import type { UnixNano } from '@holdfast/model'
import type { Responder, ResponsePlan, StepRecord } from '@holdfast/respond'
import { carryOut, makePlan, outcomeOf, takeBack } from '@holdfast/respond'
import { expect, test } from 'vitest'

import { scopeOf as accountScope, startAccount } from './aws/testing/account.ts'
import { scopeOf as clusterScope, startCluster } from './kubernetes/testing/cluster.ts'
import { decisionOf } from './testing/decision.ts'

const NOW = 1_772_452_800_000_000_000n as UnixNano // a moment of the test's own
const CUTS = ['cut-neighbours', 'freeze-credential', 'suspend-grant']

async function planOver(responders: readonly Responder[]): Promise<ResponsePlan> {
  const decision = decisionOf('soft-quarantine', CUTS)
  const scope = { ...clusterScope(), principals: accountScope().principals }
  const offers = (await Promise.all(responders.map((one) => one.offers(scope, decision)))).flat()
  const { plan } = makePlan({
    decision: { ...decision, steps: decision.steps.slice(0, 1).map((step) => ({ ...step, rung: 'soft-quarantine' })) },
    incident: 'inc-0123456789abcdef',
    type: 'privilege-boundary-escape',
    judgedAt: 1,
    tier: 'provider',
    offers,
    requestedBy: 'anna',
    plannedAt: NOW,
    isTwoPerson: false,
    automatic: 'off',
  })
  return plan
}

function workOn(plan: ResponsePlan, responders: readonly Responder[]) {
  const records: StepRecord[] = []
  const providers = new Map(responders.map((one) => [one.name, one]))
  return {
    records,
    work: { plan, providers, now: () => NOW, record: async (one: StepRecord) => void records.push(one) },
  }
}

test('one plan holds in a cluster and an account, is confirmed by both, and leaves nothing when it is taken back', async () => {
  await using cluster = await startCluster()
  await using account = await startAccount()
  const before = account.role()
  const responders = [cluster.responder, account.responder]
  const plan = await planOver(responders)
  expect(plan.steps.map(({ id, provider }) => [id, provider])).toEqual([
    ['rung', 'kubernetes:prod'],
    ['cut/cut-neighbours', 'kubernetes:prod'],
    ['cut/freeze-credential', 'aws:main'],
    ['cut/suspend-grant', 'aws:main'],
  ])
  const { records, work } = workOn(plan, responders)
  expect(await carryOut(work)).toMatchObject({ state: 'confirmed' })
  await takeBack(work, plan.steps, { why: 'a test' })
  expect(outcomeOf(plan, records)).toMatchObject({ state: 'released' })
  expect(account.role()).toEqual(before)
  expect(cluster.server.cluster.list({ resource: 'networkpolicies' })).toEqual([])
})

test('an account that lies and one that fails are told as what they are, beside what holds', async () => {
  await using cluster = await startCluster()
  await using account = await startAccount()
  const responders = [cluster.responder, account.responder]
  const plan = await planOver(responders)
  account.server.faults.add({ kind: 'lie', at: (action) => action === 'PutRolePolicy', times: 1 })
  account.server.faults.add({ kind: 'error', code: 500, at: (action) => action === 'PutRolePolicy' })
  const { work } = workOn(plan, responders)
  const outcome = await carryOut(work)
  expect(outcome.state).toBe('partial')
  expect(outcome.steps.filter(({ state }) => state === 'confirmed').map(({ step }) => step)).toEqual([
    'rung',
    'cut/cut-neighbours',
  ])
  expect(
    outcome.steps
      .filter(({ step }) => step.startsWith('cut/freeze') || step.startsWith('cut/suspend'))
      .map(({ state }) => state),
  ).not.toContain('confirmed')
})
