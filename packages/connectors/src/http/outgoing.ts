import { request as requestHttp } from 'node:http'
import { request as requestHttps, type RequestOptions } from 'node:https'
import type { BlockList } from 'node:net'
import { isLoopback, listOf } from './addresses.ts'
import { ANSWER_BYTES, REQUEST_MS } from './limits.ts'
import { type NotPinned, notAllowed, pinAddress, type Resolve, resolveByHost, unreachable } from './pin.ts'

export type OutgoingRequest = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Gives the request up; the answer is then `unreachable`. */
  readonly signal?: AbortSignal
}

export type OutgoingAnswer =
  | {
      readonly status: 'answered'
      readonly code: number
      /** At most {@link ANSWER_BYTES}. Untrusted. */
      readonly body: string
      /** The same as it came. Untrusted. */
      readonly bytes: Uint8Array
      /** What `Content-Type` says, where there is one. Untrusted. */
      readonly contentType?: string
      /** What `Retry-After` says, in milliseconds. */
      readonly retryAfterMs?: number
    }
  | NotPinned

export type OutgoingOptions = {
  /** Addresses and ranges beyond the internet at large that the operator allows. */
  readonly allow?: readonly string[]
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca?: string
  readonly resolve?: Resolve
  readonly timeoutMs?: number
}

/**
 * Requests to an address that somebody configured, made so that nobody else chooses where they go: https alone (http to an
 * allowed address of this machine), each address of the name looked at, the connection made to the one that was looked at, and
 * no redirect followed.
 */
export class Outgoing {
  readonly #allowed: BlockList
  readonly #ca: string | undefined
  readonly #resolve: Resolve
  readonly #timeoutMs: number

  constructor({ allow = [], ca, resolve = resolveByHost, timeoutMs = REQUEST_MS }: OutgoingOptions = {}) {
    this.#allowed = listOf(allow)
    this.#ca = ca
    this.#resolve = resolve
    this.#timeoutMs = timeoutMs
  }

  async send(request: OutgoingRequest): Promise<OutgoingAnswer> {
    const url = URL.parse(request.url)
    if (url === null) return notAllowed('it is no URL')
    if (url.username !== '' || url.password !== '') return notAllowed('credentials do not belong into a URL')
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return notAllowed(`${url.protocol} is not spoken here`)
    const late = AbortSignal.timeout(this.#timeoutMs)
    const signal = request.signal === undefined ? late : AbortSignal.any([late, request.signal])
    // The URL parser has turned decimal, octal and hexadecimal forms into the usual one by now.
    const pinned = await pinAddress(nameOf(url), { allowed: this.#allowed, resolve: this.#resolve, signal })
    if (pinned.status !== 'pinned') return pinned
    if (url.protocol === 'http:' && !isLoopback(pinned.address))
      return notAllowed('http is for this machine alone: use https')
    return exchange({ url, request, address: pinned.address, ca: this.#ca, signal })
  }
}

type Exchange = {
  readonly url: URL
  readonly request: OutgoingRequest
  readonly address: string
  readonly ca: string | undefined
  readonly signal: AbortSignal
}

function exchange({ url, request, address, ca, signal }: Exchange): Promise<OutgoingAnswer> {
  const { promise, resolve } = Promise.withResolvers<OutgoingAnswer>()
  const name = nameOf(url)
  const body = Buffer.from(request.body ?? '')
  const options: RequestOptions = {
    method: request.method,
    host: address,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: { ...request.headers, host: url.host, 'content-length': body.length, connection: 'close' },
    // No connection is shared: each goes to an address that was looked at for it.
    agent: false,
    signal,
    // The certificate has to be of the name, not of the address; an address has no name to indicate.
    ...(name === address ? {} : { servername: name }),
    ...(ca === undefined ? {} : { ca }),
  }
  const outgoing = url.protocol === 'https:' ? requestHttps(options) : requestHttp(options)
  outgoing.on('error', (error) => resolve(unreachable(error)))
  outgoing.on('response', (answer) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const end = (): void => {
      const retryAfterMs = retryAfterOf(answer.headers['retry-after'])
      const contentType = answer.headers['content-type']
      const received = Buffer.concat(chunks).subarray(0, ANSWER_BYTES)
      resolve({
        status: 'answered',
        code: answer.statusCode ?? 0,
        body: received.toString('utf8'),
        bytes: received,
        ...(contentType === undefined ? {} : { contentType }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      })
    }
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes <= ANSWER_BYTES) return
      end()
      outgoing.destroy()
    })
    answer.on('end', end)
    // The answer broke off: what was sent may have arrived.
    answer.on('error', (error) => resolve(unreachable(error)))
    answer.on('aborted', () => resolve({ status: 'unreachable', reason: 'the answer broke off' }))
  })
  outgoing.end(body)
  return promise
}

/** Seconds, as the services meant here send it; a date is left to the usual pause. */
function retryAfterOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : undefined
}

function nameOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}
