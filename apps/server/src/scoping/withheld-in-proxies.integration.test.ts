import type { ControlRecord, UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { OnlineProxies } from '../proxy/online-proxies.ts'
import { ProxyOrders } from '../proxy/proxy-orders.ts'
import { asked, ASKING } from '../proxy/testing/asking.ts'
import { officeGroups, withOffice, type Office } from './testing/office.ts'
import { WithheldInProxies } from './withheld-in-proxies.ts'

const ITEM = { kind: 'message', source: 'tool:mail.read', id: 'MSG-2210' } as const
const { signal } = new AbortController()

/** The orders and who passes the quarantine on, put together from the log; `told` has what was begun. */
function opened({ recorder, open, reopened }: Office) {
  const online = new OnlineProxies({ nowMs: () => performance.now() })
  const clock = (): UnixNano => 1_790_000_200_000_000_000n as UnixNano // one fixed instant
  const orders = new ProxyOrders({ recorder, reader: open.reader, online, clock })
  const { quarantine, scopeOf } = reopened()
  const withheld = new WithheldInProxies({ orders, online, quarantine, reader: open.reader, scopeOf })
  const told: Promise<void>[] = []
  quarantine.onChange((record, entry) => told.push(withheld.changed(record, entry)))
  online.onArrival((agent) => told.push(withheld.arrived(agent)))
  return { online, orders, quarantine, withheld, told }
}

test('what is in quarantine is withheld by the proxies of the agents that it reached, until it is released', async () => {
  await withOffice(officeGroups(), async (office) => {
    const { incident } = office
    const { orders, quarantine, told } = opened(office)
    expect((await orders.ask(asked([]), signal)).orders).toEqual([])

    await quarantine.decide({ do: 'quarantine', item: ITEM, incident, reason: 'it carries an order' }, 'ines')
    const [order] = (await orders.ask(asked([], { waitMs: 10_000 }), signal)).orders
    expect(order).toMatchObject({ incident, hold: { kind: 'quarantine-item', id: 'MSG-2210' } })
    const id = order?.order ?? ''
    await orders.ask(asked([id], { reports: [{ order: id, status: 'acknowledged', detail: 'withheld' }] }), signal)
    await Promise.all(told)
    expect(orders.find(id)).toMatchObject({ state: 'acknowledged' })

    await quarantine.decide({ do: 'release', item: ITEM, reason: 'it was a mistake' }, 'ines')
    await orders.ask(asked([id], { waitMs: 10_000 }), signal)
    await orders.ask(asked([], { reports: [{ order: id, status: 'ended', detail: 'released' }] }), signal)
    await Promise.all(told)
    expect(orders.find(id)).toMatchObject({ state: 'released' })
  })
})

test('agents whose proxies do not run are given the order for their start, and none of it outlives the release', async () => {
  await withOffice(officeGroups(), async (office) => {
    const { incident } = office
    const first = opened(office)
    await first.quarantine.decide({ do: 'quarantine', item: ITEM, incident, reason: 'it carries an order' }, 'ines')
    await Promise.all(first.told)
    const given = first.orders.list({ incidents: new Set([incident]) })
    expect(given.length).toBeGreaterThan(1)
    expect((await first.orders.ask(asked([]), signal)).orders).toMatchObject([{ hold: { id: 'MSG-2210' } }])

    // Released by the next start of the server, to which no proxy has come yet.
    const next = opened(office)
    await next.quarantine.decide({ do: 'release', item: ITEM, reason: 'it was a mistake' }, 'ines')
    await Promise.all(next.told)
    expect(next.orders.list({ incidents: new Set([incident]) }).map(({ state }) => state)).toEqual(
      given.map(() => 'released'),
    )
  })
})

test('what was decided as the program ended is ordered and released by the next one, once', async () => {
  await withOffice(officeGroups(), async (office) => {
    const { incident, recorder } = office
    const decided = async (what: 'quarantine' | 'release'): Promise<void> => {
      const record = { do: what, item: ITEM, incident, copies: [], reason: 'it carries an order', by: 'ines' } as const
      await recorder.appendControl({ kind: 'quarantine', ...record } satisfies ControlRecord)
    }
    await decided('quarantine')
    const first = opened(office)
    expect(first.orders.list()).toEqual([])
    await first.withheld.reconcile()
    const given = first.orders.list().length
    expect(given).toBeGreaterThan(1)
    const size = recorder.size
    await opened(office).withheld.reconcile()
    expect(recorder.size).toBe(size)

    await decided('release')
    const last = opened(office)
    // Of a person and not of the quarantine.
    const own = {
      agent: ASKING,
      incident,
      hold: { kind: 'quarantine-item', id: 'MSG-9' },
      ttlMs: 0,
      reason: 'own',
    } as const
    const { order } = await last.orders.order(own, 'ines')
    await last.withheld.reconcile()
    const open = last.orders.list().filter(({ state }) => state !== 'released')
    expect(open.map((one) => one.order.order)).toEqual([order.order])
    expect(last.orders.list()).toHaveLength(given + 1)
  })
})

test('without an incident every agent withholds it that has a proxy, also one that comes later', async () => {
  await withOffice(officeGroups(), async (office) => {
    const { orders, quarantine, told } = opened(office)
    await quarantine.decide({ do: 'quarantine', item: ITEM, reason: 'it carries an order' }, 'ines')
    await Promise.all(told)
    expect(orders.list()).toEqual([])
    await orders.ask(asked([]), signal)
    expect((await orders.ask(asked([], { waitMs: 10_000 }), signal)).orders).toMatchObject([
      { incident: 'quarantine', hold: { kind: 'quarantine-item', id: 'MSG-2210' } },
    ])
    const id = orders.list()[0]?.order.order ?? ''
    await orders.ask(asked([id], { reports: [{ order: id, status: 'acknowledged', detail: 'withheld' }] }), signal)
    await Promise.all(told)
    expect(orders.list()).toMatchObject([{ order: { agent: ASKING }, state: 'acknowledged' }])
  })
})
