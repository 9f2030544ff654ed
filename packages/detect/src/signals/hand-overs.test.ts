import { agentIdOf, parseSpanId, parseTraceId, type AgentId, type Event, type EventBody } from '@holdfast/model'
import { expect, test } from 'vitest'
import type { CaseContext, ListedPeers } from '../known/case-context.ts'
import { knownAs } from '../testing/known.ts'
import { content, Told } from '../testing/told.ts'
import { handOverSignals } from './hand-overs.ts'

const idOf = (name: string): AgentId => agentIdOf({ kind: 'host', host: 'h', service: name })
const trace = parseTraceId('ab'.repeat(16))
const span = (digit: string) => parseSpanId(digit.repeat(16))

/** Who is on the roster, and with which peers, since before the case. */
function listing(lists: Readonly<Record<string, ListedPeers>>): CaseContext {
  const byId = new Map(Object.entries(lists).map(([name, listed]) => [idOf(name), listed]))
  return { ofAgent: (id) => knownAs({ more: { listed: () => byId.get(id) } }).ofAgent(id) }
}
const roster = listing({ desk: { peers: ['billing'], entry: -1 }, mail: { peers: ['desk'], entry: -1 } })

function event(name: string, body: EventBody, more: Partial<Event> = {}): Event {
  const [made] = new Told().body(body).events
  if (made === undefined) throw new Error('one was told')
  return { ...made, agent: { id: idOf(name), name }, ...more }
}
const handsTo = (to: string, entry = 5): Event =>
  event('desk', { kind: 'delegation', mechanism: 'handoff', to, payload: content('do it') }, { entry })
const found = (events: readonly Event[], context: CaseContext = roster) =>
  handOverSignals(events, { context }).map(({ detector, strength, entries }) => [detector, strength, entries])

test('work handed past a list of peers is a signal that stands by itself; between peers it is none', () => {
  expect(found([handsTo('billing')])).toEqual([])
  expect(found([handsTo('mail')])).toEqual([['roster/outside-peers', 0.6, [5]]])
  expect(found([handsTo('mail')], listing({}))).toEqual([])
})

test('what was handed over before the list was decided is not held against it', () => {
  expect(found([handsTo('mail', 5)], listing({ desk: { peers: [], entry: 6 } }))).toEqual([])
})

test('members of one agent hand nothing over', () => {
  const member = event('desk', { kind: 'step', name: 's', mapped: true, unmapped: [] })
  const told = { ...member, agent: { ...member.agent, member: 'mail' } }
  expect(found([told, handsTo('mail')])).toEqual([])
})

test('an agent whose span stands below that of another was asked by it, whatever either says; a tool server is no agent', () => {
  if (trace === undefined) throw new Error('a trace id')
  const step: EventBody = { kind: 'step', name: 's', mapped: true, unmapped: [] }
  const [a, b] = [span('1'), span('2')]
  if (a === undefined || b === undefined) throw new Error('span ids')
  const giver = event('desk', step, { context: { trace, span: a } })
  const below = (body: EventBody) => event('mail', body, { entry: 7, context: { trace, span: b, parentSpan: a } })
  const call: EventBody = { kind: 'model-call', operation: 'chat' } as unknown as EventBody // members that are not read here are left out
  expect(found([giver, below(call)])).toEqual([['roster/outside-peers', 0.6, [7]]])
  expect(found([giver, below(step)])).toEqual([])
})

test('a proxy is believed, and an agent that claims to be one is not', () => {
  const facts = { from: 'desk', to: 'mail', fault: 'impersonation' }
  const body: EventBody = { kind: 'guardrail', name: 'hand-over', verdict: 'refused', facts, detail: content('{}') }
  const seen = event('mail', body)
  const byProxy = { ...seen, source: { ...seen.source, channel: 'mcp-proxy' as const } }
  expect(found([byProxy])).toEqual([['roster/impersonation', 0.72, [0]]])
  expect(found([seen])).toEqual([])
  const outside = { ...byProxy, body: { ...body, facts: { ...facts, fault: 'outside-peers' } } }
  expect(found([outside])).toEqual([['roster/outside-peers', 0.48, [0]]])
})
