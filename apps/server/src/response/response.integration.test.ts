import { expect, test } from 'vitest'
import { Answering, mailStory } from './testing/answering.ts'
import { HoldService, HttpResponder } from './testing/hold-service.ts'

const AGENT = 'host:story/desk-1'
const LONG = 240_000
const MINUTE = 60_000_000_000n

/** People are served by it, and what it does cannot be undone. */
async function stated(answering: Answering): Promise<void> {
  await answering.state(AGENT, 'live', 'yes')
  await answering.state(AGENT, 'harm-reversible', 'no')
}

test(
  'a live agent that does fast lasting harm is held without a person within its minute, its case opened, sealed and classified',
  async () => {
    await using service = await HoldService.start()
    await using answering = await Answering.start([new HttpResponder('desk', service, { cuts: ['close-channel'] })])
    await answering.policy({ automatic: 'reversible' })
    await stated(answering)
    await answering.happened(mailStory(1))
    const [incident] = await answering.incidents()
    await answering.settled()
    const [plan] = answering.response.book.list()
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
    const shown = await answering.cases.show(incident?.id ?? '')
    expect(shown).toMatchObject({ type: 'reasoning-compromise', types: [{ by: 'Holdfast' }], seals: [{}, {}] })
    expect(shown.actions.map(({ state }) => state)).toEqual(['confirmed', 'confirmed'])
    expect(what?.steps.map(({ id }) => id)).toEqual(['rung', 'cut/close-channel'])
    expect(answering.told.map(({ kind }) => kind)).toEqual(['plan-applied'])
    expect(answering.errors).toEqual([])
  },
  LONG,
)

test(
  'without a policy nothing is done, and what came before a policy stays with people',
  async () => {
    await using service = await HoldService.start()
    await using answering = await Answering.start([new HttpResponder('desk', service)])
    await stated(answering)
    await answering.happened(mailStory(1))
    await answering.incidents()
    await answering.settled()
    expect(answering.response.book.list()).toEqual([])
    await answering.policy({ automatic: 'reversible' })
    await answering.open()
    await answering.settled()
    expect(answering.response.book.list()).toEqual([])
    expect(service.applied).toBe(0)
  },
  LONG,
)

test(
  'what is only assumed is asked of people, and once they said yes the same plan is carried out',
  async () => {
    await using service = await HoldService.start()
    await using answering = await Answering.start([new HttpResponder('desk', service)])
    await answering.policy({ automatic: 'reversible' })
    await answering.happened(mailStory(1))
    await answering.incidents()
    await answering.settled()
    const [plan] = answering.response.book.list()
    expect(plan?.made.plan.approval).toMatchObject({ kind: 'people' })
    expect(service.applied).toBe(0)
    expect(answering.told).toMatchObject([{ kind: 'approval-asked', plan: plan?.hash, for: ['on-call'] }])
    const { plans } = answering.response
    await plans.approve(plan?.hash ?? '', { name: 'ben', roles: ['on-call'] }, 'on-call')
    expect((await plans.apply(plan?.hash ?? '', 'ben')).outcome.state).toBe('confirmed')
  },
  LONG,
)

test(
  'a probe that gets through climbs to the pause by itself, and no further without a person',
  async () => {
    await using service = await HoldService.start('lies')
    await using answering = await Answering.start([new HttpResponder('desk', service)])
    await answering.policy({ automatic: 'reversible' })
    await stated(answering)
    await answering.happened(mailStory(1))
    await answering.incidents()
    await answering.settled()
    const rungs = answering.response.book.list().map(({ made: { plan }, outcome }) => {
      const deed = plan.steps[0]?.deed
      return [deed?.kind === 'rung' ? deed.rung : '', plan.approval.kind, outcome.state]
    })
    expect(rungs).toEqual([
      ['stop', 'people', 'planned'],
      ['pause', 'automatic', 'failed'],
      ['soft-quarantine', 'automatic', 'failed'],
    ])
  },
  LONG,
)

test(
  'a hold that somebody opened is found by the next probe, climbs, and its case is open again',
  async () => {
    await using service = await HoldService.start()
    await using answering = await Answering.start([new HttpResponder('desk', service)])
    await answering.policy({ automatic: 'reversible' })
    await stated(answering)
    await answering.happened(mailStory(1))
    const [incident] = await answering.incidents()
    await answering.settled()
    service.held.clear()
    await answering.response.tick()
    expect(answering.response.book.list()).toHaveLength(1)
    answering.ahead = 2n * MINUTE
    await answering.response.tick()
    await answering.settled()
    expect(answering.response.book.list().map(({ made }) => made.plan.steps.map(({ deed }) => deed))).toEqual([
      [{ kind: 'rung', rung: 'pause' }],
      [{ kind: 'rung', rung: 'soft-quarantine' }],
    ])
    const facts = await answering.cases.show(incident?.id ?? '')
    expect(facts.actions.map(({ state }) => state).toSorted()).toEqual(['confirmed', 'failed'])
  },
  LONG,
)

