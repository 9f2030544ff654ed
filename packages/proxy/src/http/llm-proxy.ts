import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exchangeOf, type ExchangeOrigin, type GateOrder } from '@holdfast/capture'
import { parseSpanId, parseTraceId } from '@holdfast/model'
import { unixNano } from '../clock.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { ENTRY_BYTES } from '../limits.ts'
import { newTraceparent } from '../source.ts'
import {
  answerUnreachable,
  beginUpstream,
  closeUpstream,
  fieldOf,
  fieldsToPass,
  passAnswer,
  withField,
  withoutField,
  type RawFields,
} from './forward.ts'
import { CANARY, isThrough, type TriedProxy } from './canary.ts'
import { frozenAnswer, frozenBy } from './freeze.ts'
import { listenHttp, type ListenOptions } from './listen.ts'
import { DATA_CLASS_FIELD, keptAnswer, otherHost, type KeptRoute, type Residency } from './residency.ts'

export type LlmProxyOptions = ListenOptions & {
  /** One run of the proxy. */
  readonly run: string
  readonly delivery: Pick<Delivery, 'record'>
  /** Whether requests without a trace context are given one; `trace` is that of the process. */
  readonly inject: boolean
  readonly trace: string | undefined
  /** The orders in force; asked at each request. */
  readonly orders: () => readonly GateOrder[]
  /** Keeps data in its regions; undefined where that is not asked for. */
  readonly residency?: Residency
}

/**
 * Stands before a model provider: requests and answers pass as they come, streams unbuffered, and each exchange is
 * recorded when it has ended. What an order holds is answered here. Rejects with the error of `listen` where the port is taken.
 */
export async function startLlmProxy(options: LlmProxyOptions): Promise<TriedProxy> {
  let exchanges = 0
  const canary = randomBytes(16).toString('hex')
  const proxy = await listenHttp(options, (request, response) => {
    exchanges += 1
    const isCanary = fieldOf(request.rawHeaders, CANARY) === canary
    passRequest({ ...options, isCanary, number: exchanges }, request, response)
  })
  return {
    url: proxy.url,
    reachesUpstream: (message) => isThrough(proxy.url, { message, canary }),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      closeUpstream()
    },
  }
}

type Own = LlmProxyOptions & { readonly isCanary: boolean; readonly number: number }
type Sight = {
  readonly seen: ReturnType<typeof exchangeOf>
  readonly passed: RawFields
  readonly injected: string | undefined
  readonly tell: (missing: readonly string[], kept?: KeptRoute) => void
}

/** Passes a request on once it is known that nothing holds it: at once, unless an order asks for the model it names. */
function passRequest(own: Own, request: IncomingMessage, response: ServerResponse): void {
  const sight = sightOf(own, request)
  const first = frozenBy(own.orders(), { request, body: undefined })
  const isRead = own.isCanary || own.residency?.isActive === true
  if (first === undefined && !isRead) return passExchange(own, { request, response, sight, held: [] })
  const pieces: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    sight.seen.request.push(chunk)
    bytes += chunk.length
    if (bytes <= ENTRY_BYTES) pieces.push(chunk)
  })
  request.once('end', () => {
    sight.seen.request.end(unixNano())
    const body = bytes > ENTRY_BYTES ? Buffer.alloc(0) : Buffer.concat(pieces)
    const order = frozenBy(own.orders(), { request, body })
    if (order !== undefined && order !== 'unknown') return refuse(own, { response, sight, order })
    if (own.isCanary) response.writeHead(204, { [CANARY]: 'through' }).end()
    else if (bytes > ENTRY_BYTES && own.residency?.isActive === true)
      response.writeHead(413).end('holdfast: too long to be held against the rules about data\n')
    // The order ended while a body came that was too long to be kept.
    else if (bytes > ENTRY_BYTES) response.writeHead(503).end('holdfast: send it again\n')
    else {
      const kept = own.residency?.judge({ fields: request.rawHeaders, body, host: own.upstream.host })
      if (kept === undefined) passExchange(own, { request, response, sight, held: pieces, body })
      else keep({ response, sight, kept })
    }
  })
}

function sightOf({ upstream, inject, trace, run, number, delivery }: Own, request: IncomingMessage): Sight {
  const passed = fieldsToPass(request.rawHeaders)
  const injected = inject && fieldOf(passed, 'traceparent') === undefined ? newTraceparent(trace) : undefined
  const head = {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    authority: upstream.host,
    rawFields: passed,
  }
  const seen = exchangeOf(head, unixNano())
  let isTold = false
  const tell = (missing: readonly string[], kept?: KeptRoute): void => {
    if (isTold) return
    isTold = true
    // After the last bytes were passed on: to read and encode a long answer takes milliseconds.
    setImmediate(() =>
      delivery.record(seen.encode(`${run}-${number}`, { ...originOf(upstream, injected), ...keptBy(kept) }, missing)),
    )
  }
  return { seen, passed, injected, tell }
}

