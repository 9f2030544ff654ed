/** What an agent is told through its environment. */
export type RunEnvironment = {
  readonly run: string
  readonly name: string
  readonly host: string
  readonly otlp: string
  readonly traceparent: string
  /** Module that Node loads before the agent, where there is one. */
  readonly register: string | undefined
  /** Folder from which Python loads a `sitecustomize` before the agent, which loads the next one; where there is one. */
  readonly python: string | undefined
  /** Data folder of the server, where it is known: what else of ours the agent starts (a proxy) finds the server by it. */
  readonly data: string | undefined
}

/** Switches that make instrumentations send prompts, answers, arguments and results; each is read by who knows it. */
const CONTENT_SWITCHES: Readonly<Record<string, string>> = {
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
  TRACELOOP_TRACE_CONTENT: 'true',
  ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS: 'true',
  CLAUDE_CODE_ENABLE_TELEMETRY: '1',
  CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
  OTEL_LOG_USER_PROMPTS: '1',
  OTEL_LOG_ASSISTANT_RESPONSES: '1',
  OTEL_LOG_TOOL_DETAILS: '1',
  OTEL_LOG_TOOL_CONTENT: '1',
}

const EXPORTERS: Readonly<Record<string, string>> = {
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_LOGS_EXPORTER: 'otlp',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
}

/** The environment of an agent: the caller's own, which wins wherever it says something, and where to send what. */
export function environmentOf(
  own: Readonly<Record<string, string | undefined>>,
  given: RunEnvironment,
): Record<string, string> {
  const env: Record<string, string> = { ...CONTENT_SWITCHES, ...EXPORTERS }
  for (const [name, value] of Object.entries(own)) if (value !== undefined) env[name] = value
  env['OTEL_EXPORTER_OTLP_ENDPOINT'] = given.otlp
  env['OTEL_SERVICE_NAME'] = given.name
  // Ours last: the run must be told by it (https://opentelemetry.io/docs/specs/otel/resource/sdk/).
  env['OTEL_RESOURCE_ATTRIBUTES'] = [
    ...(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '')
      .split(',')
      .filter((pair) => !/^\s*(host\.name|service\.name|holdfast\.run)?\s*(=|$)/.test(pair)),
    `host.name=${encodeURIComponent(given.host)}`,
    `holdfast.run=${given.run}`,
  ].join(',')
  env['TRACEPARENT'] = given.traceparent
  if (given.data !== undefined) env['HOLDFAST_DATA'] = given.data
  if (given.register !== undefined) {
    env['NODE_OPTIONS'] = [env['NODE_OPTIONS'] ?? '', `--import=${given.register}`].join(' ').trim()
  }
  if (given.python !== undefined) {
    // First, because only the first of them is loaded. An empty one behind it is the working folder, which is the caller's wish.
    const rest = env['PYTHONPATH'] ?? ''
    env['PYTHONPATH'] = rest === '' ? given.python : `${given.python}:${rest}`
  }
  return env
}
