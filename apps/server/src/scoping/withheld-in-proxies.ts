import type { AgentId, QuarantinedItem, QuarantineRecord } from '@holdfast/model'
import type { OnlineProxies } from '../proxy/online-proxies.ts'
import { orderIdOf } from '../proxy/order-id.ts'
import type { ProxyOrders } from '../proxy/proxy-orders.ts'
import type { ScopeOf } from './response-scope.ts'

export type WithheldSources = {
  readonly orders: Pick<ProxyOrders, 'order' | 'release' | 'find'>
  readonly online: Pick<OnlineProxies, 'list'>
  readonly scopeOf: ScopeOf
}

/**
 * Passes the quarantine on to proxies: those of the agents of its incident, or of every agent that has one running now. A proxy knows
 * an item by its id or its text; of one version, where others stay, by its text alone.
 */
export class WithheldInProxies {
  readonly #sources: WithheldSources
  /** One change after the other, so that a release never comes before its order. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(sources: WithheldSources) {
    this.#sources = sources
  }

  /** Resolves once the proxies that run have answered. Doing it again does nothing twice. `entry`: where it was put in quarantine. */
  changed(record: QuarantineRecord, entry: number): Promise<void> {
    const done = this.#turn.then(() => this.#changed(record, entry))
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #changed({ do: what, item, incident, reason, by }: QuarantineRecord, entry: number): Promise<void> {
    // A tool's description is withheld by its definition: the roster and its pins do that.
    if (item.kind === 'tool-description') return
    const { orders } = this.#sources
    const reached = incident === undefined ? undefined : await this.#sources.scopeOf(incident)
    const running = new Set(this.#sources.online.list().map(({ agent }) => agent))
    const known = reached?.agents.map(({ id }) => id) ?? []
    const agents = [...new Set(known.length === 0 || what === 'release' ? [...known, ...running] : known)]
    const hold = holdOf(item, reached?.items.find((one) => isSame(one, item))?.digest)
    for (const agent of agents) {
      const order = orderId(entry, agent)
      if (what === 'release') {
        if (orders.find(order) !== undefined) await orders.release(order, by, reason)
      } else if (running.has(agent) && hold !== undefined) {
        const asked = { agent, incident: incident ?? 'quarantine', hold, ttlMs: 0, reason }
        await orders.order(asked, by, order)
      }
    }
  }
}

type Hold = { readonly kind: 'quarantine-item'; readonly id?: string; readonly digest?: string }

function holdOf({ id, version, digest }: QuarantinedItem, known: string | undefined): Hold | undefined {
  const text = digest ?? known
  if (version === undefined) return { kind: 'quarantine-item', id, ...(text === undefined ? {} : { digest: text }) }
  return text === undefined ? undefined : { kind: 'quarantine-item', digest: text }
}

function isSame(
  one: Pick<QuarantinedItem, 'kind' | 'source' | 'id' | 'version'>,
  { kind, source, id, version }: QuarantinedItem,
): boolean {
  return (
    one.kind === kind && one.source === source && one.id === id && (version === undefined || one.version === version)
  )
}

/** One for each act and agent: what was released is ordered anew under another id. */
function orderId(entry: number, agent: AgentId): string {
  return orderIdOf(`quarantine ${entry} ${agent}`)
}
