import { agentIdOf, CLOCK_KINDS, type ClockKind, lessReal } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AGENTS_PER_CONVERSATION, AGENTS_PER_TRACE } from '../limits.ts'
import { addTrace, newConversation } from './conversation-doc.ts'
import type { TraceDoc } from './docs.ts'
import { newTrace, withAgents } from './trace-doc.ts'

const agent = (n: number) => agentIdOf({ kind: 'host', host: 'h', service: `agent-${n}` })
const told = fc.record({
  agent: fc.nat(5),
  name: fc.constantFrom('desk', 'Desk', 'desk 2'),
  clock: fc.constantFrom(...CLOCK_KINDS),
  trace: fc.constantFrom('a', 'b', 'c'),
})
type Told = { readonly agent: number; readonly name: string; readonly clock: ClockKind; readonly trace: string }

test('agents, their names and the clock of traces and conversations do not depend on the order of records', () => {
  fc.assert(
    fc.property(
      fc.array(told, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(), { minLength: 12 }),
      (all, weights) => {
        const shuffled = all
          .map((item, at) => ({ item, weight: weights[at] ?? 0 }))
          .toSorted((a, b) => a.weight - b.weight)
          .map(({ item }) => item)
        expect(conversationOf(shuffled)).toEqual(conversationOf(all))
      },
    ),
  )
})

test('a sender that invents agents fills a trace and a conversation to their bounds, and pushes nobody out', () => {
  let trace = newTrace('a', 'live')
  trace = { ...trace, ...withAgents(trace, [[agent(99_999), 'honest']], AGENTS_PER_TRACE) }
  for (let i = 0; i < 5_000; i++) trace = { ...trace, ...withAgents(trace, [[agent(i), 'x']], AGENTS_PER_TRACE) }
  expect(trace.agents).toHaveLength(AGENTS_PER_TRACE)
  expect(trace.moreAgents).toBe(true)
  expect(trace.agents).toContainEqual([agent(99_999), 'honest'])
  let conversation = addTrace(newConversation('c'), trace)
  for (let i = 0; i < 1_000; i++)
    conversation = addTrace(conversation, { ...newTrace(`${i}`, 'live'), agents: [[agent(i), 'x']] })
  expect(conversation.agents).toHaveLength(AGENTS_PER_CONVERSATION)
  expect(conversation.agents).toContainEqual([agent(99_999), 'honest'])
})

function conversationOf(all: readonly Told[]): unknown {
  const traces = new Map<string, TraceDoc>()
  for (const item of all) {
    const trace = traces.get(item.trace) ?? newTrace(item.trace, item.clock)
    traces.set(item.trace, {
      ...trace,
      ...withAgents(trace, [[agent(item.agent), item.name]], AGENTS_PER_TRACE),
      clock: lessReal(trace.clock, item.clock),
    })
  }
  return [...traces.values()].reduce(addTrace, newConversation('c'))
}
