import type { UnixNano } from '@holdfast/model'
import type { Offer, Responder } from '@holdfast/respond'
import { selectRung } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { draftPlan, type DraftRequest } from './draft-plan.ts'
import { NO_POLICY } from './policy.ts'
import { agentScope, LADDER } from './testing/known.ts'

/** Holds every agent of the incident, and cuts the channel of each. */
const desk: Responder = {
  name: 'desk',
  offers: async ({ agents }) =>
    agents.flatMap(({ id }): readonly Offer[] => [
      { provider: 'desk', agent: id, target: { kind: 'workload', name: id, state: '1' }, serves: { kind: 'rung' } },
      {
        provider: 'desk',
        agent: id,
        target: { kind: 'identity', name: `key of ${id}`, state: '1' },
        serves: { kind: 'cut', cut: 'freeze-credential' },
      },
    ]),
  plan: never,
  apply: never,
  probe: never,
  revert: never,
}

function never(): Promise<never> {
  return Promise.reject(new Error('nothing is done by drafting'))
}

type Tiers = DraftRequest['incident']['actorTiers']

async function draft(
  tiers: Tiers,
  change: Partial<DraftRequest> = {},
  all = tiers.map(({ agent }) => agent),
  responders: readonly Responder[] = [desk],
) {
  const incident = {
    id: 'inc-1',
    type: 'privilege-boundary-escape',
    history: [],
    tier: 'provider',
    agents: all,
    actors: tiers.length === 0 ? all : tiers.map(({ agent }) => agent),
    actorTiers: tiers,
    harmfulActs: ['1763700000000000000'],
  } as unknown as DraftRequest['incident'] // what a draft looks at of it
  return await draftPlan(responders, {
    incident,
    decision: selectRung(LADDER),
    scope: agentScope('inc-1', all),
    policy: NO_POLICY,
    by: undefined,
    automatic: 'reversible',
    plannedAt: 1n as UnixNano, // some time
    standing: [],
    ttlMs: undefined,
    ...change,
  })
}

function touched({ plan }: Awaited<ReturnType<typeof draft>>): readonly string[] {
  return [...new Set(plan.steps.map(({ agent }) => agent))]
}

test('an automatic plan touches none of whom agents alone speak, and says that it leaves them out', async () => {
  const made = await draft([
    { agent: 'seen', tier: 'kernel' },
    { agent: 'claimed', tier: 'self-reported' },
  ])
  expect(made.plan.approval).toEqual({ kind: 'automatic' })
  expect(touched(made)).toEqual(['seen'])
  expect(made.left).toContainEqual({ what: 'touch claimed', why: 'of it agents alone speak: that takes a person' })
})

test('an automatic plan is no better vouched for than the weakest of whom it touches', async () => {
  const { plan } = await draft([
    { agent: 'seen', tier: 'kernel' },
    { agent: 'told', tier: 'boundary' },
  ])
  expect(plan.tier).toBe('boundary')
})

test('where agents alone speak of all of them, or nothing speaks of anybody, people are asked about all', async () => {
  const claimed = await draft([{ agent: 'claimed', tier: 'self-reported' }])
  expect(claimed.plan.approval.kind).toBe('people')
  expect(touched(claimed)).toEqual(['claimed'])
  const nobody = await draft([], {}, ['idle', 'other'])
  expect(nobody.plan.approval.kind).toBe('people')
  expect(touched(nobody)).toEqual(['idle', 'other'])
})

test('a plan of a person holds whom agents alone speak of, too', async () => {
  const made = await draft(
    [
      { agent: 'seen', tier: 'kernel' },
      { agent: 'claimed', tier: 'self-reported' },
    ],
    { by: 'anna', automatic: 'off' },
  )
  expect(touched(made)).toEqual(['claimed', 'seen'])
})

test('a plan that cuts what an agent for two people shares takes two people, whoever acted', async () => {
  const policy = { ...NO_POLICY, twoPerson: { rungs: [], agents: ['payroll'] } }
  const made = await draft([{ agent: 'seen', tier: 'kernel' }], { policy }, ['seen', 'payroll'])
  expect(touched(made)).toEqual(['seen', 'payroll'])
  expect(made.plan).toMatchObject({ people: 2, approval: { kind: 'people' } })
  const alone = await draft([{ agent: 'seen', tier: 'kernel' }], { policy })
  expect(alone.plan.people).toBe(0)
})

test('an agent of which nothing runs any more is left with when it acted last and what to do; one that runs is not', async () => {
  const gone = await draft([{ agent: 'gone', tier: 'kernel' }], { by: 'ben' }, ['gone'], [])
  expect(gone.left.filter(({ what }) => what === 'hold gone')).toEqual([
    {
      what: 'hold gone',
      why: expect.stringMatching(
        /^nothing of gone runs where .* could hold it; the last act of it on record is of 2025-11-21T04:40:00.*holdfast run, or connect/,
      ),
    },
  ])
  const there = await draft([{ agent: 'there', tier: 'kernel' }], { by: 'ben' })
  expect(there.left.filter(({ what }) => what === 'hold there')).toEqual([])
})
