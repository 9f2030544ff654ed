import type { Agent, Answer, EvidenceReadyWire } from '@holdfast/api'
import type { ViewsClient } from '../views/client.ts'
import { calledOf } from './called.ts'
import { EVIDENCE_AGENTS, EVIDENCE_CONVERSATIONS, EVIDENCE_ENTRIES, REASONS_SHOWN } from './limits.ts'

type OneAgent = EvidenceReadyWire['agents'][number]

/**
 * If an incident happened now: which of the six artifacts would be complete, for each of the agents that were heard last. The
 * newest conversation of an agent in which it called a model or a tool stands for the next: the same instrumentation tells of both.
 * Of a start of its program, which is the newest of one that runs under `holdfast run`, nothing is expected.
 */
export async function evidenceReady(
  views: Pick<ViewsClient, 'ask'>,
  { items, total }: { readonly items: readonly Agent[]; readonly total: number },
): Promise<EvidenceReadyWire> {
  const agents: OneAgent[] = []
  // One after the other: each is derived by the thread that also answers people.
  const called = calledOf(items)
  for (const { id, ...agent } of items.slice(0, EVIDENCE_AGENTS))
    agents.push(await readyOf(views, { id, name: called({ id, ...agent }) }))
  const known = agents.filter(({ conversation }) => conversation !== undefined)
  return {
    agents,
    total,
    ready: known.reduce((sum, { ready }) => sum + ready, 0),
    of: known.reduce((sum, { of }) => sum + of, 0),
  }
}

async function readyOf(views: Pick<ViewsClient, 'ask'>, { id, name }: Pick<Agent, 'id' | 'name'>): Promise<OneAgent> {
  const asked = await views.ask('listConversations', { query: { agent: id, limit: EVIDENCE_CONVERSATIONS } })
  const { items } = JSON.parse(asked) as Answer<'listConversations'> // the route's own answer
  const small = items.filter(({ events }) => events <= EVIDENCE_ENTRIES)
  const conversation = small.find(({ modelCalls, toolCalls }) => modelCalls + toolCalls > 0) ?? small[0]
  if (conversation === undefined) {
    const why =
      items.length === 0
        ? 'no conversation of it was recorded'
        : 'its newest conversations are too large to be judged in passing'
    return { agent: id, name, ready: 0, of: 0, artifacts: [], why }
  }
  const status = JSON.parse(await views.ask('getEvidence', { conversation: conversation.id })) as Answer<'getEvidence'> // likewise
  const expected = status.artifacts.filter(({ state }) => state !== 'not-expected')
  return {
    agent: id,
    name,
    conversation: conversation.id,
    ready: expected.filter(({ state }) => state === 'complete').length,
    of: expected.length,
    artifacts: status.artifacts.map(({ id: artifact, name: called, state, reason, missing, missingTotal }) => ({
      id: artifact,
      name: called,
      state,
      reason,
      missing: missingTotal,
      because: [...new Set(missing.map((item) => item.reason))].slice(0, REASONS_SHOWN),
      fix: [...new Set(missing.map((item) => item.remedy))].filter((remedy) => remedy !== '').slice(0, REASONS_SHOWN),
    })),
  }
}
