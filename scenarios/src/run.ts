/**
 * Tells the stories of the demo, or runs its small agents: `node --conditions=@holdfast/source scenarios/src/run.ts
 * [--agents | --only NAME]... [--stay] [--url URL] --otlp URL`. Stories, and whatever is to be marked as demo data, take the URL of the
 * server, with its token in HOLDFAST_TOKEN. With `--stay` an agent that can be held goes on after the stories. One JSON line a step on
 * standard output. Exit code 0, 1 where a story or an agent failed, 2 for wrong arguments, 3 where the agent of a story that is named
 * was to stay and cannot. SIGINT and SIGTERM stop it and all that it started.
 */
import { enableCompileCache } from 'node:module'
import { parseArgs } from 'node:util'

import type { DemoWire } from '@holdfast/api'
import type { ScenarioName } from './demo/stories.ts'
import type { DemoStoryName } from './stories/demo-stories.ts'
import { stopSignal } from './stop-signal.ts'
import type { StoriesRun } from './stories/run-stories.ts'

enableCompileCache(process.env['HOLDFAST_COMPILE_CACHE'])
process.exitCode = await main()

async function main(): Promise<number> {
  const [{ STORIES }, { DEMO_STORIES }] = await Promise.all([
    import('./demo/stories.ts'),
    import('./stories/demo-stories.ts'),
  ])
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      agents: { type: 'boolean', default: false },
      stay: { type: 'boolean', default: false },
      otlp: { type: 'string' },
      url: { type: 'string' },
    },
  })
  const allAgents = STORIES.map((story) => story.name)
  const agents = values.agents ? allAgents : allAgents.filter((name) => values.only.includes(name))
  const stories = DEMO_STORIES.filter((name) => values.only.includes(name))
  const known: readonly string[] = [...agents, ...stories]
  const isTold = stories.length > 0 || agents.length === 0
  const otlp = values.otlp?.replace(/\/+$/, '')
  if (
    otlp === undefined ||
    (isTold && values.url === undefined) ||
    !values.only.every((name) => known.includes(name))
  ) {
    const names = [...allAgents, ...DEMO_STORIES].join(', ')
    process.stderr.write(
      `usage: run.ts [--agents | --only NAME] [--stay] [--url URL] --otlp URL, where NAME is one of ${names}\n`,
    )
    return 2
  }
  const signal = stopSignal()
  const holdfast =
    values.url === undefined
      ? undefined
      : { url: values.url, token: process.env['HOLDFAST_TOKEN'] ?? '', otlpUrl: otlp }
  const ran: readonly string[] = agents.length === 0 ? [] : await runAgents(agents, { otlp, holdfast, signal })
  const told: StoriesRun =
    isTold && holdfast !== undefined
      ? await tellStories(stories, { holdfast, stay: values.stay, signal })
      : { failed: [] }
  if (told.cannotStay !== undefined) {
    say({ cannotStay: told.cannotStay })
    return 3
  }
  return ran.length + told.failed.length === 0 ? 0 : 1
}

type Holdfast = { readonly url: string; readonly token: string; readonly otlpUrl: string }

async function runAgents(
  only: readonly ScenarioName[],
  {
    otlp,
    holdfast,
    signal,
  }: { readonly otlp: string; readonly holdfast?: Holdfast | undefined; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const [{ runDemo }, { send }] = await Promise.all([import('./demo/run-demo.ts'), import('./incidents/holdfast.ts')])
  const demo = holdfast === undefined ? undefined : await send<DemoWire>(holdfast, '/demo', { stories: only })
  const { failed } = await runDemo({
    signal,
    otlpUrl: otlp,
    only,
    ...(demo === undefined ? {} : { clusters: new Map(demo.stories.map(({ name, cluster }) => [name, cluster])) }),
    onProgress: (progress) => say(progress),
  })
  if (holdfast !== undefined && demo !== undefined)
    for (const name of only)
      await send(holdfast, `/demo/${demo.id}/stories/${name}`, { state: failed.includes(name) ? 'failed' : 'told' })
  return failed
}

async function tellStories(
  stories: readonly DemoStoryName[],
  { holdfast, stay, signal }: { readonly holdfast: Holdfast; readonly stay: boolean; readonly signal: AbortSignal },
): Promise<StoriesRun> {
  const { runStories } = await import('./stories/run-stories.ts')
  return await runStories({
    holdfast,
    stay,
    signal,
    onStaying: (staying) => say({ staying }),
    ...(stories.length === 0 ? {} : { only: stories }),
    onStep: ({ story, state, detail, incident, ended }) => {
      const status = state === 'told' ? 'finished' : state === 'failed' ? 'failed' : 'started'
      const words = status === 'started' ? `${state}: ${detail}` : detail
      say({
        scenario: story,
        status,
        detail: words,
        ...(incident === undefined ? {} : { incident }),
        ...(ended === undefined ? {} : { ended }),
      })
    },
  })
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
