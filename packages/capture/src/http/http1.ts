import { MAX_FIELDS, MAX_FIELD_VALUE, MAX_HEAD_BYTES, MAX_WAITING_BYTES } from './limits.ts'
import { fieldOf } from './message.ts'
import type { Fields, Head, Message, MessageSink } from './message.ts'
import type { Piece } from './reassembler.ts'
import { Unread } from './unread.ts'

/**
 * One direction of HTTP/1.1 (RFC 9112), fed in any cuts: keep-alive, pipelining, 1xx, chunked and close-delimited bodies.
 * Untrusted. A hole in a body of known length costs that body only; one in a head or between chunks loses the framing,
 * and reading goes on at the next record that begins with a start line.
 */
export class Http1Parser {
  readonly #sink: MessageSink
  #state: State = { kind: 'head' }
  /** Bytes that are not read yet; at most one head or chunk line beyond the last piece. */
  readonly #rest = new Unread()
  #restIsStart = true
  /** How many of them hold no end of the line or head that is read: they are not searched again. */
  #searched = 0

  constructor(sink: MessageSink) {
    this.#sink = sink
  }

  get heldBytes(): number {
    return this.#rest.heldBytes
  }

  push(piece: Piece, at: bigint): void {
    if (piece.kind === 'hole') {
      this.#hole(piece.bytes, at)
      return
    }
    if (this.#state.kind === 'lost' && !piece.isStart) return
    this.#restIsStart = this.#rest.length === 0 ? piece.isStart : this.#restIsStart
    this.#rest.append(piece.bytes)
    this.resume(at)
    // What is left over must outlive the frame that it came in.
    this.#rest.keep()
  }

  /** Reads on: an answer may have waited for its request. */
  resume(at: bigint): void {
    while (this.#rest.length > 0 && this.#step(at));
  }

  /** The connection ended: a body that lasts until then is whole. */
  end(at: bigint): void {
    const state = this.#state
    if (state.kind === 'until-close') state.message?.end(at)
    if ('message' in state && state.message !== undefined) this.#finish(state.message, at)
    this.#state = { kind: 'head' }
    this.#drop()
  }

  #step(at: bigint): boolean {
    const state = this.#state
    switch (state.kind) {
      case 'head':
      case 'lost':
        return this.#head(at)
      case 'length': {
        const taken = this.#take(Math.min(state.left, this.#rest.length))
        state.message?.body.push(taken)
        state.left -= taken.length
        if (state.left === 0) this.#end(state.message, at)
        return true
      }
      case 'until-close':
        state.message?.body.push(this.#take(this.#rest.length))
        return false
      case 'chunk-size':
        return this.#chunkSize(state, at)
      case 'chunk': {
        const taken = this.#take(Math.min(state.left, this.#rest.length))
        const data = state.left > 2 ? taken.subarray(0, Math.min(taken.length, state.left - 2)) : EMPTY
        state.message?.body.push(data)
        state.left -= taken.length
        if (state.left === 0) this.#state = { kind: 'chunk-size', message: state.message }
        return true
      }
      case 'trailers': {
        const line = this.#line()
        if (line === undefined) return this.#overlong(at)
        if (line === '') this.#end(state.message, at)
        return true
      }
      case 'left':
        this.#drop()
        return false
    }
  }

  #head(at: bigint): boolean {
    const rest = this.#rest.view
    if (this.#state.kind === 'lost' && (!this.#restIsStart || !beginsMessage(rest))) {
      this.#drop()
      return false
    }
    if (rest[0] === CR || rest[0] === LF) {
      // Section 2.2: an empty line before a start line is to be ignored.
      this.#take(1)
      return true
    }
    const end = endOfHead(rest, this.#searched)
    if (end === undefined) {
      // The line end before an empty line may be among the last two.
      this.#searched = Math.max(0, rest.length - 2)
      if (rest.length > MAX_HEAD_BYTES || !mayBeginMessage(rest)) this.#lose(at)
      return false
    }
    const head = parseHead(Buffer.from(rest.subarray(0, end)).toString('latin1'))
    if (head === undefined) {
      this.#lose(at)
      return false
    }
    if (head.kind === 'response' && this.#rest.length < MAX_WAITING_BYTES && !this.#sink.mayAnswer()) return false
    this.#take(end)
    this.#begin(head, at)
    return true
  }

  #begin(head: Head, at: bigint): void {
    this.#state = { kind: 'head' }
    if (head.kind === 'response' && head.status >= 100 && head.status < 200 && head.status !== 101) return
    const asked = head.kind === 'response' ? this.#sink.methodToAnswer() : ''
    const message = this.#sink.begin(head, at)
    const isTunnel = head.kind === 'response' && asked === 'CONNECT' && head.status >= 200 && head.status < 300
    if (head.kind === 'response' && (head.status === 101 || isTunnel)) {
      this.#end(message, at)
      this.#state = { kind: 'left' }
      this.#sink.leaveHttp()
      return
    }
    const framing = framingOf(head, asked)
    switch (framing.kind) {
      case 'none':
        this.#end(message, at)
        return
      case 'length':
        this.#state = { kind: 'length', message, left: framing.bytes }
        return
      case 'chunked':
        this.#state = { kind: 'chunk-size', message }
        return
      case 'until-close':
        this.#state = { kind: 'until-close', message }
        return
    }
  }

  #chunkSize(state: Extract<State, { readonly kind: 'chunk-size' }>, at: bigint): boolean {
    const line = this.#line()
    if (line === undefined) return this.#overlong(at)
    const digits = /^[0-9a-fA-F]{1,12}(?=[;\s]|$)/.exec(line)?.[0]
    if (digits === undefined) {
      this.#lose(at)
      return false
    }
    const size = Number.parseInt(digits, 16)
    this.#state =
      size === 0
        ? { kind: 'trailers', message: state.message }
        : { kind: 'chunk', message: state.message, left: size + 2 }
    return true
  }

  #hole(bytes: number, at: bigint): void {
    const state = this.#state
    const isInBody =
      (state.kind === 'length' && bytes <= state.left) || (state.kind === 'chunk' && bytes <= state.left - 2)
    if ((isInBody || state.kind === 'until-close') && this.#rest.length === 0) {
      // The bytes of a body are counted, so what follows is still understood.
      if ('message' in state && state.message !== undefined) {
        state.message.body.hole(bytes)
        state.message.lacks(`${bytes} bytes of the body were not seen`)
      }
      if ('left' in state) {
        state.left -= bytes
        if (state.kind === 'length' && state.left === 0) this.#end(state.message, at)
      }
      return
    }
    if (state.kind === 'left') return
    if ('message' in state) state.message?.lacks(`${bytes} bytes were not seen, and the rest with them`)
    this.#lose(at)
  }

