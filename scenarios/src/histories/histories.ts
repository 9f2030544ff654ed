import { codeExecution, supportExecution } from './agents.ts'
import { churnOf } from './churn.ts'
import { otlpLine, type SimulatedAgent, type SimulatedExecution } from './otlp-line.ts'
import { seededRandom } from './random.ts'

const DAY_MS = 86_400_000
const DAY_BEGINS_MS = 8 * 3_600_000
const WORK_MS = 10 * 3_600_000

/** A history that can be imported: its lines, the header first. The same seed gives the same lines. */
export type History = {
  readonly name: string
  readonly tells: string
  readonly lines: (options: HistoryOptions) => Generator<string>
}

export type HistoryOptions = {
  readonly seed: number
  readonly days: number
  /** Executions a day. */
  readonly executions: number
}

export const HISTORIES: readonly History[] = [
  {
    name: 'stable-desk',
    tells: 'a support desk that does the same every day',
    lines: (options) => steady('stable-desk', supportExecution, options),
  },
  {
    name: 'code-runner',
    tells: 'a code agent whose destinations never settle',
    lines: (options) => steady('code-runner', codeExecution, options),
  },
  { name: 'autoscale-churn', tells: '50 replicas churned under one Deployment, 1,900 pod starts', lines: churned },
  {
    name: 'autoscale-control',
    tells: 'the same behaviour in one pod',
    lines: (options) => steady('autoscale-control', supportExecution, options),
  },
]

/** 2026-09-01: a Tuesday like any other. Simulated histories may lie anywhere; these begin there. */
const START_MS = Date.UTC(2026, 8, 1)

function header(name: string): string {
  return JSON.stringify({ holdfastHistory: 1, clock: 'simulated', tool: `scenarios/histories ${name}` })
}

function agentOf(name: string): SimulatedAgent {
  return { cluster: 'simulated', namespace: 'agents', deployment: name }
}

type Behaviour = (at: number, random: () => number) => SimulatedExecution

function* steady(name: string, behaviour: Behaviour, options: HistoryOptions): Generator<string> {
  yield header(name)
  const random = seededRandom(options.seed)
  // Ids have a stream of their own, so that behaviour does not hang on how many spans had to be named.
  const names = seededRandom(options.seed + 1)
  for (let day = 0; day < options.days; day += 1)
    for (const executions of hoursOf(day, { ...options, behaviour, random }))
      yield otlpLine(agentOf(name), { pod: `${name}-5d9c7b6f48-x2x7k`, executions, random: names })
}

/** The support desk again, spread over pods that come and go: its seed gives the very behaviour of the control. */
function* churned(options: HistoryOptions): Generator<string> {
  const name = 'autoscale-churn'
  yield header(name)
  const agent = agentOf(name)
  const random = seededRandom(options.seed)
  const names = seededRandom(options.seed + 2)
  const churn = churnOf(agent, { startMs: START_MS, days: options.days, random: seededRandom(options.seed + 3) })
  for (let day = 0; day < options.days; day += 1) {
    yield* churn.records[day] ?? []
    for (const executions of hoursOf(day, { ...options, behaviour: supportExecution, random })) {
      const byPod = Map.groupBy(executions, ({ at }) => churn.podAt(at, names()))
      for (const [pod, own] of byPod) yield otlpLine(agent, { pod, executions: own, random: names })
    }
  }
}

/** Executions of one day by hour of its work. */
function* hoursOf(
  day: number,
  { executions, behaviour, random }: HistoryOptions & { readonly behaviour: Behaviour; readonly random: () => number },
): Generator<readonly SimulatedExecution[]> {
  const begin = START_MS + day * DAY_MS + DAY_BEGINS_MS
  const all = Array.from({ length: executions }, (_, i) =>
    behaviour(begin + Math.floor((i / executions) * WORK_MS), random),
  )
  yield* Map.groupBy(all, ({ at }) => Math.floor(at / 3_600_000)).values()
}
