import { setTimeout as wait } from 'node:timers/promises'

import { FIRST_RETRY_MS, MAX_RETRY_MS, MAX_SEND_ATTEMPTS } from '../limits.ts'
import type { OtlpSettings } from './environment.ts'

/** Delivers one encoded batch, or gives it up. Never rejects. */
export type SendBatch = (body: string) => Promise<SendResult>

export type SendResult =
  | { readonly status: 'delivered' }
  /** OTLP partial success: taken but for some spans. */
  | { readonly status: 'partial'; readonly refusedSpans: number; readonly reason: string }
  | { readonly status: 'failed'; readonly reason: string }

/** Posts OTLP/HTTP JSON to the endpoint of the settings, and again where the answer says so (429, 502, 503, 504). */
export function sendOverHttp(settings: Pick<OtlpSettings, 'tracesUrl' | 'headers' | 'timeoutMs'>): SendBatch {
  return async (body) => {
    let reason = ''
    for (let attempt = 1; attempt <= MAX_SEND_ATTEMPTS; attempt += 1) {
      const answer = await post(settings, body)
      if (answer.status !== 'busy') return answer
      reason = answer.reason
      const backoffMs = answer.retryAfterMs ?? FIRST_RETRY_MS * 2 ** (attempt - 1)
      if (attempt < MAX_SEND_ATTEMPTS) await wait(Math.min(backoffMs, MAX_RETRY_MS))
    }
    return { status: 'failed', reason: `${reason}, ${MAX_SEND_ATTEMPTS} times` }
  }
}

type Answer =
  | SendResult
  | { readonly status: 'busy'; readonly reason: string; readonly retryAfterMs: number | undefined }

async function post(
  settings: Pick<OtlpSettings, 'tracesUrl' | 'headers' | 'timeoutMs'>,
  body: string,
): Promise<Answer> {
  try {
    const response = await fetch(settings.tracesUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...Object.fromEntries(settings.headers) },
      body,
      signal: AbortSignal.timeout(settings.timeoutMs),
    })
    const text = await response.text()
    const reason = `${settings.tracesUrl} answered ${response.status}`
    if (RETRYABLE.has(response.status))
      return { status: 'busy', reason, retryAfterMs: secondsToMs(response.headers.get('retry-after')) }
    if (!response.ok) return { status: 'failed', reason }
    const refusedSpans = rejectedSpans(text)
    if (refusedSpans > 0) return { status: 'partial', refusedSpans, reason: `${reason} and refused some` }
    return { status: 'delivered' }
  } catch (cause) {
    // A refused connection, a reset or a time-out: the receiver may be starting, so it counts as busy.
    const detail = cause instanceof Error ? cause.message : String(cause)
    return { status: 'busy', reason: `${settings.tracesUrl} was not reached: ${detail}`, retryAfterMs: undefined }
  }
}

/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const RETRYABLE = new Set([429, 502, 503, 504])

function secondsToMs(text: string | null): number | undefined {
  const seconds = text === null ? Number.NaN : Number(text)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}

/** `{"partialSuccess": {"rejectedSpans": "3"}}`; int64 is text in OTLP/JSON. Zero where the answer says nothing. */
function rejectedSpans(text: string): number {
  try {
    const answer: unknown = JSON.parse(text)
    const partial: unknown = isRecord(answer) ? answer['partialSuccess'] : undefined
    return isRecord(partial) ? Number(partial['rejectedSpans'] ?? 0) || 0 : 0
  } catch {
    // A 200 with an empty or foreign body is still a success of the whole.
    return 0
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
