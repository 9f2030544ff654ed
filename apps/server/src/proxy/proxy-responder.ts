import type { EffectOutcome, PlanStep, Responder } from '@holdfast/respond'
import { holdOfParts, type HeldPart } from './hold-parts.ts'
import type { OnlineProxies } from './online-proxies.ts'
import { orderIdOf } from './order-id.ts'
import { PROXY_PROVIDER, proxyOffers, serverState } from './proxy-offers.ts'
import type { KnownOrder, ProxyOrders } from './proxy-orders.ts'

/** As who a plan speaks to the proxies; who approved it stands in the plan. */
export const PLAN_NAME = 'response plan'

/** Takes tools, servers, items and channels away from an agent in the proxies that stand before them. */
export function proxyResponder({
  orders,
  online,
}: {
  readonly orders: Pick<ProxyOrders, 'order' | 'probe' | 'release' | 'find'>
  readonly online: Pick<OnlineProxies, 'list'>
}): Responder {
  return {
    name: PROXY_PROVIDER,
    offers: async (scope, decision) => proxyOffers(online.list(), scope, decision),
    plan: async (step) => {
      const part = holdOfParts(step.target.parts ?? [])
      if (part === undefined) return { status: 'impossible', reason: 'the step names no hold of a proxy' }
      const proxies = online.list()
      const isThere = proxies.some(({ agent, server }) => agent === step.agent && server === part.server)
      if (!isThere) return { status: 'impossible', reason: `no proxy of the agent stands before ${part.server} now` }
      return { status: 'possible', state: serverState(proxies, step.agent, part.server), words: wordsOf(part) }
    },
    apply: async (step, key) => {
      const part = holdOfParts(step.target.parts ?? [])
      if (part === undefined) return { status: 'failed', detail: 'the step names no hold of a proxy' }
      const { agent, incident, ttlMs } = step
      const { server, hold } = part
      const request = { agent, incident, server, hold, ttlMs, reason: `step ${step.id}` }
      return outcomeOf(await orders.order(request, PLAN_NAME, orderIdOf(key)))
    },
    probe: async (_, key) => {
      if (orders.find(orderIdOf(key)) === undefined)
        return [{ way: 'order', held: false, detail: 'it was never given' }]
      return await orders.probe(orderIdOf(key), PLAN_NAME)
    },
    revert: (step, key) => reverted(orders, step, orderIdOf(key)),
  }
}

async function reverted(
  orders: Pick<ProxyOrders, 'release' | 'find'>,
  step: PlanStep,
  id: string,
): Promise<EffectOutcome> {
  if (orders.find(id) === undefined) return { status: 'done', detail: 'it was never ordered' }
  const { detail } = await orders.release(id, PLAN_NAME, `step ${step.id} is taken back`)
  return { status: 'done', detail }
}

/** Done only where every proxy that said anything has acknowledged it: one that could not leaves the way open. */
function outcomeOf({ state, words, isExpired }: KnownOrder): EffectOutcome {
  const said = [...words].map(([start, word]) => `proxy ${start}: ${word.detail}`)
  if (state === 'released' || isExpired) return { status: 'failed', detail: 'it was released, or its time is over' }
  const isHeld = words.size > 0 && [...words.values()].every((word) => word.state === 'acknowledged')
  if (isHeld) return { status: 'done', detail: said.join('; ').slice(0, 1_000) }
  const why = words.size === 0 ? 'no proxy has acknowledged it' : said.join('; ')
  return { status: 'failed', detail: why.slice(0, 1_000) }
}

/** What the hold does, for whoever is to approve it. */
function wordsOf({ server, hold }: HeldPart): string {
  switch (hold.kind) {
    case 'withdraw-tool':
      return `calls of ${hold.tool} at ${server} are refused and it is no longer listed`
    case 'quarantine-server':
      return `nothing of ${server} is used: its lists are empty and its calls refused`
    case 'pin-catalogue':
      return `${hold.tools.length} tools of ${server} pass as they are defined now, and no other`
    case 'guard-arguments':
      return `${hold.tool} at ${server} is called with known values of ${hold.argument} alone`
    case 'quarantine-item':
      return `${hold.id ?? hold.digest ?? ''} is replaced by a notice in what ${server} answers`
    case 'close-channel':
      return `${hold.tool ?? hold.resource ?? ''} of ${server} brings nothing any more`
    case 'hold-memory':
      return `${hold.tools.join(', ')} of ${server} are refused: nothing is written to memory`
    case 'freeze-model':
      return 'requests to the model are answered with 503'
  }
}
