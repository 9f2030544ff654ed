import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OtlpEncoding } from '@holdfast/capture'
import { HOPS_HEADER, parseHops } from '../forward/hops.ts'
import { encodeStatus, encodeStored } from './answer-bytes.ts'
import type { Signal } from './answer-bytes.ts'
import { Connections } from './connections.ts'
import {
  HEADER_TIMEOUT_MS,
  IDLE_TIMEOUT_MS,
  MAX_DISCARDED_BYTES,
  REQUEST_TIMEOUT_MS,
  RETRY_AFTER_SECONDS,
} from './limits.ts'
import { listen } from './listen.ts'
import { REFUSALS, refused } from './outcome.ts'
import type { Outcome, Refused } from './outcome.ts'
import { collect } from './collect-body.ts'
import { codingOf, inflate } from './read-body.ts'
import { Receiver, senderName } from './receiver.ts'
import type { OtlpListener, OtlpListenerOptions } from './sink.ts'

const PATHS: ReadonlyMap<string, Signal> = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/logs', 'logs'],
  ['/v1/metrics', 'metrics'],
])
const MEDIA_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  proto: 'application/x-protobuf',
  json: 'application/json',
}

/**
 * Listens for OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp). Sets no CORS header and refuses what
 * states an origin: no page in a browser may send here. Rejects with the error of `listen` where the port is taken.
 */
export async function startOtlpHttp(options: OtlpListenerOptions): Promise<OtlpListener> {
  const receiver = new Receiver(options.sink)
  const server = createServer(
    {
      headersTimeout: HEADER_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      const done = connections.begin(request.socket)
      response.once('close', done)
      exchange(receiver, `http:${port}`, request, response).catch((error: unknown) => {
        // The sender went away while its body was read: nothing was stored and nobody is left to answer.
        response.destroy(error instanceof Error ? error : undefined)
      })
    },
  )
  server.setTimeout(IDLE_TIMEOUT_MS)
  const connections = new Connections(server, (address) => {
    receiver.refuse(refused('sender-overload', 'too many connections from one address'), address)
  })
  const port = await listen(server, options)
  return {
    port,
    counts: receiver.counts,
    async [Symbol.asyncDispose]() {
      // Requests that were taken in are answered first; who then still holds a connection is cut off.
      server.closeIdleConnections()
      const closed = new Promise((resolve) => server.close(resolve))
      const cut = setTimeout(() => connections.closeAll(), 2_000)
      await closed
      clearTimeout(cut)
    },
  }
}

async function exchange(
  receiver: Receiver,
  instance: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const encoding = encodingOf(request)
  const signal = PATHS.get((request.url ?? '').split('?', 1)[0] ?? '')
  const address = request.socket.remoteAddress ?? 'unknown'
  const outcome = await answer(receiver, { instance, request, encoding, signal, address })
  if (outcome.status === 'refused') {
    receiver.refuse(outcome, address)
    return sendRefusal(response, encoding ?? 'json', outcome)
  }
  const body = encodeStored(encoding ?? 'json', signal ?? 'traces', outcome)
  response.writeHead(200, { 'content-type': MEDIA_TYPES[encoding ?? 'json'], 'content-length': body.length }).end(body)
}

async function answer(
  receiver: Receiver,
  {
    instance,
    request,
    encoding,
    signal,
    address,
  }: {
    readonly instance: string
    readonly request: IncomingMessage
    readonly encoding: OtlpEncoding | undefined
    readonly signal: Signal | undefined
    readonly address: string
  },
): Promise<Outcome> {
  if (signal === undefined) return refused('not-found', 'OTLP is received at /v1/traces, /v1/logs and /v1/metrics')
  if (request.method !== 'POST') return refused('wrong-method', 'telemetry is sent with POST')
  // Browsers state an origin with every POST and exporters never do: a page that rebinds its name to this machine is
  // same-origin to itself, so that the missing CORS header alone would not keep it out.
  if (request.headers.origin !== undefined) return refused('unauthenticated', 'pages in a browser may not send here')
  const sender = receiver.admit(address, request.headers.authorization)
  if ('status' in sender) return sender
  if (encoding === undefined) {
    return refused('unsupported', 'content-type must be application/x-protobuf or application/json')
  }
  const hops = parseHops(request.headers[HOPS_HEADER])
  if (receiver.isOwn(hops)) return refused('loop', 'this server has passed it on itself: forwarding leads back to it')
  const coding = codingOf(request.headers['content-encoding'])
  if (coding === undefined) return refused('unsupported', 'content-encoding must be gzip, deflate or zstd')
  using lease = receiver.memory.lease(senderName(sender))
  const packed = await collect(request, lease, { announced: announcedBytes(request) })
  if (packed.status === 'refused') return packed
  const read = await inflate(packed.body, coding, lease)
  if (read.status === 'refused') return read
  return await receiver.receive({ signal, encoding, body: read.body, instance, sender, hops })
}

/** Node's parser has checked the header, and takes no body that is longer or shorter. */
function announcedBytes(request: IncomingMessage): number | undefined {
  const length = request.headers['content-length']
  return length === undefined ? undefined : Number(length)
}

function encodingOf(request: IncomingMessage): OtlpEncoding | undefined {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type === MEDIA_TYPES.proto || type === 'application/protobuf') return 'proto'
  return type === MEDIA_TYPES.json ? 'json' : undefined
}

/**
 * The connection ends with a refusal, but not before the rest of the body has come or is too much: most senders read an
 * answer only once they have sent all, and closing under their hands would show them a broken pipe and no reason.
 */
function sendRefusal(response: ServerResponse, encoding: OtlpEncoding, refusal: Refused): void {
  const { http, isRetryable } = REFUSALS[refusal.code]
  const body = encodeStatus(encoding, refusal)
  response.writeHead(http, {
    'content-type': MEDIA_TYPES[encoding],
    'content-length': body.length,
    ...(response.req.complete ? {} : { connection: 'close' }),
    ...(isRetryable ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {}),
    ...(refusal.code === 'wrong-method' ? { allow: 'POST' } : {}),
  })
  const { req: request } = response
  if (request.complete || request.destroyed) return void response.end(body)
  response.write(body)
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_DISCARDED_BYTES) response.end(() => request.destroy())
  })
  // The timeouts of the server bound how long the rest may take.
  for (const over of ['end', 'close']) request.once(over, () => response.end())
  request.resume()
}