  #lose(at: bigint): void {
    const state = this.#state
    if (state.kind === 'left') return
    this.#state = { kind: 'lost' }
    this.#drop()
    if ('message' in state && state.message !== undefined) this.#finish(state.message, at)
    this.#sink.lost(at)
  }

  #overlong(at: bigint): boolean {
    if (this.#rest.length > MAX_HEAD_BYTES) this.#lose(at)
    return false
  }

  #end(message: Message | undefined, at: bigint): void {
    this.#state = { kind: 'head' }
    message?.end(at)
    if (message !== undefined) this.#sink.done(message)
  }

  #finish(message: Message, at: bigint): void {
    message.endedAt = at
    if (!message.isEnded && message.missing.length === 0) message.lacks('its end was not seen')
    this.#sink.done(message)
  }

  #take(bytes: number): Uint8Array {
    this.#restIsStart = false
    this.#searched = 0
    return this.#rest.take(bytes)
  }

  #drop(): void {
    this.#rest.clear()
    this.#searched = 0
  }

  #line(): string | undefined {
    const end = this.#rest.view.indexOf(LF, this.#searched)
    if (end < 0) {
      this.#searched = this.#rest.length
      return undefined
    }
    const line = Buffer.from(this.#take(end + 1)).toString('latin1')
    return line.replace(/\r?\n$/, '')
  }
}

/** Whether bytes begin with a start line of HTTP/1; for what may be the middle of a connection. */
export function beginsMessage(bytes: Uint8Array): boolean {
  return START_LINE.test(Buffer.from(bytes.subarray(0, MAX_HEAD_BYTES)).toString('latin1'))
}

