import { randomUUID } from 'node:crypto'
import type { Answer, Body } from '@holdfast/api'
import { parseAgentId, type AgentId, type ProxyOrder, type ProxyOrderRecord, type UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import { ORDERS_IN_FORCE, ORDERS_KEPT, ORDER_STEPS_KEPT, PROXY_ANSWER_MS, PROXY_PROBE_MS } from './limits.ts'
import type { HoldCheck, OnlineProxies, OnlineProxy } from './online-proxies.ts'
import { reachedUpstream } from './reached-upstream.ts'

export type ProxyOrderSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'control' | 'controls' | 'withTerm' | 'size'>
  readonly online: OnlineProxies
  readonly clock: () => UnixNano
}

/** Word of one proxy about an order. `at` and `position`: when it said so, and where the log has that. */
type Word = {
  readonly state: 'acknowledged' | 'refused' | 'ended'
  readonly detail: string
  readonly at: UnixNano
  readonly position: number
}

/** An order as its last step left it. */
export type KnownOrder = {
  readonly order: ProxyOrder
  readonly state: Exclude<ProxyOrderRecord['state'], 'ended'>
  readonly detail: string
  readonly since: UnixNano
  readonly endsAt: UnixNano | undefined
  readonly isExpired: boolean
  readonly words: ReadonlyMap<string, Word>
  readonly steps: readonly (Pick<ProxyOrderRecord, 'state' | 'by' | 'detail'> & { readonly at: UnixNano })[]
}

type Kept = Omit<KnownOrder, 'endsAt' | 'isExpired'>

type OrdersAsked = {
  readonly agent?: string | undefined
  /** All names of the one incident that is asked for. */
  readonly incidents?: ReadonlySet<string> | undefined
}

/** Tells proxies what to hold. Each step is on record before anybody is told of it (FC3); state is put together from the log. */
export class ProxyOrders {
  readonly #sources: ProxyOrderSources
  readonly #kept = new Map<string, Kept>()
  #forgotten = 0

  constructor(sources: ProxyOrderSources) {
    this.#sources = sources
    for (const { record, recordedAt, index } of sources.reader.controls('proxy-order')) {
      const { kind: _, ...step } = record
      this.#keep(step, { at: recordedAt, position: index })
    }
  }

