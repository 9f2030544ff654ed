import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DemoWire } from '@holdfast/api'
import { type HoldfastAddress, importLines, send } from '../incidents/holdfast.ts'
import { incidentScenario } from '../incidents/scenarios.ts'
import type { Cast, IncidentScenario } from '../incidents/scenario.ts'
import { Stage } from '../incidents/stage.ts'
import { expectedOf } from '../incidents/expected.ts'
import { statementsOf } from '../respond/prepare.ts'
import { STAYS_SECONDS } from '../respond/limits.ts'
import { type DemoStoryName, storiesHere } from './demo-stories.ts'
import { DEMO_EXECUTIONS_A_DAY } from './limits.ts'
import { renamed } from './renamed.ts'
import { untilOver } from './until-over.ts'
import { type Told, toldOf } from './told.ts'

export type StoriesOptions = {
  readonly holdfast: HoldfastAddress
  /** Those that can be told here unless given. */
  readonly only?: readonly DemoStoryName[]
  /** Agents that can go on after their acts do so, where a sensor can hold them. */
  readonly stay?: boolean
  readonly onStep?: (step: StoryStep) => void
  /** All stories are told, and the agents of these go on. */
  readonly onStaying?: (stories: readonly DemoStoryName[]) => void
  readonly signal?: AbortSignal
}

/** What came of it; `cannotStay` says why nothing was begun. */
export type StoriesRun = { readonly failed: readonly DemoStoryName[]; readonly cannotStay?: string }

/** How far a story is; the server is told the same. */
export type StoryStep = {
  readonly story: DemoStoryName
  readonly state: 'past' | 'acting' | 'judging' | 'told' | 'failed'
  readonly detail: string
  readonly incident?: string
  /** Why its agent, which was to go on, ended with the story. */
  readonly ended?: string
}

type Story = {
  readonly name: DemoStoryName
  readonly scenario: IncidentScenario
  readonly cast: Cast
  readonly stage: Stage
}

/**
 * Tells the stories of the demo on a running server: their quiet weeks in one import, then all acts at once, each by real
 * processes, until the server has judged them. Everything is marked as demo data before it is sent. Resolves with the stories
 * that failed; one that does is reported and does not keep the others from being told. Where agents stay it resolves once they
 * have ended: with the signal, with the removal of the demo, or after {@link STAYS_SECONDS}. Where stories are named, their agents
 * are to stay and cannot, it begins nothing and says why.
 */
export async function runStories(options: StoriesOptions): Promise<StoriesRun> {
  const { holdfast, signal } = options
  const { stay = false } = options
  const found = options.only === undefined || stay ? await storiesHere(holdfast, signal) : undefined
  const here = { ...found, names: options.only ?? found?.names ?? [] }
  const ended = stay ? found?.cannotHold : undefined
  if (ended !== undefined && options.only?.some(canStay) === true) return { failed: [], cannotStay: ended }
  const staysSeconds = stay && ended === undefined ? STAYS_SECONDS : undefined
  const demo = await send<DemoWire>(holdfast, '/demo', { stories: here.names })
  await using place = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-demo-'))
  place.defer(() => rmSync(folder, { recursive: true, force: true }))
  const t0 = Date.now()
  const stories = here.names.map((name) => storyOf(name, demo, { holdfast, t0, folder, signal, staysSeconds }))
  for (const { stage } of stories) place.use(stage)
  const last = new Map<DemoStoryName, StoryStep>()
  const tell = async (step: StoryStep): Promise<void> => {
    last.set(step.story, step)
    options.onStep?.(step)
    const { story, ...body } = step
    // In full at the console; on the record as much as a page shows.
    const ended = body.ended === undefined ? {} : { ended: body.ended.slice(0, 1_000) }
    await send(holdfast, `/demo/${demo.id}/stories/${story}`, {
      ...body,
      ...ended,
      detail: body.detail.slice(0, 1_000),
    })
  }
  for (const { name } of stories) await tell({ story: name, state: 'past', detail: 'importing its quiet weeks' })
  await importLines(holdfast, 'demo-past.jsonl', pastOf(stories, t0), signal)
  const failed = await Promise.all(
    stories.map(async (story) => {
      const told = await tellOne(story, {
        holdfast,
        signal,
        tell,
        instead: insteadOf(here, story.name),
        ended: canStay(story.name) ? ended : undefined,
      })
      return told ? [] : [story.name]
    }),
  )
  for (const step of await renamed(holdfast, { steps: [...last.values()], signal })) await tell(step)
  const staying = stories.filter(({ name, stage }) => stage.staysSeconds !== undefined && !failed.flat().includes(name))
  if (staying.length > 0) {
    options.onStaying?.(staying.map(({ name }) => name))
    await untilOver(holdfast, { demo: demo.id, signal })
  }
  return { failed: failed.flat() }
}