function refuse(
  { isCanary }: Own,
  { response, sight, order }: { readonly response: ServerResponse; readonly sight: Sight; readonly order: GateOrder },
): void {
  const { status, body } = frozenAnswer(order)
  const fields = ['content-type', 'application/json', 'holdfast-order', order.order]
  response.writeHead(status, fields).end(body)
  if (isCanary) return
  const told = sight.seen.answer({ status, rawFields: fields }, unixNano())
  told.push(body)
  told.end(unixNano())
  sight.tell([])
}

/** Answers in place of a model that may not have the data. */
function keep({
  response,
  sight,
  kept,
}: {
  readonly response: ServerResponse
  readonly sight: Sight
  readonly kept: KeptRoute
}): void {
  const { status, body } = keptAnswer(kept)
  const fields = ['content-type', 'application/json']
  response.writeHead(status, fields).end(body)
  const told = sight.seen.answer({ status, rawFields: fields }, unixNano())
  told.push(body)
  told.end(unixNano())
  sight.tell([], kept)
}

function keptBy(kept: KeptRoute | undefined): Pick<ExchangeOrigin, 'kept'> {
  if (kept === undefined) return {}
  const { label, route, region, reason } = kept
  return {
    kept: { guardrail: 'residency', facts: { label, route, reason, ...(region === undefined ? {} : { region }) } },
  }
}

function passExchange(
  { upstream, residency }: Own,
  given: {
    readonly request: IncomingMessage
    readonly response: ServerResponse
    readonly sight: Sight
    /** The whole body, where it was read already. */
    readonly held: readonly Buffer[]
    /** The same in one piece, where it was held against the rules about data. */
    readonly body?: Buffer
  },
): void {
  const { request, response, held, body: checked } = given
  const { seen, passed, injected, tell } = given.sight
  const unlabelled = withoutField(passed, DATA_CLASS_FIELD)
  const fields = injected === undefined ? unlabelled : withField(unlabelled, 'traceparent', injected)
  const begun = beginUpstream({ upstream, request, fields })
  for (const piece of held) begun.write(piece)
  if (request.readableEnded) begun.end()
  request.on('data', (chunk: Buffer) => {
    if (!begun.write(chunk)) {
      request.pause()
      begun.once('drain', () => request.resume())
    }
    seen.request.push(chunk)
  })
  request.once('end', () => {
    begun.end()
    seen.request.end(unixNano())
  })
  begun.once('response', (answer) => {
    // A client follows a redirect by itself, past every proxy.
    const host = otherHost(fieldOf(answer.rawHeaders, 'location'), upstream)
    const kept =
      checked === undefined || host === undefined
        ? undefined
        : residency?.judge({ fields: request.rawHeaders, body: checked, host })
    if (kept !== undefined) {
      answer.destroy()
      return keep({ response, sight: given.sight, kept })
    }
    const body = seen.answer({ status: answer.statusCode ?? 0, rawFields: answer.rawHeaders }, unixNano())
    passAnswer(answer, response, {
      chunk: (bytes) => body.push(bytes),
      end: (isWhole) => {
        if (isWhole) body.end(unixNano())
        tell(isWhole ? [] : ['response: its end was not seen'])
      },
    })
  })
  begun.once('error', (fault) => {
    answerUnreachable(response, upstream, fault)
    tell([`response: not seen: ${fault.message}`.slice(0, 300)])
  })
  response.once('close', () => {
    if (!response.writableFinished) begun.destroy()
  })
}

function originOf(upstream: URL, injected: string | undefined): ExchangeOrigin {
  const port = upstream.port === '' ? (upstream.protocol === 'https:' ? 443 : 80) : Number(upstream.port)
  const [, traceText = '', spanText = ''] = /^00-([0-9a-f]{32})-([0-9a-f]{16})/.exec(injected ?? '') ?? []
  const trace = parseTraceId(traceText)
  const span = parseSpanId(spanText)
  return {
    seenBy: 'proxy',
    remote: { address: upstream.hostname.replace(/^\[(.*)\]$/, '$1'), port },
    ...(trace === undefined || span === undefined ? {} : { trace, span }),
  }
}
