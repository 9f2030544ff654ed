import { parseSpanId, parseTraceId, parseUnixNanoText } from '@holdfast/model'
import type { KernelContextBasis, SpanId, TraceId, UnixNano } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'

/** What a reader needs of an `http-exchange` entry (capture/http/exchange.ts). */
export type ReadExchange = {
  readonly side: 'client' | 'server'
  readonly protocol: string
  readonly start: UnixNano
  readonly end: UnixNano
  readonly seenBy: string
  readonly process: string | undefined
  readonly parentProcess: string | undefined
  readonly remote: { readonly address: string; readonly port: number } | undefined
  readonly context: { readonly trace: TraceId; readonly span: SpanId; readonly basis?: KernelContextBasis } | undefined
  readonly request: ReadRequest | undefined
  readonly response: (ReadBody & { readonly status: number }) | undefined
  readonly missing: readonly string[]
  /** A proxy answered it itself, on these grounds. */
  readonly kept: { readonly guardrail: string; readonly facts: Readonly<Record<string, string>> } | undefined
}

export type ReadRequest = ReadBody & {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly authority: string
}

export type ReadBody = {
  field(name: string): string | undefined
  /** Undefined for bytes that are no text, and where there is no body. */
  readonly text: string | undefined
  readonly isPartial: boolean
}

/** Undefined where the bytes are no exchange. The bytes are the sensor's, the texts in it are the agent's: untrusted. */
export function readExchange(body: Uint8Array): ReadExchange | undefined {
  const json = parseJsonText(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))
  const start = parseUnixNanoText(textField(json, 'startedAt') ?? '')
  const end = parseUnixNanoText(textField(json, 'endedAt') ?? '')
  if (field(json, 'version') !== 1 || start === undefined || end === undefined) return undefined
  const origin = field(json, 'origin')
  const request = field(json, 'request')
  const response = field(json, 'response')
  const status = field(response, 'status')
  const missing = field(json, 'missing')
  return {
    side: field(json, 'side') === 'server' ? 'server' : 'client',
    protocol: textField(json, 'protocol') ?? '',
    start,
    end,
    seenBy: textField(origin, 'seenBy') ?? 'unknown',
    process: textField(origin, 'process'),
    parentProcess: textField(origin, 'parentProcess'),
    remote: remoteOf(field(origin, 'remote')),
    context: contextOf(request, origin),
    request: isJsonObject(request)
      ? {
          ...readBody(request),
          method: textField(request, 'method') ?? '',
          path: (textField(request, 'target') ?? '').split('?', 1)[0] ?? '',
          authority: textField(request, 'authority') ?? '',
        }
      : undefined,
    response: isJsonObject(response)
      ? { ...readBody(response), status: typeof status === 'number' ? status : 0 }
      : undefined,
    kept: keptOf(origin),
    missing: isJsonArray(missing) ? missing.filter((item) => typeof item === 'string') : [],
  }
}

/** Only a proxy keeps anything. */
function keptOf(origin: Json | undefined): ReadExchange['kept'] {
  const kept = field(origin, 'kept')
  const facts = field(kept, 'facts')
  const guardrail = textField(kept, 'guardrail')
  if (guardrail === undefined || !isJsonObject(facts) || field(origin, 'seenBy') !== 'proxy') return undefined
  const told = Object.entries(facts).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name.slice(0, 64), value.slice(0, 512)] as const] : [],
  )
  return { guardrail, facts: Object.fromEntries(told.slice(0, 16)) }
}

function readBody(message: Json): ReadBody {
  const body = field(message, 'body')
  const data = field(body, 'data')
  const fields = field(message, 'fields')
  return {
    field: (name) => {
      const pairs = isJsonArray(fields) ? fields : []
      const pair = pairs.find((item) => isJsonArray(item) && item[0] === name)
      const value = isJsonArray(pair) ? pair[1] : undefined
      return typeof value === 'string' ? value : undefined
    },
    text: field(body, 'form') === 'text' && typeof data === 'string' ? data : undefined,
    isPartial: field(body, 'isPartial') === true,
  }
}

/**
 * The span in which the request was made: the one that its own `traceparent` names (W3C Trace Context), else what the
 * process's environment or lineage says.
 */
function contextOf(request: Json | undefined, origin: Json | undefined): ReadExchange['context'] {
  const stated = request === undefined ? undefined : readBody(request).field('traceparent')
  const [, traceText, spanText] = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(stated ?? '') ?? []
  const own = traceOf(traceText, spanText)
  if (own !== undefined) return own
  const known = traceOf(textField(origin, 'trace'), textField(origin, 'span'))
  const basis = textField(origin, 'contextBasis')
  if (known === undefined) return undefined
  return basis === 'environment' || basis === 'lineage' || basis === 'run' ? { ...known, basis } : known
}

function traceOf(trace: string | undefined, span: string | undefined): { trace: TraceId; span: SpanId } | undefined {
  const traceId = parseTraceId(trace ?? '')
  const spanId = parseSpanId(span ?? '')
  return traceId === undefined || spanId === undefined ? undefined : { trace: traceId, span: spanId }
}

function remoteOf(json: Json | undefined): ReadExchange['remote'] {
  const address = textField(json, 'address')
  const port = field(json, 'port')
  return address === undefined ? undefined : { address, port: typeof port === 'number' ? port : 0 }
}
