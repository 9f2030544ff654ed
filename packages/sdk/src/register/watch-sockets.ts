import diagnostics from 'node:diagnostics_channel'
import dgram from 'node:dgram'
import net from 'node:net'
import { TLSSocket } from 'node:tls'

import { MAX_SPANS_PER_SOCKET } from '../limits.ts'
import { activeSpan } from './active-span.ts'
import type { SpanName } from './active-span.ts'
import { replace } from './child-processes.ts'
import type { Ends, SocketReports } from './socket-reports.ts'

/**
 * Tells `reports` which span uses which socket. A request's socket belongs to the span that made the request, also where
 * a pool opened or kept it for another; a socket without requests to the span that connected it.
 */
export function watchSockets(reports: SocketReports): void {
  const watch = new Watch(reports)
  watchRaw(watch)
  watchHttp(watch)
  watchFetch(watch)
  watchDatagrams(watch)
}

class Watch {
  readonly #reports: SocketReports
  readonly #told = new WeakMap<object, Set<string>>()
  /** Sockets of which a request library says who uses them. */
  readonly #spokenFor = new WeakSet<object>()

  constructor(reports: SocketReports) {
    this.#reports = reports
  }

  /** The span to report for; undefined for our own requests. */
  span(): SpanName | undefined {
    return this.#reports.isSending() ? undefined : activeSpan()
  }

  speaksFor(socket: object): void {
    this.#spokenFor.add(socket)
  }

  isSpokenFor(socket: object): boolean {
    return this.#spokenFor.has(socket)
  }

  /** Reports the socket once for each span, as soon as both of its ends are known. */
  uses(socket: net.Socket, span: SpanName, name?: string): void {
    if (socket.connecting) {
      socket.once('connect', () => this.uses(socket, span, name))
      return
    }
    const ends = endsOf(socket)
    if (ends !== undefined) this.tells(socket, span, { ...ends, name })
  }

  tells(socket: object, span: SpanName, ends: Ends): void {
    const spans = this.#told.get(socket) ?? new Set()
    this.#told.set(socket, spans)
    const id = `${span.traceId}${span.spanId}`
    if (spans.has(id)) return
    if (spans.size >= MAX_SPANS_PER_SOCKET) {
      this.#reports.drop()
      return
    }
    spans.add(id)
    this.#reports.add(span, ends)
  }
}

function endsOf(socket: net.Socket): Omit<Ends, 'name'> | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  if (localAddress === undefined || localPort === undefined) return undefined
  if (remoteAddress === undefined || remotePort === undefined) return undefined
  return {
    transport: 'tcp',
    local: { address: localAddress, port: localPort },
    remote: { address: remoteAddress, port: remotePort },
  }
}

/** Every TCP and TLS client goes through here. Who uses it may be said by a request only after it is connected. */
function watchRaw(watch: Watch): void {
  const original: unknown = Reflect.get(net.Socket.prototype, 'connect')
  if (typeof original !== 'function') return
  const connect = function (this: net.Socket, ...args: unknown[]): unknown {
    quietly(() => {
      const span = watch.span()
      if (span === undefined) return
      // undici says that a TLS socket is its own only after the handshake.
      const event = this instanceof TLSSocket ? 'secureConnect' : 'connect'
      this.once(event, () =>
        quietly(() => {
          // Asked now: a socket that has said all it had to say forgets its ends at once.
          const ends = endsOf(this)
          if (ends === undefined) return
          setImmediate(() =>
            quietly(() => watch.isSpokenFor(this) || watch.tells(this, span, { ...ends, name: undefined })),
          )
        }),
      )
    })
    return Reflect.apply(original, this, args)
  }
  replace(net.Socket.prototype, 'connect', connect, original)
}

/** `node:http` and `node:https`, and whatever is built on them. */
function watchHttp(watch: Watch): void {
  const spans = new WeakMap<object, SpanName | undefined>()
  // Where this Node has it (22.12), it tells in whose context the request was made; the other, where it ended.
  on('http.client.request.created', ({ request }) => {
    if (isObject(request)) spans.set(request, watch.span())
  })
  on('http.client.request.start', ({ request }) => {
    if (!isObject(request)) return
    const span = spans.has(request) ? spans.get(request) : watch.span()
    const host = field(request, 'host')
    const take = (socket: unknown): void =>
      quietly(() => {
        if (!(socket instanceof net.Socket)) return
        watch.speaksFor(socket)
        if (span !== undefined) watch.uses(socket, span, typeof host === 'string' ? host : undefined)
      })
    const socket = field(request, 'socket')
    if (isObject(socket)) take(socket)
    else (field(request, 'once') as (event: string, then: typeof take) => void).call(request, 'socket', take) // a ClientRequest emits events
  })
}

/** `fetch` and every other client made with undici. */
function watchFetch(watch: Watch): void {
  const spans = new WeakMap<object, SpanName>()
  on('undici:request:create', ({ request }) => {
    const span = watch.span()
    if (isObject(request) && span !== undefined) spans.set(request, span)
  })
  on('undici:client:connected', ({ socket }) => {
    if (isObject(socket)) watch.speaksFor(socket)
  })
  on('undici:client:sendHeaders', ({ request, socket }) => {
    if (!isObject(request) || !(socket instanceof net.Socket)) return
    watch.speaksFor(socket)
    const span = spans.get(request)
    const origin = field(request, 'origin')
    const name = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin).hostname : undefined
    if (span !== undefined) watch.uses(socket, span, name)
  })
}

/** Only connected ones have two ends. */
function watchDatagrams(watch: Watch): void {
  on('udp.socket', ({ socket }) => {
    const span = watch.span()
    if (span === undefined || !(socket instanceof dgram.Socket)) return
    socket.once('connect', () =>
      quietly(() => {
        const [local, remote] = [socket.address(), socket.remoteAddress()]
        watch.tells(socket, span, { transport: 'udp', local, remote, name: undefined })
      }),
    )
  })
}

function on(channel: string, hear: (message: Readonly<Record<string, unknown>>) => void): void {
  diagnostics.subscribe(channel, (message) =>
    // Channels of Node and undici publish objects.
    quietly(() => hear(message as Readonly<Record<string, unknown>>)),
  )
}

/** A subscriber that throws becomes an uncaught exception of the agent. */
function quietly(run: () => unknown): void {
  try {
    run()
  } catch {
    // One socket is not reported; its connection is then shown as joined by nothing.
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function field(of: object, name: string): unknown {
  return Reflect.get(of, name)
}