type State =
  | { readonly kind: 'head' }
  /** The framing is lost: nothing counts until a record begins with a start line. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'length'; readonly message: Message | undefined; left: number }
  | { readonly kind: 'until-close'; readonly message: Message | undefined }
  | { readonly kind: 'chunk-size'; readonly message: Message | undefined }
  /** `left` counts the line end after the data too. */
  | { readonly kind: 'chunk'; readonly message: Message | undefined; left: number }
  | { readonly kind: 'trailers'; readonly message: Message | undefined }
  | { readonly kind: 'left' }

type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }

const EMPTY = new Uint8Array(0)
const CR = 0x0d
const LF = 0x0a
/** Methods by name, none of them the end of another: where the framing is lost, the first bytes may be. */
const START_LINE =
  /^(?:HTTP\/1\.[01] [1-5]\d\d[ \r]|(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|QUERY|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|REPORT|SEARCH) \S+ HTTP\/1\.[01]\r?\n)/
const METHOD_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (\S{1,65536}) HTTP\/1\.[01]$/
const STATUS_LINE = /^HTTP\/1\.[01] ([1-5]\d\d)(?: .*)?$/

/** RFC 9112, section 6.3. */
function framingOf(head: Head, asked: string): Framing {
  if (head.kind === 'response' && (asked === 'HEAD' || head.status === 204 || head.status === 304))
    return { kind: 'none' }
  const coding = fieldOf(head.fields, 'transfer-encoding')
  if (coding !== undefined && /(?:^|,)\s*chunked\s*$/i.test(coding)) return { kind: 'chunked' }
  const length = fieldOf(head.fields, 'content-length')
  if (coding === undefined && length !== undefined && /^\d{1,15}$/.test(length)) {
    return length === '0' ? { kind: 'none' } : { kind: 'length', bytes: Number(length) }
  }
  return head.kind === 'request' ? { kind: 'none' } : { kind: 'until-close' }
}

function mayBeginMessage(bytes: Uint8Array): boolean {
  // A start line is text: control characters before its end say that this is something else.
  for (let i = 0; i < Math.min(bytes.length, 64); i++) {
    const byte = bytes[i] ?? 0
    if (byte === LF) return i > 0
    if ((byte < 0x20 && byte !== CR) || byte === 0x7f) return false
  }
  return true
}

/** One past the empty line that ends a head; `searched` bytes are known to hold no part of it. */
function endOfHead(bytes: Uint8Array, searched: number): number | undefined {
  let from = searched
  for (;;) {
    const at = bytes.indexOf(LF, from)
    if (at < 0 || at > MAX_HEAD_BYTES) return undefined
    if (bytes[at + 1] === LF) return at + 2
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3
    from = at + 1
  }
}

function parseHead(text: string): Head | undefined {
  const lines = text.split(/\r?\n/)
  const start = lines[0] ?? ''
  const { fields, unknownFields } = parseFields(lines.slice(1))
  const status = STATUS_LINE.exec(start)?.[1]
  if (status !== undefined) return { kind: 'response', status: Number(status), fields, unknownFields }
  const [, method, target] = METHOD_LINE.exec(start) ?? []
  if (method === undefined || target === undefined) return undefined
  const authority = method === 'CONNECT' ? target : (fieldOf(fields, 'host') ?? '')
  return { kind: 'request', method, target, authority, fields, unknownFields }
}

function parseFields(lines: readonly string[]): { readonly fields: Fields; readonly unknownFields: number } {
  const fields: [string, string][] = []
  let unknownFields = 0
  for (const line of lines) {
    if (line === '') continue
    const before = fields.at(-1)
    if (/^[ \t]/.test(line) && before !== undefined) {
      // Section 5.2: it goes on with the value before it, which may be a credential.
      if (before[1].length < MAX_FIELD_VALUE) before[1] = `${before[1]} ${line.trim()}`.slice(0, MAX_FIELD_VALUE)
      continue
    }
    const colon = line.indexOf(':')
    if (colon <= 0 || fields.length >= MAX_FIELDS) unknownFields += 1
    else
      fields.push([
        line.slice(0, colon).trim().toLowerCase(),
        line
          .slice(colon + 1)
          .trim()
          .slice(0, MAX_FIELD_VALUE),
      ])
  }
  return { fields, unknownFields }
}
