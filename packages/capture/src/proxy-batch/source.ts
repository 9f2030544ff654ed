import { isJsonObject } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { MAX_PROXY_ATTRIBUTES, MAX_PROXY_TEXT } from './limits.ts'

export const PROXY_KINDS = ['mcp-proxy', 'llm-proxy'] as const
export type ProxyKind = (typeof PROXY_KINDS)[number]

/**
 * Whose messages a batch holds; the header of the batch. All but `kind` and `start` is what the environment of the proxy
 * says, which whoever started it chose: a claim.
 */
export type ProxySource = {
  readonly kind: ProxyKind
  /** One run of the proxy: 16 hex digits. */
  readonly start: string
  /** Resource attributes as OpenTelemetry's variables state them: `service.name`, `host.name`, `k8s.*`. */
  readonly attributes: Readonly<Record<string, string>>
  readonly run?: string
  readonly pid: string
  /** What it was told to start or to reach, without credentials. */
  readonly target: string
}

/** Records that the proxy could not keep, since its start; the count only grows. */
export type ProxyLoss = { readonly records: number; readonly since: string }

export type ProxyHeader = { readonly source: ProxySource; readonly lost?: ProxyLoss }

/** Undefined unless the value is a header. Untrusted. */
export function parseProxyHeader(json: Json | undefined): ProxyHeader | undefined {
  const source = isJsonObject(json) ? parseSource(json['source']) : undefined
  if (source === undefined || !isJsonObject(json)) return undefined
  const lost = parseLoss(json['lost'])
  return { source, ...(lost === undefined ? {} : { lost }) }
}

function parseSource(json: Json | undefined): ProxySource | undefined {
  if (!isJsonObject(json)) return undefined
  const kind = PROXY_KINDS.find((known) => known === json['kind'])
  const start = text(json['start'])
  const pid = text(json['pid'])
  const target = text(json['target'])
  const run = json['run'] === undefined ? undefined : text(json['run'])
  const attributes = json['attributes']
  if (kind === undefined || start === undefined || !/^[0-9a-f]{16}$/.test(start)) return undefined
  if (pid === undefined || target === undefined || !isJsonObject(attributes)) return undefined
  const pairs = Object.entries(attributes).flatMap(([key, value]) => {
    const stated = text(value)
    return stated === undefined ? [] : [[key, stated] as const]
  })
  if (pairs.length > MAX_PROXY_ATTRIBUTES) return undefined
  return {
    kind,
    start,
    attributes: Object.fromEntries(pairs),
    pid,
    target,
    ...(run === undefined ? {} : { run }),
  }
}

function parseLoss(json: Json | undefined): ProxyLoss | undefined {
  if (!isJsonObject(json)) return undefined
  const records = json['records']
  const since = text(json['since'])
  if (typeof records !== 'number' || !Number.isSafeInteger(records) || records < 1) return undefined
  return since === undefined || !/^\d{4}-\d\d-\d\dT[\d:.]{8,18}Z$/.test(since) ? undefined : { records, since }
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.length <= MAX_PROXY_TEXT && value.isWellFormed() ? value : undefined
}
