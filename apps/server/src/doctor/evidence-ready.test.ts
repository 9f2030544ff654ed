import type { Agent } from '@holdfast/api'
import { expect, test } from 'vitest'
import type { ViewsClient } from '../views/client.ts'
import { evidenceReady } from './evidence-ready.ts'

const agent: Agent = {
  id: 'host:a/desk',
  name: 'desk',
  class: 'support',
  roster: 'observed',
  workload: 'agent',
  shadow: false,
  events: 3,
  conversations: 1,
  members: [],
  versions: [],
  channels: ['otlp'],
  clocks: ['live'],
  firstSeen: '2026-11-21T00:00:00Z',
  lastSeen: '2026-11-21T00:00:00Z',
  tier: 'self-reported',
  capturing: 'capturing',
}

const missing = {
  item: 'e',
  kind: 'prompt',
  state: 'not-captured',
  reason: 'the source sends no prompts',
  remedy: 'set X=1',
}
const status = {
  conversation: 'small',
  completeness: 0.5,
  artifacts: [
    { id: 'A1', name: 'prompts', state: 'partial', reason: '1 of 2', missing: [missing, missing], missingTotal: 2 },
    { id: 'A3', name: 'tool calls', state: 'complete', reason: 'all', missing: [], missingTotal: 0 },
    { id: 'A5', name: 'deliveries', state: 'not-expected', reason: 'none', missing: [], missingTotal: 0 },
  ],
}

/** Answers as the projection worker does, for conversations of these sizes. */
function viewsWith(
  conversations: readonly { readonly id: string; readonly events: number; readonly modelCalls?: number }[],
): Pick<ViewsClient, 'ask'> {
  const items = conversations.map((one) => ({ modelCalls: 0, toolCalls: 0, ...one }))
  return { ask: async (question) => JSON.stringify(question === 'listConversations' ? { items } : status) }
}

test('the newest conversation that is small enough stands for the next, and what is not expected counts for nothing', async () => {
  const views = viewsWith([
    { id: 'huge', events: 1_000_000 },
    { id: 'small', events: 3 },
  ])
  const { agents, ready, of, total } = await evidenceReady(views, { items: [agent], total: 7 })
  expect({ ready, of, total }).toEqual({ ready: 1, of: 2, total: 7 })
  expect(agents[0]?.conversation).toBe('small')
  expect(agents[0]?.artifacts[0]).toMatchObject({
    missing: 2,
    because: ['the source sends no prompts'],
    fix: ['set X=1'],
  })
})

test('the newest conversation with a call stands for the next, not the start of a program after it', async () => {
  const views = viewsWith([
    { id: 'start', events: 40 },
    { id: 'talk', events: 3, modelCalls: 1 },
    { id: 'older', events: 3, modelCalls: 1 },
  ])
  const { agents } = await evidenceReady(views, { items: [agent], total: 1 })
  expect(agents.map(({ conversation }) => conversation)).toEqual(['talk'])
})

test('an agent without a conversation that can be judged says why, and counts for nothing', async () => {
  const none = await evidenceReady(viewsWith([]), { items: [agent], total: 1 })
  expect(none).toMatchObject({ ready: 0, of: 0, agents: [{ why: 'no conversation of it was recorded' }] })
  const large = await evidenceReady(viewsWith([{ id: 'huge', events: 1_000_000 }]), { items: [agent], total: 1 })
  expect(large.agents[0]?.why).toContain('too large')
})
