import type { SimulatedExecution } from '../../histories/otlp-line.ts'
import { seededRandom } from '../../histories/random.ts'
import { tableQuery } from '../cloud/table-service.ts'
import { quietExecution } from '../quiet-execution.ts'
import { dayBefore, historyHeader, quietDays } from '../quiet-days.ts'
import type { Past } from '../scenario.ts'
import type { Workload } from '../stage.ts'

export const INSIGHT_AGENT: Workload = {
  namespace: 'analytics',
  deployment: 'insight-agent',
  pod: 'insight-agent-6f5b9c7d8-m4n7k',
}

const QUIET_DAYS = 42
const DAY_MS = 86_400_000
const TABLES = ['prices', 'orders_by_week']

/** Six weeks of questions on prices and orders; the warehouse saw the project's role read two tables, and no other. */
export function* insightAgentHistory(past: Past): Generator<string> {
  yield historyHeader('insight-agent')
  yield* quietDays(past, {
    workload: INSIGHT_AGENT,
    pods: [INSIGHT_AGENT.pod ?? ''],
    days: QUIET_DAYS,
    behaviour: question,
  })
  const random = seededRandom(past.seed + 3)
  for (let day = QUIET_DAYS; day >= 1; day -= 1)
    for (const [i, table] of TABLES.entries())
      yield tableQuery({
        at: dayBefore(past, day) + DAY_MS / 3 + Math.floor(random() * 3_600_000),
        account: past.cast.account,
        session: sessionOf(past.cast, `${day}`),
        table,
        id: `${past.cast.run}-${day}-${i}`,
      })
}

/** A session of the role that the agent has from its project. */
export function sessionOf({ account, run }: { readonly account: string; readonly run: string }, end: string): string {
  return `arn:aws:sts::${account}:assumed-role/analytics-project/insight-${run}-${end}`
}

const LAMPS = ['Arc', 'Beam', 'Cone', 'Drop', 'Ellipse', 'Fan', 'Globe', 'Halo']
const WORDS = ['price', 'discount', 'list price', 'price for resellers', 'price from 20 pieces on']

function question(at: number, random: () => number): SimulatedExecution {
  const one = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? ''
  const { spans, call } = quietExecution('gpt-5-mini', random)
  call(
    'kb.search',
    { query: `${one(WORDS)} of the lamp model ${one(LAMPS)} for order ${Math.floor(random() * 90_000)}` },
    'kb.example.test',
  )
  if (random() < 0.5)
    call('warehouse.query', { table: one(TABLES), rows: 20 + Math.floor(random() * 60) }, 'warehouse.example.test')
  if (random() < 0.3)
    call(
      'report.post',
      { channel: 'pricing', result: `result-1`, title: `Prices asked for on ${new Date(at).toISOString()}` },
      'reports.example.test',
    )
  return { at, spans }
}
