import { MAX_BATCH_SPANS, MAX_QUEUED_SPANS, SEND_DELAY_MS, SEND_TIMEOUT_MS } from '../limits.ts'
import type { Attributes } from './span.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the standard OTEL_* variables say, defaults filled in. */
export type OtlpSettings = {
  readonly isDisabled: boolean
  /** The full URL that traces are posted to. */
  readonly tracesUrl: string
  readonly headers: ReadonlyMap<string, string>
  /** The full URL that log records are posted to; undefined where no variable names a receiver. */
  readonly logsUrl: string | undefined
  readonly logsHeaders: ReadonlyMap<string, string>
  readonly resource: Attributes
  readonly timeoutMs: number
  readonly queuedSpans: number
  readonly batchSpans: number
  readonly delayMs: number
}

/**
 * Reads OTEL_EXPORTER_OTLP_(TRACES_|LOGS_)ENDPOINT, _HEADERS and _TIMEOUT, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
 * OTEL_BSP_* and OTEL_SDK_DISABLED as the OpenTelemetry specification words them. A number that is none counts as unset.
 */
export function readEnvironment(env: Environment): OtlpSettings {
  const named = set(env['OTEL_EXPORTER_OTLP_ENDPOINT'])
  const base = named ?? 'http://127.0.0.1:4318'
  const headers = set(env['OTEL_EXPORTER_OTLP_TRACES_HEADERS']) ?? set(env['OTEL_EXPORTER_OTLP_HEADERS']) ?? ''
  const timeout = set(env['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT']) ?? set(env['OTEL_EXPORTER_OTLP_TIMEOUT'])
  const queuedSpans = positive(env['OTEL_BSP_MAX_QUEUE_SIZE'], MAX_QUEUED_SPANS)
  return {
    isDisabled: env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true',
    tracesUrl: set(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) ?? `${base.replace(/\/+$/, '')}/v1/traces`,
    headers: new Map(pairs(headers)),
    logsUrl:
      set(env['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT']) ??
      (named === undefined ? undefined : `${named.replace(/\/+$/, '')}/v1/logs`),
    logsHeaders: new Map(
      pairs(set(env['OTEL_EXPORTER_OTLP_LOGS_HEADERS']) ?? set(env['OTEL_EXPORTER_OTLP_HEADERS']) ?? ''),
    ),
    resource: readResource(env),
    timeoutMs: positive(timeout, SEND_TIMEOUT_MS),
    queuedSpans,
    batchSpans: Math.min(positive(env['OTEL_BSP_MAX_EXPORT_BATCH_SIZE'], MAX_BATCH_SPANS), queuedSpans),
    delayMs: positive(env['OTEL_BSP_SCHEDULE_DELAY'], SEND_DELAY_MS),
  }
}

function readResource(env: Environment): Attributes {
  const resource = new Map<string, string>([
    ['service.name', 'unknown_service:node'],
    ['telemetry.sdk.name', 'holdfast'],
    ['telemetry.sdk.language', 'nodejs'],
    ...pairs(env['OTEL_RESOURCE_ATTRIBUTES'] ?? ''),
  ])
  const service = set(env['OTEL_SERVICE_NAME'])
  if (service !== undefined) resource.set('service.name', service)
  return resource
}

/** `key=value,key=value` with percent-encoded values (W3C Baggage without properties). */
function pairs(text: string): readonly (readonly [string, string])[] {
  return text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=')
    const key = pair.slice(0, at).trim()
    return at < 1 || key === '' ? [] : [[key, unescaped(pair.slice(at + 1).trim())] as const]
  })
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not percent-encoded after all: many people write a bare `%`, and the plain text is what they meant.
    return text
  }
}

function set(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}

function positive(text: string | undefined, fallback: number): number {
  const number = Number(set(text))
  return Number.isInteger(number) && number > 0 ? number : fallback
}
