import {
  chatSpan,
  requestSpan,
  type SimulatedExecution,
  type SimulatedSpan,
  toolSpan,
} from '../../histories/otlp-line.ts'
import { otlpLine } from '../../histories/otlp-line.ts'
import { seededRandom } from '../../histories/random.ts'
import { tetragonLine } from '../../histories/tetragon-line.ts'
import { RESOLVER } from '../network/limits.ts'
import { dayBefore, historyHeader, quietDays } from '../quiet-days.ts'
import type { Past } from '../scenario.ts'
import type { Workload } from '../stage.ts'
import { FRAGMENTS } from './fragments.ts'

export const DESK_AGENT: Workload = {
  namespace: 'assist',
  deployment: 'desk-agent',
  pod: 'desk-agent-7f6c8d9b55-w5h2j',
}
export const STORE = 'desk-memory'
const QUIET_DAYS = 28
const HOUR_MS = 3_600_000
/** The first of the nine conversations; the next ones follow every second or third day. */
const FIRST_DAY = 21

/** Four weeks of a desk with a memory, and nine conversations with one outside user who leaves a sentence in each. */
export function* deskHistory(past: Past): Generator<string> {
  yield* deskStaging(past)
  for (const [i, fragment] of FRAGMENTS.entries()) {
    const at = dayBefore(past, FIRST_DAY - Math.floor((i * (FIRST_DAY - 1)) / (FRAGMENTS.length - 1))) + 15 * HOUR_MS
    yield conversationThatRemembers(past, { at, fragment, number: i + 1 })
  }
}

/** The same four weeks without the outside user. */
export function* deskStaging(past: Past): Generator<string> {
  yield historyHeader('desk-agent')
  yield* quietDays(past, { workload: DESK_AGENT, pods: [DESK_AGENT.pod ?? ''], days: QUIET_DAYS, behaviour: question })
  yield* kernelWeeks(past)
}

/** A customer's question, with a look into what is remembered of them. */
function question(at: number, random: () => number): SimulatedExecution {
  const customer = `cust-${100 + Math.floor(random() * 60)}`
  const spans: SimulatedSpan[] = [
    chatSpan('gpt-5-mini', { after: 0, random }),
    toolSpan('memory.recall', { about: 'the customer' }, 2),
    memorySpan('read', { record: `likes-${customer}`, content: 'Prefers short answers.', after: 2.1 }),
    chatSpan('gpt-5-mini', { after: 3, random }),
    toolSpan('ticket.answer', { ticket: `T-${Math.floor(random() * 9_000)}` }, 5),
    requestSpan('desk.example.test', 6),
  ]
  if (random() < 0.3)
    spans.push(memorySpan('write', { record: `likes-${customer}`, content: 'Prefers short answers.', after: 8 }))
  return { at, spans }
}

type Remembered = { readonly record: string; readonly content: string; readonly after: number }

function memorySpan(operation: 'read' | 'write', { record, content, after }: Remembered): SimulatedSpan {
  return {
    name: `memory ${operation}`,
    attributes: {
      'holdfast.memory.operation': operation,
      'holdfast.memory.store': STORE,
      'holdfast.memory.record': record,
      'holdfast.memory.content': content,
    },
    after,
    seconds: 0.1,
  }
}

type Left = { readonly at: number; readonly fragment: (typeof FRAGMENTS)[number]; readonly number: number }

/** The outside user says it, the agent remembers it: a conversation of its own. */
function conversationThatRemembers(past: Past, { at, fragment, number }: Left): string {
  const random = seededRandom(past.seed + 100 + number)
  const said = chatSpan('gpt-5-mini', { after: 0, random })
  const messages = [{ role: 'user', parts: [{ type: 'text', content: `Please remember this: ${fragment.text}` }] }]
  const conversation = { 'gen_ai.conversation.id': `visitor-${past.cast.run}-${number}`, 'user.id': 'visitor-4471' }
  const write = memorySpan('write', { record: `${fragment.record}-${past.cast.run}`, content: fragment.text, after: 3 })
  const spans: SimulatedSpan[] = [
    { ...said, attributes: { ...said.attributes, ...conversation, 'gen_ai.input.messages': JSON.stringify(messages) } },
    { ...write, attributes: { ...write.attributes, ...conversation } },
  ]
  return otlpLine(
    { ...DESK_AGENT, cluster: past.cast.cluster },
    { pod: DESK_AGENT.pod ?? '', executions: [{ at, spans }], random: seededRandom(past.t0 + number) },
  )
}

/** Its own program and the resolver, and never a shell. */
function* kernelWeeks(past: Past): Generator<string> {
  const random = seededRandom(past.seed + 11)
  const agent = { ...DESK_AGENT, cluster: past.cast.cluster }
  const pod = DESK_AGENT.pod ?? ''
  for (let day = QUIET_DAYS; day >= 1; day -= 1) {
    const at = dayBefore(past, day) + 9 * HOUR_MS + Math.floor(random() * HOUR_MS)
    const number = 100 + Math.floor(random() * 10_000)
    yield tetragonLine(agent, {
      pod,
      at,
      number,
      act: { kind: 'exec', binary: process.execPath, arguments: 'desk.js' },
    })
    const question = { kind: 'datagram', address: RESOLVER, port: 53 } as const
    yield tetragonLine(agent, { pod, at: at + 5, number, startedAt: at, act: question })
  }
}
