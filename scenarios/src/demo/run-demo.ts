import { readFile } from 'node:fs/promises'

import { startModelServer } from '@holdfast/testkit'
import type { Script } from '@holdfast/testkit'

import { Child } from './child.ts'
import { AGENT_TIMEOUT_MS } from './limits.ts'
import { STORIES } from './stories.ts'
import type { Program, RunningServer, ScenarioName, Story } from './stories.ts'

export type DemoOptions = {
  /** Base URL of an OTLP/HTTP receiver, without `/v1/traces`. */
  readonly otlpUrl: string
  /** Stories to run; all by default. */
  readonly only?: readonly ScenarioName[]
  /** The stories to choose from; those of this package by default. */
  readonly stories?: readonly Story[]
  /** Called at each step, in order. */
  readonly onProgress?: (progress: DemoProgress) => void
  /** Stops what is running and begins no other story; both count as failed. */
  readonly signal?: AbortSignal
  /** Cluster of the agents of a story, by its name: what marks them as demo data. */
  readonly clusters?: ReadonlyMap<string, string>
  /** Sent as OTEL_EXPORTER_OTLP_HEADERS, for a receiver that wants a key. */
  readonly otlpHeaders?: string
}

export type DemoProgress = {
  readonly scenario: ScenarioName
  readonly status: 'started' | 'finished' | 'failed'
  /** The agent's answer, or why it failed. */
  readonly detail: string
  /** Id of the conversation that the agent's telemetry names. */
  readonly conversation: string
}

export type DemoResult = { readonly finished: readonly ScenarioName[]; readonly failed: readonly ScenarioName[] }

/**
 * Runs real agents, each in its own process, against a scripted model, one story after the other. When it resolves,
 * every agent has ended and sent its telemetry, and no child is left. Stories that fail are reported, not thrown.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const stories = (options.stories ?? STORIES).filter((story) => options.only?.includes(story.name) ?? true)
  await using model = await startModelServer({ script: await loadScript(stories) })
  const finished: ScenarioName[] = []
  const failed: ScenarioName[] = []
  for (const story of stories) {
    const report = (status: DemoProgress['status'], detail: string): void =>
      options.onProgress?.({ scenario: story.name, status, detail, conversation: story.conversationId })
    report('started', `running ${story.agent.program}`)
    const outcome = await runStory(story, {
      ...options,
      modelUrl: model.url,
      cluster: options.clusters?.get(story.name),
    })
    ;(outcome.status === 'finished' ? finished : failed).push(story.name)
    report(outcome.status, outcome.detail)
  }
  return { finished, failed }
}

type Outcome = { readonly status: 'finished' | 'failed'; readonly detail: string }
type Surroundings = Pick<DemoOptions, 'otlpUrl' | 'otlpHeaders' | 'signal'> & {
  readonly modelUrl: string
  readonly cluster: string | undefined
}

async function runStory(story: Story, surroundings: Surroundings): Promise<Outcome> {
  // Disposed in reverse order, also where a later step throws.
  await using children = new AsyncDisposableStack()
  const { signal } = surroundings
  try {
    signal?.throwIfAborted()
    const servers: RunningServer[] = []
    for (const program of story.servers) {
      const child = children.use(new Child({ ...program, env: environment(program, surroundings), signal }))
      servers.push({ child, url: await child.listening() })
    }
    const agent = children.use(
      new Child({
        ...story.agent,
        args: [story.conversationId, ...servers.map((server) => server.url)],
        env: environment(story.agent, surroundings),
        signal,
      }),
    )
    const code = await agent.exitCode(AGENT_TIMEOUT_MS)
    signal?.throwIfAborted()
    if (code !== 0) return { status: 'failed', detail: `exit code ${code}: ${agent.output}` }
    // A server that is an agent sends the last of its telemetry when it is asked to end.
    for (const server of servers.toReversed()) await server.child.stop()
    return { status: 'finished', detail: agent.output }
  } catch (failure) {
    // A server that was stopped looks like one that failed; the abort is the reason then.
    const cause: unknown = signal?.aborted === true ? signal.reason : failure
    return { status: 'failed', detail: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** Each story's rules begin with its own system text, so one server can hold them all. */
async function loadScript(stories: readonly Story[]): Promise<Script> {
  const scripts = await Promise.all(
    stories.map(async (story) => {
      const file = new URL(`../../src/${story.name}/script.json`, import.meta.url)
      // Our own data file; a rule that is wrong in it makes the model server answer 400 and the story fail.
      return JSON.parse(await readFile(file, 'utf8')) as Script
    }),
  )
  return { rules: scripts.flatMap((script) => script.rules) }
}

/**
 * The whole environment of a child: nothing is inherited but what finds programs and a home, so that no credential of
 * whoever runs the demo reaches an agent, and none of their OTEL_* settings change what it sends.
 */
function environment(program: Program, surroundings: Surroundings): Record<string, string> {
  const { telemetry } = program
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    NODE_NO_WARNINGS: '1',
    OPENAI_API_KEY: 'scripted',
    OPENAI_BASE_URL: `${surroundings.modelUrl}/v1`,
    MASTRA_TELEMETRY_DISABLED: '1',
    LANGSMITH_TRACING: 'false',
    ...(telemetry === undefined
      ? {}
      : {
          OTEL_EXPORTER_OTLP_ENDPOINT: surroundings.otlpUrl,
          OTEL_SERVICE_NAME: telemetry.service,
          OTEL_RESOURCE_ATTRIBUTES: attributesOf(telemetry, surroundings.cluster),
          OTEL_METRICS_EXPORTER: 'none',
          OTEL_LOGS_EXPORTER: 'none',
          ...(surroundings.otlpHeaders === undefined ? {} : { OTEL_EXPORTER_OTLP_HEADERS: surroundings.otlpHeaders }),
        }),
  }
}

/** As the story states them, or in a cluster of its own, whatever it is otherwise. */
function attributesOf({ service, attributes }: NonNullable<Program['telemetry']>, cluster: string | undefined): string {
  if (cluster === undefined) return attributes
  const others = attributes.split(',').filter((one) => !one.startsWith('k8s.cluster.name='))
  const isWorkload = others.some((one) => one.startsWith('k8s.deployment.name='))
  const workload = isWorkload ? [] : ['k8s.namespace.name=demo', `k8s.deployment.name=${service}`]
  return [...others, ...workload, `k8s.cluster.name=${cluster}`].join(',')
}
