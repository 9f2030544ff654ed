import { hash } from 'node:crypto'
import { supportExecution } from '../../histories/agents.ts'
import { churnOf, type Churn } from '../../histories/churn.ts'
import { otlpLine } from '../../histories/otlp-line.ts'
import { seededRandom } from '../../histories/random.ts'
import { dayBefore, historyHeader } from '../quiet-days.ts'
import type { Past } from '../scenario.ts'
import type { Workload } from '../stage.ts'

const CHURNED = { namespace: 'agents', deployment: 'autoscale-churn' } as const
const DAYS = 14
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const WORK_HOURS = 10

/** Two weeks of one Deployment that starts 1,900 pods and does the same every day. */
export function* churnHistory(past: Past): Generator<string> {
  yield historyHeader('autoscale-churn')
  const agent = { ...CHURNED, cluster: past.cast.cluster }
  const churn = churnIn(past)
  const random = seededRandom(past.seed)
  // Names of traces hang on the run, behaviour on the seed alone.
  const names = seededRandom(Number.parseInt(hash('sha256', past.cast.cluster).slice(0, 8), 16))
  for (let day = 0; day < DAYS; day += 1) {
    yield* churn.records[day] ?? []
    const begin = startOf(past) + day * DAY_MS + 8 * HOUR_MS
    for (let i = 0; i < past.executions; i += 1) {
      const at = begin + Math.floor((i / past.executions) * WORK_HOURS * HOUR_MS)
      const executions = [supportExecution(at, random)]
      yield otlpLine(agent, { pod: churn.podAt(at, names()), executions, random: names })
    }
  }
}

/** One of the pods that run when the acts begin. */
export function runningPod(past: Pick<Past, 't0' | 'cast'>): Workload & { readonly pod: string } {
  return { ...CHURNED, pod: churnIn({ ...past, seed: 1 }).podAt(startOf(past) + DAYS * DAY_MS - 1, 0.4) }
}

function churnIn(past: Pick<Past, 't0' | 'cast' | 'seed'>): Churn {
  const agent = { ...CHURNED, cluster: past.cast.cluster }
  return churnOf(agent, { startMs: startOf(past), days: DAYS, random: seededRandom(past.seed + 3) })
}

function startOf({ t0 }: Pick<Past, 't0'>): number {
  return dayBefore({ t0 }, DAYS)
}
