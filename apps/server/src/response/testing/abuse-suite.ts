import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '@holdfast/respond'
import { runSeed, seededRandom } from '../../testing/seeded-random.ts'
import { Answering, mailStory } from './answering.ts'
import { HoldService, HttpResponder, type Nature } from './hold-service.ts'

/** How often each kind is tried: the ordinary suite tries each, the long one more than five hundred together. */
type Counts = {
  readonly approvals: number
  readonly hashes: number
  readonly forged: number
  readonly triggers: number
  readonly connectors: number
}

const ACTOR = 'host:story/desk-1'
/** A machine that has much else to do. */
const LONG = 1_200_000

const ROLES: readonly Role[] = ['analyst', 'on-call', 'service-owner', 'ai-engineering', 'compliance']

/** Forged evidence, mass triggers, forged hashes, approvers without the right, plans out of date, connectors that lie. */
export function testAbuse({ approvals, hashes, forged, triggers, connectors }: Counts): void {
  let service: HoldService
  let answering: Answering
  let incident = ''
  beforeAll(async () => {
    service = await HoldService.start()
    answering = await Answering.start([new HttpResponder('desk', service, { cuts: ['close-channel'] })])
    await answering.happened(mailStory(1))
    incident = (await answering.incidents())[0]?.id ?? ''
  }, LONG)
  afterAll(async () => {
    await answering[Symbol.asyncDispose]()
    await service[Symbol.asyncDispose]()
  })

  async function made(rung?: 'soft-quarantine' | 'kill') {
    return await answering.response.plans.make({ incident, by: 'anna', rung, automatic: 'off' })
  }

  /** The reasons of a refusal; what was not refused fails the test. */
  async function refused(act: Promise<unknown>): Promise<string> {
    const outcome = await act.then(
      () => 'it was allowed',
      (error: unknown) => String(error),
    )
    expect(outcome).not.toBe('it was allowed')
    return outcome
  }

  describe('abuse of the response', () => {
    test(
      `${approvals} approvals by who has not the right, in every wrong way, let nothing happen`,
      async () => {
        const random = seededRandom(runSeed('approvers'))
        const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T // within the list
        const { hash, made: what } = await made()
        const asked = what.plan.approval.kind === 'people' ? what.plan.approval.roles : []
        for (let attempt = 0; attempt < approvals; attempt++) {
          const role = pick(ROLES)
          const mine = ROLES.filter((one) => one !== role || !asked.includes(one)).filter(() => random() < 0.5)
          const approver = { name: `mallory-${attempt}`, roles: mine }
          await refused(answering.response.plans.approve(hash, approver, role))
        }
        expect(await refused(answering.response.plans.apply(hash, 'mallory'))).toContain('has not approved it')
        const kept = answering.response.plans.found(hash)
        // Who tried what is on record, and gave nobody a right.
        expect(kept.history.filter(({ deed }) => deed.do === 'approval-refused')).toHaveLength(approvals)
        expect(kept.approvals).toEqual([])
        expect(service.applied).toBe(0)
      },
      LONG,
    )

    test(
      `${hashes} hashes that are not the plan's apply nothing`,
      async () => {
        const random = seededRandom(runSeed('hashes'))
        const { hash } = await made()
        await answering.response.plans.approve(hash, { name: 'ben', roles: ['on-call', 'ai-engineering'] }, 'on-call')
        for (let attempt = 0; attempt < hashes; attempt++) {
          const at = Math.floor(random() * 64)
          const digit = ((Number.parseInt(hash[at] ?? '0', 16) + 1 + Math.floor(random() * 15)) % 16).toString(16)
          const forged = hash.slice(0, at) + digit + hash.slice(at + 1)
          expect(await refused(answering.response.plans.apply(forged, 'ben'))).toContain('no such plan')
        }
        expect(service.applied).toBe(0)
      },
      LONG,
    )

    test('a plan that is stale, whose target changed, or whose incident was judged again is refused with each reason', async () => {
      const { hash } = await made()
      await answering.response.plans.approve(hash, { name: 'ben', roles: ['on-call'] }, 'on-call')
      answering.ahead = 16n * 60_000_000_000n
      service.version += 1
      const reasons = await refused(answering.response.plans.apply(hash, 'ben'))
      expect(reasons).toContain('the plan is older than 900 s')
      expect(reasons).toContain('has changed since')
      answering.ahead = 0n
      expect(service.applied).toBe(0)
    })

    test('a kill without the whole chain takes two who sign, and one of them twice is one', async () => {
      const { hash, made: what } = await made('kill')
      if (what.basis.completeness >= 1) throw new Error('the story is complete: it tests nothing')
      const asked = what.plan.approval.kind === 'people' ? what.plan.approval.roles : []
      for (const [at, role] of asked.entries())
        await answering.response.plans.approve(hash, { name: `person-${at}`, roles: [role] }, role)
      expect(await refused(answering.response.plans.apply(hash, 'ben'))).toContain('kill waits')
      const eve = { name: 'eve', roles: ['on-call'] as const }
      await answering.response.plans.sign(hash, eve, 'it spreads')
      expect(await refused(answering.response.plans.sign(hash, eve, 'it spreads'))).toContain('two people')
      expect(await refused(answering.response.plans.sign(hash, { name: 'mallory', roles: [] }, 'now'))).toContain(
        'rights',
      )
      expect(await refused(answering.response.plans.apply(hash, 'ben'))).toContain('1 verified signers of 2')
      expect(service.applied).toBe(0)
    })
  })

  test(
    `${forged} incidents forged by agents that tell of themselves hold nobody, whatever the policy lets go`,
    async () => {
      await using lies = await HoldService.start()
      await using alone = await Answering.start([new HttpResponder('desk', lies)])
      await alone.policy({ automatic: 'table', agentsAMinute: 10 })
      for (let attempt = 0; attempt < forged; attempt++) {
        const { service: name } = mailStory(attempt)
        await alone.state(`host:story/${name}`, 'live', 'yes')
        await alone.state(`host:story/${name}`, 'harm-reversible', 'no')
        await alone.happened(mailStory(attempt), 'self-reported')
      }
      await alone.incidents(forged)
      await alone.settled()
      expect(lies.applied).toBe(0)
      for (const { made: what, appliedAt } of alone.response.book.list()) {
        expect(what.plan.approval.kind).toBe('people')
        expect(appliedAt).toBeUndefined()
      }
    },
    LONG,
  )

  test(
    `a mass trigger over ${triggers} agents holds no more of them in a minute than the policy lets, and asks people for the rest`,
    async () => {
      await using desk = await HoldService.start()
      await using fleet = await Answering.start([new HttpResponder('desk', desk)])
      await fleet.policy({ automatic: 'reversible', agentsAMinute: 3 })
      // One instant for all: none of the minutes between them is over.
      for (let attempt = 0; attempt < triggers; attempt++) {
        const { service: name } = mailStory(attempt)
        await fleet.state(`host:story/${name}`, 'live', 'yes')
        await fleet.state(`host:story/${name}`, 'harm-reversible', 'no')
      }
      const from = fleet.clock()
      fleet.freeze(from)
      await Promise.all(Array.from({ length: triggers }, (_, attempt) => fleet.happened(mailStory(attempt))))
      await fleet.incidents(triggers)
      await fleet.settled()
      expect(desk.everHeld.size).toBe(3)
      const refusals = fleet.response.book
        .list()
        .filter(({ history }) => history.some(({ deed }) => deed.do === 'apply-refused'))
      expect(refusals).toHaveLength(triggers - 3)
      expect(fleet.told.filter(({ kind }) => kind === 'approval-asked')).toHaveLength(triggers - 3)
    },
    LONG,
  )

  test(
    `${connectors} connectors that lie, fail by half, refuse, break or never answer are never called confirmed, and hold no innocent`,
    async () => {
      const random = seededRandom(runSeed('connectors'))
      const natures: readonly Nature[] = ['honest', 'honest', 'lies', 'half', 'refuses', 'breaks', 'hangs']
      await using sensor = await HoldService.start()
      await using cloud = await HoldService.start()
      await using tried = await Answering.start([
        new HttpResponder('sensor', sensor),
        new HttpResponder('cloud', cloud, { cuts: ['close-channel'] }),
      ])
      await tried.happened(mailStory(1))
      await tried.happened(mailStory(2, { mail: { to: 'bob@example.test', subject: 'hello' }, document: 'Nothing.' }))
      const [first] = await tried.incidents()
      // Long enough for whoever answers, and not for who never does.
      tried.actMs = 2_000
      await tried.open()
      for (let attempt = 0; attempt < connectors; attempt++) {
        for (const each of [sensor, cloud]) each.nature = natures[Math.floor(random() * natures.length)] ?? 'lies'
        const { plans } = tried.response
        // Ten agents a minute are held at most: these are tries of one, minutes apart.
        tried.ahead += 61_000_000_000n
        const plan = await plans.make({
          incident: first?.id ?? '',
          by: 'anna',
          rung: 'soft-quarantine',
          automatic: 'off',
        })
        const asked = plan.made.plan.approval.kind === 'people' ? plan.made.plan.approval.roles : []
        for (const role of asked) await plans.approve(plan.hash, { name: `ben ${role}`, roles: [role] }, role)
        const { outcome, made: what } = await plans.apply(plan.hash, 'ben')
        for (const [at, { state }] of outcome.steps.entries()) {
          const { deed, target, provider } = what.plan.steps[at] ?? what.plan.steps[0]!
          const key = `${target.name} ${deed.kind === 'rung' ? deed.rung : deed.cut}`
          const { held, nature } = provider === 'sensor' ? sensor : cloud
          if (state === 'confirmed') expect(held.has(key)).toBe(true)
          // What failed by half is taken back.
          if (nature === 'half' || nature === 'refuses') expect(state).toBe('failed')
          if (nature === 'half') expect(held.has(key)).toBe(false)
        }
        const isHonest = sensor.nature === 'honest' && cloud.nature === 'honest'
        expect(outcome.state === 'confirmed').toBe(isHonest)
        for (const one of [sensor, cloud]) one.nature = 'honest'
        if (tried.response.book.standing().length > 0)
          await plans.release(plan.hash, 'ben', { reason: 'the next try' }).catch(() => undefined)
      }
      expect([...sensor.everHeld, ...cloud.everHeld].filter((agent) => agent !== ACTOR)).toEqual([])
    },
    LONG,
  )
}
