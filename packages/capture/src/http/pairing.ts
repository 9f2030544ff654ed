import { MAX_MISSING } from './limits.ts'
import type { Message, RequestHead, ResponseHead } from './message.ts'

/** A request and its answer, as far as they were seen. At least one of the two is there. */
export type SeenExchange = {
  readonly protocol: 'http/1.1' | 'h2'
  /** Number of the request on its connection, from 1; the stream for HTTP/2. */
  readonly number: number
  /** What the watched process is in it. */
  readonly side: 'client' | 'server'
  /** True where the connection was there before it was watched, or records of it were lost. */
  readonly isMidway: boolean
  readonly request: Message<RequestHead> | undefined
  readonly response: Message<ResponseHead> | undefined
  /** Why it is not whole, in words; empty for a whole one. */
  readonly missing: readonly string[]
}

/** An exchange under way. */
export type OpenExchange = {
  readonly number: number
  request: Message<RequestHead> | undefined
  response: Message<ResponseHead> | undefined
  isRequestDone: boolean
  isResponseDone: boolean
}

/** What is missing of an exchange that is told now. */
export function missingOf({ request, response }: OpenExchange, why: string | undefined): readonly string[] {
  const missing: string[] = []
  if (request === undefined) missing.push('request: not seen')
  else {
    missing.push(...request.missing.map((text) => `request: ${text}`))
    if (!request.isEnded && request.missing.length === 0) missing.push('request: its end was not seen')
    if (request.head.unknownFields > 0) missing.push(`request: ${request.head.unknownFields} fields are not known`)
  }
  if (response === undefined) missing.push('response: not seen')
  else {
    missing.push(...response.missing.map((text) => `response: ${text}`))
    if (!response.isEnded && response.missing.length === 0) missing.push('response: its end was not seen')
    if (response.head.unknownFields > 0) missing.push(`response: ${response.head.unknownFields} fields are not known`)
  }
  if (why !== undefined) missing.push(why)
  return missing.slice(0, MAX_MISSING)
}

/** Bytes held by the messages of an exchange. */
export function heldBy({ request, response }: OpenExchange): number {
  return (request?.heldBytes ?? 0) + (response?.heldBytes ?? 0)
}
