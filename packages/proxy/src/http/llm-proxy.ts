import type { IncomingMessage, ServerResponse } from 'node:http'
import { exchangeOf, type ExchangeOrigin } from '@holdfast/capture'
import { parseSpanId, parseTraceId } from '@holdfast/model'
import { unixNano } from '../clock.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { newTraceparent } from '../source.ts'
import {
  answerUnreachable,
  beginUpstream,
  closeUpstream,
  fieldOf,
  fieldsToPass,
  passAnswer,
  withField,
} from './forward.ts'
import { listenHttp, type HttpProxy, type ListenOptions } from './listen.ts'

export type LlmProxyOptions = ListenOptions & {
  /** One run of the proxy. */
  readonly run: string
  readonly delivery: Pick<Delivery, 'record'>
  /** Whether requests without a trace context are given one; `trace` is that of the process. */
  readonly inject: boolean
  readonly trace: string | undefined
}

/**
 * Stands before a model provider: requests and answers pass as they come, streams unbuffered, and each exchange is
 * recorded when it has ended. Rejects with the error of `listen` where the port is taken.
 */
export async function startLlmProxy(options: LlmProxyOptions): Promise<HttpProxy> {
  let exchanges = 0
  const proxy = await listenHttp(options, (request, response) => {
    exchanges += 1
    passExchange(options, exchanges, request, response)
  })
  return {
    url: proxy.url,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      closeUpstream()
    },
  }
}

function passExchange(
  options: LlmProxyOptions,
  number: number,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { upstream, inject, trace, run, delivery } = options
  const passed = fieldsToPass(request.rawHeaders)
  const injected = inject && fieldOf(passed, 'traceparent') === undefined ? newTraceparent(trace) : undefined
  const fields = injected === undefined ? passed : withField(passed, 'traceparent', injected)
  const head = {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    authority: upstream.host,
    rawFields: passed,
  }
  const seen = exchangeOf(head, unixNano())
  let isTold = false
  const tell = (missing: readonly string[]): void => {
    if (isTold) return
    isTold = true
    // After the last bytes were passed on: to read and encode a long answer takes milliseconds.
    setImmediate(() => delivery.record(seen.encode(`${run}-${number}`, originOf(upstream, injected), missing)))
  }
  const begun = beginUpstream({ upstream, request, fields })
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
