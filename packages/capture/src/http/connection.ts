import { Http1Pairing } from './http1-pairing.ts'
import { Http2Pairing } from './http2-pairing.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { judgeBeginning } from './judge.ts'
import { MAX_HEAD_BYTES } from './limits.ts'
import type { SeenExchange } from './pairing.ts'
import { Reassembler } from './reassembler.ts'
import type { Piece } from './reassembler.ts'

/** 0: what the watched process wrote; 1: what it read. */
export type Direction = 0 | 1

/** Plain text of one direction at its offset in the stream, as a TLS library gave or took it. `at`: unix ns. */
export type Fragment = {
  readonly direction: Direction
  readonly offset: number
  readonly bytes: Uint8Array
  readonly at: bigint
}

/**
 * Puts the two directions of one connection together into HTTP exchanges: HTTP/1.1 and HTTP/2, told apart by their bytes,
 * from the beginning or joined midway. Fragments may come in any order and twice. Untrusted: never throws, holds no more
 * than the bounds in limits.ts. What is not HTTP is counted and dropped.
 */
export class HttpConnection {
  readonly #onExchange: (exchange: SeenExchange) => void
  readonly #order = [new Reassembler(), new Reassembler()] as const
  /** Pieces that came before the protocol was known. */
  readonly #early: readonly [Early, Early] = [newEarly(), newEarly()]
  #protocol: Protocol = { kind: 'unknown' }
  readonly #isOrdered: boolean
  #isMidway = false
  #unrecognised = 0
  #lastAt = 0n

  /**
   * `order` is `kept` where fragments of both directions come in the order in which they were written and read, so that
   * one that is missing is lost for good; `any` where they may still come.
   */
  constructor(onExchange: (exchange: SeenExchange) => void, order: 'kept' | 'any' = 'any') {
    this.#onExchange = onExchange
    this.#isOrdered = order === 'kept'
  }

  /** `http` once it is known to be, `other` once it is known not to be. */
  get kind(): 'unknown' | 'http' | 'other' {
    const { kind } = this.#protocol
    return kind === 'unknown' || kind === 'other' ? kind : 'http'
  }

  /** True while fragments wait for an earlier one, or an answer for its request. */
  get isWaiting(): boolean {
    return this.#order[0].isWaiting || this.#order[1].isWaiting || this.#earlyBytes() > 0
  }

  /** Bytes that are held: of fragments that wait, and of bodies under way. */
  get heldBytes(): number {
    const protocol = this.#protocol
    const bodies = protocol.kind === 'http/1.1' || protocol.kind === 'h2' ? protocol.pairing.heldBytes : 0
    const early = this.#earlyBytes() + (this.#early[0].pieces.length + this.#early[1].pieces.length) * PIECE_BYTES
    return early + this.#order[0].waitingBytes + this.#order[1].waitingBytes + bodies
  }

  push({ direction, offset, bytes, at }: Fragment): void {
    this.#lastAt = at
    if (this.#protocol.kind === 'other') return
    const order = this.#order[direction]
    this.#take(direction, order.push(offset, bytes), at)
    if (this.#isOrdered && order.isWaiting) this.#take(direction, order.settle(), at)
  }

  /** Waits no longer for what is missing. Call it where nothing came for a while. */
  settle(at: bigint): void {
    for (const direction of DIRECTIONS) this.#take(direction, this.#order[direction].settle(), at)
    const protocol = this.#protocol
    if (protocol.kind === 'http/1.1') protocol.pairing.settle(at)
  }

  /** The connection or its process ended: what is under way is told as far as it was seen. */
  end(at: bigint = this.#lastAt): void {
    this.settle(at)
    const protocol = this.#protocol
    if (protocol.kind === 'http/1.1' || protocol.kind === 'h2') protocol.pairing.end(at)
    this.#protocol = { kind: 'other' }
    this.#dropEarly()
  }

  #take(direction: Direction, pieces: readonly Piece[], at: bigint): void {
    for (const piece of pieces) {
      const protocol = this.#protocol
      if (protocol.kind === 'other') return
      if (protocol.kind === 'unknown') this.#takeEarly(direction, piece, at)
      else protocol.pairing.push(direction, piece, at)
    }
  }

  #takeEarly(direction: Direction, piece: Piece, at: bigint): void {
    if (piece.kind === 'hole') {
      // What stood before it must not be read on as if nothing were missing.
      this.#isMidway = true
      drop(this.#early[direction])
      return
    }
    const early = this.#early[direction]
    early.pieces.push({ bytes: piece.bytes.length, isStart: piece.isStart })
    early.bytes.append(piece.bytes)
    // A long start line is looked at again where it ends, not for each of its bytes.
    const isLong = early.bytes.length - piece.bytes.length > LONG_LINE
    const verdict = isLong && !piece.bytes.includes(LF) ? 'more' : judgeBeginning(early.bytes.view)
    if (verdict === 'more' && early.bytes.length <= MAX_HEAD_BYTES) return
    if (verdict === 'more' || verdict === 'no') {
      // The middle of something: the next record may begin a message.
      this.#isMidway = true
      this.#unrecognised += 1
      drop(early)
      if (this.#unrecognised > MAX_UNRECOGNISED) this.#giveUp()
      return
    }
    this.#begin(verdict, at)
  }

  #begin(verdict: 'http/1.1' | 'h2' | 'h2-midway', at: bigint): void {
    const isMidway = this.#isMidway || verdict === 'h2-midway'
    this.#protocol =
      verdict === 'http/1.1'
        ? { kind: 'http/1.1', pairing: new Http1Pairing(this.#onExchange, { isMidway, isOrdered: this.#isOrdered }) }
        : { kind: 'h2', pairing: new Http2Pairing(this.#onExchange, isMidway) }
    const held = [piecesOf(this.#early[0]), piecesOf(this.#early[1])] as const
    this.#dropEarly()
    for (const direction of DIRECTIONS) this.#take(direction, held[direction], at)
  }

  #giveUp(): void {
    this.#protocol = { kind: 'other' }
    this.#dropEarly()
  }

  #dropEarly(): void {
    for (const early of this.#early) drop(early)
  }

  #earlyBytes(): number {
    return this.#early[0].bytes.length + this.#early[1].bytes.length
  }
}

/** What came of one direction before the protocol was known, and in which pieces. */
type Early = {
  readonly bytes: GrowingBytes
  readonly pieces: { readonly bytes: number; readonly isStart: boolean }[]
}

function newEarly(): Early {
  return { bytes: new GrowingBytes(), pieces: [] }
}

function drop(early: Early): void {
  early.bytes.clear()
  early.pieces.length = 0
}

function piecesOf({ bytes, pieces }: Early): readonly Piece[] {
  const all = bytes.view
  let at = 0
  return pieces.map((piece) => {
    at += piece.bytes
    return { kind: 'bytes', bytes: all.subarray(at - piece.bytes, at), isStart: piece.isStart }
  })
}

type Protocol =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'other' }
  | { readonly kind: 'http/1.1'; readonly pairing: Http1Pairing }
  | { readonly kind: 'h2'; readonly pairing: Http2Pairing }

const DIRECTIONS: readonly Direction[] = [0, 1]
const LF = 0x0a
const LONG_LINE = 1_024
/** What V8 holds for one early piece beside its bytes. */
const PIECE_BYTES = 48
/** Records that begin nothing known before the connection counts as something else: a long body joined midway has more. */
const MAX_UNRECOGNISED = 1_024
