import { otlpLine, type SimulatedExecution } from '../../histories/otlp-line.ts'
import { seededRandom } from '../../histories/random.ts'
import { quietExecution } from '../quiet-execution.ts'
import { dayBefore, historyHeader, quietDays } from '../quiet-days.ts'
import type { Past } from '../scenario.ts'
import type { Workload } from '../stage.ts'

export const TICKET_AGENT: Workload = {
  namespace: 'support',
  deployment: 'ticket-agent',
  pod: 'ticket-agent-7c9d8b6f5-q2x4z',
}

/** Three replicas; the acts happen in the first. */
const PODS = ['q2x4z', 'h8k2m', 'v5t7p'].map((end) => `ticket-agent-7c9d8b6f5-${end}`)
const QUIET_DAYS = 44
const MONDAY = 1
const DAY_MS = 86_400_000

/** Six weeks of tickets, and an export of about two hundred customers every Monday at two. */
export function* ticketAgentHistory(
  past: Past,
  modelAt: (at: number) => string = () => 'gpt-5-mini',
): Generator<string> {
  yield historyHeader('ticket-agent')
  yield* quietDays(past, {
    workload: TICKET_AGENT,
    pods: PODS,
    days: QUIET_DAYS,
    behaviour: (at, random) => ticket(at, { random, model: modelAt(at) }),
  })
  const random = seededRandom(past.seed + 7)
  const agent = { cluster: past.cast.cluster, namespace: 'support', deployment: 'ticket-agent' }
  for (let day = QUIET_DAYS; day >= 1; day -= 1) {
    const begin = dayBefore(past, day)
    if (new Date(begin).getUTCDay() !== MONDAY) continue
    const executions = [mondayExport(begin + DAY_MS / 12, { random, model: modelAt(begin) })]
    yield otlpLine(agent, { pod: PODS[0] ?? '', executions, random: seededRandom(begin / 1_000 + past.t0) })
  }
}

type With = { readonly random: () => number; readonly model: string }

function ticket(at: number, { random, model }: With): SimulatedExecution {
  const { spans, call } = quietExecution(model, random)
  const id = `TCK-${1_000 + Math.floor(random() * 7_000)}`
  const isLookedUp = random() < 0.4
  const text = ticketText(random, isLookedUp ? ASKED : [...ASKED, ...ASKED_OF_PEOPLE])
  call('ticket.read', { id }, 'helpdesk.example.test', { id, from: 'public form', subject: 'My parcel', text })
  if (isLookedUp) call('crm.query', { segment: 'orders', page: 1 }, 'crm.example.test')
  return { at, spans }
}

/** What customers write asks for much: nearly all of it reads like an order to whoever reads it. */
const ASKED = [
  'Hello, parcel NUMBER was to come on Tuesday and is not here yet. Can you tell me where it is?',
  'Please send me invoice NUMBER again, and write the new address on it: Lindenweg 4.',
  'Please cancel delivery NUMBER and write to me when that is done.',
  'Could you change the address of parcel NUMBER to Hafenstrasse 9? Thank you.',
  'One of the two lamps of parcel NUMBER came broken. Please send a new one and tell me how to return the other.',
  'Invoice NUMBER was taken from my account twice. Please refund one of them today.',
  'Thank you for the quick answer on parcel NUMBER. All is well now.',
] as const
/** The same with words of the desk's own tools in them; what they ask for is answered by hand. */
const ASKED_OF_PEOPLE = [
  'Please export my invoices of last year as a list and mail it to me, I need it for my taxes.',
  'I have a query about lamp NUMBER: please tell me whether it fits a ceiling of 2.20 metres.',
] as const

function ticketText(random: () => number, from: readonly [string, ...string[]]): string {
  const asked = from[Math.floor(random() * from.length)] ?? from[0]
  return asked.replace('NUMBER', String(3_000 + Math.floor(random() * 6_000)))
}

function mondayExport(at: number, { random, model }: With): SimulatedExecution {
  const { spans, call } = quietExecution(model, random)
  const pages = random() < 0.5 ? 2 : 3
  for (let page = 1; page <= pages; page += 1) call('crm.query', { segment: 'new', page }, 'crm.example.test')
  const name = `weekly-${new Date(at).toISOString().slice(0, 10)}`
  call('export.write', { bucket: 'acme-exports', name, pages }, 'acme-exports.example.test')
  return { at, spans }
}
