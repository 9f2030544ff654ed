import type { Event, EventBody } from '@holdfast/model'
import { expect, test } from 'vitest'
import { Simulation } from './simulate.ts'
import { artifactFixture } from './testing/artifact.ts'

const artifact = artifactFixture({ agent: 'host:-/desk', kind: 'mcp-tools' })
/** Stops one tool, and the connections that have no name. */
const judge = ({ body }: Event) =>
  body.kind === 'tool-call'
    ? {
        status: body.toolName === 'shell' ? ('denied' as const) : ('allowed' as const),
        pointer: '/default',
        what: body.toolName,
      }
    : body.kind === 'connection'
      ? { status: 'denied' as const, pointer: '/default', what: 'elsewhere' }
      : { status: 'outside' as const }
const bounds = { denials: 100, traces: 100 }

function eventOf(
  id: string,
  body: Partial<EventBody>,
  given: { agent?: string; conversation?: string; span?: string } = {},
) {
  const { agent = 'host:-/desk', conversation, span } = given
  const context = {
    trace: id === 'p1' ? 't2' : 't1',
    ...(span === undefined ? {} : { span }),
    ...(conversation === undefined ? {} : { conversation }),
  }
  return { id, entry: 7, claimedAt: 5n, agent: { id: agent, name: 'x' }, context, body } as unknown as Event // as normalised
}

test('acts are counted against what was judged, with conversation and tool call of what would be stopped', () => {
  const simulation = new Simulation([{ artifact, judge, principals: [] }], bounds)
  // The kernel's record came first.
  simulation.add(eventOf('k1', { kind: 'connection' }, { span: 's1' }))
  simulation.add(eventOf('c1', { kind: 'tool-call', toolName: 'read' }, { span: 's1', conversation: 'talk' }))
  simulation.add(eventOf('c2', { kind: 'tool-call', toolName: 'shell' }, { span: 's2', conversation: 'talk' }))
  simulation.add(eventOf('p1', { kind: 'prompt' }, { conversation: 'other' }))
  simulation.add(eventOf('z1', { kind: 'tool-call', toolName: 'shell' }, { agent: 'host:-/other' }))
  expect(simulation.result()).toMatchObject({
    events: 5,
    judged: 3,
    denied: 2,
    conversations: 2,
    affectedConversations: 1,
    affectedToolCalls: 2,
    agents: ['host:-/desk'],
    denials: [
      { event: 'k1', conversation: 'talk', toolCall: 'c1', tool: 'read' },
      { event: 'c2', conversation: 'talk', toolCall: 'c2', tool: 'shell' },
    ],
    cut: 0,
  })
})

test('beyond its bound a denial is counted and not named', () => {
  const simulation = new Simulation([{ artifact, judge, principals: [] }], { ...bounds, denials: 1 })
  for (const id of ['a', 'b', 'c']) simulation.add(eventOf(id, { kind: 'connection' }))
  expect(simulation.result()).toMatchObject({ denied: 3, cut: 2, denials: [{ event: 'a' }] })
})

test('what its stand-in did in staging, and its principals anywhere, is judged as its own', () => {
  const principals = ['arn:aws:sts::1:assumed-role/exporter/s1']
  const seen: string[] = []
  const told = (event: Event) => {
    seen.push(event.agent.id)
    return judge(event)
  }
  const simulation = new Simulation([{ artifact, judge: told, principals, actedBy: 'host:-/staging' }], bounds)
  simulation.add(eventOf('a', { kind: 'tool-call', toolName: 'read' }, { agent: 'host:-/staging' }))
  simulation.add(eventOf('b', { kind: 'tool-call', toolName: 'read' }))
  const principal = { plane: 'aws', id: 'arn:aws:iam::1:role/exporter', kind: 'role', via: [] } as const
  simulation.add(eventOf('c', { kind: 'api-call', principal } as Partial<EventBody>, { agent: 'host:aws 1/role' }))
  expect(seen).toEqual(['host:-/desk', 'host:aws 1/role'])
})

test('a trace that states no conversation counts as one, once, and not beside the conversation that another of its events states', () => {
  const simulation = new Simulation([{ artifact, judge, principals: [] }], bounds)
  simulation.add(eventOf('p1', { kind: 'tool-call', toolName: 'shell' }))
  simulation.add(eventOf('p1', { kind: 'tool-call', toolName: 'read' }))
  simulation.add(eventOf('c1', { kind: 'tool-call', toolName: 'read' }))
  simulation.add(eventOf('c2', { kind: 'tool-call', toolName: 'read' }, { conversation: 'talk' }))
  expect(simulation.result()).toMatchObject({ conversations: 2, affectedConversations: 1 })
})
