import { HttpConnection, writeExchange } from '@holdfast/capture'
import type { ExchangeOrigin, HttpExchange, SeenExchange } from '@holdfast/capture'
import type { SocketEnd } from '@holdfast/model'
import { MAX_CONNECTIONS, MAX_HELD_BYTES } from './limits.ts'

/** One record of TLS plain text (SPEC S2, type 32), as far as it is needed here. */
export type TlsRecord = {
  readonly cgroup: number
  readonly pid: number
  /** Names the connection for good: process, address of its `SSL`, number of its use. */
  readonly connection: string
  /** 0 written, 1 read, 2 the connection ended. */
  readonly direction: number
  readonly offset: number
  readonly bytes: Uint8Array
  /** Unix ns. */
  readonly at: bigint
  readonly origin: () => ExchangeOrigin
  readonly remote: SocketEnd | undefined
  readonly socket: string | undefined
}

export type OnExchange = (cgroup: number, exchange: HttpExchange) => void

type Held = {
  readonly cgroup: number
  readonly pid: number
  readonly http: HttpConnection
  origin: ExchangeOrigin
  heldBytes: number
}

type Share = { connections: number; bytes: number }

/** Turns the plain text of many connections into HTTP exchanges. Records of one connection come in their order. */
export class TlsConnections {
  readonly #onExchange: OnExchange
  /** Those that were quiet the longest first. */
  readonly #held = new Map<string, Held>()
  #heldBytes = 0
  /** How much of that is of each cgroup. */
  readonly #shares = new Map<number, Share>()
  /** By process: exchanges, and connections that carried something else than HTTP. */
  readonly #counts = new Map<number, { exchanges: number; others: number }>()

  constructor(onExchange: OnExchange) {
    this.#onExchange = onExchange
  }

  take(record: TlsRecord): void {
    const known = this.#held.get(record.connection)
    if (record.direction > 1) {
      if (known !== undefined) this.#end(record.connection, known, record.at)
      return
    }
    const held = known ?? this.#begin(record)
    if (record.remote !== undefined && held.origin.remote === undefined) {
      const socket = record.socket === undefined ? {} : { socket: record.socket }
      held.origin = { ...held.origin, remote: record.remote, ...socket }
    }
    const direction = record.direction === 0 ? 0 : 1
    const before = held.http.kind
    held.http.push({ direction, offset: record.offset, bytes: record.bytes, at: record.at })
    if (before !== 'other' && held.http.kind === 'other') this.#countOf(record.pid).others += 1
    const { heldBytes } = held.http
    this.#count(held.cgroup, 0, heldBytes - held.heldBytes)
    held.heldBytes = heldBytes
    // Moved behind the others: it spoke last.
    this.#held.delete(record.connection)
    this.#held.set(record.connection, held)
    while (this.#heldBytes > MAX_HELD_BYTES) this.#endOneOf(this.#largest('bytes'), record.at)
  }

  /** A process ended, and its connections with it. */
  endOf(pid: number, at: bigint): void {
    for (const [key, held] of this.#held) if (held.pid === pid) this.#end(key, held, at)
  }

  /** Ends everything that is under way. */
  endAll(): void {
    for (const [key, held] of this.#held) this.#end(key, held, undefined)
  }

  countsOf(pid: number): { readonly exchanges: number; readonly others: number } {
    return this.#counts.get(pid) ?? { exchanges: 0, others: 0 }
  }

  forget(pid: number): void {
    this.#counts.delete(pid)
  }

  #begin(record: TlsRecord): Held {
    if (this.#held.size >= MAX_CONNECTIONS) this.#endOneOf(this.#largest('connections'), record.at)
    const held: Held = {
      cgroup: record.cgroup,
      pid: record.pid,
      http: new HttpConnection((seen) => this.#tell(record.connection, held, seen), 'kept'),
      origin: record.origin(),
      heldBytes: 0,
    }
    this.#held.set(record.connection, held)
    this.#count(record.cgroup, 1, 0)
    return held
  }

  #tell(connection: string, held: Held, seen: SeenExchange): void {
    this.#countOf(held.pid).exchanges += 1
    this.#onExchange(held.cgroup, writeExchange(seen, connection, held.origin))
  }

  /** Ends the connection of a cgroup that was quiet the longest. */
  #endOneOf(cgroup: number, at: bigint): void {
    for (const [key, held] of this.#held) if (held.cgroup === cgroup) return this.#end(key, held, at)
  }

  /** Who takes the most makes room: an agent that opens thousands must not cut off what others say. */
  #largest(what: keyof Share): number {
    let largest = { cgroup: 0, share: Number.NEGATIVE_INFINITY }
    for (const [cgroup, share] of this.#shares)
      if (share[what] > largest.share) largest = { cgroup, share: share[what] }
    return largest.cgroup
  }

  #count(cgroup: number, connections: number, bytes: number): void {
    this.#heldBytes += bytes
    const share = this.#shares.get(cgroup) ?? { connections: 0, bytes: 0 }
    share.connections += connections
    share.bytes += bytes
    if (share.connections === 0) this.#shares.delete(cgroup)
    else this.#shares.set(cgroup, share)
  }

  #end(key: string, held: Held, at: bigint | undefined): void {
    this.#held.delete(key)
    this.#count(held.cgroup, -1, -held.heldBytes)
    held.http.end(at)
  }

  #countOf(pid: number): { exchanges: number; others: number } {
    const known = this.#counts.get(pid)
    if (known !== undefined) return known
    const fresh = { exchanges: 0, others: 0 }
    this.#counts.set(pid, fresh)
    return fresh
  }
}
