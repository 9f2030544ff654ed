import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import { REQUEST_MS } from '../limits.ts'
import { requestTo, type ServerAt } from './server-at.ts'

/**
 * What became of a request. `away`: nobody answered; `busy`: the server is there, and asks to wait or fails at it. Both are
 * to be tried again.
 */
export type Answered =
  | { readonly status: 'done'; readonly answer: unknown }
  | { readonly status: 'unknown-start' }
  | { readonly status: 'refused'; readonly detail: string }
  | { readonly status: 'busy'; readonly detail: string }
  | { readonly status: 'away'; readonly detail: string }

/** Speaks to the server over its unix socket, or from another host over TLS (SPEC S5). */
export class ServerClient {
  readonly #server: ReturnType<typeof requestTo>
  readonly #request: typeof plainRequest
  readonly #sensor: string

  constructor(options: { readonly server: ServerAt; readonly sensor: string }) {
    this.#server = requestTo(options.server)
    this.#request = options.server.kind === 'local' ? plainRequest : secureRequest
    this.#sensor = options.sensor
  }

  postJson(path: string, start: string, value: unknown): Promise<Answered> {
    return this.post(`${path}?sensor=${this.#sensor}&start=${start}`, Buffer.from(JSON.stringify(value)))
  }

  postBatch(start: string, sequence: number, body: Buffer): Promise<Answered> {
    return this.post(`/sensor/v1/batches?sensor=${this.#sensor}&start=${start}&sequence=${sequence}`, body)
  }

  post(path: string, body: Buffer): Promise<Answered> {
    return new Promise((resolve) => {
      const away = (error: Error): void => resolve({ status: 'away', detail: error.message })
      const sent = this.#request(
        {
          ...this.#server,
          path,
          method: 'POST',
          headers: { 'content-length': body.length, 'content-type': 'application/octet-stream' },
          timeout: REQUEST_MS,
        },
        (response) => {
          textOf(response).then((text) => resolve(answered(response.statusCode ?? 0, text)), away)
        },
      )
      sent.once('timeout', () => sent.destroy(new Error(`no answer within ${REQUEST_MS} ms`)))
      sent.once('error', away)
      sent.end(body)
    })
  }

  /** The long answer of the command stream. Rejects where the server is away or does not know the start. */
  commands(start: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const path = `/sensor/v1/commands?sensor=${this.#sensor}&start=${start}`
      const sent = this.#request({ ...this.#server, path, signal }, (response) => {
        if (response.statusCode === 200) return resolve(response)
        response.resume()
        reject(new Error(`the server answered ${response.statusCode}`))
      })
      sent.once('error', reject)
      sent.end()
    })
  }
}

function answered(status: number, text: string): Answered {
  if (status === 200) return { status: 'done', answer: parsed(text) }
  // Not enrolled any more: what is in the spool stays there, should it be enrolled again.
  if (status === 401) return { status: 'away', detail: `${status} ${text.slice(0, 500)}` }
  if (status === 409) return { status: 'unknown-start' }
  // What the server asks to wait for, or fails at itself, is not the batch's fault.
  if (status === 429 || status >= 500) return { status: 'busy', detail: `${status} ${text.slice(0, 500)}` }
  return { status: 'refused', detail: `${status} ${text.slice(0, 500)}` }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A 200 of our own server is JSON; its content matters to no caller that could not do without.
    return undefined
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
