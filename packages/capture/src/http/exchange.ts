import type { KernelContextBasis, ProcessKey, SocketEnd, SpanId, TraceId } from '@holdfast/model'
import { NO_BODY } from './body.ts'
import type { HttpBody } from './body.ts'
import { withoutCredentials, withoutSecretQuery, withoutUser } from './credentials.ts'
import { MAX_EXCHANGE_BYTES } from './limits.ts'
import { fieldOf } from './message.ts'
import type { Message } from './message.ts'
import type { SeenExchange } from './pairing.ts'

/**
 * One HTTP request and its answer as the log holds it: the JSON of an entry of encoding `http-exchange`. Values of fields
 * that carry credentials are left out, and named in `withheld`. Times are unix nanoseconds as decimal text.
 */
export type HttpExchange = {
  readonly version: 1
  /** Names the exchange for good: process, connection and number on it. */
  readonly id: string
  readonly protocol: SeenExchange['protocol']
  readonly side: SeenExchange['side']
  readonly startedAt: string
  readonly endedAt: string
  readonly origin: ExchangeOrigin
  /** True where the connection was there before it was watched, or records of it were lost. */
  readonly isMidway: boolean
  readonly request?: HttpRequest
  readonly response?: HttpResponse
  /** Why it is not whole, in words; empty for a whole one. */
  readonly missing: readonly string[]
}

/** Where an exchange was seen: what the one who saw it knows beside the bytes. */
export type ExchangeOrigin = {
  /** What made it visible: the library that was hooked, or a proxy. */
  readonly seenBy: 'openssl' | 'node-openssl' | 'proxy'
  readonly process?: ProcessKey
  readonly parentProcess?: ProcessKey
  /** Name of the thread, as the kernel has it. Untrusted. */
  readonly comm?: string
  readonly remote?: SocketEnd
  /** Socket cookie as decimal text: the same socket in kernel events of one boot. */
  readonly socket?: string
  readonly trace?: TraceId
  readonly span?: SpanId
  /** A proxy answered it itself, on these grounds; nothing went on. */
  readonly kept?: { readonly guardrail: 'residency'; readonly facts: Readonly<Record<string, string>> }
  /** How `trace` and `span` are known; a `traceparent` field of the request itself goes before them. */
  readonly contextBasis?: KernelContextBasis
}

export type HttpRequest = {
  readonly method: string
  /** Path and query, credentials in the query left out. */
  readonly target: string
  readonly authority: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly withheld: readonly string[]
  readonly body: HttpBody
}

export type HttpResponse = {
  /** 0 where it was not seen. */
  readonly status: number
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly withheld: readonly string[]
  readonly body: HttpBody
}

/** The exchange as it is recorded. `id` is the connection's; the number on it is added. */
export function writeExchange(seen: SeenExchange, connection: string, origin: ExchangeOrigin): HttpExchange {
  const { request, response } = seen
  const times = [request?.startedAt, response?.startedAt].filter((time) => time !== undefined)
  const ends = [request?.endedAt, response?.endedAt].filter((time) => time !== undefined)
  return {
    version: 1,
    id: `${connection}.${seen.number}`,
    protocol: seen.protocol,
    side: seen.side,
    startedAt: times.reduce((a, b) => (a < b ? a : b), times[0] ?? 0n).toString(),
    endedAt: ends.reduce((a, b) => (a > b ? a : b), ends[0] ?? 0n).toString(),
    origin,
    isMidway: seen.isMidway,
    ...(request === undefined
      ? {}
      : {
          request: {
            method: request.head.method,
            target: withoutSecretQuery(request.head.target),
            authority: withoutUser(request.head.authority),
            ...withoutCredentials(request.head.fields),
            body: bodyOf(request),
          },
        }),
    ...(response === undefined
      ? {}
      : {
          response: {
            status: response.head.status,
            ...withoutCredentials(response.head.fields),
            body: bodyOf(response),
          },
        }),
    missing: seen.missing,
  }
}

/**
 * The bytes of the log entry. Text that is all escapes can grow beyond what an entry may hold: then its tail is cut, and
 * the body says so.
 */
export function encodeExchange(exchange: HttpExchange): Buffer {
  let whole = exchange
  for (;;) {
    const bytes = Buffer.from(JSON.stringify(whole))
    const next = bytes.length <= MAX_EXCHANGE_BYTES ? whole : shortened(whole)
    if (next === whole) return bytes
    whole = next
  }
}

function bodyOf(message: Message): HttpBody {
  return message.body.finish({
    contentEncoding: fieldOf(message.head.fields, 'content-encoding') ?? '',
    contentType: fieldOf(message.head.fields, 'content-type') ?? '',
    isEnded: message.isEnded,
  })
}

/** The larger of the two bodies by half. Heads are bounded far below the limit, so this ends. */
function shortened(exchange: HttpExchange): HttpExchange {
  const { request, response } = exchange
  const asked = request?.body.data.length ?? 0
  const missing = exchange.missing.includes(CUT) ? exchange.missing : [...exchange.missing, CUT]
  if (request !== undefined && asked > 0 && asked >= (response?.body.data.length ?? 0))
    return { ...exchange, missing, request: { ...request, body: halved(request.body) } }
  if (response === undefined || response.body.data === '') return exchange
  return { ...exchange, missing, response: { ...response, body: halved(response.body) } }
}

const CUT = 'a body is longer than a record may be'

function halved(body: HttpBody): HttpBody {
  // Base64 stays whole in groups of four, text is not cut inside a pair of surrogates.
  const half = Math.floor(body.data.length / 8) * 4
  const isPair = body.form === 'text' && /[\uD800-\uDBFF]/.test(body.data.charAt(half - 1))
  const { holes: _, ...rest } = body
  if (half === 0) return { ...NO_BODY, bytes: body.bytes, isPartial: true }
  return { ...rest, data: body.data.slice(0, isPair ? half - 1 : half), isPartial: true }
}