  /** The newest first. */
  list({ agent, incidents }: OrdersAsked = {}) {
    const all = [...this.#kept.values()].toReversed().map((kept) => this.#known(kept))
    return all.filter(
      ({ order }) =>
        (agent === undefined || order.agent === agent || order.agentName === agent) &&
        (incidents?.has(order.incident) ?? true),
    )
  }

  /** Orders that memory holds no more, all of them over; the log has them. */
  get forgotten(): number {
    return this.#forgotten
  }

  find(id: string): KnownOrder | undefined {
    const kept = this.#kept.get(id)
    return kept === undefined ? undefined : this.#known(kept)
  }

  /** One round of a proxy: takes its word, and answers once something is new for it. */
  async ask(asked: Body<'askProxyOrders'>, signal: AbortSignal): Promise<Answer<'askProxyOrders'>> {
    const { online, clock } = this.#sources
    for (const report of asked.reports) await this.#takeReport(report, asked.source.start)
    const proxy = online.note(asked, clock())
    const isNews = (): boolean => online.hasProbes(proxy.start) || !isSameSet(this.#wantedIds(proxy), asked.known)
    if (!isNews() && asked.waitMs > 0) await online.waitFor(proxy.start, asked.waitMs, signal)
    // Probes stay for the next question where nobody hears this answer.
    return { orders: this.#wanted(proxy), probes: signal.aborted ? [] : online.takeProbes(proxy.start) }
  }

  /** Orders a hold, or finds it ordered already, and waits until the proxies that run have answered. */
  async order(request: Body<'orderProxies'>, by: string, id: string = randomUUID()): Promise<KnownOrder> {
    const known = this.find(id)
    if (known !== undefined) return known
    const { agent, agentName } = this.#agentOf(request.agent)
    if (this.#inForce().length >= ORDERS_IN_FORCE)
      throw new HttpError(409, `${ORDERS_IN_FORCE} orders are in force: release some first`)
    const { incident, server, hold, ttlMs, reason } = request
    const order: ProxyOrder = {
      order: id,
      incident,
      agent,
      agentName,
      ...(server === undefined ? {} : { server }),
      hold: definedOnly(hold),
      ttlMs,
    }
    await this.#write({ ...order, state: 'ordered', by, detail: reason })
    const { online } = this.#sources
    online.wakeAll()
    const isAnswered = (): boolean =>
      this.#proxiesOf(order).every(({ start }) => this.#kept.get(id)?.words.has(start) === true)
    await online.until(isAnswered, PROXY_ANSWER_MS)
    return this.#mustFind(id)
  }

  /**
   * Tries it in every proxy that it concerns, and looks at what was recorded since. What was found is on record. Throws 409 where
   * nothing got through and not all of it could be tried: after a start no proxy has asked yet, and that is no leak.
   */
  async probe(id: string, by: string): Promise<readonly HoldCheck[]> {
    const { order, state, isExpired } = this.#mustFind(id)
    if (state === 'released' || isExpired) return OVER
    const proxies = this.#proxiesOf(order)
    const tries = await Promise.all(
      proxies.map(async ({ start, server, target }) => {
        const checks = (await this.#sources.online.tryOrder(start, id, PROXY_PROBE_MS)) ?? []
        if (checks.length === 0) return [untried(`proxy ${start} did not answer`)]
        return checks.map(({ way, ...rest }) => ({ way: `${way} at ${server ?? target}`.slice(0, 300), ...rest }))
      }),
    )
    // It may have been released meanwhile, and then the proxies were right to let it pass.
    const { words, state: now } = this.#mustFind(id)
    if (now === 'released') return OVER
    const all = [
      ...tries.flat(),
      ...(proxies.length === 0 ? [untried('no proxy that it concerns runs now')] : []),
      ...reachedUpstream(this.#sources.reader, order, words),
    ]
    const checks = all.filter((check) => check.untried !== true)
    const through = checks.filter(({ held }) => !held).map(({ way, detail }) => `${way}: ${detail}`)
    const open = all.filter((check) => check.untried === true).map(({ detail }) => detail)
    if (through.length === 0 && open.length > 0) throw new HttpError(409, `not tried: ${open.join('; ').slice(0, 500)}`)
    const detail = through.length === 0 ? `${checks.length} tries found it held` : `not held: ${through.join('; ')}`
    const left = through.length === 0 ? 'probed' : saidOf(words)
    await this.#write({ ...order, state: left, by, detail: detail.slice(0, 1_000) })
    return checks
  }

  async release(id: string, by: string, reason: string): Promise<KnownOrder> {
    const { order, state } = this.#mustFind(id)
    if (state === 'released') return this.#mustFind(id)
    await this.#write({ ...order, state: 'released', by, detail: reason })
    const { online } = this.#sources
    online.wakeAll()
    const isGone = (): boolean => !online.list().some(({ known }) => known.includes(id))
    await online.until(isGone, PROXY_ANSWER_MS)
    return this.#mustFind(id)
  }

  async #takeReport({ order: id, status, detail }: Body<'askProxyOrders'>['reports'][number], start: string) {
    const kept = this.#kept.get(id)
    // Of an order that nobody gave, or said before: a question may come twice.
    if (kept === undefined || kept.words.get(start)?.state === status) return
    const { order, state } = kept
    if (status === 'ended' && state === 'released') return
    // A proxy's clock is not ours: where ours says that time is left, others hold on, and this one is given it again.
    const isOver = state === 'released' || (status === 'ended' && this.#known(kept).isExpired)
    await this.#write({ ...order, state: isOver ? 'released' : status, by: `proxy ${start}`, detail })
  }

  #agentOf(named: string): { readonly agent: AgentId; readonly agentName: string } {
    const found = this.#sources.online.list().find(({ agent, agentName }) => agent === named || agentName === named)
    if (found !== undefined) return { agent: found.agent, agentName: found.agentName }
    const agent = parseAgentId(named)
    // One that will run is held from its start.
    if (agent !== undefined) return { agent, agentName: named.slice(0, 256) }
    throw new HttpError(404, `no proxy of an agent "${named.slice(0, 200)}" runs; by its id one can be held that will`)
  }

  /** Proxies that run and that an order concerns. */
  #proxiesOf(order: ProxyOrder): readonly OnlineProxy[] {
    return this.#sources.online.list().filter((proxy) => concerns(order, proxy))
  }

  #inForce(): readonly KnownOrder[] {
    const open = [...this.#kept.values()].filter(({ state }) => state !== 'released').map((kept) => this.#known(kept))
    return open.filter(({ isExpired }) => !isExpired)
  }

  #wanted(proxy: OnlineProxy): Answer<'askProxyOrders'>['orders'] {
    const now = this.#sources.clock()
    return this.#inForce()
      .filter(({ order }) => concerns(order, proxy))
      .map(({ order: { order, incident, server, hold }, endsAt }) => ({
        order,
        incident,
        ...(server === undefined ? {} : { server }),
        hold: { ...hold },
        // Nanoseconds of less than a month are exact in a double.
        ...(endsAt === undefined ? {} : { remainingMs: Math.max(1, Math.ceil(Number(endsAt - now) / 1e6)) }),
      }))
  }

  #wantedIds(proxy: OnlineProxy): readonly string[] {
    return this.#inForce().flatMap(({ order }) => (concerns(order, proxy) ? [order.order] : []))
  }

  #mustFind(id: string): KnownOrder {
    const known = this.find(id)
    if (known === undefined) throw new HttpError(404, 'there is no such order')
    return known
  }

  async #write(record: ProxyOrderRecord): Promise<void> {
    const { from } = await this.#sources.recorder.appendControl({ kind: 'proxy-order', ...record })
    // As the log has it, so that reading it again gives the same.
    const at = this.#sources.reader.control(from)?.recordedAt ?? this.#sources.clock()
    this.#keep(record, { at, position: from })
  }

