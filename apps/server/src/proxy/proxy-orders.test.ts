import type { AgentId, ControlRecord, ProxyOrderRecord, UnixNano } from '@holdfast/model'
import { planHash, settle, type PlanStep, type ResponsePlan, type StepRecord } from '@holdfast/respond'
import { expect, test, vi } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { partsOf } from './hold-parts.ts'
import { ORDERS_KEPT } from './limits.ts'
import { OnlineProxies } from './online-proxies.ts'
import { releaseObstacle } from './order-handlers.ts'
import { ProxyOrders, type ProxyOrderSources } from './proxy-orders.ts'
import { PLAN_NAME, proxyResponder } from './proxy-responder.ts'
import { asked, ASKING, START, withOrders, type Ordering } from './testing/asking.ts'

const HOLD = { kind: 'withdraw-tool', tool: 'mail.send' } as const
const STEP: PlanStep = {
  id: 'withdraw',
  incident: 'inc-1',
  provider: 'proxy',
  agent: ASKING,
  target: {
    kind: 'tool',
    name: 'mail.send of office-server',
    parts: partsOf({ server: 'office-server', hold: HOLD }),
    state: 's',
  },
  deed: { kind: 'rung', rung: 'restrict' },
  isReversible: true,
  ttlMs: 3_600_000,
}
const PLAN: ResponsePlan = {
  incident: 'inc-1',
  type: 'privilege-boundary-escape',
  judgedAt: 40,
  row: 7,
  steps: [STEP],
  approval: { kind: 'people', roles: ['on-call'] },
  people: 1,
  duties: [],
  tier: 'provider',
  requestedBy: 'anna',
  plannedAt: 1_000n as UnixNano, // any time
  validMs: 600_000,
}
const KEY = `${planHash(PLAN)}/${STEP.id}`

/** Orders the hold, which the one proxy that runs acknowledges. */
async function held({ orders, ask }: Ordering): Promise<string> {
  await ask(asked([]))
  const ordered = orders().order(
    { agent: ASKING, incident: 'inc-1', hold: HOLD, ttlMs: 3_600_000, reason: 'test' },
    'ines',
  )
  const [given] = (await ask(asked([], { waitMs: 30_000 }))).orders
  const id = given?.order ?? ''
  await ask(asked([id], { reports: [{ order: id, status: 'acknowledged', detail: 'it holds' }] }))
  expect(await ordered).toMatchObject({ state: 'acknowledged' })
  return id
}

/** Answers what the proxy is asked to try, once it is. */
async function answered({ ask }: Ordering, id: string, check: { readonly held: boolean; readonly untried?: true }) {
  const { probes } = await ask(asked([id], { waitMs: 30_000 }))
  const tries = probes.map(({ probe }) => ({ probe, checks: [{ way: 'a call', detail: 'tried', ...check }] }))
  await ask(asked([id], { tries }))
}

test('after a restart nothing can be tried until a proxy has asked, which is no leak and is not on record', async () => {
  await withOrders(async (ordering) => {
    const id = await held(ordering)
    ordering.restart()
    const steps = ordering.orders().find(id)?.steps.length
    await expect(ordering.orders().probe(id, 'ines')).rejects.toThrow('not tried: no proxy that it concerns runs now')
    expect(ordering.orders().find(id)).toMatchObject({ state: 'acknowledged' })
    expect(ordering.orders().find(id)?.steps).toHaveLength(steps ?? -1)
    await ordering.ask(asked([id]))
    const probed = ordering.orders().probe(id, 'ines')
    await answered(ordering, id, { held: true })
    expect((await probed).every((check) => check.held)).toBe(true)
    expect(ordering.orders().find(id)).toMatchObject({ state: 'probed' })
  })
})

test('what a proxy could not try refutes nothing, and what it let pass does', async () => {
  await withOrders(async (ordering) => {
    const id = await held(ordering)
    const untried = ordering.orders().probe(id, 'ines')
    const refused = expect(untried).rejects.toThrow('not tried: tried')
    await answered(ordering, id, { held: false, untried: true })
    await refused
    const leaking = ordering.orders().probe(id, 'ines')
    await answered(ordering, id, { held: false })
    expect((await leaking).filter((check) => !check.held)).toHaveLength(1)
    expect(ordering.orders().find(id)).toMatchObject({
      state: 'acknowledged',
      detail: expect.stringContaining('not held'),
    })
  })
})

test('what a response plan ordered is released by its plan, and what a person ordered by anybody', async () => {
  await withOrders(async (ordering) => {
    const request = { agent: ASKING, incident: 'inc-1', hold: HOLD, ttlMs: 3_600_000, reason: 'test' } as const
    const planned = await ordering.orders().order(request, PLAN_NAME, 'of-a-plan')
    expect(releaseObstacle(planned)).toContain('holdfast incidents release inc-1')
    await ordering.orders().release('of-a-plan', PLAN_NAME, 'taken back')
    expect(releaseObstacle(ordering.orders().find('of-a-plan'))).toBeUndefined()
    const own = await ordering.orders().order(request, 'ines', 'of-ines')
    expect(releaseObstacle(own)).toBeUndefined()
    expect(releaseObstacle(undefined)).toBeUndefined()
  })
})

