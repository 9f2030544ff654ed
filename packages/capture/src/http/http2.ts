import { GrowingBytes } from './growing-bytes.ts'
import { HpackDecoder } from './hpack.ts'
import type { HeaderBlock } from './hpack.ts'
import { MAX_FRAME_BYTES, MAX_HEAD_BYTES } from './limits.ts'
import type { Piece } from './reassembler.ts'
import { Unread } from './unread.ts'

/** What one direction of HTTP/2 tells, by stream. */
export type StreamSink = {
  /** `block` is undefined where it was lost or cannot be decoded. */
  headers(stream: number, block: HeaderBlock | undefined, at: bigint): void
  data(stream: number, bytes: Uint8Array): void
  dataHole(stream: number, bytes: number): void
  endStream(stream: number, at: bigint): void
  reset(stream: number, at: bigint): void
  /** Frames were lost: any stream of this direction may have lost something. */
  framesLost(bytes: number): void
}

/**
 * One direction of HTTP/2 (RFC 9113), fed in any cuts. Untrusted. A hole inside a DATA frame costs that body only; any
 * other one loses frames, the HPACK table with them, and reading goes on at the next record that begins with a frame.
 */
export class Http2Parser {
  readonly #sink: StreamSink
  readonly #hpack = new HpackDecoder()
  /** Bytes of a frame header, or of a frame that is read whole. */
  readonly #rest = new Unread()
  #data: DataFrame | undefined
  /** The block that CONTINUATION frames go on with. */
  #block: { readonly stream: number; readonly isEnd: boolean; readonly isPromise: boolean } | undefined
  readonly #blockBytes = new GrowingBytes()
  /** Bytes of a frame that nobody needs. */
  #skip = 0
  #isLost: boolean

  /** `isMidway`: the connection's beginning was not seen, so its HPACK table is not known. */
  constructor(sink: StreamSink, isMidway: boolean) {
    this.#sink = sink
    this.#isLost = isMidway
  }

  /** Memory that is held: of frames under way, and of the HPACK table. */
  get heldBytes(): number {
    return this.#rest.heldBytes + this.#blockBytes.heldBytes + this.#hpack.heldBytes
  }

