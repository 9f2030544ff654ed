import { chatSpan, requestSpan, type SimulatedExecution, toolSpan } from '../../histories/otlp-line.ts'
import { seededRandom } from '../../histories/random.ts'
import { dayBefore, historyHeader, quietDays } from '../quiet-days.ts'
import type { Past } from '../scenario.ts'
import type { Workload } from '../stage.ts'
import { payoutRecord, sessionOf } from './ledger.ts'

export const REFUND_AGENT: Workload = {
  namespace: 'payments',
  deployment: 'refund-agent',
  pod: 'refund-agent-5f7c9d8b66-r3v8n',
}
export const NOTIFY_AGENT: Workload = { namespace: 'payments', deployment: 'notify-agent' }

const QUIET_DAYS = 42
const DAY_MS = 86_400_000
/** The list of approved payees. */
const PAYEES = Array.from({ length: 40 }, (_, i) => `payee-${String(1_001 + i * 17)}`)

/** Six weeks of refunds to forty payees; the ledger saw the role write each of them. */
export function* refundHistory(past: Past): Generator<string> {
  yield historyHeader('refund-agent')
  yield* quietDays(past, {
    workload: REFUND_AGENT,
    pods: [REFUND_AGENT.pod ?? ''],
    days: QUIET_DAYS,
    behaviour: refund,
  })
  const random = seededRandom(past.seed + 5)
  for (let day = QUIET_DAYS; day >= 1; day -= 1) {
    const payee = PAYEES[Math.floor(random() * PAYEES.length)] ?? ''
    const at = dayBefore(past, day) + DAY_MS / 3 + Math.floor(random() * 3_600_000)
    yield payoutRecord({ at, session: sessionOf(past.cast, `${day}`), payee, id: `${past.cast.run}-${day}` }, past.cast)
  }
}

/** One refund that a customer asked for, and its announcement. */
function refund(at: number, random: () => number, number: number): SimulatedExecution {
  const order = `order-${7_000 + Math.floor(random() * 2_000)}`
  const payee = PAYEES[Math.floor(random() * PAYEES.length)] ?? ''
  const amount = 10 + Math.floor(random() * 190)
  const announce = toolSpan('notify.announce', { order, payee }, 9)
  return {
    at,
    spans: [
      chatSpan('gpt-5-mini', { after: 0, random }),
      toolSpan('order.list', { queue: 'refunds' }, 2),
      chatSpan('gpt-5-mini', { after: 3, random }),
      toolSpan('refund.create', { order, payee, amount }, 5),
      requestSpan('bank.example.test', 6),
      chatSpan('gpt-5-mini', { after: 7, random }),
      {
        ...announce,
        attributes: {
          ...announce.attributes,
          'holdfast.delegation.id': `announce-${past(at)}-${number}`,
          'holdfast.delegation.to': NOTIFY_AGENT.deployment,
          'holdfast.delegation.payload': `The refund of ${order} is on its way.`,
        },
      },
    ],
  }
}

function past(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
