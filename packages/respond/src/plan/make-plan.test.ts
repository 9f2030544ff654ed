import fc from 'fast-check'
import { expect, test } from 'vitest'

import { CUTS } from '../ladder/rungs.ts'
import { selectRung } from '../ladder/select-rung.ts'
import { ladderInputs } from '../testing/ladder-inputs.ts'
import { applyQuestion, at } from '../testing/plans.ts'
import { mayApply } from './apply.ts'
import type { Offer, PlanRequest } from './make-plan.ts'
import { makePlan } from './make-plan.ts'
import { planHash } from './plan.ts'
import { SURFACE_DEEDS, VERBS } from './surfaces.ts'

const AGENT = 'payments/refund-agent'
const TARGET = { kind: 'identity', name: 'refund-writer', state: 'key-7' } as const

const OFFERS: readonly Offer[] = [
  {
    provider: 'sensor',
    agent: AGENT,
    target: { kind: 'workload', name: AGENT, state: 'c1' },
    serves: { kind: 'rung' },
  },
  ...CUTS.map(({ id }): Offer => ({
    provider: 'cloud',
    agent: AGENT,
    target: TARGET,
    serves: { kind: 'cut', cut: id },
  })),
]

function request(change: Partial<PlanRequest> = {}): PlanRequest {
  const inputs = ladderInputs({ type: 'privilege-boundary-escape' })
  return {
    decision: selectRung(inputs),
    incident: 'inc-0123456789abcdef',
    type: inputs.type,
    judgedAt: 40,
    tier: inputs.tier,
    offers: OFFERS,
    requestedBy: 'policy',
    plannedAt: at(1_000),
    isTwoPerson: false,
    automatic: 'reversible',
    ...change,
  }
}

test('a live refund agent is held and its credential frozen without a person; the secret waits for one', () => {
  const { plan, left } = makePlan(request())
  expect(plan.approval).toEqual({ kind: 'automatic' })
  expect(plan.steps.map(({ id }) => id)).toEqual([
    'rung',
    'cut/freeze-credential',
    'cut/suspend-grant',
    'cut/scope-role',
  ])
  expect(left).toEqual([
    { what: 'rotate the secret', why: 'it cannot be undone, so that it is not part of an automatic plan' },
  ])
  expect(mayApply(applyQuestion(plan))).toEqual({ status: 'allowed' })
})

test('what nobody can do is named and not promised', () => {
  const { plan, left } = makePlan(request({ offers: OFFERS.slice(0, 1) }))
  expect(plan.steps.map(({ id }) => id)).toEqual(['rung'])
  expect(left.map(({ why }) => why).filter((why) => why.startsWith('nobody'))).toHaveLength(3)
})

test('where nothing may go by itself the same plan waits for the one who would have been told', () => {
  const { plan, left } = makePlan(request({ automatic: 'off' }))
  expect(plan).toMatchObject({ approval: { kind: 'people', roles: ['on-call'] }, people: 1 })
  expect(left).toEqual([])
})

test('the kill of row 4 is let go by the table alone', () => {
  const decision = selectRung(ladderInputs({ type: 'runtime-execution-escape', reach: 'host' }))
  expect(decision).toMatchObject({ row: { number: 4 }, rung: 'kill' })
  const approvals = (['off', 'reversible', 'table'] as const).map(
    (automatic) => makePlan(request({ decision, automatic })).plan.approval.kind,
  )
  expect(approvals).toEqual(['people', 'people', 'automatic'])
})

test('a later rung of the decision is planned by its place, and a person says yes to it', () => {
  const decision = selectRung(
    ladderInputs({
      type: 'privilege-boundary-escape',
      isLive: false,
      evidence: { completeness: 0.9, isSealed: true, artifacts: [] },
    }),
  )
  const rung = (rungAt: number) => makePlan(request({ decision, rungAt })).plan
  expect([rung(0), rung(1)].map(({ steps }) => steps[0]?.deed)).toEqual([
    { kind: 'rung', rung: 'pause' },
    { kind: 'rung', rung: 'kill' },
  ])
  expect(rung(1).approval).toEqual({ kind: 'people', roles: ['on-call'] })
})

test('what another plan did is not done twice, and said to be in effect', () => {
  const standing = makePlan(request()).plan.steps.slice(0, 2)
  const { plan, left } = makePlan(request({ standing }))
  expect(plan.steps.map(({ id }) => id)).toEqual(['cut/suspend-grant', 'cut/scope-role'])
  expect(left.filter(({ why }) => why === 'it is in effect already')).toHaveLength(2)
})

test('a policy of two people makes nothing automatic, and people may take what cannot be undone', () => {
  const { plan } = makePlan(request({ isTwoPerson: true }))
  expect(plan).toMatchObject({ approval: { kind: 'people', roles: ['on-call'] }, people: 2 })
  expect(plan.steps.map(({ id }) => id)).toContain('cut/rotate-secret')
})

test('a tainted edge is cut at its giver, and an attempt gives a plan without steps', () => {
  const decision = selectRung(ladderInputs({ downstream: [{ receiver: 'ops/remediation', isTainted: true }] }))
  const edge: Offer = {
    provider: 'roster',
    agent: AGENT,
    target: { kind: 'edge', name: 'triage to remediation', state: 'e1' },
    serves: { kind: 'edge', receiver: 'ops/remediation' },
  }
  const { plan } = makePlan(request({ decision, offers: [edge] }))
  expect(plan.steps.map(({ id, deed }) => [id, deed])).toEqual([
    ['edge/ops/remediation', { kind: 'cut', cut: 'cut-edge', surface: 'S4', verb: 'sever' }],
  ])
  expect(makePlan(request({ decision: selectRung(ladderInputs({ outcome: 'attempt' })) })).plan.steps).toEqual([])
})

test('P1 whichever provider answered first, the plan has the same hash', () => {
  const second: Offer = { ...OFFERS[0]!, target: { kind: 'workload', name: AGENT, state: 'c2' } }
  const offered = [...OFFERS, second]
  const expected = planHash(makePlan(request({ offers: offered })).plan)
  const shuffled = fc.shuffledSubarray(offered, { minLength: offered.length })
  fc.assert(
    fc.property(shuffled, (offers) => {
      expect(planHash(makePlan(request({ offers })).plan)).toBe(expected)
    }),
  )
})

test('each of four surfaces has its three verbs, and each cut is one of the twelve', () => {
  const deeds = Object.values(SURFACE_DEEDS).flatMap((verbs) => VERBS.map((verb) => verbs[verb]))
  expect(new Set(deeds).size).toBe(12)
  for (const { surface, verb } of CUTS) expect(SURFACE_DEEDS[surface][verb]).toBeTruthy()
})
