import { diag } from '@opentelemetry/api'

import { MAX_BATCH_CHARS, MAX_QUEUED_CHARS } from '../limits.ts'
import { encodeBatch } from './encode.ts'
import type { Batch } from './encode.ts'
import type { OtlpSettings } from './environment.ts'
import type { SendBatch, SendResult } from './send.ts'
import type { FinishedSpan } from './span.ts'

export type SpanQueueOptions = Pick<OtlpSettings, 'resource' | 'queuedSpans' | 'batchSpans' | 'delayMs'> & {
  readonly scope: Batch['scope']
  readonly send: SendBatch
}

/**
 * Holds finished spans and sends them in batches, one request at a time and in order. Never throws into the agent: what
 * does not fit or cannot be delivered is counted in `droppedSpans`, and the count goes along with the next batch.
 */
export class SpanQueue {
  readonly #options: SpanQueueOptions
  readonly #waiting: { readonly span: FinishedSpan; readonly chars: number }[] = []
  #waitingChars = 0
  #droppedSpans = 0
  #timer: NodeJS.Timeout | undefined
  /** The drain in progress, if any; a second one would reorder batches. */
  #draining: Promise<void> | undefined
  #isShutDown = false

  constructor(options: SpanQueueOptions) {
    this.#options = options
  }

  /** Spans lost so far: queue full, refused by the receiver, or receiver not reached. */
  get droppedSpans(): number {
    return this.#droppedSpans
  }

  add(span: FinishedSpan): void {
    const chars = charsOf(span)
    const isFull = this.#waiting.length >= this.#options.queuedSpans || this.#waitingChars + chars > MAX_QUEUED_CHARS
    if (this.#isShutDown || isFull) {
      this.#droppedSpans += 1
      return
    }
    this.#waiting.push({ span, chars })
    this.#waitingChars += chars
    if (this.#waiting.length >= this.#options.batchSpans) void this.flush()
    else this.#schedule()
  }

  /** Resolves when everything that was added before the call was delivered or counted as dropped. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#draining !== undefined) {
      this.#draining ??= this.#drain()
      await this.#draining
    }
  }

  /** Flushes, then drops and counts what is added later. Safe to call twice. */
  async shutdown(): Promise<void> {
    this.#isShutDown = true
    await this.flush()
  }

  #schedule(): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => void this.flush(), this.#options.delayMs)
    // Telemetry alone must not keep the agent's process alive; the library flushes on its way out.
    this.#timer.unref()
  }

  async #drain(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    while (this.#waiting.length > 0) {
      const spans = this.#takeBatch()
      const result = await this.#send(spans)
      if (result.status === 'delivered') continue
      const lost = result.status === 'partial' ? result.refusedSpans : spans.length
      this.#droppedSpans += lost
      diag.error(`holdfast: ${lost} spans were not delivered: ${result.reason}`)
    }
    this.#draining = undefined
  }

  /** An author's own `send` may break its promise never to reject: that must cost the batch and not the agent. */
  async #send(spans: readonly FinishedSpan[]): Promise<SendResult> {
    const { resource, scope, send } = this.#options
    try {
      return await send(encodeBatch({ resource, scope, droppedSpans: this.#droppedSpans, spans }))
    } catch (cause) {
      return { status: 'failed', reason: cause instanceof Error ? cause.message : String(cause) }
    }
  }

  /** At least one span, so that one beyond the bound is sent alone. */
  #takeBatch(): readonly FinishedSpan[] {
    let chars = 0
    let count = 0
    for (const waiting of this.#waiting) {
      if (count === this.#options.batchSpans || (count > 0 && chars + waiting.chars > MAX_BATCH_CHARS)) break
      chars += waiting.chars
      count += 1
    }
    this.#waitingChars -= chars
    return this.#waiting.splice(0, count).map((waiting) => waiting.span)
  }
}

function charsOf(span: FinishedSpan): number {
  let chars = 0
  for (const value of span.attributes.values()) if (typeof value === 'string') chars += value.length
  return chars
}
