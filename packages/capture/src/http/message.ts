import { BodyCollector } from './body.ts'
import { MAX_MISSING } from './limits.ts'

/** Fields in the order in which they stood, names in lower case. */
export type Fields = readonly (readonly [name: string, value: string])[]

export type Head =
  | {
      readonly kind: 'request'
      /** Empty where the field was never seen (an HTTP/2 connection that was joined midway). */
      readonly method: string
      readonly target: string
      /** `:authority` or `Host`. */
      readonly authority: string
      readonly fields: Fields
      readonly unknownFields: number
    }
  | { readonly kind: 'response'; readonly status: number; readonly fields: Fields; readonly unknownFields: number }

export type RequestHead = Extract<Head, { readonly kind: 'request' }>
export type ResponseHead = Extract<Head, { readonly kind: 'response' }>

/** A request or an answer that is being read. */
export class Message<H extends Head = Head> {
  readonly head: H
  readonly startedAt: bigint
  readonly body = new BodyCollector()
  readonly #missing: string[] = []
  readonly #headBytes: number
  endedAt: bigint
  isEnded = false

  constructor(head: H, at: bigint) {
    this.head = head
    this.startedAt = at
    this.endedAt = at
    this.#headBytes = sizeOf(head)
  }

  /** Why it is not whole, in words; empty while nothing is missing. */
  get missing(): readonly string[] {
    return this.#missing
  }

  /** Memory that is held for it. */
  get heldBytes(): number {
    return this.#headBytes + this.body.heldBytes
  }

  /** Something of it is missing, for this reason; beyond the bound the reasons are the same ones again. */
  lacks(why: string): void {
    if (this.#missing.length < MAX_MISSING) this.#missing.push(why)
  }

  end(at: bigint): void {
    this.isEnded = true
    this.endedAt = at
  }
}

/** Nearly; what V8 needs for the pair of a field is more than many a field is long. */
function sizeOf(head: Head): number {
  const line = head.kind === 'request' ? head.target.length + head.authority.length : 0
  return head.fields.reduce((sum, [name, value]) => sum + name.length + value.length + FIELD_OVERHEAD, line)
}

const FIELD_OVERHEAD = 64

/** The value of a field; of several, the first. */
export function fieldOf(fields: Fields, name: string): string | undefined {
  return fields.find(([own]) => own === name)?.[1]
}

/** What the HTTP/1.1 parser of one direction tells. */
export type MessageSink = {
  /** A new message begins; undefined where nobody has room for it, and its body is then skipped. */
  begin(head: Head, at: bigint): Message | undefined
  /** A message is whole, or will not become so. */
  done(message: Message): void
  /** Whether the next answer may begin: its request is known, or will not be. */
  mayAnswer(): boolean
  /** The method that the next answer answers; empty where it is not known. */
  methodToAnswer(): string
  /** The framing was lost: messages may have gone by unseen. */
  lost(at: bigint): void
  /** What follows is not HTTP any more (an upgrade, a tunnel). */
  leaveHttp(): void
}
