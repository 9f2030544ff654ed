import { hash } from 'node:crypto'
import { NODE_CALLS } from '../histories/agent-calls.ts'
import { otlpLine, type SimulatedExecution } from '../histories/otlp-line.ts'
import { seededRandom } from '../histories/random.ts'
import { tetragonLine } from '../histories/tetragon-line.ts'
import type { Workload } from './stage.ts'
import type { Past } from './scenario.ts'

const DAY_MS = 86_400_000
const DAY_BEGINS_MS = 8 * 3_600_000
const WORK_MS = 10 * 3_600_000

/** What one execution of an agent is on a quiet day. `number` counts them from 0. */
export type Behaviour = (at: number, random: () => number, number: number) => SimulatedExecution

/** First line of a history: its times are simulated. */
export function historyHeader(name: string): string {
  return JSON.stringify({ holdfastHistory: 1, clock: 'simulated', tool: `scenarios/incidents ${name}` })
}

/** Midnight (UTC) of the day that lies `days` before the first act. */
export function dayBefore({ t0 }: Pick<Past, 't0'>, days: number): number {
  return Math.floor(t0 / DAY_MS) * DAY_MS - days * DAY_MS
}

/** Days of an agent that end `until` days before the first act, spread over its pods, an hour a line. */
export function* quietDays(
  past: Past,
  {
    workload: { namespace, deployment },
    pods,
    days,
    until = 1,
    behaviour,
    calls = NODE_CALLS,
  }: {
    readonly workload: Workload
    readonly pods: readonly string[]
    readonly days: number
    readonly until?: number
    readonly behaviour: Behaviour
    /** System calls of its programs, of which the kernel tells once a day where it watches. */
    readonly calls?: Readonly<Record<string, number>>
  },
): Generator<string> {
  const random = seededRandom(past.seed)
  // Names of traces and pods hang on the run and the agent, behaviour on the seed alone.
  const names = seededRandom(Number.parseInt(hash('sha256', `${past.cast.cluster} ${deployment}`).slice(0, 8), 16))
  let number = 0
  for (let day = days + until - 1; day >= until; day -= 1) {
    const begin = dayBefore(past, day) + DAY_BEGINS_MS
    const executions = Array.from({ length: past.executions }, (_, i) =>
      behaviour(begin + Math.floor((i / past.executions) * WORK_MS), random, number++),
    )
    for (const hour of Map.groupBy(executions, ({ at }) => Math.floor(at / 3_600_000)).values())
      for (const [pod, own] of Map.groupBy(hour, () => pods[Math.floor(names() * pods.length)] ?? deployment))
        yield otlpLine({ cluster: past.cast.cluster, namespace, deployment }, { pod, executions: own, random: names })
    yield* callsOfDay(past, { workload: { namespace, deployment }, pod: pods[day % pods.length], begin, calls })
  }
}

/** Of the agent's own process in its container; each day begins with another start of it. */
const PID = 17

/** What the kernel tells of a day, where it watches: one process that starts with the day and makes each of the calls. */
export function* callsOfDay(
  past: Past,
  {
    workload: { namespace, deployment },
    pod = deployment,
    begin,
    calls = NODE_CALLS,
  }: {
    readonly workload: Workload
    readonly pod?: string | undefined
    readonly begin: number
    readonly calls?: Readonly<Record<string, number>>
  },
): Generator<string> {
  if (past.isWatched !== true) return
  const agent = { cluster: past.cast.cluster, namespace, deployment }
  const from = { pod, number: PID, startedAt: begin }
  yield tetragonLine(agent, {
    ...from,
    at: begin,
    act: { kind: 'exec', binary: process.execPath, arguments: 'agent.js' },
  })
  for (const [i, number] of Object.values(calls).entries())
    yield tetragonLine(agent, { ...from, at: begin + i, act: { kind: 'call', number } })
}
