import { readEnvironment } from '../otlp/environment.ts'
import type { Environment } from '../otlp/environment.ts'
import { sendOverHttp } from '../otlp/send.ts'
import type { SendBatch } from '../otlp/send.ts'
import { SpanQueue } from '../otlp/span-queue.ts'
import type { AttributeValue } from '../otlp/span.ts'
import { setSpanSource } from '../register/active-span.ts'
import { SDK_VERSION } from '../version.ts'
import { activeAgentsSpan } from './active-agents-span.ts'
import { AgentExchanges } from './agent-exchanges.ts'
import { otlpSpanId } from './ids.ts'
import { jsonText } from './json.ts'
import type { JsonRecord } from './json.ts'
import { notesOf } from './live-objects.ts'
import type { AgentsSpan, AgentsTrace } from './live-objects.ts'
import { describeSpan } from './span-attributes.ts'
import { TraceContexts } from './trace-context.ts'
import type { TraceContext } from './trace-context.ts'

export type HoldfastTracingProcessorOptions = {
  /** Where the OTEL_* variables are read; `process.env` by default. */
  readonly env?: Environment
  /** Delivers encoded batches instead of OTLP/HTTP to the endpoint of the environment. */
  readonly send?: SendBatch
  /** The clock for the start and end of a trace, in ns since 1970. Spans bring their own times. */
  readonly now?: () => bigint
}

/**
 * A `TracingProcessor` for OpenAI Agents JS that exports every trace as OTLP spans: one root span for the trace, one
 * for each span of the library. Configured by the standard OTEL_* variables; never throws into the agent. Where an
 * OpenTelemetry span is active when a trace starts, the trace continues it.
 */
export class HoldfastTracingProcessor {
  readonly #queue: SpanQueue | undefined
  readonly #now: () => bigint
  readonly #traces = new TraceContexts()
  readonly #exchanges = new AgentExchanges()

  constructor(options: HoldfastTracingProcessorOptions = {}) {
    const settings = readEnvironment(options.env ?? process.env)
    const scope = { name: 'openai-agents', version: SDK_VERSION }
    this.#queue = settings.isDisabled
      ? undefined
      : new SpanQueue({ ...settings, scope, send: options.send ?? sendOverHttp(settings) })
    this.#now = options.now ?? (() => BigInt(Date.now()) * 1_000_000n)
    if (!settings.isDisabled) setSpanSource((active) => activeAgentsSpan(this.#traces, active))
  }

  /** Spans lost so far, because the queue was full or the receiver did not take them. */
  get droppedSpans(): number {
    return this.#queue?.droppedSpans ?? 0
  }

  async onTraceStart(trace: AgentsTrace): Promise<void> {
    this.#traces.start(trace, this.#now())
  }

  async onTraceEnd(trace: AgentsTrace): Promise<void> {
    const known = this.#traces.get(trace.traceId)
    this.#queue?.add({
      traceId: known.traceId,
      spanId: known.rootSpanId,
      parentSpanId: known.outerSpanId,
      name: `invoke_workflow ${trace.name}`,
      kind: 'internal',
      startTimeUnixNano: known.startTimeUnixNano,
      endTimeUnixNano: this.#now(),
      attributes: present([
        ['gen_ai.operation.name', 'invoke_workflow'],
        ['gen_ai.workflow.name', trace.name],
        ...traceAttributes(known, trace),
      ]),
      error: undefined,
    })
  }

  /** Only the span's place in the tree is noted: all else is read when it ends, and the library sets its times. */
  async onSpanStart(span: AgentsSpan): Promise<void> {
    this.#exchanges.started(span)
  }

  async onSpanEnd(span: AgentsSpan): Promise<void> {
    const known = this.#traces.get(span.traceId)
    const data: JsonRecord = { ...span.spanData }
    const isModelCall = data['type'] === 'response' || data['type'] === 'generation'
    if (isModelCall) known.pendingCalls.note(data)
    const described = describeSpan(data, (name, input) => known.pendingCalls.take(name, input))
    if (isModelCall) this.#exchanges.note(span, present(described.attributes))
    const exchange = this.#exchanges.of(span)
    this.#exchanges.ended(span.spanId)
    this.#queue?.add({
      traceId: known.traceId,
      spanId: otlpSpanId(span.spanId),
      parentSpanId: span.parentId === null ? known.rootSpanId : otlpSpanId(span.parentId),
      name: described.name,
      kind: described.kind,
      startTimeUnixNano: nanoOf(span.startedAt),
      endTimeUnixNano: nanoOf(span.endedAt),
      attributes: present([
        ...described.attributes,
        ...exchangeAttributes(exchange),
        ...traceAttributes(known, known.trace),
        ['openai_agents.error.data', jsonText(span.error?.data)],
        ...notesOf(span),
      ]),
      error: span.error?.message,
    })
  }

  /** Resolves when what has ended so far was delivered or counted as dropped. */
  async forceFlush(): Promise<void> {
    await this.#queue?.flush()
  }

  /** Flushes; spans that end later are dropped and counted. The library calls it when the process runs out of work. */
  async shutdown(_timeoutMs?: number): Promise<void> {
    await this.#queue?.shutdown()
  }
}

type Pairs = readonly (readonly [key: string, value: AttributeValue | undefined])[]

/** Only an agent's span has them from here; a model call brings its own. */
function exchangeAttributes(exchange: ReturnType<AgentExchanges['of']>): Pairs {
  if (exchange === undefined) return []
  return [
    ['gen_ai.input.messages', exchange.input],
    ['gen_ai.output.messages', exchange.output],
  ]
}

function traceAttributes(known: TraceContext, trace: AgentsTrace | undefined): Pairs {
  const metadata = Object.keys(trace?.metadata ?? {}).length === 0 ? undefined : trace?.metadata
  return [
    ['gen_ai.conversation.id', trace?.groupId ?? undefined],
    ['openai_agents.trace.id', (trace ?? known.trace)?.traceId],
    ['openai_agents.trace.metadata', jsonText(metadata)],
  ]
}

function present(pairs: Pairs): ReadonlyMap<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>()
  for (const [key, value] of pairs) if (value !== undefined) attributes.set(key, value)
  return attributes
}

function nanoOf(iso: string | null): bigint {
  const ms = iso === null ? Number.NaN : Date.parse(iso)
  return Number.isFinite(ms) ? BigInt(ms) * 1_000_000n : 0n
}
