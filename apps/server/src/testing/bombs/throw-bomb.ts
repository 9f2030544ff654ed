import { once } from 'node:events'
import { connect } from 'node:http2'
import { request, type IncomingMessage } from 'node:http'
import type { Bomb } from './bombs.ts'

export type Transport = 'http' | 'grpc'

/** How a listener answered: the status of HTTP or of gRPC; `cut` where it closed the connection instead. */
export type Answer = { readonly transport: Transport; readonly status: number | 'cut' }

/** Answers that are an answer: taken, refused for what it is, or asked to come again. */
const HTTP_ANSWERS: ReadonlySet<number> = new Set([200, 400, 413, 415, 429, 503])
const GRPC_ANSWERS: ReadonlySet<number> = new Set([0, 3, 8, 12, 14])

export function isAnswer({ transport, status }: Answer): boolean {
  return status === 'cut' || (transport === 'http' ? HTTP_ANSWERS : GRPC_ANSWERS).has(status)
}

/** Posts it to the OTLP/HTTP listener, as its sender says that it is. */
export async function throwOverHttp(url: string, { body, encoding, coding }: Bomb): Promise<Answer> {
  const sent = request(`${url}/v1/traces`, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      ...(coding === 'identity' ? {} : { 'content-encoding': coding }),
      'content-length': body.length,
    },
  })
  try {
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage] // what the event gives
    response.resume()
    await once(response, 'close')
    return { transport: 'http', status: response.statusCode ?? 'cut' }
  } catch {
    // Reset or closed under the request: the other way to refuse.
    return { transport: 'http', status: 'cut' }
  } finally {
    sent.destroy()
  }
}

/** Sends it as one gRPC message. */
export async function throwOverGrpc(url: string, { body, coding }: Bomb): Promise<Answer> {
  const session = connect(url)
  session.on('error', () => undefined)
  const prefix = Buffer.alloc(5)
  prefix[0] = coding === 'identity' ? 0 : 1
  prefix.writeUInt32BE(body.length, 1)
  const stream = session.request({
    ':method': 'POST',
    ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    'content-type': 'application/grpc',
    te: 'trailers',
    'grpc-encoding': coding,
  })
  let status: number | 'cut' = 'cut'
  const heard = (headers: { readonly 'grpc-status'?: unknown }): void => {
    if (headers['grpc-status'] !== undefined) status = Number(headers['grpc-status'])
  }
  stream.on('response', heard).on('trailers', heard)
  // A stream that is reset says so in its event; that is an answer, not a failure of this program.
  stream.on('error', () => undefined)
  stream.resume()
  stream.end(Buffer.concat([prefix, body]))
  await once(stream, 'close')
  session.destroy()
  return { transport: 'grpc', status }
}
