import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseHold, type GateOrder } from '@holdfast/capture'
import { MAX_ORDERS } from '../limits.ts'

/** An order as a server gives it: `hold` is not read yet. */
export type GivenOrder = {
  readonly order: string
  readonly incident: string
  readonly server?: string | undefined
  readonly hold: unknown
  /** Until it ends by itself; absent where it never does. */
  readonly remainingMs?: number | undefined
}

const TOO_MANY = `it has ${MAX_ORDERS} orders already`

/** What a proxy says about an order. */
export type OrderReport = {
  readonly order: string
  readonly status: 'acknowledged' | 'refused' | 'ended'
  readonly detail: string
}

/** Clocks that no step of the wall clock moves; `boot` names the boot that `sinceBootMs` counts from, where that is known. */
export type OrderClock = {
  readonly nowMs: () => number
  readonly wallMs: () => number
  readonly boot: string | undefined
  readonly sinceBootMs: () => number
}

type Kept = GivenOrder & { readonly gate: GateOrder; readonly endsAt: number | undefined }
type Written = {
  readonly version: 1
  readonly boot?: string
  readonly sinceBootMs: number
  readonly wallMs: number
  readonly orders: readonly GivenOrder[]
}

/**
 * The orders of one proxy: what it was told last holds until it is told otherwise, or until it ends by itself on a clock that
 * only runs forward. They lie on disk before they are acknowledged, so that a proxy that starts again starts held.
 */
export class OrderBook {
  readonly #file: string
  readonly #clock: OrderClock
  readonly #isOurs: (hold: GateOrder['hold']) => string | undefined
  #orders: readonly Kept[] = []
  #refused: ReadonlySet<string> = new Set()
  #ended: OrderReport[] = []

  /** `isOurs` says why a proxy of this kind cannot carry out a hold; undefined where it can. */
  constructor(options: {
    readonly file: string
    readonly clock: OrderClock
    readonly isOurs: (hold: GateOrder['hold']) => string | undefined
  }) {
    this.#file = options.file
    this.#clock = options.clock
    this.#isOurs = options.isOurs
    this.#load()
  }

  /** Those that hold now. */
  readonly inForce = (): readonly GateOrder[] => this.#current().map(({ gate }) => gate)

  /** Ids of the orders that hold and of those that were refused, in their order: what the server may take as known. */
  known(): readonly string[] {
    const held = this.#current().map(({ order }) => order)
    return [...held, ...this.#refused].toSorted()
  }

  /** All that a server gives, in place of what was given before. Those that hold are on disk when this returns. */
  take(given: readonly GivenOrder[]): readonly OrderReport[] {
    const before = new Map(this.#current().map((one) => [one.order, one]))
    const reports: OrderReport[] = []
    const kept: Kept[] = []
    const refused = new Set<string>()
    for (const one of given) {
      // Its time runs here from when it was first given: no clock of the server lengthens it.
      const read = before.get(one.order) ?? (kept.length < MAX_ORDERS ? this.#read(one) : TOO_MANY)
      if (typeof read === 'string') {
        refused.add(one.order)
        if (!this.#refused.has(one.order)) reports.push({ order: one.order, status: 'refused', detail: read })
        continue
      }
      kept.push(read)
    }
    this.#orders = kept
    this.#refused = refused
    const fault = this.#save()
    const detail = fault === undefined ? 'it holds' : `it holds, and would not after a restart: ${fault}`
    const taken = kept.filter(({ order }) => !before.has(order))
    return [...reports, ...taken.map(({ order }): OrderReport => ({ order, status: 'acknowledged', detail }))]
  }

  /** Orders that ended by themselves since this was last asked. */
  takeEnded(): readonly OrderReport[] {
    this.#current()
    return this.#ended.splice(0)
  }

  #read(given: GivenOrder): Kept | string {
    const read = parseHold(given.hold)
    if ('unknown' in read) return read.unknown
    const obstacle = this.#isOurs(read.hold)
    if (obstacle !== undefined) return obstacle
    const { order, incident, server, remainingMs } = given
    const gate = { order, incident, hold: read.hold, ...(server === undefined ? {} : { server }) }
    return { ...given, gate, endsAt: remainingMs === undefined ? undefined : this.#clock.nowMs() + remainingMs }
  }

  #current(): readonly Kept[] {
    if (this.#orders.length === 0) return this.#orders
    const now = this.#clock.nowMs()
    const over = this.#orders.filter(({ endsAt }) => endsAt !== undefined && endsAt <= now)
    if (over.length === 0) return this.#orders
    this.#orders = this.#orders.filter((one) => !over.includes(one))
    const ended = over.map(({ order }) => ({ order, status: 'ended', detail: 'its time limit is over' }) as const)
    this.#ended = [...this.#ended, ...ended].slice(-MAX_ORDERS)
    this.#save()
    return this.#orders
  }

  /** Undefined once it is on disk, else what stood against it. */
  #save(): string | undefined {
    const { boot, sinceBootMs, wallMs, nowMs } = this.#clock
    const now = nowMs()
    const written: Written = {
      version: 1,
      ...(boot === undefined ? {} : { boot }),
      sinceBootMs: sinceBootMs(),
      wallMs: wallMs(),
      orders: this.#orders.map(({ gate, endsAt }) => ({
        ...gate,
        ...(endsAt === undefined ? {} : { remainingMs: Math.max(0, endsAt - now) }),
      })),
    }
    try {
      if (written.orders.length === 0) rmSync(this.#file, { force: true })
      else {
        mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 })
        writeFileSync(`${this.#file}.new`, JSON.stringify(written), { mode: 0o600, flush: true })
        renameSync(`${this.#file}.new`, this.#file)
      }
      return undefined
    } catch (fault) {
      // A full or read-only disk: the hold is in memory, and the report says so.
      return fault instanceof Error ? fault.message : String(fault)
    }
  }

  #load(): void {
    const written = readWritten(this.#file)
    if (written === undefined) return
    const { boot, sinceBootMs, wallMs } = this.#clock
    // Over a restart of the machine only the wall clock tells; set back it lets a hold last longer, never beyond its limit.
    const isSameBoot = boot !== undefined && written.boot === boot
    const gone = Math.max(0, isSameBoot ? sinceBootMs() - written.sinceBootMs : wallMs() - written.wallMs)
    this.#orders = written.orders.flatMap((given) => {
      const { remainingMs } = given
      const left = remainingMs === undefined ? {} : { remainingMs: remainingMs - gone }
      const read = this.#read({ ...given, ...left })
      return typeof read === 'string' ? [] : [read]
    })
  }
}

/** Undefined where there is none that can be read: whoever can write there may as well remove it. */
function readWritten(file: string): Written | undefined {
  try {
    const json = JSON.parse(readFileSync(file, 'utf8')) as Partial<Written> | null // our own file; each hold is parsed
    return json?.version === 1 && Array.isArray(json.orders) ? (json as Written) : undefined
  } catch {
    // No file yet, or cut by a full disk: the server gives the orders again.
    return undefined
  }
}