/** True of a story whose agent can go on after its acts. */
function canStay(name: DemoStoryName): boolean {
  return incidentScenario(name)?.stays !== undefined
}

function storyOf(
  name: DemoStoryName,
  demo: DemoWire,
  made: Pick<ConstructorParameters<typeof Stage>[0], 'holdfast' | 't0' | 'folder' | 'signal' | 'staysSeconds'>,
): Story {
  const scenario = incidentScenario(name)
  const drawn = demo.stories.find((story) => story.name === name)
  if (scenario === undefined || drawn === undefined) throw new Error(`the demo has no story ${name}`)
  // Stories of a demo have their own ends of names: one is not to be found by another's.
  const cast = { cluster: drawn.cluster, account: drawn.account, run: `${demo.id}-${name}` }
  const staysSeconds = scenario.stays === undefined ? undefined : made.staysSeconds
  return { name, scenario, cast, stage: new Stage({ ...made, staysSeconds, cast, tell: () => undefined }) }
}

/** The quiet weeks of all, under one header: each history begins with one of its own. */
function* pastOf(stories: readonly Story[], t0: number): Generator<string> {
  let hasHeader = false
  for (const { scenario, cast } of stories) {
    const lines = scenario.history?.({ t0, cast, executions: DEMO_EXECUTIONS_A_DAY, seed: 1 }) ?? []
    let isHeader = true
    for (const line of lines) {
      if (!isHeader || !hasHeader) yield line
      hasHeader = true
      isHeader = false
    }
  }
}

type Telling = {
  readonly holdfast: HoldfastAddress
  readonly signal: AbortSignal | undefined
  readonly tell: (step: StoryStep) => Promise<void>
  readonly instead: string
  readonly ended: string | undefined
}

/** True where the story came to what it must. */
async function tellOne(
  { name, scenario, cast, stage }: Story,
  { holdfast, signal, tell, instead, ended }: Telling,
): Promise<boolean> {
  try {
    const stays = stage.staysSeconds === undefined ? undefined : scenario.stays
    if (stays !== undefined)
      await stateAgent(holdfast, { agent: stage.agentId(stays), told: expectedOf(name).told ?? {} })
    await tell({ story: name, state: 'acting', detail: scenario.tells })
    await scenario.act(stage)
    // Proxies hand over what they hold when they end; before an agent that stays they do from time to time.
    if (stays === undefined) await stage[Symbol.asyncDispose]()
    await tell({ story: name, state: 'judging', detail: 'what was recorded is folded and judged' })
    const told: Told = await toldOf(holdfast, { name, cast, signal })
    const goesOn = stays === undefined ? [] : ['its agent is alive and goes on: it can be held']
    const over =
      ended === undefined ? [] : [`its agent ended with it, since ${ended}: its incident can be read, not held`]
    const detail = [told.words, ...told.differences, ...goesOn, ...over, ...(instead === '' ? [] : [instead])].join(
      '; ',
    )
    const isAsExpected = told.differences.length === 0
    const incident = told.incident === undefined ? {} : { incident: told.incident }
    const more = { ...incident, ...(ended === undefined ? {} : { ended }) }
    await tell({ story: name, state: isAsExpected ? 'told' : 'failed', detail, ...more })
    return isAsExpected
  } catch (failure) {
    const cause: unknown = signal?.aborted === true ? signal.reason : failure
    const detail = cause instanceof Error ? cause.message : String(cause)
    // The server may be gone, which is then why it failed.
    await tell({ story: name, state: 'failed', detail }).catch(() => undefined)
    return false
  }
}

/** What its owner knows of an agent, without which the ladder takes the worse: whether it serves anybody, and what can be undone. */
async function stateAgent(
  holdfast: HoldfastAddress,
  { agent, told }: { readonly agent: string; readonly told: Readonly<Record<string, string>> },
): Promise<void> {
  for (const statement of statementsOf(told))
    await send(holdfast, `/agents/${encodeURIComponent(agent)}/statements`, {
      ...statement,
      reason: 'as its owner says',
    })
}

function insteadOf({ instead = '' }: { readonly instead?: string }, name: DemoStoryName): string {
  return name === 'batch-extractor' ? instead : ''
}
