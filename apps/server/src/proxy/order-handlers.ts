import type { Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import { namesAsked } from '../incidents/names-asked.ts'
import type { ViewsClient } from '../views/client.ts'
import type { OnlineProxies } from './online-proxies.ts'
import { PLAN_NAME } from './proxy-responder.ts'
import type { KnownOrder, ProxyOrders } from './proxy-orders.ts'

type Routes =
  | 'askProxyOrders'
  | 'listProxies'
  | 'orderProxies'
  | 'listProxyOrders'
  | 'probeProxyOrder'
  | 'releaseProxyOrder'

/** The routes by which proxies are told what to hold. */
export function proxyOrderHandlers({
  orders,
  online,
  views,
}: {
  readonly orders: ProxyOrders
  readonly online: OnlineProxies
  readonly views: Pick<ViewsClient, 'ask'>
}): Pick<Handlers, Routes> {
  const wire = (id: string) => {
    const known = orders.find(id)
    // The caller has just had it.
    if (known === undefined) throw new Error(`order ${id} was forgotten`)
    return wireOf(known)
  }
  return {
    askProxyOrders: async ({ body, reply }) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      return await orders.ask(body, gone.signal)
    },
    listProxies: async ({ query }) => ({
      items: online
        .list()
        .filter(({ agent, agentName }) => query.agent === undefined || [agent, agentName].includes(query.agent))
        .map(({ known, seen, ...proxy }) => ({ ...proxy, orders: [...known], seen: seen.toString() })),
    }),
    orderProxies: async ({ body, caller }) => wireOf(await orders.order(body, caller.name)),
    listProxyOrders: async ({ query: { agent, incident } }) => {
      const names = await namesAsked(views, incident)
      return { items: orders.list({ agent, incidents: names }).map(wireOf), older: orders.forgotten }
    },
    probeProxyOrder: async ({ params, caller }) => {
      const checks = await orders.probe(params.order, caller.name)
      return { order: wire(params.order), checks: [...checks] }
    },
    releaseProxyOrder: async ({ params, body, caller }) => {
      const obstacle = releaseObstacle(orders.find(params.order))
      if (obstacle !== undefined) throw new HttpError(409, obstacle)
      return wireOf(await orders.release(params.order, caller.name, body.reason))
    },
  }
}

/** Behind the back of its plan a release would look like a hold that leaks, which climbs. */
export function releaseObstacle(known: KnownOrder | undefined): string | undefined {
  if (known === undefined || known.state === 'released' || known.steps[0]?.by !== PLAN_NAME) return undefined
  return `it is a step of a response plan: release that (holdfast incidents release ${known.order.incident})`
}

function wireOf({ order, state, detail, since, endsAt, isExpired, words, steps }: KnownOrder) {
  return {
    ...order,
    state,
    detail,
    since: since.toString(),
    ...(endsAt === undefined ? {} : { endsAt: endsAt.toString() }),
    expired: isExpired,
    proxies: [...words].map(([start, word]) => ({ start, state: word.state, detail: word.detail })),
    steps: steps.map(({ at, ...step }) => ({ ...step, at: at.toString() })),
  }
}
