import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { castOf } from './cast.ts'
import { completenessOf, type Completeness } from './completeness.ts'
import { differencesOf } from './differences.ts'
import { type Expected, expectedOf } from './expected.ts'
import { type HoldfastAddress, startOwnHoldfast } from './holdfast.ts'
import { judgedIncidents, type JudgedIncident } from './judged.ts'
import { EXECUTIONS_A_DAY } from './limits.ts'
import type { IncidentScenarioName } from './names.ts'
import { LiveAgents } from '../respond/live-agent.ts'
import { type Responded, respondTo } from '../respond/respond-to.ts'
import type { Cast, IncidentScenario } from './scenario.ts'
import { plannedFor, type Planned } from './planned.ts'
import { Stage } from './stage.ts'

export type ScenarioOptions = {
  readonly scenario: IncidentScenario
  /** The server to run against; one of its own, which ends with the run, where it is left out. */
  readonly holdfast?: HoldfastAddress
  /** Executions of a quiet day; a test that needs no settled profile takes fewer. */
  readonly executions?: number
  /** Ends every name of this run; drawn where it is left out. */
  readonly run?: string
  readonly onStep?: (line: string) => void
  readonly signal?: AbortSignal
  /** Agents stay after their acts, and the incident is worked to its end. Needs root and a sensor. */
  readonly respond?: boolean
}

export type ScenarioResult = {
  readonly scenario: IncidentScenarioName
  readonly cast: Cast
  /** Incidents and attempts of the run's agents. */
  readonly incidents: readonly JudgedIncident[]
  readonly expected: Expected
  /** Where what came differs from what was expected; empty where nothing does. */
  readonly differences: readonly string[]
  /** Of the incident; none where there is none. */
  readonly evidence: Completeness | undefined
  /** What the ladder asks for; nothing of it is done. */
  readonly plan: Planned | undefined
  /** What came of the response, where one was asked for and there was an incident. */
  readonly response: Responded | undefined
}

/**
 * Runs one scenario to its end: imports its quiet weeks, lets its acts happen as real processes, waits until the server has
 * judged them, and says what came of it. Rejects where an act fails; a verdict that is not as expected is a result.
 */
export async function runIncidentScenario(options: ScenarioOptions): Promise<ScenarioResult> {
  const { scenario, signal } = options
  const own =
    options.holdfast === undefined
      ? await startOwnHoldfast({ sensor: scenario.needsKernel === true || options.respond === true })
      : undefined
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-acts-'))
  try {
    const holdfast = options.holdfast ?? own
    if (holdfast === undefined) throw new Error('no server was given and none was started')
    const cast = castOf(scenario.name, options.run)
    const tell = (line: string): void => options.onStep?.(line)
    const t0 = Date.now()
    await using live = options.respond === true ? new LiveAgents() : undefined
    await using stage = new Stage({ holdfast, cast, t0, folder, signal, tell, live })
    await play(options, stage)
    // Proxies hand over what they hold when they end; those that a response needs hand it over in time.
    if (live === undefined) await stage[Symbol.asyncDispose]()
    const incidents = await judgedIncidents(holdfast, cast, signal)
    const expected = expectedOf(scenario.name)
    const [incident] = incidents.filter(({ outcome }) => outcome === 'incident')
    const evidence = incident === undefined ? undefined : await completenessOf(holdfast, incident.id)
    const told = expected.told ?? {}
    const plan = incident === undefined ? undefined : await plannedFor(holdfast, { incident: incident.id, told })
    const differences = differencesOf(expected, { incidents, evidence, plan })
    const response =
      live === undefined || incident === undefined
        ? undefined
        : await respondTo({ holdfast, cast, incident, live, tell })
    return { scenario: scenario.name, cast, incidents, expected, differences, evidence, plan, response }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await own?.[Symbol.asyncDispose]()
  }
}

async function play({ scenario, signal, executions }: ScenarioOptions, stage: Stage): Promise<void> {
  signal?.throwIfAborted()
  if (scenario.history !== undefined) {
    stage.tell('importing its quiet weeks')
    const past = { t0: stage.t0, cast: stage.cast, executions: executions ?? EXECUTIONS_A_DAY, seed: 1 }
    await stage.import(`${scenario.name}.jsonl`, scenario.history(past))
  }
  stage.tell('acting')
  await scenario.act(stage)
  stage.tell('waiting until it is judged')
}
