import { constants, createServer } from 'node:http2'
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import { encodeStatus, encodeStored } from './answer-bytes.ts'
import type { Signal } from './answer-bytes.ts'
import { Connections } from './connections.ts'
import {
  HEADER_TIMEOUT_MS,
  IDLE_TIMEOUT_MS,
  MAX_BODY_BYTES,
  MAX_CALLS_PER_CONNECTION,
  REQUEST_TIMEOUT_MS,
} from './limits.ts'
import { listen } from './listen.ts'
import { REFUSALS, refused } from './outcome.ts'
import type { Outcome, Refused } from './outcome.ts'
import { collect } from './collect-body.ts'
import { CODINGS, codingOf, inflate } from './read-body.ts'
import { Receiver, senderName } from './receiver.ts'
import type { OtlpListener, OtlpListenerOptions } from './sink.ts'

const METHODS: ReadonlyMap<string, Signal> = new Map([
  ['/opentelemetry.proto.collector.trace.v1.TraceService/Export', 'traces'],
  ['/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'logs'],
  ['/opentelemetry.proto.collector.metrics.v1.MetricsService/Export', 'metrics'],
])

/** Compressed flag and length before each message. */
const PREFIX_BYTES = 5

/**
 * Listens for OTLP over gRPC, which is one message each way over HTTP/2
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). Written on node:http2 and not on a gRPC library,
 * because libraries hand over a message only once it is received and inflated: what a sender may make us hold could be
 * bounded neither before decompression nor over all connections. The official clients are the reference in the tests.
 */
export async function startOtlpGrpc(options: OtlpListenerOptions): Promise<OtlpListener> {
  const receiver = new Receiver(options.sink)
  const server = createServer({
    settings: { maxConcurrentStreams: MAX_CALLS_PER_CONNECTION, initialWindowSize: 1024 * 1024, enablePush: false },
  })
  const connections = new Connections(server, (address) => {
    receiver.refuse(refused('sender-overload', 'too many connections from one address'), address)
  })
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    session.setTimeout(HEADER_TIMEOUT_MS, () => session.destroy())
    // A session that breaks the protocol is closed by node:http2; there is nothing more to do about it.
    session.on('error', () => session.destroy())
  })
  server.on('stream', (stream, headers) => {
    const { session } = stream
    const done = session === undefined ? () => undefined : connections.begin(session.socket)
    session?.setTimeout(IDLE_TIMEOUT_MS)
    stream.setTimeout(IDLE_TIMEOUT_MS, () => stream.close(constants.NGHTTP2_CANCEL))
    // A call that drips is never idle: without a bound on the whole it would hold its place for ever.
    const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), REQUEST_TIMEOUT_MS)
    stream.once('close', () => {
      clearTimeout(late)
      done()
    })
    // The sender reset the call; its body is given up below.
    stream.on('error', () => undefined)
    call(receiver, `grpc:${port}`, stream, headers).catch(() => stream.close(constants.NGHTTP2_CANCEL))
  })
  const port = await listen(server, options)
  return {
    port,
    counts: receiver.counts,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      // Calls that were taken in are answered first; who then still holds a connection is cut off.
      for (const session of sessions) session.close()
      const cut = setTimeout(() => connections.closeAll(), 2_000)
      await closed
      clearTimeout(cut)
    },
  }
}

async function call(
  receiver: Receiver,
  instance: string,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  const signal = METHODS.get(headers[':path'] ?? '')
  const address = stream.session?.socket.remoteAddress ?? 'unknown'
  const outcome = await answer(receiver, { instance, stream, headers, signal, address })
  if (stream.destroyed) return
  if (outcome.status === 'refused') {
    receiver.refuse(outcome, address)
    return sendRefusal(stream, outcome)
  }
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': CODINGS.join(',') },
    { waitForTrailers: true },
  )
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(framed(encodeStored('proto', signal ?? 'traces', outcome)))
}

async function answer(
  receiver: Receiver,
  {
    instance,
    stream,
    headers,
    signal,
    address,
  }: {
    readonly instance: string
    readonly stream: ServerHttp2Stream
    readonly headers: IncomingHttpHeaders
    readonly signal: Signal | undefined
    readonly address: string
  },
): Promise<Outcome> {
  if (signal === undefined) return refused('not-found', `no method ${String(headers[':path']).slice(0, 100)}`)
  if (!(headers['content-type'] ?? '').startsWith('application/grpc')) {
    return refused('unsupported', 'content-type must be application/grpc')
  }
  const sender = receiver.admit(address, headers.authorization)
  if ('status' in sender) return sender
  const coding = codingOf(headers['grpc-encoding'] as string | undefined) // node:http2 joins repetitions of all but set-cookie
  if (coding === undefined) return refused('unsupported', 'grpc-encoding must be gzip, deflate or zstd')
  using lease = receiver.memory.lease(senderName(sender))
  const received = await collect(stream, lease, { lengthOf: messageBytes, maxBytes: MAX_BODY_BYTES + PREFIX_BYTES })
  if (received.status === 'refused') return received
  const { body } = received
  if (body.length < PREFIX_BYTES || body.readUInt32BE(1) !== body.length - PREFIX_BYTES) {
    return refused('malformed', 'the call does not hold exactly one message')
  }
  const isCompressed = body.readUInt8(0) === 1
  const read = await inflate(body.subarray(PREFIX_BYTES), isCompressed ? coding : 'identity', lease)
  if (read.status === 'refused') return read
  return await receiver.receive({ signal, encoding: 'proto', body: read.body, instance, sender })
}

/** Bytes of the one message with its prefix, which mostly comes in one piece. */
function messageBytes(first: Buffer): number | undefined {
  return first.length < PREFIX_BYTES ? undefined : PREFIX_BYTES + first.readUInt32BE(1)
}

function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

/** A refusal is trailers alone; the rest of the call may still be on its way and is not wanted. */
function sendRefusal(stream: ServerHttp2Stream, refusal: Refused): void {
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(REFUSALS[refusal.code].grpc),
      'grpc-message': encodeURIComponent(refusal.message),
      'grpc-status-details-bin': encodeStatus('proto', refusal).toString('base64'),
    },
    { endStream: true },
  )
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR)
}
