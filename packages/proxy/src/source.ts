import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { ProxyKind, ProxySource } from '@holdfast/capture'

export type Environment = Readonly<Record<string, string | undefined>>

/** Characters of one attribute and of the target, and number of attributes: what the server takes. */
const MAX_TEXT = 1_024
const MAX_ATTRIBUTES = 64

/**
 * Whose messages a proxy sees, as its environment says: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES and HOLDFAST_RUN, which
 * `holdfast run` sets. `name` goes before them.
 */
export function sourceOf(options: {
  readonly kind: ProxyKind
  readonly env: Environment
  readonly name: string | undefined
  readonly target: string
}): ProxySource {
  const { kind, env, name, target } = options
  const stated = statedAttributes(env)
  const service = name ?? set(env['OTEL_SERVICE_NAME']) ?? stated.get('service.name') ?? 'unknown_service'
  const run = set(env['HOLDFAST_RUN']) ?? stated.get('holdfast.run')
  stated.delete('service.name')
  const attributes = [['host.name', hostname()] as const, ...stated].slice(-MAX_ATTRIBUTES)
  return {
    kind,
    start: randomBytes(8).toString('hex'),
    attributes: Object.fromEntries([...attributes, ['service.name', short(service)]]),
    pid: String(process.pid),
    target: short(target),
    ...(run === undefined ? {} : { run: short(run) }),
  }
}

/** What OTEL_RESOURCE_ATTRIBUTES says, each value cut to what the server takes. */
export function statedAttributes(env: Environment): Map<string, string> {
  return new Map(attributesOf(env['OTEL_RESOURCE_ATTRIBUTES'] ?? ''))
}

/** The trace that a process belongs to, as its parent told it (https://opentelemetry.io/docs/specs/otel/context/env-carriers/). */
export function traceOf(env: Environment): string | undefined {
  return /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(env['TRACEPARENT'] ?? '')?.[1]
}

/** A trace context of our own, in the trace of the process where it has one. */
export function newTraceparent(trace: string | undefined): string {
  return `00-${trace ?? randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`
}

/** `key=value,key=value` with percent-encoded values (W3C Baggage without properties). */
function attributesOf(text: string): readonly (readonly [string, string])[] {
  return text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=')
    const key = pair.slice(0, at).trim()
    return at < 1 || key === '' ? [] : [[short(key), short(unescaped(pair.slice(at + 1).trim()))] as const]
  })
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not percent-encoded after all: the plain text is what was meant.
    return text
  }
}

function set(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}

function short(text: string): string {
  return text.slice(0, MAX_TEXT).toWellFormed()
}
