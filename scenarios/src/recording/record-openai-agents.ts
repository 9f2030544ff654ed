/**
 * Records `fixtures/dialects/openai-agents` anew: the real library, the scripted model, our exporter over the wire. Run
 * `node_modules/.bin/node --conditions=@holdfast/source scenarios/src/recording/record-openai-agents.ts`.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { startModelServer } from '@holdfast/testkit'
import type { Script } from '@holdfast/testkit'

import { Child } from '../demo/child.ts'
import { AGENT_TIMEOUT_MS } from '../demo/limits.ts'
import { startOtlpSink } from '../testing/otlp-sink.ts'
import type { ReceivedBody } from '../testing/otlp-sink.ts'
import type { Story } from './story.ts'

const ROOT = new URL('../../../', import.meta.url)
const STORY = new URL('fixtures/record/story.json', ROOT)
const FOLDER = new URL('fixtures/dialects/openai-agents/', ROOT)

const VARIANTS = {
  main: 'Responses API. Set up with setTraceProcessors; the conversation is the groupId of the trace. Content is on by default.',
  'chat-completions': 'The same over Chat Completions: generation spans in place of response spans.',
  retrieval: 'The document is put on a custom span with recordRetrieval of @holdfast/sdk.',
  'content-off': 'traceIncludeSensitiveData is false: no messages, arguments or results.',
}

const story = JSON.parse(await readFile(STORY, 'utf8')) as Story
const script: Script = {
  rules: [
    { when: { user: story.user }, reply: { toolCalls: [{ name: story.tool.name, arguments: story.tool.arguments }] } },
    { when: { afterTool: story.tool.name }, reply: { text: story.answer } },
  ],
}
for (const [variant, note] of Object.entries(VARIANTS)) await record(variant, note)

async function record(variant: string, note: string): Promise<void> {
  await using model = await startModelServer({ script })
  await using sink = await startOtlpSink()
  await using agent = new Child({
    program: 'recording/order-desk.ts',
    args: [fileURLToPath(STORY)],
    env: {
      OPENAI_API_KEY: 'recording',
      OPENAI_BASE_URL: `${model.url}/v1`,
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_SERVICE_NAME: story.service,
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.0.0,deployment.environment.name=recording,host.name=order-desk-1',
      RECORD_VARIANT: variant,
    },
  })
  const code = await agent.exitCode(AGENT_TIMEOUT_MS)
  if (code !== 0 || sink.bodies.length === 0) throw new Error(`${variant}: exit code ${code}: ${agent.output}`)
  await store(variant, note, sink.bodies)
}

async function store(variant: string, note: string, bodies: readonly ReceivedBody[]): Promise<void> {
  const folder = variant === 'main' ? FOLDER : new URL(`${variant}/`, FOLDER)
  await mkdir(folder, { recursive: true })
  // Only what was recorded before: the reviewed `expected.json` stays.
  for (const name of await readdir(folder)) if (/^\d{3}\.traces\./.test(name)) await rm(new URL(name, folder))
  for (const [index, body] of bodies.entries())
    await writeFile(new URL(`${String(index + 1).padStart(3, '0')}.traces.json`, folder), body.bytes)
  const manifest = new URL('node_modules/@openai/agents/package.json', ROOT)
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { readonly version: string }
  const meta = {
    dialect: 'openai-agents',
    variant,
    handBuilt: false,
    library: '@openai/agents',
    version,
    runtime: `Node ${process.versions.node}`,
    recordedWith: 'scenarios/src/recording/record-openai-agents.ts',
    signals: ['traces'],
    encoding: ['json'],
    compressionOnTheWire: ['none'],
    environment: {},
    notes: [
      'Exported by HoldfastTracingProcessor of @holdfast/sdk: the library has no OTLP exporter of its own.',
      note,
    ],
  }
  await writeFile(new URL('meta.json', folder), `${JSON.stringify(meta, undefined, 2)}\n`)
  console.log(`recorded ${variant}: ${bodies.length} bodies`)
}
