import { createHash } from 'node:crypto'

type Attributes = Readonly<Record<string, string | number | readonly string[]>>

export type SpanSpec = {
  readonly name: string
  readonly parent?: string
  readonly traceState?: string
  readonly attributes: Attributes
}

export type TraceSpec = {
  readonly service: string
  readonly host?: string
  /** The service is a workload of its name in this cluster. */
  readonly cluster?: string
  /** Names the trace; equal names give equal ids. */
  readonly trace: string
  readonly spans: readonly SpanSpec[]
  /** Added to each span's place, so that a long trace can be sent in parts. */
  readonly from?: number
}

const START = 1_795_000_000_000_000_000n

/** An OTLP/JSON export request of one trace; spans are one millisecond long, one after the other. */
export function traceRequest({ service, host, cluster, trace, spans, from = 0 }: TraceSpec): unknown {
  return {
    resourceSpans: [
      {
        resource: {
          attributes: attributesOf({
            'service.name': service,
            ...(host === undefined ? {} : { 'host.name': host }),
            ...(cluster === undefined
              ? {}
              : { 'k8s.cluster.name': cluster, 'k8s.namespace.name': 'demo', 'k8s.deployment.name': service }),
          }),
        },
        scopeSpans: [
          {
            scope: { name: 'opentelemetry.instrumentation.genai', version: '1.0' },
            spans: spans.map(({ name, parent, traceState, attributes }, index) => ({
              traceId: digest(trace, 32),
              spanId: spanIdOf(trace, from + index),
              ...(parent === undefined ? {} : { parentSpanId: parent }),
              ...(traceState === undefined ? {} : { traceState }),
              name,
              kind: 1,
              startTimeUnixNano: (START + BigInt(from + index) * 1_000_000n).toString(),
              endTimeUnixNano: (START + BigInt(from + index + 1) * 1_000_000n).toString(),
              attributes: attributesOf(attributes),
            })),
          },
        ],
      },
    ],
  }
}

/** Id of the span at a place in a trace. */
export function spanIdOf(trace: string, place: number): string {
  return digest(`${trace} ${place}`, 16)
}

/** Attributes of a model call with one user message and one answer, in the OpenTelemetry vocabulary. */
export function chat(conversation: string, text: { readonly user: string; readonly answer: string }): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.conversation.id': conversation,
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text.user }] }]),
    'gen_ai.output.messages': JSON.stringify([
      { role: 'assistant', parts: [{ type: 'text', content: text.answer }], finish_reason: 'stop' },
    ]),
  }
}

/** Attributes of a tool call with its arguments and result. */
export function toolCall(
  conversation: string,
  tool: { readonly name: string; readonly id: string; readonly args: string; readonly result: string },
): Attributes {
  return {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.conversation.id': conversation,
    'gen_ai.tool.name': tool.name,
    'gen_ai.tool.call.id': tool.id,
    'gen_ai.tool.call.arguments': tool.args,
    'gen_ai.tool.call.result': tool.result,
  }
}

function attributesOf(attributes: Attributes): unknown {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === 'number'
        ? { intValue: String(value) }
        : typeof value === 'string'
          ? { stringValue: value }
          : { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } },
  }))
}

function digest(text: string, characters: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, characters)
}