  push(piece: Piece, at: bigint): void {
    if (piece.kind === 'hole') {
      this.#hole(piece.bytes)
      return
    }
    if (this.#isLost) {
      if (!piece.isStart || !beginsFrame(piece.bytes)) return
      this.#isLost = false
    }
    this.#rest.append(piece.bytes)
    const bytes = this.#rest.view
    if (!mayBecomePreface(bytes)) {
      let pos = startsWithPreface(bytes) ? PREFACE.length : 0
      for (let next = this.#read(bytes, pos, at); next !== undefined; next = this.#read(bytes, pos, at)) pos = next
      this.#rest.take(pos)
    }
    // What is left over must outlive the frame that it came in.
    this.#rest.keep()
  }

  /** Reads what it can at `pos`; undefined where more bytes are needed. */
  #read(bytes: Uint8Array, pos: number, at: bigint): number | undefined {
    const available = bytes.length - pos
    if (this.#skip > 0 && available > 0) {
      const skipped = Math.min(this.#skip, available)
      this.#skip -= skipped
      return pos + skipped
    }
    if (this.#data !== undefined) return this.#readData(this.#data, bytes, pos, at)
    if (available < FRAME_HEADER) return undefined
    const frame = frameAt(bytes, pos)
    if (!isFrame(frame)) {
      this.#lose(available)
      return undefined
    }
    if (frame.type === DATA) {
      this.#data = { ...frame, left: frame.length, pad: (frame.flags & PADDED) === 0 ? 0 : undefined }
      if (frame.length === 0) return this.#readData(this.#data, bytes, pos + FRAME_HEADER, at)
      return pos + FRAME_HEADER
    }
    if (!WHOLE.has(frame.type) || frame.length > MAX_HEAD_BYTES) {
      if (frame.type === HEADERS || frame.type === PUSH_PROMISE || frame.type === CONTINUATION)
        this.#loseBlock(frame, at)
      this.#skip = frame.length
      return pos + FRAME_HEADER
    }
    if (available < FRAME_HEADER + frame.length) return undefined
    this.#whole(frame, bytes.subarray(pos + FRAME_HEADER, pos + FRAME_HEADER + frame.length), at)
    return pos + FRAME_HEADER + frame.length
  }

  #readData(data: DataFrame, bytes: Uint8Array, from: number, at: bigint): number | undefined {
    let pos = from
    if (data.pad === undefined) {
      if (pos >= bytes.length && data.left > 0) return undefined
      data.pad = data.left === 0 ? 0 : (bytes[pos++] ?? 0)
      data.left = Math.max(0, data.left - 1)
    }
    const size = Math.min(data.left, bytes.length - pos)
    const text = Math.max(0, Math.min(size, data.left - data.pad))
    if (text > 0) this.#sink.data(data.stream, bytes.subarray(pos, pos + text))
    data.left -= size
    pos += size
    if (data.left > 0) return pos > from ? pos : undefined
    this.#data = undefined
    if ((data.flags & END_STREAM) !== 0) this.#sink.endStream(data.stream, at)
    return pos
  }

  #whole(frame: Frame, payload: Uint8Array, at: bigint): void {
    switch (frame.type) {
      case HEADERS:
      case PUSH_PROMISE: {
        const isPromise = frame.type === PUSH_PROMISE
        const padded = (frame.flags & PADDED) === 0 ? 0 : 1
        const pad = padded === 0 ? 0 : (payload[0] ?? 0)
        const priority = isPromise ? 4 : (frame.flags & PRIORITY) === 0 ? 0 : 5
        const fragment = payload.subarray(padded + priority, Math.max(padded + priority, payload.length - pad))
        const isEnd = !isPromise && (frame.flags & END_STREAM) !== 0
        this.#block = { stream: frame.stream, isEnd, isPromise }
        this.#blockBytes.clear()
        this.#addBlock(frame, fragment, at)
        return
      }
      case CONTINUATION:
        if (this.#block?.stream === frame.stream) this.#addBlock(frame, payload, at)
        return
      case RST_STREAM:
        this.#sink.reset(frame.stream, at)
        return
    }
  }

  #addBlock(frame: Frame, fragment: Uint8Array, at: bigint): void {
    const block = this.#block
    if (block === undefined) return
    this.#blockBytes.append(fragment)
    if (this.#blockBytes.length > MAX_HEAD_BYTES) {
      this.#loseBlock(frame, at)
      return
    }
    if ((frame.flags & END_HEADERS) === 0) return
    this.#block = undefined
    const decoded = this.#hpack.decode(this.#blockBytes.view)
    this.#blockBytes.clear()
    if (decoded === undefined) this.#hpack.forget()
    // A promised request is the server's, and what it answers is on another stream; only the table matters here.
    if (block.isPromise) return
    this.#sink.headers(block.stream, decoded, at)
    if (block.isEnd) this.#sink.endStream(block.stream, at)
  }

  /** A header block that is too large to hold: the table is not known from here on. */
  #loseBlock(frame: Frame, at: bigint): void {
    this.#hpack.forget()
    const block = this.#block
    this.#block = undefined
    this.#blockBytes.clear()
    if (block?.isPromise === true || frame.type === PUSH_PROMISE) return
    this.#sink.headers(frame.stream, undefined, at)
    if (block?.isEnd === true || (frame.type === HEADERS && (frame.flags & END_STREAM) !== 0))
      this.#sink.endStream(frame.stream, at)
  }

  #hole(bytes: number): void {
    const data = this.#data
    if (data !== undefined && data.pad !== undefined && bytes <= data.left - data.pad) {
      data.left -= bytes
      this.#sink.dataHole(data.stream, bytes)
      if (data.left > 0) return
      this.#data = undefined
      // No time is needed: the end is told with the next frame of any stream.
      if ((data.flags & END_STREAM) !== 0) this.#sink.endStream(data.stream, 0n)
      return
    }
    if (this.#skip >= bytes) {
      this.#skip -= bytes
      return
    }
    this.#lose(bytes)
  }

  #lose(bytes: number): void {
    this.#isLost = true
    this.#data = undefined
    this.#block = undefined
    this.#blockBytes.clear()
    this.#skip = 0
    this.#rest.clear()
    this.#hpack.forget()
    this.#sink.framesLost(bytes)
  }
}

