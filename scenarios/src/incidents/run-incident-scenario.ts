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
}

/**
 * Runs one scenario to its end: imports its quiet weeks, lets its acts happen as real processes, waits until the server has
 * judged them, and says what came of it. Rejects where an act fails; a verdict that is not as expected is a result.
 */
export async function runIncidentScenario(options: ScenarioOptions): Promise<ScenarioResult> {
  const { scenario, signal } = options
  const own =
    options.holdfast === undefined ? await startOwnHoldfast({ sensor: scenario.needsKernel === true }) : undefined
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-acts-'))
  try {
    const holdfast = options.holdfast ?? own
    if (holdfast === undefined) throw new Error('no server was given and none was started')
    const cast = castOf(scenario.name, options.run)
    await play({ ...options, holdfast, cast, folder })
    const incidents = await judgedIncidents(holdfast, cast, signal)
    const expected = expectedOf(scenario.name)
    const [incident] = incidents.filter(({ outcome }) => outcome === 'incident')
    const evidence = incident === undefined ? undefined : await completenessOf(holdfast, incident.id)
    const told = expected.told ?? {}
    const plan = incident === undefined ? undefined : await plannedFor(holdfast, { incident: incident.id, told })
    const differences = differencesOf(expected, { incidents, evidence, plan })
    return { scenario: scenario.name, cast, incidents, expected, differences, evidence, plan }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await own?.[Symbol.asyncDispose]()
  }
}

type Play = ScenarioOptions & {
  readonly holdfast: HoldfastAddress
  readonly cast: Cast
  readonly folder: string
}

async function play({ scenario, holdfast, cast, folder, signal, executions, onStep }: Play): Promise<void> {
  const tell = (line: string): void => onStep?.(line)
  const t0 = Date.now()
  await using stage = new Stage({ holdfast, cast, t0, folder, signal, tell })
  signal?.throwIfAborted()
  if (scenario.history !== undefined) {
    tell('importing its quiet weeks')
    const past = { t0, cast, executions: executions ?? EXECUTIONS_A_DAY, seed: 1 }
    await stage.import(`${scenario.name}.jsonl`, scenario.history(past))
  }
  tell('acting')
  await scenario.act(stage)
  tell('waiting until it is judged')
}
