import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { KeptPlan } from './plan-state.ts'
import { Answering, mailStory } from './testing/answering.ts'
import { HoldService, HttpResponder } from './testing/hold-service.ts'

/** A machine that has much else to do. */
const LONG = 240_000
const MINUTE = 60_000_000_000n

/** One of everything for all tests: each has an agent and an incident of its own. */
let service: HoldService
let answering: Answering
let number = 0
let agent = ''
beforeAll(async () => {
  service = await HoldService.start()
  answering = await Answering.start([new HttpResponder('desk', service, { cuts: ['close-channel'] })])
}, LONG)
afterAll(async () => {
  await answering[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
}, LONG)
beforeEach(() => {
  number += 1
  agent = `host:story/desk-${number}`
  service.nature = 'honest'
  service.applied = 0
  // What another test did in its minute is over.
  answering.ahead += 2n * MINUTE
  answering.told.length = 0
})

/** People are served by it, and what it does cannot be undone. */
async function stated(): Promise<void> {
  await answering.state(agent, 'live', 'yes')
  await answering.state(agent, 'harm-reversible', 'no')
}

/** Has the agent do it, and returns its incident once everything that follows by itself was done. */
async function happened(): Promise<string> {
  await answering.happened(mailStory(number))
  const found = (await answering.incidents(number)).find(({ agents }) => agents.includes(agent))
  await answering.settled()
  return found?.id ?? ''
}

async function plansOf(incident: string): Promise<readonly KeptPlan[]> {
  return answering.response.book.list(await answering.response.situations.incident(incident))
}

/** A plan of a person, carried out. */
async function carriedOut(incident: string, ttlMs?: number): Promise<string> {
  const { plans } = answering.response
  const { hash } = await plans.make({ incident, by: 'anna', rung: 'soft-quarantine', ttlMs, automatic: 'off' })
  await plans.approve(hash, { name: 'ben', roles: ['on-call'] }, 'on-call')
  await plans.apply(hash, 'ben')
  return hash
}

test(
  'without a policy nothing is done, and what came before a policy stays with people',
  { timeout: LONG },
  async () => {
    await stated()
    const incident = await happened()
    expect(await plansOf(incident)).toEqual([])
    await answering.policy({ automatic: 'reversible', agentsAMinute: 10 })
    await answering.open()
    await answering.settled()
    expect(await plansOf(incident)).toEqual([])
    expect(service.applied).toBe(0)
  },
)

test(
  'a live agent that does fast lasting harm is held without a person within its minute',
  { timeout: LONG },
  async () => {
    await stated()
    const incident = await happened()
    const [plan, ...others] = await plansOf(incident)
    expect(others).toEqual([])
    expect(plan).toMatchObject({
      made: { plan: { row: 13, approval: { kind: 'automatic' }, requestedBy: 'policy' } },
      appliedBy: undefined,
      outcome: { state: 'confirmed' },
    })
    const { basis, plan: what } = plan?.made ?? {}
    // Sealed before it was planned; and what nobody could do is named.
    expect(basis?.seal.size).toBeLessThanOrEqual(plan?.madeEntry ?? 0)
    expect(plan?.made.left.map(({ why }) => why)).toContain('nobody is connected who can do it')
    const confirmed = plan?.steps.findLast(({ kind }) => kind === 'probed')?.at ?? 0n
    expect(Number((confirmed - (basis?.graphAt ?? 0n)) / 1_000_000n)).toBeLessThan(60_000)
    const shown = await answering.cases.show(incident)
    expect(shown).toMatchObject({ type: 'reasoning-compromise', types: [{ by: 'Holdfast' }], seals: [{}, {}] })
    expect(shown.actions.map(({ state }) => state)).toEqual(['confirmed', 'confirmed'])
    expect(what?.steps.map(({ id }) => id)).toEqual(['rung', 'cut/close-channel'])
    expect(answering.told.map(({ kind }) => kind)).toEqual(['plan-applied'])
    expect(answering.errors).toEqual([])
  },
)

test(
  'what is only assumed is asked of people, and once they said yes it is carried out',
  { timeout: LONG },
  async () => {
    const incident = await happened()
    const [plan] = await plansOf(incident)
    expect(plan?.made.plan.approval).toMatchObject({ kind: 'people' })
    expect(service.applied).toBe(0)
    expect(answering.told).toMatchObject([{ kind: 'approval-asked', plan: plan?.hash, for: ['on-call'] }])
    const { plans } = answering.response
    await plans.approve(plan?.hash ?? '', { name: 'ben', roles: ['on-call'] }, 'on-call')
    // Whose account is over when it is applied has not approved it.
    answering.revoked.add('ben')
    await expect(plans.apply(plan?.hash ?? '', 'anna')).rejects.toThrow('ben may no longer approve as on-call')
    expect(service.applied).toBe(0)
    answering.revoked.delete('ben')
    expect((await plans.apply(plan?.hash ?? '', 'ben')).outcome.state).toBe('confirmed')
  },
)

test(
  'a probe that gets through climbs to the pause by itself, and no further without a person',
  { timeout: LONG },
  async () => {
    service.nature = 'lies'
    await stated()
    const plans = await plansOf(await happened())
    const rungs = plans.map(({ made: { plan }, outcome }) => {
      const deed = plan.steps[0]?.deed
      return [deed?.kind === 'rung' ? deed.rung : '', plan.approval.kind, outcome.state]
    })
    expect(rungs.map(([rung, approval]) => [rung, approval])).toEqual([
      ['stop', 'people'],
      ['pause', 'automatic'],
      ['soft-quarantine', 'automatic'],
    ])
    expect(rungs.map(([, , state]) => state)).not.toContain('confirmed')
    // Each says why it is a rung harder than the one before.
    expect(plans.map(({ made }) => made.basis.why.filter((why) => why.includes('got through')))).toEqual([
      ['the probe of R3 got through: one rung harder, R4'],
      ['the probe of R2 got through: one rung harder, R3'],
      [],
    ])
    // Nobody applied the last one: people are asked for it, and it is theirs to say yes to.
    expect(plans[0]?.appliedAt).toBeUndefined()
    expect(answering.told.filter(({ kind }) => kind === 'approval-asked').map(({ plan }) => plan)).toEqual([
      plans[0]?.hash,
    ])
  },
)

test(
  'a hold that somebody opened is found by the next probe and climbs, and the case says so',
  { timeout: LONG },
  async () => {
    await stated()
    const incident = await happened()
    service.held.delete(`${agent} soft-quarantine`)
    answering.ahead += 2n * MINUTE
    await answering.response.tick()
    await answering.settled()
    expect((await plansOf(incident)).map(({ made }) => made.plan.steps.map(({ id }) => id))).toEqual([
      ['rung'],
      ['rung', 'cut/close-channel'],
    ])
    const { actions } = await answering.cases.show(incident)
    expect(actions.map(({ words, state }) => [words.split(' ')[0], state])).toEqual([
      ['R2', 'failed'],
      ['close-channel:', 'confirmed'],
      ['R3', 'confirmed'],
    ])
  },
)

test('a plan ends by its time, and people are told', { timeout: LONG }, async () => {
  const hash = await carriedOut(await happened(), 600_000)
  expect(service.held).toContain(`${agent} soft-quarantine`)
  answering.ahead += 9n * MINUTE
  await answering.response.tick()
  expect(answering.response.book.find(hash)?.outcome.state).toBe('confirmed')
  answering.ahead += 2n * MINUTE
  await answering.response.tick()
  expect(answering.response.book.find(hash)?.outcome.state).toBe('released')
  expect(service.held).not.toContain(`${agent} soft-quarantine`)
  expect(answering.told.filter(({ plan }) => plan === hash).at(-1)?.kind).toBe('hold-ended')
})

test('a step is taken back alone, and the others stand', { timeout: LONG }, async () => {
  const hash = await carriedOut(await happened())
  const { plans, book } = answering.response
  const release = (...steps: string[]) => plans.release(hash, 'anna', { reason: 'it is clean', steps })
  await expect(release('rung', 'cut/none')).rejects.toThrow('no such step of this plan is in effect: cut/none')
  expect(book.find(hash)?.outcome.steps.map(({ state }) => state)).toEqual(['confirmed', 'confirmed'])
  expect((await release('rung')).outcome.steps.map(({ state }) => state)).toEqual(['released', 'confirmed'])
  expect(service.held).not.toContain(`${agent} soft-quarantine`)
  expect(answering.told.filter(({ kind }) => kind === 'hold-ended').map(({ lines }) => lines)).toEqual([
    ['rung: it is clean'],
  ])
  await answering.response.tick()
  expect(book.find(hash)?.outcome.steps.map(({ state }) => state)).toEqual(['released', 'confirmed'])
  await expect(release('rung')).rejects.toThrow('no such step of this plan is in effect: rung')
})

test(
  'an incident of another type than was named asks about each step by itself, and history stays',
  { timeout: LONG },
  async () => {
    const id = await happened()
    // The wrong type first.
    const wrong = { do: 'classify', type: 'privilege-boundary-escape', reason: 'mails at night' } as const
    await answering.cases.take(id, wrong, 'anna')
    const hash = await carriedOut(id)
    const right = { do: 'classify', type: 'reasoning-compromise', reason: 'the report ordered it' } as const
    await answering.cases.take(id, right, 'anna')
    const asked = await answering.cases.show(id)
    expect(asked.actions.map(({ settlement }) => settlement)).toEqual(['unsettled', 'unsettled'])
    const [rung, cut] = asked.actions
    const settle = (action: string | undefined, how: 'reverted' | 'justified') =>
      answering.cases.take(id, { do: 'settle', action: action ?? '', how, reason: 'as the new type asks' }, 'anna')
    await expect(settle(rung?.id, 'reverted')).rejects.toThrow('still in effect')
    await settle(cut?.id, 'justified')
    await answering.response.plans.release(hash, 'anna', { reason: 'another rung is asked for' })
    await settle(rung?.id, 'reverted')
    const settled = await answering.cases.show(id)
    expect(settled.actions.map(({ settlement }) => settlement)).toEqual(['reverted', 'justified'])
    expect(settled.types.slice(-2).map(({ type }) => type)).toEqual([
      'privilege-boundary-escape',
      'reasoning-compromise',
    ])
    expect(answering.response.book.find(hash)?.history.map(({ deed }) => deed.do)).toContain('releasing')
  },
)

test(
  'whatever was under way when the program died is settled by the next one, and done once',
  { timeout: LONG },
  async () => {
    const incident = await happened()
    const { plans, book } = answering.response
    const { hash } = await plans.make({ incident, by: 'anna', rung: 'soft-quarantine', automatic: 'off' })
    await plans.approve(hash, { name: 'ben', roles: ['on-call'] }, 'on-call')
    // As a server leaves it that is killed between the asking and the answer of one step, and before the other.
    await book.write({ hash, incident }, { do: 'applying' }, 'ben')
    await book.write({ hash, incident }, { do: 'step', step: { kind: 'requested', step: 'rung' } }, undefined)
    service.held.add(`${agent} soft-quarantine`)
    await answering.open()
    await answering.response.tick()
    expect(answering.response.book.find(hash)?.outcome.steps.map(({ state }) => state)).toEqual([
      'confirmed',
      'planned',
    ])
    expect(service.applied).toBe(0)
  },
)