  #keep(record: ProxyOrderRecord, { at, position }: { readonly at: UnixNano; readonly position: number }): void {
    const { state, by, detail, ...order } = record
    const before = this.#kept.get(order.order)
    const words = new Map(before?.words)
    const start = /^proxy ([0-9a-f]{16})$/.exec(by)?.[1]
    if (start !== undefined && (state === 'acknowledged' || state === 'refused' || state === 'ended'))
      words.set(start, { state, detail, at, position })
    const steps = [...(before?.steps ?? []), { state, by, detail, at }].slice(-ORDER_STEPS_KEPT)
    const isHeld = [...words.values()].some((word) => word.state === 'acknowledged')
    this.#kept.delete(order.order)
    this.#kept.set(order.order, {
      order,
      state: stateAfter(before?.state ?? 'ordered', state, isHeld),
      detail,
      since: before?.since ?? at,
      words,
      steps,
    })
    if (this.#kept.size > ORDERS_KEPT) this.#forget(order.order, at)
  }

  /** One that is in force never is: proxies would be told that it is over. By the clock of the record that needs the room. */
  #forget(newest: string, now: UnixNano): void {
    const oldest = this.#kept.values().find((kept) => {
      const endsAt = endOf(kept)
      return kept.order.order !== newest && (kept.state === 'released' || (endsAt !== undefined && now >= endsAt))
    })
    if (oldest === undefined) return
    this.#kept.delete(oldest.order.order)
    this.#forgotten += 1
  }

  #known(kept: Kept): KnownOrder {
    const endsAt = endOf(kept)
    return { ...kept, endsAt, isExpired: endsAt !== undefined && this.#sources.clock() >= endsAt }
  }
}

/** When it ends by itself; undefined where it never does. */
function endOf({ order, since }: Pick<Kept, 'order' | 'since'>): UnixNano | undefined {
  // Nanoseconds of the clock stay so.
  return order.ttlMs === 0 ? undefined : ((since + BigInt(order.ttlMs) * 1_000_000n) as UnixNano)
}

/** What an order has come to. `isHeld`: some proxy has acknowledged it. */
function stateAfter(
  before: KnownOrder['state'],
  step: ProxyOrderRecord['state'],
  isHeld: boolean,
): KnownOrder['state'] {
  // Whatever a probe that was under way says of it.
  if (before === 'released') return before
  // One proxy that refuses or ends it takes back nothing that another has acknowledged, nor what a probe found.
  if (step === 'refused') return isHeld ? before : step
  if (step === 'ended') return isHeld ? before : 'ordered'
  return step
}

/** What an order that a probe found open has come to, by the words of the proxies: no try makes a yes of a no. */
function saidOf(words: KnownOrder['words']): 'acknowledged' | 'refused' | 'ordered' {
  const states = new Set([...words.values()].map(({ state }) => state))
  if (states.has('acknowledged')) return 'acknowledged'
  return states.has('refused') ? 'refused' : 'ordered'
}

const OVER: readonly HoldCheck[] = [{ way: 'order', held: false, detail: 'it is in force no longer' }]

function untried(detail: string): HoldCheck {
  return { way: 'proxy', held: false, untried: true, detail }
}

/** Whether a proxy is given the order. Until its server has named itself it is given those for any. */
function concerns({ agent, server, hold }: ProxyOrder, proxy: OnlineProxy): boolean {
  const kind = hold.kind === 'freeze-model' ? 'llm-proxy' : 'mcp-proxy'
  const isOfServer = server === undefined || proxy.server === undefined || proxy.server === server
  return proxy.agent === agent && proxy.kind === kind && isOfServer
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one))
}

/** What the schema let be absent is absent. */
function definedOnly(hold: Body<'orderProxies'>['hold']): ProxyOrder['hold'] {
  // Members that are undefined are not written as JSON, so that the copy has exactly those that were given.
  return JSON.parse(JSON.stringify(hold)) as ProxyOrder['hold']
}
