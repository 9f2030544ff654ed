import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { castOf } from './cast.ts'
import type { Completeness } from './completeness.ts'
import { type Expected, expectedOf } from './expected.ts'
import { type HoldfastAddress, startOwnHoldfast } from './holdfast.ts'
import { judgedIncidents, type JudgedIncident } from './judged.ts'
import { EXECUTIONS_A_DAY } from './limits.ts'
import { beginMarkedRun, type MarkedRun, toldAtItsEnd } from './marked-run.ts'
import type { IncidentScenarioName } from './names.ts'
import { LiveAgents } from '../respond/live-agent.ts'
import { startCloudAccount } from '../respond/cloud-account.ts'
import { startKubernetesCluster } from '../respond/kubernetes-cluster.ts'
import { type RunClock, runClock } from '../respond/run-clock.ts'
import { hireCrew } from '../respond/crew.ts'
import { leaveAsFound } from '../respond/leave-as-found.ts'
import { prepareResponse } from '../respond/prepare.ts'
import { type Responded, respondTo } from '../respond/respond-to.ts'
import type { Cast, IncidentScenario } from './scenario.ts'
import type { Planned } from './planned.ts'
import { Stage } from './stage.ts'
import { toldWhile } from './told-while.ts'
import { awaitedWords } from './awaited.ts'
import { verdictAtRest, verdictSoFar } from './verdict.ts'

export type ScenarioOptions = {
  readonly scenario: IncidentScenario
  /** The server to run against; one of its own, which ends with the run, where it is left out. */
  readonly holdfast?: HoldfastAddress
  /** Executions of a quiet day; a test that needs no settled profile takes fewer. */
  readonly executions?: number
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
 * judged them, and says what came of it. Rejects where an act fails; a verdict that is not as expected is a result. On a server
 * that is not its own all of it is marked as demo data.
 */
export async function runIncidentScenario(options: ScenarioOptions): Promise<ScenarioResult> {
  const { scenario, signal, holdfast } = options
  const marked = holdfast === undefined ? undefined : await beginMarkedRun(holdfast, scenario.name)
  return await toldAtItsEnd(marked, { signal, run: () => runMarked(options, marked) })
}

async function runMarked(options: ScenarioOptions, marked: MarkedRun | undefined): Promise<ScenarioResult> {
  const { scenario, signal, respond = false } = options
  const tell = (line: string): void => options.onStep?.(line)
  const cast = marked?.cast ?? castOf(scenario.name)
  await using place = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-acts-'))
  place.defer(() => rmSync(folder, { recursive: true, force: true }))
  const clock = respond && options.holdfast === undefined ? runClock(folder) : undefined
  const holdfast = options.holdfast ?? (await ownServer(place, { scenario, cast, folder, respond, clock }))
  const live = respond ? new LiveAgents() : undefined
  // Before anybody is hired: a run that fails or is stopped on the way leaves nobody either.
  if (respond && options.holdfast !== undefined)
    place.defer(() =>
      leaveAsFound(holdfast, cast).catch((fault: unknown) => tell(`not all is as it was found: ${wordsOf(fault)}`)),
    )
  const crew = respond ? await hireCrew(holdfast, cast.run, signal) : undefined
  // Agents end before what they were given, and proxies hand over what they hold when they end.
  const stage = place.use(new Stage({ holdfast, cast, t0: Date.now(), folder, signal, tell, live, clock }))
  if (live !== undefined) place.use(live)
  const told = <T>(work: Promise<T>): Promise<T> => toldWhile(work, { tell, words: () => awaitedWords(holdfast) })
  const judged = (): Promise<readonly JudgedIncident[]> => told(judgedIncidents(holdfast, cast, signal))
  await marked?.tell('past', { detail: 'importing its quiet weeks' })
  await rehearse(options, stage)
  if (crew !== undefined) {
    // Weeks are over by the time that something happens: nothing of them is left to be judged.
    tell('waiting until its quiet weeks are folded and judged')
    await judged()
    await prepareResponse(crew, { scenario, stage, isOwnServer: options.holdfast === undefined })
  }
  await marked?.tell('acting', { detail: scenario.tells })
  tell('acting')
  await scenario.act(stage)
  if (!respond) await stage[Symbol.asyncDispose]()
  await marked?.tell('judging', { detail: 'what was recorded is folded and judged' })
  tell('waiting until it is folded, judged and named')
  const expected = expectedOf(scenario.name)
  const order = { holdfast, cast, expected, signal }
  const verdict = await told(respond ? verdictSoFar(order) : verdictAtRest(order))
  const { incident, incidents, evidence, plan, differences } = verdict
  const answers = expected.told ?? {}
  if (crew !== undefined) await marked?.tell('judging', { detail: 'its case is worked', incident: incident?.id })
  const response =
    crew === undefined || incident === undefined
      ? undefined
      : await respondTo({ incident, crew, told: answers, scenario, stage })
  const stopped = response?.worked.refused.map((why) => `the case was not worked to its end: ${why}`) ?? []
  const all = [...differences, ...stopped]
  await marked?.tell(all.length === 0 ? 'told' : 'failed', {
    detail: [incident?.headline ?? 'no incident', ...all].join('; '),
    incident: response?.incident ?? incident?.id,
  })
  return { scenario: scenario.name, cast, incidents, expected, differences: all, evidence, plan, response }
}

function wordsOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault)
}

type Own = Pick<Required<ScenarioOptions>, 'scenario' | 'respond'> & {
  readonly cast: Cast
  readonly folder: string
  readonly clock: RunClock | undefined
}

/** A server of the run's own, that may speak to the run's own account and cluster where there is to be a response; all end with `place`. */
async function ownServer(
  place: AsyncDisposableStack,
  { scenario, cast, folder, respond, clock }: Own,
): Promise<HoldfastAddress> {
  const { roles = [], workloads = [], needsKernel = false } = scenario
  const connectors: string[] = []
  if (respond && roles.length > 0)
    connectors.push(place.use(await startCloudAccount(cast.account, { roles, folder })).connector)
  if (respond && workloads.length > 0)
    connectors.push(place.use(await startKubernetesCluster(cast.cluster, { workloads, folder })).connector)
  const path = join(folder, 'connectors.yaml')
  if (connectors.length > 0) writeFileSync(path, connectors.join(''))
  const flags = connectors.length === 0 ? [] : ['--connectors', path]
  const nodeArguments = clock?.arguments ?? []
  return place.use(await startOwnHoldfast({ sensor: needsKernel || respond, flags, nodeArguments }))
}

/** The quiet weeks before the acts. */
async function rehearse({ scenario, signal, executions }: ScenarioOptions, stage: Stage): Promise<void> {
  signal?.throwIfAborted()
  if (scenario.history === undefined) return
  stage.tell('importing its quiet weeks')
  const past = {
    t0: stage.t0,
    cast: stage.cast,
    executions: executions ?? EXECUTIONS_A_DAY,
    seed: 1,
  }
  await stage.import(`${scenario.name}.jsonl`, scenario.history(past))
}
