import { useSuspenseQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Command } from '../ui/Copy.tsx'
import { PageHead } from '../ui/Page.tsx'

/** The page before the first record: three ways to point an agent here. It gives way by itself when one is heard. */
export function FirstRun() {
  const { data: session } = useSuspenseQuery(queries.session())
  const endpoint = session.otlpHttp ?? 'http://127.0.0.1:4318'
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <PageHead tab="Point an agent here" title="Nothing has been recorded yet">
        Holdfast listens for OpenTelemetry at <code>{endpoint}</code>. This page turns into the list of agents by itself
        when the first record arrives.
      </PageHead>
      <div className="mx-auto grid max-w-6xl gap-4 p-4 lg:grid-cols-3">
        <section className="panel flex flex-col gap-3 p-4 lg:col-span-2">
          <h2 className="text-lg font-semibold">Point an agent here</h2>
          <p className="text-soft">
            Set these where the agent runs. Instrumentation leaves prompts, arguments and results out unless it is told
            otherwise: without the last two lines the evidence would be empty where it matters.
          </p>
          <Command text={environment(endpoint)} label="environment for any OpenTelemetry program" />
          {FRAMEWORKS.map(({ name, note, text }) => (
            <div key={name} className="flex flex-col gap-1">
              <h3 className="font-semibold">{name}</h3>
              <p className="text-soft">{note}</p>
              <Command text={text} label={`set-up for ${name}`} />
            </div>
          ))}
        </section>
        <div className="flex flex-col gap-4">
          <section className="panel flex flex-col gap-3 p-4">
            <h2 className="text-lg font-semibold">See it work first</h2>
            <p className="text-soft">
              Runs real agents with scripted model answers, and fills this page with their runs.
            </p>
            <Command text="npm run -s holdfast -- demo" label="the command that runs the demo" />
          </section>
          <section className="panel flex flex-col gap-3 p-4">
            <h2 className="text-lg font-semibold">Tee from a Collector</h2>
            <p className="text-soft">Add one exporter; what the Collector sends elsewhere stays as it is.</p>
            <Command text={collector(endpoint)} label="Collector configuration" />
          </section>
          <section className="panel flex flex-col gap-3 p-4">
            <h2 className="text-lg font-semibold">Load a recording</h2>
            <p className="text-soft">OTLP files and public agent runs. Made-up clocks are said so on every event.</p>
            <Command text="npm run -s holdfast -- import PATH" label="the command that imports a recording" />
          </section>
        </div>
      </div>
    </div>
  )
}

function environment(endpoint: string): string {
  return [
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`,
    'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    'export OTEL_SERVICE_NAME=my-agent',
    'export OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental',
    'export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true',
  ].join('\n')
}

const FRAMEWORKS = [
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

function collector(endpoint: string): string {
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