/** Whether bytes are the beginning of a client's connection preface; true for a part of it too. */
export function startsWithPreface(bytes: Uint8Array): boolean {
  return bytes.length >= PREFACE.length && PREFACE.equals(bytes.subarray(0, PREFACE.length))
}

/** Whether what came so far may still become the preface. */
export function mayBecomePreface(bytes: Uint8Array): boolean {
  return bytes.length < PREFACE.length && PREFACE.subarray(0, bytes.length).equals(bytes)
}

/** Whether bytes are plausible frames from their first byte on: the first one, and each that follows it in them. */
export function beginsFrame(bytes: Uint8Array): boolean {
  if (startsWithPreface(bytes)) return true
  let pos = 0
  for (let frames = 0; frames < 8; frames++) {
    if (bytes.length - pos < FRAME_HEADER) return frames > 0
    const frame = frameAt(bytes, pos)
    if (!isFrame(frame)) return false
    pos += FRAME_HEADER + frame.length
    if (pos >= bytes.length) return true
  }
  return true
}

/** Whether bytes begin with the SETTINGS that a server opens its side with. */
export function beginsWithSettings(bytes: Uint8Array): boolean {
  if (bytes.length < FRAME_HEADER) return false
  const frame = frameAt(bytes, 0)
  return frame.type === SETTINGS && isFrame(frame) && (frame.flags & 1) === 0
}

type Frame = { readonly length: number; readonly type: number; readonly flags: number; readonly stream: number }
/** `pad` is undefined until the byte that holds it was read. */
type DataFrame = Frame & { left: number; pad: number | undefined }

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
const FRAME_HEADER = 9
const DATA = 0
const HEADERS = 1
const RST_STREAM = 3
const SETTINGS = 4
const PUSH_PROMISE = 5
const CONTINUATION = 9
/** Frames that are read as a whole; the others are skipped. */
const WHOLE: ReadonlySet<number> = new Set([HEADERS, RST_STREAM, PUSH_PROMISE, CONTINUATION])
const END_STREAM = 0x1
const END_HEADERS = 0x4
const PADDED = 0x8
const PRIORITY = 0x20
/** Frame types of RFC 9113, then ALTSVC, ORIGIN and PRIORITY_UPDATE. */
const KNOWN_TYPES: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16])

function frameAt(bytes: Uint8Array, pos: number): Frame {
  const byte = (offset: number): number => bytes[pos + offset] ?? 0
  return {
    length: (byte(0) << 16) | (byte(1) << 8) | byte(2),
    type: byte(3),
    flags: byte(4),
    stream: ((byte(5) << 24) | (byte(6) << 16) | (byte(7) << 8) | byte(8)) >>> 0,
  }
}

/** What the protocol asks of a frame; the reserved bit is never set by anybody. */
function isFrame({ length, type, stream }: Frame): boolean {
  if (!KNOWN_TYPES.has(type) || stream > 0x7fffffff || length > MAX_FRAME_BYTES) return false
  switch (type) {
    case DATA:
    case HEADERS:
    case CONTINUATION:
    case PUSH_PROMISE:
      return stream !== 0
    case 2:
      return stream !== 0 && length === 5
    case RST_STREAM:
      return stream !== 0 && length === 4
    case SETTINGS:
      return stream === 0 && length % 6 === 0
    case 6:
      return stream === 0 && length === 8
    case 7:
      return stream === 0 && length >= 8
    case 8:
      return length === 4
  }
  return true
}
