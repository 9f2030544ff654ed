import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'

/** Fields that belong to one connection, and not to what passes over it (RFC 9110, section 7.6.1). */
const OF_A_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const agents = {
  'http:': new http.Agent({ keepAlive: true }),
  'https:': new https.Agent({ keepAlive: true }),
} as const

/** Ends the connections that are kept for the next request. */
export function closeUpstream(): void {
  for (const agent of Object.values(agents)) agent.destroy()
}

/** Names and values in turn, as Node gives them and takes them. */
export type RawFields = readonly string[]

export type ForwardOptions = {
  readonly upstream: URL
  readonly request: Pick<IncomingMessage, 'method' | 'url'>
  /** In place of those that came. */
  readonly fields: RawFields
}

/** Begins the request upstream; path, query, method and fields are the client's own. */
export function beginUpstream({ upstream, request, fields }: ForwardOptions): ClientRequest {
  const isTls = upstream.protocol === 'https:'
  return (isTls ? https : http).request({
    protocol: upstream.protocol,
    hostname: upstream.hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(upstream.port === '' ? {} : { port: upstream.port }),
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    agent: agents[isTls ? 'https:' : 'http:'],
    headers: ['Host', upstream.host, ...fields],
  })
}

/** The fields of a message without those of its connection, and without `host`, which names the proxy. */
export function fieldsToPass(raw: RawFields): string[] {
  const passed: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]]
    const lower = name.toLowerCase()
    if (lower !== 'host' && lower !== 'expect' && !OF_A_CONNECTION.has(lower)) passed.push(name, value)
  }
  return passed
}

export function fieldOf(raw: RawFields, name: string): string | undefined {
  for (let at = 0; at + 1 < raw.length; at += 2) if (raw[at]?.toLowerCase() === name) return raw[at + 1]
  return undefined
}

/** The fields without one of them. */
export function withoutField(raw: RawFields, name: string): string[] {
  const others: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2)
    if (raw[at]?.toLowerCase() !== name) others.push(raw[at] ?? '', raw[at + 1] ?? '')
  return others
}

/** The fields with one of them set anew, or added. */
export function withField(raw: RawFields, name: string, value: string): string[] {
  return [...withoutField(raw, name), name, value]
}

/** Passes the answer on as it comes; `tap` sees each piece after it was written. */
export function passAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  tap: {
    readonly chunk: (bytes: Buffer) => void
    readonly end: (isWhole: boolean) => void
    /** Asked before each piece; where it may not pass the answer is cut off. */
    readonly mayPass?: () => boolean
  },
): void {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', fieldsToPass(answer.rawHeaders))
  // The head of a stream is an answer in itself: its first event may be minutes away.
  response.flushHeaders()
  answer.on('data', (chunk: Buffer) => {
    if (tap.mayPass?.() === false) response.destroy()
    else if (!response.write(chunk)) {
      answer.pause()
      response.once('drain', () => answer.resume())
    }
    tap.chunk(chunk)
  })
  answer.once('end', () => {
    response.end()
    tap.end(true)
  })
  answer.once('close', () => {
    if (answer.complete) return
    // Cut off upstream: the client must not take what it has for the whole.
    response.destroy()
    tap.end(false)
  })
}

/** Answers for an upstream that could not be reached; what was answered in part already is cut off. */
export function answerUnreachable(response: ServerResponse, upstream: URL, fault: Error): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  const text = `holdfast: ${upstream.host} could not be reached: ${fault.message}\n`
  response.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
}