test('an order that its proxy refused is not acknowledged because a try of it gets through', async () => {
  await withOrders(async (ordering) => {
    const { ask, orders } = ordering
    await ask(asked([]))
    const request = { agent: ASKING, incident: 'inc-1', hold: HOLD, ttlMs: 3_600_000, reason: 'test' } as const
    const ordered = orders().order(request, 'ines')
    const id = (await ask(asked([], { waitMs: 30_000 }))).orders[0]?.order ?? ''
    await ask(asked([id], { reports: [{ order: id, status: 'refused', detail: 'it cannot' }] }))
    expect(await ordered).toMatchObject({ state: 'refused' })
    const probed = orders().probe(id, 'ines')
    await answered(ordering, id, { held: false })
    expect((await probed).some(({ held: isHeld }) => isHeld)).toBe(false)
    expect(orders().find(id)).toMatchObject({ state: 'refused', detail: expect.stringContaining('not held') })
  })
})

test('a proxy that does not answer has found nothing', async () => {
  const online = new OnlineProxies({ nowMs: () => 0 })
  online.note(asked([]), 0n as UnixNano) // any time
  expect(await online.tryOrder(START, 'o-1', 1)).toBeUndefined()
  expect(await online.tryOrder('0'.repeat(16), 'o-1', 1)).toBeUndefined()
})

test('an order that is released while it is tried stays released', async () => {
  await withOrders(async (ordering) => {
    const id = await held(ordering)
    const probed = ordering.orders().probe(id, 'ines')
    const released = ordering.orders().release(id, 'ines', 'over')
    await vi.waitFor(() => expect(ordering.orders().find(id)?.state).toBe('released'), { timeout: 60_000 })
    await answered(ordering, id, { held: false })
    await ordering.ask(asked([]))
    await released
    expect(await probed).toMatchObject([{ detail: 'it is in force no longer' }])
    expect(ordering.orders().find(id)).toMatchObject({ state: 'released' })
    ordering.restart()
    expect(ordering.orders().find(id)).toMatchObject({ state: 'released' })
  })
})

test('a step that was asked for when the program ended stays unknown until a proxy answers, and its order stays', async () => {
  await withOrders(async (ordering) => {
    const responder = () => proxyResponder({ orders: ordering.orders(), online: ordering.online() })
    await ordering.ask(asked([]))
    const applied = responder().apply(STEP, KEY)
    const [given] = (await ordering.ask(asked([], { waitMs: 30_000 }))).orders
    const id = given?.order ?? ''
    await ordering.ask(asked([id], { reports: [{ order: id, status: 'acknowledged', detail: 'it holds' }] }))
    await applied
    ordering.restart()
    const records: StepRecord[] = [{ kind: 'requested', step: STEP.id, at: 1_001n as UnixNano }] // after the plan was made
    const settled = () =>
      settle(
        {
          plan: PLAN,
          providers: new Map([['proxy', responder()]]),
          record: async (record) => void records.push(record),
          now: () => 1_002n as UnixNano,
        },
        [...records],
      )
    await settled()
    expect(records).toHaveLength(1)
    expect(ordering.orders().find(id)).toMatchObject({ state: 'acknowledged' })
    await ordering.ask(asked([id]))
    const again = settled()
    await answered(ordering, id, { held: true })
    await again
    expect(records.map(({ kind }) => kind)).toEqual(['requested', 'answered', 'probed'])
    expect(records[1]).toMatchObject({ outcome: { status: 'done' } })
  })
})

test('the end that one proxy tells ends it for no other, and that proxy is given it again until its time is over', async () => {
  await withOrders(async (ordering) => {
    const id = await held(ordering)
    const second = '0123456789abcdef'
    await ordering.ask(asked([], { start: second }))
    const ended = { order: id, status: 'ended', detail: 'its time limit is over' } as const
    const given = await ordering.ask(asked([], { start: second, reports: [ended] }))
    expect(given.orders).toMatchObject([{ order: id, remainingMs: 3_600_000 }])
    const state = () => ordering.orders().find(id)
    expect(state()).toMatchObject({ state: 'acknowledged', isExpired: false })
    expect(state()?.words.get(second)).toMatchObject({ state: 'ended' })
    expect((await ordering.ask(asked([]))).orders).toHaveLength(1)
    ordering.restart()
    expect(state()?.words.get(second)).toMatchObject({ state: 'ended' })
    const again = { order: id, status: 'acknowledged', detail: 'it holds' } as const
    await ordering.ask(asked([id], { start: second, reports: [again] }))
    expect(state()?.words.get(second)).toMatchObject({ state: 'acknowledged' })
    ordering.pass(3_600_000)
    expect((await ordering.ask(asked([], { start: second, reports: [ended] }))).orders).toEqual([])
    expect(state()).toMatchObject({ state: 'released' })
  })
})

test('an order that is in force is never forgotten, however many come and end after it, and what is dropped is counted', () => {
  const record = (order: string, more: Partial<ProxyOrderRecord> = {}): ControlRecord => ({
    kind: 'proxy-order',
    order,
    incident: 'inc-1',
    agent: ASKING as AgentId, // as the server makes it
    agentName: 'triage-agent',
    hold: HOLD,
    ttlMs: 0,
    state: 'ordered',
    by: 'ines',
    detail: '',
    ...more,
  })
  const over = Array.from({ length: ORDERS_KEPT + 4 }, (_, each) => record(`over-${each}`, { state: 'released' }))
  const log = new RecordedControls([record('held'), record('limited', { ttlMs: 60_000 }), ...over])
  const online = new OnlineProxies({ nowMs: () => 0 })
  const sources = { recorder: {}, reader: log, online, clock: () => 0n }
  const orders = new ProxyOrders(sources as unknown as ProxyOrderSources) // no other part is used
  expect([orders.find('held')?.state, orders.find('limited')?.state]).toEqual(['ordered', 'ordered'])
  expect([orders.list().length, orders.forgotten, orders.find('over-5')]).toEqual([ORDERS_KEPT, 6, undefined])
})
