import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Body } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { OnlineProxies } from '../online-proxies.ts'
import { ProxyOrders } from '../proxy-orders.ts'

type Ask = Body<'askProxyOrders'>

/** The id that the server gives the agent of {@link asked}. */
export const ASKING = 'k8s:north/ops/triage-agent'
export const START = '7f9c2ba4e88f827d'

/** What an MCP proxy says of itself. */
export function asked(
  known: readonly string[],
  { start = START, ...more }: Partial<Ask> & { readonly start?: string } = {},
): Ask {
  return {
    source: {
      kind: 'mcp-proxy',
      start,
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
    reports: [],
    tries: [],
    waitMs: 0,
    ...more,
  }
}

/** Orders over a log of their own. `restart` puts them together anew from it, with no proxy known; `pass` lets time go by. */
export type Ordering = {
  readonly orders: () => ProxyOrders
  readonly online: () => OnlineProxies
  readonly restart: () => void
  readonly pass: (ms: number) => void
  /** A question of a proxy, as it comes over HTTP. */
  readonly ask: (ask: Ask) => ReturnType<ProxyOrders['ask']>
}

export async function withOrders(look: (ordering: Ordering) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-orders-'))
  let now = 1_790_000_000_000_000_000n
  const clock = (): UnixNano => now as UnixNano // only ever set forward here
  try {
    await using recorder = await Recorder.open({ folder, clock })
    using reader = LogReader.open({ folder })
    const opened = () => {
      const online = new OnlineProxies({ nowMs: () => Number(now / 1_000_000n) })
      return { online, orders: new ProxyOrders({ recorder, reader, online, clock }) }
    }
    let current = opened()
    await look({
      orders: () => current.orders,
      online: () => current.online,
      restart: () => {
        current = opened()
      },
      pass: (ms) => {
        now += BigInt(ms) * 1_000_000n
      },
      ask: (ask) => current.orders.ask(ask, new AbortController().signal),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
