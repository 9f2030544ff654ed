import { context, isSpanContextValid, trace as otelTrace } from '@opentelemetry/api'

import { MAX_PENDING_CALLS, MAX_TRACES } from '../limits.ts'
import { isRecord, listOf, textOf } from './json.ts'
import { otlpTraceId, rootSpanId } from './ids.ts'
import type { AgentsTrace } from './live-objects.ts'

/** What spans of one trace need to know of it. */
export type TraceContext = {
  readonly traceId: string
  readonly rootSpanId: string
  /** The OpenTelemetry span that was active when the trace began, in this process or the one that called it. */
  readonly outerSpanId: string | undefined
  readonly trace: AgentsTrace | undefined
  readonly startTimeUnixNano: bigint
  readonly pendingCalls: PendingCalls
}

/** Contexts by the library's trace id; the oldest is forgotten when there are too many. */
export class TraceContexts {
  readonly #contexts = new Map<string, TraceContext>()

  /** Called where the trace starts: the active OpenTelemetry context is read here. */
  start(trace: AgentsTrace, startTimeUnixNano: bigint): void {
    const outer = otelTrace.getSpanContext(context.active())
    const parent = outer !== undefined && isSpanContextValid(outer) ? outer : undefined
    this.#remember(trace.traceId, {
      traceId: parent?.traceId ?? otlpTraceId(trace.traceId),
      rootSpanId: rootSpanId(trace.traceId),
      outerSpanId: parent?.spanId,
      trace,
      startTimeUnixNano,
      pendingCalls: new PendingCalls(),
    })
  }

  get(traceId: string): TraceContext {
    const known = this.#contexts.get(traceId)
    if (known !== undefined) return known
    // A trace that began before the processor was added, or that was forgotten: its spans still belong together.
    const fresh: TraceContext = {
      traceId: otlpTraceId(traceId),
      rootSpanId: rootSpanId(traceId),
      outerSpanId: undefined,
      trace: undefined,
      startTimeUnixNano: 0n,
      pendingCalls: new PendingCalls(),
    }
    this.#remember(traceId, fresh)
    return fresh
  }

  #remember(traceId: string, known: TraceContext): void {
    this.#contexts.set(traceId, known)
    const [oldest] = this.#contexts.keys()
    if (this.#contexts.size > MAX_TRACES && oldest !== undefined) this.#contexts.delete(oldest)
  }
}

/**
 * Calls that a model asked for. A function span has the tool's name and arguments but not the call's id, so the id is
 * taken from the model's answer that asked for exactly these, first asked first.
 */
export class PendingCalls {
  readonly #calls: { readonly id: string; readonly name: string; readonly input: string }[] = []

  /** Notes the calls in the answer of a Responses or Chat Completions span. */
  note(data: Readonly<Record<string, unknown>>): void {
    const output = isRecord(data['_response']) ? data['_response']['output'] : data['output']
    for (const item of listOf(output)) {
      if (textOf(item, 'type') === 'function_call') this.#add(textOf(item, 'call_id', 'callId'), item)
      for (const call of chatCallsOf(item)) this.#add(textOf(call, 'id'), isRecord(call) ? call['function'] : undefined)
    }
  }

  take(name: string, input: string): string | undefined {
    const at = this.#calls.findIndex((call) => call.name === name && call.input === input)
    return at < 0 ? undefined : this.#calls.splice(at, 1)[0]?.id
  }

  #add(id: string | undefined, call: unknown): void {
    const name = textOf(call, 'name')
    if (id === undefined || name === undefined) return
    this.#calls.push({ id, name, input: textOf(call, 'arguments') ?? '' })
    if (this.#calls.length > MAX_PENDING_CALLS) this.#calls.shift()
  }
}

function chatCallsOf(completion: unknown): readonly unknown[] {
  const choices = isRecord(completion) ? listOf(completion['choices']) : []
  return choices.flatMap((choice) => {
    const message = isRecord(choice) ? choice['message'] : undefined
    return isRecord(message) ? listOf(message['tool_calls']) : []
  })
}
