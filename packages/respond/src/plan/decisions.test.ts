import fc from 'fast-check'
import { expect, test } from 'vitest'

import { applyQuestion, approvalOfPlan, at, planStep, responsePlan } from '../testing/plans.ts'
import type { ApprovalQuestion } from './approve.ts'
import { mayApprove } from './approve.ts'
import type { ApplyQuestion } from './apply.ts'
import { mayApply } from './apply.ts'
import type { ResponsePlan } from './plan.ts'
import { planHash, planMistakes, PROGRAM } from './plan.ts'

const PLAN = responsePlan()

function reasons(result: ReturnType<typeof mayApply>): readonly string[] {
  return result.status === 'allowed' ? [] : result.reasons
}

function approving(change: Partial<ApprovalQuestion> = {}): readonly string[] {
  const plan = change.plan ?? PLAN
  const approver = { name: 'ben', roles: ['on-call'] } as const
  return reasons(
    mayApprove({ plan, approvals: [], approver, role: 'on-call', hash: planHash(plan), now: at(1_010), ...change }),
  )
}

test('P1 the hash of a plan does not depend on the order of its members, and on everything else', () => {
  const reordered = Object.fromEntries(Object.entries(PLAN).toReversed()) as ResponsePlan
  expect(planHash(reordered)).toBe(planHash(PLAN))
  const others = [
    responsePlan({ judgedAt: 41 }),
    responsePlan({ plannedAt: at(1_001) }),
    responsePlan({ steps: [planStep({ ttlMs: 1 })] }),
    responsePlan({ requestedBy: 'ben' }),
    responsePlan({ people: 2 }),
  ].map(planHash)
  expect(new Set([...others, planHash(PLAN)]).size).toBe(others.length + 1)
})

test('a person with the right approves the plan that was seen', () => {
  expect(approving()).toEqual([])
})

test('another hash, a stale plan, a missing right, a role nobody asked for and a second yes are refused', () => {
  expect(approving({ hash: 'f'.repeat(64) })).toEqual(['the plan is another one by now: look at it again'])
  expect(approving({ now: at(1_601) })).toEqual(['the plan is older than 600 s: plan again'])
  expect(approving({ now: at(999) })).toEqual(['the plan is older than 600 s: plan again'])
  expect(approving({ approver: { name: 'eve', roles: ['analyst'] } })).toEqual([
    'eve does not have the right to approve as on-call',
  ])
  expect(approving({ approver: { name: 'eve', roles: ['analyst'] }, role: 'analyst' })).toEqual([
    'this plan does not ask for analyst',
  ])
  expect(approving({ approvals: [approvalOfPlan(PLAN)] })).toEqual(['ben has approved it already'])
})

test('where two people are asked for, who asked for it is neither of them', () => {
  const plan = responsePlan({ people: 2 })
  expect(approving({ plan, approver: { name: 'anna', roles: ['on-call'] } })).toEqual([
    'who asked for it does not approve it: two people do',
  ])
  const by = (...names: readonly string[]) => names.map((name) => approvalOfPlan(plan, { by: name }))
  const missing = (...names: readonly string[]) => reasons(mayApply(applyQuestion(plan, { approvals: by(...names) })))
  expect(missing('ben', 'anna')).toEqual(['1 of the 2 people that it takes have approved it'])
  expect(missing('ben', 'ben')).toEqual(['1 of the 2 people that it takes have approved it'])
  expect(missing('ben', 'carl')).toEqual([])
})

test('each role that is asked for says yes', () => {
  const plan = responsePlan({ approval: { kind: 'people', roles: ['on-call', 'compliance'] } })
  expect(reasons(mayApply(applyQuestion(plan)))).toEqual(['compliance has not approved it'])
  const both = [approvalOfPlan(plan), approvalOfPlan(plan, { by: 'dora', role: 'compliance' })]
  expect(mayApply(applyQuestion(plan, { approvals: both }))).toEqual({ status: 'allowed' })
})

test('a kill waits for the whole chain, or for two verified people who sign this plan with a reason', () => {
  const plan = responsePlan({ steps: [planStep({ deed: { kind: 'rung', rung: 'kill' }, isReversible: false })] })
  const evidence = { completeness: 0.97, isSealed: true }
  const ask = (change: Partial<ApplyQuestion>) => reasons(mayApply(applyQuestion(plan, { evidence, ...change })))
  expect(ask({})[0]).toContain('the chain is complete to 97 %')
  const ben = { name: 'ben', isVerified: true }
  const carl = { name: 'carl', isVerified: true }
  const override = { hash: planHash(plan), signers: [ben, carl], reason: 'it destroys data by the minute' }
  expect(ask({ override })).toEqual([])
  expect(ask({ override: { ...override, hash: 'x' } })).toEqual(['the override is for another plan'])
  expect(ask({ override: { ...override, signers: [ben, ben] } })).toEqual(['the override has 1 verified signers of 2'])
  expect(ask({ override: { ...override, signers: [ben, { ...carl, isVerified: false }] } })).toHaveLength(1)
  expect(ask({ override: { ...override, reason: ' ' } })).toEqual(['the override gives no reason'])
  expect(ask({ override, evidence: { completeness: 0.97, isSealed: false } })).toEqual([
    'what ends a workload waits for the seal',
  ])
  expect(ask({ evidence: { completeness: Number.NaN, isSealed: true } })).toHaveLength(1)
})

