import type { AgentId, QuarantinedItem, QuarantineRecord } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import type { OnlineProxies } from '../proxy/online-proxies.ts'
import { orderIdOf } from '../proxy/order-id.ts'
import type { KnownOrder, ProxyOrders } from '../proxy/proxy-orders.ts'
import { oneByOne } from '../turns.ts'
import { WITHHELD_ORDERS } from './limits.ts'
import type { Quarantine } from './quarantine.ts'
import type { ScopeOf } from './response-scope.ts'

export type WithheldSources = {
  readonly orders: Pick<ProxyOrders, 'order' | 'release' | 'find' | 'list'>
  readonly online: Pick<OnlineProxies, 'list'>
  readonly quarantine: Pick<Quarantine, 'inForce'>
  readonly reader: Pick<LogReader, 'controls'>
  readonly scopeOf: ScopeOf
}

/**
 * Passes the quarantine on to proxies: those of the agents of its incident, whether they run or will, or of every agent that has one.
 * A proxy knows an item by its id or its text; of one version, where others stay, by its text alone.
 */
export class WithheldInProxies {
  readonly #sources: WithheldSources
  /** One change after the other, so that a release never comes before its order. */
  readonly #inTurn = oneByOne()

  constructor(sources: WithheldSources) {
    this.#sources = sources
  }

  /** Resolves once the proxies that run have answered. Doing it again does nothing twice. `entry`: where it was put in quarantine. */
  changed(record: QuarantineRecord, entry: number): Promise<void> {
    return this.#inTurn(() =>
      record.do === 'release' ? this.#release([entry], record) : this.#withhold(record, entry),
    )
  }

  /** To be called after a start: the program may have ended between what was decided and the orders. */
  reconcile(): Promise<void> {
    const { quarantine, reader } = this.#sources
    return this.#inTurn(async () => {
      const put = [...reader.controls('quarantine')].flatMap(({ record, index }) =>
        record.do === 'quarantine' ? [index] : [],
      )
      const kept = quarantine.inForce()
      const gone = new Set(put).difference(new Set(kept.map(({ entry }) => entry)))
      await this.#release([...gone], { by: 'quarantine', reason: 'it is in quarantine no longer' })
      await settleAll(kept.map((one) => () => this.#withhold(one, one.entry)))
    })
  }

  /** A proxy of an agent has come: what is in quarantine without an incident is withheld from that agent as well. */
  arrived(agent: AgentId): Promise<void> {
    return this.#inTurn(() => {
      const kept = this.#sources.quarantine.inForce().filter(({ incident }) => incident === undefined)
      return settleAll(kept.map((one) => () => this.#order(one, { entry: one.entry, agent, digest: undefined })))
    })
  }

  /** Whatever the incident reaches by now, and whoever runs: each order that was given for the entries. */
  async #release(entries: readonly number[], { by, reason }: Pick<QuarantineRecord, 'by' | 'reason'>): Promise<void> {
    const given = this.#inForce().filter(({ order }) =>
      entries.some((entry) => orderId(entry, order.agent) === order.order),
    )
    await settleAll(
      given.map(
        ({ order }) =>
          () =>
            this.#sources.orders.release(order.order, by, reason),
      ),
    )
  }

  async #withhold(record: QuarantineRecord, entry: number): Promise<void> {
    const { item, incident } = record
    const reached = incident === undefined ? undefined : await this.#sources.scopeOf(incident)
    const running = new Set(this.#sources.online.list().map(({ agent }) => agent))
    const known = reached?.agents.map(({ id }) => id) ?? []
    // Those that run come first: what is beyond the bound is then what nothing asks for now.
    const agents = known.length === 0 ? running : running.intersection(new Set(known)).union(new Set(known))
    const digest = reached?.items.find((one) => isSame(one, item))?.digest
    await settleAll([...agents].map((agent) => () => this.#order(record, { entry, agent, digest })))
  }

  async #order(
    { item, incident, reason, by }: QuarantineRecord,
    { entry, agent, digest }: { readonly entry: number; readonly agent: AgentId; readonly digest: string | undefined },
  ): Promise<void> {
    const hold = holdOf(item, digest)
    const id = orderId(entry, agent)
    // What a person released of it by hand stays released.
    if (hold === undefined || this.#sources.orders.find(id) !== undefined) return
    if (this.#inForce().length >= WITHHELD_ORDERS)
      throw new HttpError(409, `${WITHHELD_ORDERS} orders withhold items: the others are for responses`)
    const asked = { agent, incident: incident ?? 'quarantine', hold, ttlMs: 0, reason }
    await this.#sources.orders.order(asked, by, id)
  }

  #inForce(): readonly KnownOrder[] {
    const { orders } = this.#sources
    return orders
      .list()
      .filter(
        ({ order, state, isExpired }) => order.hold.kind === 'quarantine-item' && state !== 'released' && !isExpired,
      )
  }
}

/** One after the other, whatever becomes of the one before; throws the first fault at the end. */
async function settleAll(acts: readonly (() => Promise<unknown>)[]): Promise<void> {
  const faults: unknown[] = []
  for (const act of acts) await act().catch((fault: unknown) => faults.push(fault))
  if (faults.length > 0) throw faults[0]
}

type Hold = { readonly kind: 'quarantine-item'; readonly id?: string; readonly digest?: string }

function holdOf({ kind, id, version, digest }: QuarantinedItem, known: string | undefined): Hold | undefined {
  // A tool's description is withheld by its definition: the roster and its pins do that.
  if (kind === 'tool-description') return undefined
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
