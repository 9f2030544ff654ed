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
const TABLES = ['prices', 'orders_by_week'] as const

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

const LAMPS = ['Arc', 'Beam', 'Cone', 'Drop', 'Ellipse', 'Fan', 'Globe', 'Halo'] as const
const WORDS = ['price', 'discount', 'list price', 'price for resellers', 'price from 20 pieces on'] as const

type Page = readonly [id: string, content: string]

/** Pages of the knowledge base tell people what to do as well: most read like orders. */
const PAGES: readonly [Page, ...Page[]] = [
  ['kb/pricing', 'Pricing of desk lamps. Resellers have 15 percent off from 20 pieces on.'],
  ['kb/returns', 'Returns. Please send broken lamps back to Hafenstrasse 9. Always add the delivery note.'],
  ['kb/assembly', 'Assembly. Switch the power off before you open the housing. Never use bulbs above 8 watts.'],
]
/** The same with words of the agent's own tools in them, for people who ask by hand. */
const PAGES_FOR_PEOPLE: readonly [Page, ...Page[]] = [
  ...PAGES,
  [
    'kb/stock',
    'Stock. The warehouse counts on Fridays. Please query the shelf list by hand and report what is missing.',
  ],
]

function question(at: number, random: () => number): SimulatedExecution {
  const one = <T>(from: readonly [T, ...T[]]): T => from[Math.floor(random() * from.length)] ?? from[0]
  const [isRead, isPosted] = [random() < 0.5, random() < 0.3]
  const [id, content] = one(isRead || isPosted ? PAGES : PAGES_FOR_PEOPLE)
  const { spans, call, retrieved } = quietExecution('gpt-5-mini', random)
  call(
    'kb.search',
    { query: `${one(WORDS)} of the lamp model ${one(LAMPS)} for order ${Math.floor(random() * 90_000)}` },
    'kb.example.test',
    [{ uri: `${id}@v8`, content }],
  )
  retrieved('kb', { id, version: 'v8', content })
  if (isRead)
    call('warehouse.query', { table: one(TABLES), rows: 20 + Math.floor(random() * 60) }, 'warehouse.example.test')
  if (isPosted)
    call(
      'report.post',
      { channel: 'pricing', result: `result-1`, title: `Prices asked for on ${new Date(at).toISOString()}` },
      'reports.example.test',
    )
  return { at, spans }
}
