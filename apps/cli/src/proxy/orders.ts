import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createClient } from '@holdfast/api'
import {
  isPattern,
  OrderBook,
  OrderFollower,
  systemClock,
  tryHold,
  type ProxySource,
  type TriedPath,
} from '@holdfast/proxy'
import type { CliContext } from '../context.ts'
import { PROXY_ADMISSION_MS, PROXY_ORDERS_MS } from '../limits.ts'
import { findServer } from '../server/find-server.ts'
import type { ProxyFlags } from './flags.ts'

/** What a proxy is told to hold: as a server says, and as it said last while none answers. */
export type Orders = AsyncDisposable & {
  readonly inForce: OrderBook['inForce']
  /** What the proxy knows of its server is another now. */
  readonly changed: () => void
}

export type OrdersOptions = {
  readonly flags: ProxyFlags
  readonly source: ProxySource
  /** Beside what waits for the server: `orders` is made in it. */
  readonly spool: string
  /** As the MCP server names itself and lists its tools, so far. */
  readonly server: () => {
    readonly server?: string
    readonly catalogue?: {
      readonly digest: string
      readonly isWhole: boolean
      readonly tools: readonly { readonly name: string; readonly definition: string }[]
    }
  }
  /** Where messages that are made up are tried; undefined until the proxy passes any. */
  readonly path: () => TriedPath | undefined
}

/** Resolves once the orders of a server are known, or those of the last time where none answers in time. */
export async function openOrders(context: CliContext, options: OrdersOptions): Promise<Orders> {
  const { flags, source, spool, server, path } = options
  const book = new OrderBook({
    file: join(spool, 'orders', `${source.kind}.${nameOf(source)}.json`),
    clock: systemClock(),
    isOurs: (hold) => {
      const isOfModel = hold.kind === 'freeze-model'
      if (isOfModel !== (source.kind === 'llm-proxy')) return `no ${source.kind} can carry out ${hold.kind}`
      if (hold.kind !== 'guard-arguments' || hold.pattern === undefined || isPattern(hold.pattern)) return undefined
      return 'its pattern is not one of RE2'
    },
  })
  const follower = new OrderFollower({
    book,
    ask: async (ask, signal) => {
      const { http, token } = findServer({ env: context.env, cwd: context.cwd, data: flags.data })
      const client = createClient({
        baseUrl: http,
        fetch: (url, init) => fetch(url, init),
        ...(token === undefined ? {} : { token }),
      })
      const { run, ...known } = source
      const { catalogue, ...named } = server()
      return await client.call('askProxyOrders', {
        params: { kind: source.kind },
        body: {
          ...ask,
          ...named,
          ...(catalogue === undefined ? {} : { catalogue }),
          source: { ...known, attributes: { ...known.attributes }, ...(run === undefined ? {} : { run }) },
          known: [...ask.known],
          reports: [...ask.reports],
          tries: ask.tries.map(({ probe, checks }) => ({ probe, checks: [...checks] })),
        },
        signal: AbortSignal.any([signal, AbortSignal.timeout(ask.waitMs + PROXY_ORDERS_MS)]),
      })
    },
    tryOrder: async (id) => {
      const order = book.inForce().find(({ order: known }) => known === id)
      const tried = path()
      if (order === undefined) return [{ way: 'order', held: false, detail: 'the proxy does not have it' }]
      if (tried === undefined)
        return [{ way: 'order', held: false, untried: true, detail: 'the proxy passes nothing yet' }]
      return await tryHold(order, tried)
    },
  })
  await follower.ready(PROXY_ADMISSION_MS)
  return {
    inForce: book.inForce,
    changed: () => follower.changed(),
    [Symbol.asyncDispose]: () => follower[Symbol.asyncDispose](),
  }
}

/** The same for the same agent before the same server, however often it starts. */
function nameOf({ attributes, target }: ProxySource): string {
  const known = JSON.stringify([Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)), target])
  return createHash('sha256').update(known).digest('hex').slice(0, 16)
}
