/** One thing an agent did, in the attributes of the OpenTelemetry GenAI conventions. */
export type SimulatedSpan = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | number>>
  /** Seconds after the execution began, and how long it took. */
  readonly after: number
  readonly seconds: number
}

/** From one triggering input to its last effect: one trace. */
export type SimulatedExecution = {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly spans: readonly SimulatedSpan[]
}

export type SimulatedAgent = { readonly cluster: string; readonly namespace: string; readonly deployment: string }

/** An OTLP/JSON request with these executions of one pod. `random` names traces and spans. */
export function otlpLine(
  agent: SimulatedAgent,
  {
    pod,
    executions,
    random,
  }: { readonly pod: string; readonly executions: readonly SimulatedExecution[]; readonly random: () => number },
): string {
  const spans = executions.flatMap(({ at, spans: own }) => {
    const traceId = hexOf(random, 16)
    const root = hexOf(random, 8)
    return own.map((span, i) => {
      const start = BigInt(at) * 1_000_000n + BigInt(Math.round(span.after * 1e9))
      return {
        traceId,
        spanId: i === 0 ? root : hexOf(random, 8),
        ...(i === 0 ? {} : { parentSpanId: root }),
        name: span.name,
        // SPAN_KIND_CLIENT for a request that leaves, SPAN_KIND_INTERNAL for what the agent does itself.
        kind: span.attributes['server.address'] === undefined ? 1 : 3,
        startTimeUnixNano: start.toString(),
        endTimeUnixNano: (start + BigInt(Math.round(span.seconds * 1e9))).toString(),
        attributes: attributesOf(span.attributes),
      }
    })
  })
  const resource = {
    attributes: attributesOf({
      'service.name': agent.deployment,
      'k8s.cluster.name': agent.cluster,
      'k8s.namespace.name': agent.namespace,
      'k8s.deployment.name': agent.deployment,
      'k8s.pod.name': pod,
    }),
  }
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'simulation' }, spans }] }] })
}

export function chatSpan(
  model: string,
  more: { readonly after: number; readonly random: () => number },
): SimulatedSpan {
  return {
    name: `chat ${model}`,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
      'gen_ai.response.model': model,
      'gen_ai.usage.input_tokens': 400 + Math.floor(more.random() * 900),
      'gen_ai.usage.output_tokens': 40 + Math.floor(more.random() * 200),
    },
    after: more.after,
    seconds: 0.5 + more.random(),
  }
}

/** `answered`: what the tool gave back, where that is told. */
export function toolSpan(tool: string, given: object, after: number, answered?: object): SimulatedSpan {
  return {
    name: `execute_tool ${tool}`,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool,
      'gen_ai.tool.call.arguments': JSON.stringify(given),
      ...(answered === undefined ? {} : { 'gen_ai.tool.call.result': JSON.stringify(answered) }),
    },
    after,
    seconds: 0.2,
  }
}

/** A document that a search brought, as `recordRetrieval` of the SDK tells it. */
export function retrievalSpan(
  source: string,
  document: { readonly id: string; readonly version: string; readonly content: string },
  after: number,
): SimulatedSpan {
  return {
    name: `retrieval ${source}`,
    attributes: {
      'gen_ai.operation.name': 'retrieval',
      'gen_ai.data_source.id': source,
      'holdfast.retrieval.documents': JSON.stringify([{ ...document, score: 0.9 }]),
    },
    after,
    seconds: 0.1,
  }
}

export function requestSpan(host: string, after: number): SimulatedSpan {
  return {
    name: 'GET',
    attributes: {
      'http.request.method': 'GET',
      'server.address': host,
      'server.port': 443,
      'url.full': `https://${host}/`,
    },
    after,
    seconds: 0.1,
  }
}

function attributesOf(attributes: Readonly<Record<string, string | number>>) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }))
}

function hexOf(random: () => number, bytes: number): string {
  return Array.from({ length: bytes }, () =>
    Math.floor(random() * 256)
      .toString(16)
      .padStart(2, '0'),
  ).join('')
}
