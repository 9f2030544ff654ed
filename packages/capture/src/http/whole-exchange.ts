import { encodeExchange, writeExchange } from './exchange.ts'
import type { ExchangeOrigin } from './exchange.ts'
import { MAX_FIELD_VALUE, MAX_FIELDS } from './limits.ts'
import { Message } from './message.ts'
import type { Fields, RequestHead, ResponseHead } from './message.ts'

/** One request and its answer as a proxy passes them on: no bytes to put together, but bodies that come in pieces. */
export type ExchangeParts = {
  readonly request: Collected
  /** The bytes of the log entry. `connection` names the exchange for good; `missing` says in words why it is not whole. */
  readonly encode: (connection: string, origin: ExchangeOrigin, missing: readonly string[]) => Buffer
  readonly answer: (head: { readonly status: number; readonly rawFields: readonly string[] }, at: bigint) => Collected
}

/** A body under way; what is beyond the bound of a body is counted and not kept. */
type Collected = { readonly push: (bytes: Uint8Array) => void; readonly end: (at: bigint) => void }

/** `rawFields`: names and values in turn, as Node gives them. `at`: unix ns when it began. */
export function exchangeOf(
  head: {
    readonly method: string
    readonly target: string
    readonly authority: string
    readonly rawFields: readonly string[]
  },
  at: bigint,
): ExchangeParts {
  const { method, target, authority, rawFields } = head
  const request = new Message<RequestHead>({ kind: 'request', method, target, authority, ...fieldsOf(rawFields) }, at)
  let response: Message<ResponseHead> | undefined
  return {
    request: collected(request),
    answer: ({ status, rawFields: answered }, begunAt) => {
      response = new Message<ResponseHead>({ kind: 'response', status, ...fieldsOf(answered) }, begunAt)
      return collected(response)
    },
    encode: (connection, origin, missing) =>
      encodeExchange(
        writeExchange(
          { protocol: 'http/1.1', number: 1, side: 'client', isMidway: false, request, response, missing },
          connection,
          origin,
        ),
      ),
  }
}

function collected(message: Message): Collected {
  return { push: (bytes) => message.body.push(bytes), end: (at) => message.end(at) }
}

function fieldsOf(raw: readonly string[]): { readonly fields: Fields; readonly unknownFields: number } {
  const fields: (readonly [string, string])[] = []
  for (let at = 0; at + 1 < raw.length && fields.length < MAX_FIELDS; at += 2) {
    fields.push([(raw[at] ?? '').toLowerCase(), (raw[at + 1] ?? '').slice(0, MAX_FIELD_VALUE)])
  }
  return { fields, unknownFields: Math.max(0, raw.length / 2 - MAX_FIELDS) }
}