test('a second person, who is not the one who asked, lifts the cap of a minute', () => {
  const contained = Array.from({ length: 10 }, (_, index) => ({ agent: `agent-${index}`, at: at(1_000) }))
  const ask = (change: Partial<ApplyQuestion>) => reasons(mayApply(applyQuestion(PLAN, { contained, ...change })))
  expect(ask({})).toEqual(['10 agents were contained in the last minute: more than 10 need a second person'])
  expect(ask({ capLiftedBy: ['anna'] })).toHaveLength(1)
  expect(ask({ capLiftedBy: ['carl'] })).toEqual([])
  expect(ask({ now: at(1_060) })).toEqual([])
  const again = contained.map((each, index) => (index === 0 ? { ...each, agent: 'payments/refund-agent' } : each))
  expect(ask({ contained: again })).toEqual([])
})

test('where the program asked, two people lift the cap of a minute', () => {
  const contained = Array.from({ length: 10 }, (_, index) => ({ agent: `agent-${index}`, at: at(1_000) }))
  const plan = responsePlan({ requestedBy: PROGRAM })
  const ask = (...capLiftedBy: readonly string[]) => reasons(mayApply(applyQuestion(plan, { contained, capLiftedBy })))
  expect(ask('ben')).toHaveLength(1)
  expect(ask('ben', 'ben')).toHaveLength(1)
  expect(ask('ben', 'carl')).toEqual([])
})

/** Ways in which a plan that was good is no longer to be applied, each with the reason that must be named. */
const WRONGS: readonly { readonly reason: string; readonly wrong: (good: ApplyQuestion) => Partial<ApplyQuestion> }[] =
  [
    { reason: 'the plan is another one by now', wrong: () => ({ hash: '0'.repeat(64) }) },
    { reason: 'the plan is older than', wrong: () => ({ now: at(2_000) }) },
    { reason: 'the incident was judged again', wrong: () => ({ judgedAt: 41 }) },
    { reason: 'on-call has not approved it', wrong: () => ({ approvals: [] }) },
    {
      reason: 'on-call has not approved it',
      wrong: ({ approvals }) => ({ approvals: approvals.map((each) => ({ ...each, hash: '1'.repeat(64) })) }),
    },
    {
      reason: 'has changed since',
      wrong: ({ targetsNow }) => ({ targetsNow: new Map([...targetsNow, ['hold', 'cgroups-2']]) }),
    },
    {
      reason: 'could not be looked at',
      wrong: ({ targetsNow }) => ({ targetsNow: new Map([...targetsNow].filter(([id]) => id !== 'freeze')) }),
    },
    {
      reason: 'need a second person',
      wrong: ({ now }) => ({
        contained: Array.from({ length: 12 }, (_, index) => ({ agent: `other-${index}`, at: now })),
      }),
    },
  ]

test('P2 whatever is wrong with a plan, alone or together, it is refused and every wrong is named', () => {
  const some = fc.subarray([...WRONGS.keys()], { minLength: 1 })
  fc.assert(
    fc.property(some, (chosen) => {
      let question = applyQuestion(PLAN)
      const expected = new Set<string>()
      for (const index of chosen) {
        const { reason, wrong } = WRONGS[index]!
        const change = wrong(question)
        // Of two wrongs about the same thing the later one is what is left.
        if (change.approvals?.length === 0 || change.approvals === undefined || question.approvals.length > 0) {
          question = { ...question, ...change }
        }
        expected.add(reason)
      }
      const named = reasons(mayApply(question))
      if (question.now > at(1_900)) expected.delete('need a second person')
      for (const reason of expected)
        expect(
          named.some((each) => each.includes(reason)),
          reason,
        ).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('nothing automatic rests on what agents say of themselves, and nothing final but the kill is automatic', () => {
  const forged = responsePlan({ approval: { kind: 'automatic' }, tier: 'self-reported' })
  expect(reasons(mayApply(applyQuestion(forged)))).toEqual([
    'all evidence is what agents say of themselves: a person decides',
  ])
  const rotate = planStep({
    id: 'rotate',
    isReversible: false,
    deed: { kind: 'cut', cut: 'rotate-secret', surface: 'S3', verb: 'revoke' },
  })
  const final = responsePlan({ approval: { kind: 'automatic' }, steps: [rotate] })
  expect(reasons(mayApply(applyQuestion(final)))).toEqual(['step rotate cannot be undone: a person approves it'])
})

test('a plan without steps, with a step twice or with an endless pause is refused', () => {
  const mistakes = (steps: ResponsePlan['steps']) => reasons(mayApply(applyQuestion(responsePlan({ steps }))))
  expect(mistakes([])).toEqual(['a plan has at least one step'])
  expect(mistakes([planStep(), planStep()])).toEqual(['step hold stands twice'])
  expect(mistakes([planStep({ deed: { kind: 'rung', rung: 'pause' }, ttlMs: 0 })])).toEqual([
    'step hold: a pause needs a time limit',
  ])
})

test('what lives depend on is not frozen before people have taken over', () => {
  const steps = [planStep({ deed: { kind: 'rung', rung: 'pause' } })]
  const plan = responsePlan({ steps })
  expect(reasons(mayApply(applyQuestion(plan, { isTakeoverMissing: true })))).toEqual([
    'lives depend on it, and people have not taken over',
  ])
  expect(reasons(mayApply(applyQuestion(PLAN, { isTakeoverMissing: true })))).toEqual([])
})

test('a plan has a bound of steps', () => {
  const steps = (count: number) => Array.from({ length: count }, (_, i) => planStep({ id: `s${i}` }))
  expect(planMistakes(responsePlan({ steps: steps(256) }))).toEqual([])
  expect(planMistakes(responsePlan({ steps: steps(257) }))).toEqual(['a plan has at most 256 steps, not 257'])
})
