import { randomUUID } from 'node:crypto'
import type { Answer, Body } from '@holdfast/api'
import { proxyAgent, type ProxyKind } from '@holdfast/capture'
import type { AgentId, UnixNano } from '@holdfast/model'
import { PROXIES_KEPT, PROXY_SILENT_MS } from './limits.ts'

type Ask = Body<'askProxyOrders'>
export type HoldCheck = Ask['tries'][number]['checks'][number]

/** A proxy as it described itself last. */
export type OnlineProxy = {
  readonly kind: ProxyKind
  readonly start: string
  readonly agent: AgentId
  readonly agentName: string
  readonly target: string
  readonly server?: string
  readonly catalogue?: NonNullable<Ask['catalogue']>
  readonly known: readonly string[]
  readonly seen: UnixNano
}

type Kept = {
  proxy: OnlineProxy
  /** Monotonic. */
  seenMs: number
  /** Ends the question that waits, if one does. */
  wake: (() => void) | undefined
  readonly probes: { readonly probe: string; readonly order: string }[]
}

/** The proxies that ask for orders: who they are, the question of each that waits, and what they are asked to try. */
export class OnlineProxies {
  readonly #nowMs: () => number
  readonly #kept = new Map<string, Kept>()
  readonly #tried = new Map<string, (checks: readonly HoldCheck[]) => void>()
  readonly #onTold = new Set<() => void>()
  #onArrival: readonly ((agent: AgentId) => void)[] = []

  constructor({ nowMs }: { readonly nowMs: () => number }) {
    this.#nowMs = nowMs
  }

  /** Takes what a proxy says of itself. */
  note({ source, server, catalogue, known, tries }: Ask, seen: UnixNano): OnlineProxy {
    const { kind, start, target } = source
    const proxy: OnlineProxy = {
      kind,
      start,
      ...proxyAgent(source),
      target,
      ...(server === undefined ? {} : { server }),
      ...(catalogue === undefined ? {} : { catalogue }),
      known,
      seen,
    }
    const before = this.#kept.get(start)
    this.#kept.delete(start)
    before?.wake?.()
    this.#kept.set(start, { proxy, seenMs: this.#nowMs(), wake: undefined, probes: before?.probes ?? [] })
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > PROXIES_KEPT && oldest !== undefined) this.#kept.delete(oldest)
    for (const { probe, checks } of tries) this.#tried.get(probe)?.(checks)
    for (const told of this.#onTold) told()
    if (before === undefined) for (const listener of this.#onArrival) listener(proxy.agent)
    return proxy
  }

  /** Called where a proxy asks for the first time, or again after it was silent. */
  onArrival(listener: (agent: AgentId) => void): void {
    this.#onArrival = [...this.#onArrival, listener]
  }

  /** Those that asked lately. */
  list(): readonly OnlineProxy[] {
    const since = this.#nowMs() - PROXY_SILENT_MS
    for (const [start, { seenMs, wake }] of this.#kept)
      if (seenMs < since && wake === undefined) this.#kept.delete(start)
    return [...this.#kept.values()].map(({ proxy }) => proxy)
  }

  /** What the proxy is to try, once each. */
  takeProbes(start: string): Answer<'askProxyOrders'>['probes'] {
    return this.#kept.get(start)?.probes.splice(0) ?? []
  }

  hasProbes(start: string): boolean {
    return (this.#kept.get(start)?.probes.length ?? 0) > 0
  }

  /** Waits until something is new for the proxy, it went away, or `waitMs` are over. */
  async waitFor(start: string, waitMs: number, signal: AbortSignal): Promise<void> {
    const kept = this.#kept.get(start)
    if (kept === undefined || signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        if (kept.wake === done) kept.wake = undefined
        resolve()
      }
      const timer = setTimeout(done, waitMs).unref()
      kept.wake = done
      signal.addEventListener('abort', done)
    })
  }

  /** Answers the questions that wait: orders are others now. */
  wakeAll(): void {
    for (const { wake } of this.#kept.values()) wake?.()
  }

  /** Resolves once `isSo`, looked at whenever a proxy says something, or after `withinMs`. */
  async until(isSo: () => boolean, withinMs: number): Promise<void> {
    if (isSo()) return
    await new Promise<void>((resolve) => {
      const look = (isOver: boolean): void => {
        if (!isOver && !isSo()) return
        clearTimeout(timer)
        this.#onTold.delete(told)
        resolve()
      }
      const told = (): void => look(false)
      const timer = setTimeout(() => look(true), withinMs).unref()
      this.#onTold.add(told)
    })
  }

  /** Has the proxy try an order; resolves with what it found, or undefined where it did not say. */
  async tryOrder(start: string, order: string, withinMs: number): Promise<readonly HoldCheck[] | undefined> {
    const kept = this.#kept.get(start)
    if (kept === undefined) return undefined
    const probe = randomUUID()
    const answer = new Promise<readonly HoldCheck[] | undefined>((resolve) => {
      const done = (checks?: readonly HoldCheck[]): void => {
        clearTimeout(timer)
        this.#tried.delete(probe)
        resolve(checks)
      }
      const timer = setTimeout(done, withinMs).unref()
      this.#tried.set(probe, done)
    })
    kept.probes.push({ probe, order })
    kept.wake?.()
    return await answer
  }

  [Symbol.dispose](): void {
    this.wakeAll()
  }
}
