import type { Body } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { OnlineProxies } from '../proxy/online-proxies.ts'
import { ProxyOrders } from '../proxy/proxy-orders.ts'
import { officeGroups, withOffice } from './testing/office.ts'
import { WithheldInProxies } from './withheld-in-proxies.ts'

type Ask = Body<'askProxyOrders'>

/** What the MCP proxy of the first agent says of itself. */
function asked(known: readonly string[], reports: Ask['reports'] = []): Ask {
  return {
    source: {
      kind: 'mcp-proxy',
      start: '7f9c2ba4e88f827d',
      attributes: {
        'service.name': 'triage-agent',
        'k8s.cluster.name': 'north',
        'k8s.namespace.name': 'ops',
        'k8s.deployment.name': 'triage-agent',
      },
      pid: '4711',
      target: 'node office-server.ts',
    },
    server: 'office-server',
    known: [...known],
    reports,
    tries: [],
    waitMs: 0,
  }
}

test('what is in quarantine is withheld by the proxies of the agents that it reached, until it is released', async () => {
  await withOffice(officeGroups(), async ({ scoping, incident, recorder, open }) => {
    const online = new OnlineProxies({ nowMs: () => performance.now() })
    const clock = (): UnixNano => 1_790_000_200_000_000_000n as UnixNano // one fixed instant
    const orders = new ProxyOrders({ recorder, reader: open.reader, online, clock })
    const withheld = new WithheldInProxies({ orders, online, scopeOf: scoping.scopeOf })
    const told: Promise<void>[] = []
    scoping.quarantine.onChange((record, entry) => told.push(withheld.changed(record, entry)))
    const { signal } = new AbortController()
    expect((await orders.ask(asked([]), signal)).orders).toEqual([])

    const item = { kind: 'message', source: 'tool:mail.read', id: 'MSG-2210' } as const
    await scoping.quarantine.decide({ do: 'quarantine', item, incident, reason: 'it carries an order' }, 'ines')
    const [order] = (await orders.ask({ ...asked([]), waitMs: 10_000 }, signal)).orders
    expect(order).toMatchObject({ incident, hold: { kind: 'quarantine-item', id: 'MSG-2210' } })
    const id = order?.order ?? ''
    await orders.ask(asked([id], [{ order: id, status: 'acknowledged', detail: 'withheld' }]), signal)
    await Promise.all(told)
    expect(orders.find(id)).toMatchObject({ state: 'acknowledged' })

    await scoping.quarantine.decide({ do: 'release', item, reason: 'it was a mistake' }, 'ines')
    await orders.ask({ ...asked([id]), waitMs: 10_000 }, signal)
    await orders.ask(asked([], [{ order: id, status: 'ended', detail: 'released' }]), signal)
    await Promise.all(told)
    expect(orders.find(id)).toMatchObject({ state: 'released' })
  })
})
