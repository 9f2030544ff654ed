import {
  routes,
  type Answer,
  type Body,
  type Params,
  type Query,
  type RouteName,
  type RouteSpec,
  type Routes,
} from './routes.ts'
import { pathSegment } from './path-segment.ts'
import type { Problem } from './wire.ts'

/** Header of an answer that lacks what was recorded last: the number of log entries that it is behind. */
export const BEHIND_HEADER = 'holdfast-behind'

export type ClientOptions = {
  /** Origin of the server, without a trailing slash; empty in a page that the server itself served. */
  readonly baseUrl: string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Bearer token; absent where a session cookie speaks for the user. */
  readonly token?: string
  /** Told when an answer lacks what was recorded last, with the number of log entries that it is behind. */
  readonly onBehind?: (entries: number) => void
}

export type CallOptions<N extends RouteName> = {
  readonly params?: Params<N>
  readonly query?: Query<N>
  /** A file that is not read into memory is sent as a `Blob`. */
  readonly body?: Body<N> | (Routes[N] extends { readonly body: 'bytes' } ? Blob : never)
  readonly signal?: AbortSignal
  /** The ETag of what was looked at, without its quotes: `ApiError` with 412 where it has changed since. */
  readonly ifMatch?: string
  /** The request goes on when the page that sent it is closed; its body is at most 64 KiB then. */
  readonly keepalive?: true
}

export type Client = {
  /** The JSON answer, as the server checked it. Throws {@link ApiError} for a problem document and for what is not JSON. */
  readonly call: <N extends RouteName>(name: N, options?: CallOptions<N>) => Promise<Answer<N>>
  /** The response as it is, for routes that do not answer JSON. Throws {@link ApiError} for a problem document. */
  readonly fetch: <N extends RouteName>(name: N, options?: CallOptions<N>) => Promise<Response>
}

/** What a server answered instead of a result; `status` is 0 where no server answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
  }
}

/** A typed client of the route table, without powers of its own. */
export function createClient(options: ClientOptions): Client {
  async function send<N extends RouteName>(name: N, call: CallOptions<N> = {}): Promise<Response> {
    const route: RouteSpec = routes[name]
    const headers: Record<string, string> = {}
    if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`
    if (call.ifMatch !== undefined) headers['if-match'] = `"${call.ifMatch}"`
    const body = encodeBody(call.body, headers)
    const init: RequestInit = {
      method: route.method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(call.signal ? { signal: call.signal } : {}),
      ...(call.keepalive ? { keepalive: true } : {}),
    }
    const response = await options
      .fetch(options.baseUrl + pathOf(route, call.params, call.query), init)
      .catch((cause: unknown) => {
        throw new ApiError(0, `no answer from ${options.baseUrl === '' ? 'the server' : options.baseUrl}`, { cause })
      })
    if (!response.ok) throw await problemOf(response)
    const behind = Number(response.headers.get(BEHIND_HEADER) ?? 0)
    if (behind > 0) options.onBehind?.(behind)
    return response
  }
  return {
    fetch: send,
    async call<N extends RouteName>(name: N, call?: CallOptions<N>): Promise<Answer<N>> {
      const response = await send(name, call)
      const schema: RouteSpec['response'] = routes[name].response
      if (typeof schema === 'string') throw new ApiError(response.status, `${name} does not answer JSON: use fetch`)
      const json = parseJson(await response.text())
      if (json === undefined) throw new ApiError(response.status, `the answer to ${name} is not JSON`)
      // The schema is that of this route, so its output is the route's answer.
      return json as Answer<N>
    },
  }
}

/** The path and query of a call, as a client would request it. */
export function pathOf(route: RouteSpec, params: unknown, query: unknown): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => pathSegment(textAt(params, name)))
  const search = new URLSearchParams()
  // Query schemas hold scalars only, so each value prints as itself.
  for (const [key, value] of Object.entries((query ?? {}) as Record<string, string | number | undefined>)) {
    if (value !== undefined && value !== '') search.set(key, String(value))
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

function textAt(params: unknown, name: string): string {
  const value = (params as Record<string, unknown> | undefined)?.[name]
  if (typeof value !== 'string' && typeof value !== 'number') throw new TypeError(`path parameter "${name}" is missing`)
  return String(value)
}

function encodeBody(body: unknown, headers: Record<string, string>): RequestInit['body'] | undefined {
  if (body === undefined) return undefined
  if (body instanceof Blob) {
    headers['content-type'] = 'application/octet-stream'
    return body
  }
  if (body instanceof Uint8Array) {
    headers['content-type'] = 'application/octet-stream'
    return body as Uint8Array<ArrayBuffer> // bytes that were read into memory, never a SharedArrayBuffer
  }
  headers['content-type'] = 'application/json'
  return JSON.stringify(body)
}

async function problemOf(response: Response): Promise<ApiError> {
  const problem = parseProblem(parseJson(await response.text()))
  return new ApiError(response.status, problem?.detail ?? problem?.title ?? `HTTP ${response.status}`)
}

/** By hand: in the workspace there are no schemas. */
function parseProblem(value: unknown): Problem | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { type, title, status, detail } = value as Partial<Record<keyof Problem, unknown>> // each is looked at
  if (typeof type !== 'string' || typeof title !== 'string' || !Number.isInteger(status)) return undefined
  if (detail !== undefined && typeof detail !== 'string') return undefined
  return { type, title, status: Number(status), ...(detail === undefined ? {} : { detail }) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: a proxy's own page. The status alone is reported.
    return undefined
  }
}