test(
  'a plan ends by its time, whether the server was there or not',
  async () => {
    await using service = await HoldService.start()
    await using answering = await Answering.start([new HttpResponder('desk', service)])
    await answering.happened(mailStory(1))
    const [incident] = await answering.incidents()
    const { plans } = answering.response
    const { hash } = await plans.make({
      incident: incident?.id ?? '',
      by: 'anna',
      rung: 'soft-quarantine',
      ttlMs: 600_000,
      automatic: 'off',
    })
    await plans.approve(hash, { name: 'ben', roles: ['on-call'] }, 'on-call')
    await plans.apply(hash, 'ben')
    expect(service.held.size).toBe(1)
    answering.ahead = 9n * MINUTE
    await answering.open()
    await answering.response.tick()
    expect(answering.response.book.find(hash)?.outcome.state).toBe('confirmed')
    answering.ahead = 11n * MINUTE
    await answering.response.tick()
    expect(answering.response.book.find(hash)?.outcome.state).toBe('released')
    expect(service.held.size).toBe(0)
    expect(answering.told.at(-1)?.kind).toBe('hold-ended')
  },
  LONG,
)

test(
  'an incident judged again as another type asks about each step by itself; what is justified stays, and the plans stay known',
  async () => {
    await using service = await HoldService.start()
    await using answering = await Answering.start([new HttpResponder('desk', service, { cuts: ['close-channel'] })])
    await answering.happened(mailStory(1))
    const [incident] = await answering.incidents()
    const id = incident?.id ?? ''
    const { plans, book } = answering.response
    await answering.cases.take(id, { do: 'open' }, 'anna')
    // The wrong type first.
    await answering.cases.take(
      id,
      { do: 'classify', type: 'privilege-boundary-escape', reason: 'mails at night' },
      'anna',
    )
    const { hash } = await plans.make({ incident: id, by: 'anna', rung: 'soft-quarantine', automatic: 'off' })
    await plans.approve(hash, { name: 'ben', roles: ['on-call'] }, 'on-call')
    await plans.apply(hash, 'ben')
    await answering.cases.take(
      id,
      { do: 'classify', type: 'reasoning-compromise', reason: 'the report ordered it' },
      'anna',
    )
    const asked = await answering.cases.show(id)
    expect(asked.actions.map(({ settlement }) => settlement)).toEqual(['unsettled', 'unsettled'])
    const [rung, cut] = asked.actions
    const settle = (action: string, how: 'reverted' | 'justified') =>
      answering.cases.take(id, { do: 'settle', action, how, reason: 'as the new type asks' }, 'anna')
    await expect(settle(rung?.id ?? '', 'reverted')).rejects.toThrow('still in effect')
    await settle(cut?.id ?? '', 'justified')
    await plans.release(hash, 'anna', 'another rung is asked for')
    await settle(rung?.id ?? '', 'reverted')
    const settled = await answering.cases.show(id)
    expect(settled.actions.map(({ settlement }) => settlement)).toEqual(['reverted', 'justified'])
    expect(settled.types.map(({ type }) => type)).toEqual(['privilege-boundary-escape', 'reasoning-compromise'])
    expect(book.find(hash)?.history.map(({ deed }) => deed.do)).toContain('releasing')
  },
  LONG,
)

test(
  'whatever was under way when the program died is settled by the next one, and done once',
  async () => {
    await using service = await HoldService.start()
    await using answering = await Answering.start([new HttpResponder('desk', service)])
    await answering.happened(mailStory(1))
    const [incident] = await answering.incidents()
    const id = incident?.id ?? ''
    const { plans } = answering.response
    const { hash } = await plans.make({ incident: id, by: 'anna', rung: 'soft-quarantine', automatic: 'off' })
    await plans.approve(hash, { name: 'ben', roles: ['on-call'] }, 'on-call')
    // As a server leaves it that is killed between the asking and the answer.
    await answering.response.book.write({ hash, incident: id }, { do: 'applying' }, 'ben')
    await answering.response.book.write(
      { hash, incident: id },
      { do: 'step', step: { kind: 'requested', step: 'rung' } },
      undefined,
    )
    service.held.add(`${AGENT} soft-quarantine`)
    await answering.open()
    await answering.response.tick()
    expect(answering.response.book.find(hash)?.outcome).toMatchObject({ state: 'confirmed' })
    expect(service.applied).toBe(0)
  },
  LONG,
)
