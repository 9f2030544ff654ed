/**
 * Variables of any OpenTelemetry program. Who opts into the newest conventions names where content goes: `true`, which older
 * instrumentations take, is no such place there, and nothing would be captured.
 */
export function environment(endpoint: string): string {
  return [
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`,
    'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    'export OTEL_SERVICE_NAME=my-agent',
    'export OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental',
    'export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=SPAN_AND_EVENT',
  ].join('\n')
}

/** In the folder where the server was started, which is where its address is found. */
export function run(): string {
  return ['npm run -s holdfast -- run \\', '  --name my-agent -- node agent.js'].join('\n')
}

export const FRAMEWORKS = [
  {
    name: 'Vercel AI SDK',
    note: 'Once, at the start. Inputs and outputs are recorded unless they are switched off.',
    text: [
      "import { registerTelemetry } from 'ai'",
      "import { OpenTelemetry } from '@ai-sdk/otel'",
      'registerTelemetry(new OpenTelemetry())',
    ].join('\n'),
  },
  {
    name: 'LangGraph.js, by OpenInference',
    note: 'Once, before the graph is built.',
    text: [
      "import * as callbackManager from '@langchain/core/callbacks/manager'",
      "import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain'",
      'new LangChainInstrumentation().manuallyInstrument(callbackManager)',
    ].join('\n'),
  },
  {
    name: 'OpenAI Agents JS',
    note: 'Its traces are its own; the processor turns them into OTLP.',
    text: [
      "import { addTraceProcessor } from '@openai/agents'",
      "import { HoldfastTracingProcessor } from '@holdfast/sdk'",
      'addTraceProcessor(new HoldfastTracingProcessor())',
    ].join('\n'),
  },
] as const

/** One more exporter of a Collector on this machine. */
export function collector(endpoint: string): string {
  return `exporters:
  otlp_http/holdfast:
    endpoint: ${endpoint}
service:
  pipelines:
    traces:
      exporters: [otlp_http/holdfast]
    logs:
      exporters: [otlp_http/holdfast]`
}
