import { BodyCollector } from './body.ts'

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
  /** Why it is not whole, in words; empty while nothing is missing. */
  readonly missing: string[] = []
  endedAt: bigint
  isEnded = false

  constructor(head: H, at: bigint) {
    this.head = head
    this.startedAt = at
    this.endedAt = at
  }

  end(at: bigint): void {
    this.isEnded = true
    this.endedAt = at
  }
}

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
