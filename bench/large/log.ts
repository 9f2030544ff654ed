import { importHistory } from '@holdfast/capture'
import type { EntryGroup } from '@holdfast/model'
import { fourLayers } from '../../apps/server/src/audit/testing/four-layers.ts'
import { deskHistory } from '../../apps/server/src/policy/testing/desk-history.ts'
import { supportExecution } from '../../scenarios/src/histories/agents.ts'
import { otlpLine } from '../../scenarios/src/histories/otlp-line.ts'
import { seededRandom } from '../../scenarios/src/histories/random.ts'
import { attacked, groupsOf, requestsOf } from '../detect/telling.ts'

/** Agents of the bulk, each with as many records as the others. */
export const AGENTS = 20
export const DAYS = 42
/** The first day of every history. */
export const FIRST_DAY = Date.UTC(2026, 8, 1)
/** Tickets with an audit row in all four layers, spread over the whole log. */
export const TICKETS = 100
/** An agent of few records that are the same in a log of any size: its answers can be compared. */
export const SMALL_AGENT = 'k8s:test/support/desk'
/** Whom the one incident is about. */
export const ATTACKED_AGENT = 'office'

const SLOT_MS = 2 * 3_600_000
const SLOTS = (DAYS * 86_400_000) / SLOT_MS
/** Of a support desk, at the mean of many; what came of it is counted as it is folded. */
const EVENTS_AN_EXECUTION = 10.09
/** The odd call of the small agent. */
const ODD_CALLS = [{ day: 41, tool: 'export.write', host: 'mirror.example.test' }]

export function agentId(n: number): string {
  return `k8s:bench/shop/desk-${n}`
}

export function ticketOf(n: number): string {
  return `TCK-${100_000 + n}`
}

/**
 * A log of about so many events, in portions: six weeks of agents that work side by side, one small agent at their beginning,
 * tickets among them, and an attack as the last. The same portions for the same number, as long as it is not `isEnough`.
 */
export function* largeLog(events: number, isEnough: () => boolean): Generator<readonly EntryGroup[]> {
  for (const line of deskHistory('desk', { days: DAYS, calls: ODD_CALLS }).split('\n').slice(1, -1))
    yield imported(line)
  const each = Math.max(1, Math.round(events / (AGENTS * SLOTS * EVENTS_AN_EXECUTION)))
  const randoms = Array.from({ length: AGENTS }, (_, agent) => seededRandom(agent + 1))
  let tickets = 0
  for (let slot = 0; slot < SLOTS && !isEnough(); slot += 1) {
    const start = FIRST_DAY + slot * SLOT_MS
    for (const [agent, random] of randoms.entries()) {
      const executions = Array.from({ length: each }, (_, i) =>
        supportExecution(start + Math.floor((i * SLOT_MS) / each), random),
      )
      const name = `desk-${agent}`
      const deployment = { cluster: 'bench', namespace: 'shop', deployment: name }
      yield imported(otlpLine(deployment, { pod: `${name}-1`, executions, random }))
    }
    for (; tickets < Math.ceil(((slot + 1) * TICKETS) / SLOTS); tickets += 1)
      yield fourLayers({ at: BigInt(start) * 1_000_000n, ticket: ticketOf(tickets), port: 20_000 + tickets })
  }
  for (const request of requestsOf([attacked(0, ATTACKED_AGENT)])) yield groupsOf(request)
}

function imported(line: string): readonly EntryGroup[] {
  const bytes = new TextEncoder().encode(line)
  const { groups, rejected } = importHistory({ file: 'large.jsonl', bytes, clock: 'simulated', firstLine: 2 })
  if (rejected.length > 0) throw new Error(`the history is not read whole: ${JSON.stringify(rejected[0])}`)
  return groups
}
