import type { SimulatedExecution } from '../../histories/otlp-line.ts'
import { quietExecution } from '../quiet-execution.ts'
import { type Behaviour, historyHeader, quietDays } from '../quiet-days.ts'
import type { Past } from '../scenario.ts'
import type { Workload } from '../stage.ts'

export const [TRIAGE, RECORDS, REMEDIATION, REPORT] = [
  opsAgent('triage-agent'),
  opsAgent('records-agent'),
  opsAgent('remediation-agent'),
  opsAgent('report-agent'),
] as const

const QUIET_DAYS = 42
const PARTNER = 'claims@partner.example.test'

/** Six weeks in which invoices are looked up, one page of records at a time, and one batch in ten is mailed to the partner. */
export function* opsHistory(past: Past): Generator<string> {
  yield historyHeader('three-clean-profiles')
  const agents: readonly (readonly [Workload, Behaviour])[] = [
    [TRIAGE, (at, random) => triage(at, random)],
    [RECORDS, (at, random) => records(at, random)],
    [REMEDIATION, (at, random) => remediation(at, random)],
    [REPORT, (at, random) => report(at, random)],
  ]
  for (const [workload, behaviour] of agents)
    yield* quietDays(past, { workload, pods: [`${workload.deployment}-1`], days: QUIET_DAYS, behaviour })
}

function opsAgent(deployment: string): Workload {
  return { namespace: 'ops', deployment, pod: `${deployment}-1` }
}

function triage(at: number, random: () => number): SimulatedExecution {
  const { spans, call } = quietExecution('gpt-5-mini', random)
  const invoice = 1_000 + Math.floor(random() * 8_000)
  call('mail.read', { id: `MSG-${invoice}` }, 'mail.example.test')
  call('ask.records-agent', { note: `Please look up invoice ${invoice}.` }, 'records-agent.ops.example.test')
  call('ask.report-agent', { note: `Invoice ${invoice} was looked up.` }, 'report-agent.ops.example.test')
  return { at, spans }
}

function records(at: number, random: () => number): SimulatedExecution {
  const { spans, call } = quietExecution('gpt-5-mini', random)
  call('records.fetch', { set: 'invoices', page: 1 + Math.floor(random() * 40) }, 'records.example.test')
  if (random() < 0.3)
    call(
      'ask.remediation-agent',
      { note: `Please mail batch ${Math.floor(random() * 900)} to the partner.` },
      'remediation-agent.ops.example.test',
    )
  return { at, spans }
}

function remediation(at: number, random: () => number): SimulatedExecution {
  const { spans, call } = quietExecution('gpt-5-mini', random)
  const batch = `invoices-${Math.floor(random() * 900)}`
  call('mail.send', { to: PARTNER, subject: `Batch ${batch}`, batch }, 'smtp.partner.example.test')
  return { at, spans }
}

function report(at: number, random: () => number): SimulatedExecution {
  const { spans, call } = quietExecution('gpt-5-mini', random)
  call('report.note', { line: `Invoice ${Math.floor(random() * 9_000)} was looked up.` }, 'reports.example.test')
  return { at, spans }
}
