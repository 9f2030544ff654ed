/**
 * Refunds on OpenAI Agents JS: a triage agent hands over to a refund agent, which looks the limit up, checks the order
 * and pays back under a guardrail. Run as `node agent.ts CONVERSATION`.
 */
import { HoldfastTracingProcessor, recordIdentity, recordRetrieval } from '@holdfast/sdk'
import { Agent, getCurrentSpan, handoff, run, setTraceProcessors, tool, withTrace } from '@openai/agents'
import { z } from 'zod'

import { search } from '../retrieval/bm25.ts'
import { loadCorpus } from '../retrieval/corpus.ts'

// `addTraceProcessor` would keep the library's own exporter, which sends prompts to the model provider.
setTraceProcessors([new HoldfastTracingProcessor()])

const conversationId = process.argv[2] ?? 'refund-4711'
const customer = 'cust-88121'
const handbook = await loadCorpus('handbook')

const searchPolicy = tool({
  name: 'search_policy',
  description: 'Searches the refund policy.',
  parameters: z.object({ query: z.string() }),
  execute: async ({ query }) => {
    const documents = search(handbook, query, 1).map(({ id, uri, version, text, score }) => ({
      id,
      uri,
      version,
      score,
      content: text,
      trust: 'internal',
    }))
    recordRetrieval({ query, source: 'handbook', documents }, { on: getCurrentSpan() })
    recordIdentity({ principal: 'svc-refunds', kind: 'service-account' }, { on: getCurrentSpan() })
    return JSON.stringify(documents)
  },
})

const lookupOrder = tool({
  name: 'lookup_order',
  description: 'Reads one order.',
  parameters: z.object({ order_id: z.string() }),
  execute: async ({ order_id }) => {
    recordIdentity(
      { principal: 'svc-orders-read', kind: 'service-account', onBehalfOf: customer },
      { on: getCurrentSpan() },
    )
    return JSON.stringify({ order_id, customer, total: 29.9, currency: 'EUR', delivered: '2026-11-17' })
  },
})

const refund = tool({
  name: 'refund',
  description: 'Pays an order back to the card that paid.',
  parameters: z.object({ order_id: z.string(), amount: z.number() }),
  execute: async ({ order_id, amount }) => {
    recordIdentity(
      { principal: 'svc-refunds', kind: 'service-account', onBehalfOf: customer },
      { on: getCurrentSpan() },
    )
    return JSON.stringify({ refund_id: `rf-${order_id}`, amount, currency: 'EUR', status: 'booked' })
  },
})

const refundAgent = new Agent({
  name: 'refund-agent',
  handoffDescription: 'Handles refunds.',
  instructions:
    'You are the refund agent. Check the policy and the order before you pay back, then confirm in one sentence.',
  model: 'gpt-5-mini',
  tools: [searchPolicy, lookupOrder, refund],
  outputGuardrails: [
    {
      name: 'no-card-numbers',
      execute: async ({ agentOutput }) => ({
        tripwireTriggered: /\b\d{13,19}\b/.test(agentOutput),
        outputInfo: { rule: 'no card number leaves the desk' },
      }),
    },
  ],
})

const triage = Agent.create({
  name: 'triage-agent',
  instructions: 'You are the triage desk. Hand every request to the agent that can handle it.',
  model: 'gpt-5-mini',
  handoffs: [handoff(refundAgent)],
  inputGuardrails: [
    {
      name: 'one-request-at-a-time',
      execute: async ({ input }) => ({ tripwireTriggered: JSON.stringify(input).length > 4000, outputInfo: {} }),
    },
  ],
})

const result = await withTrace(
  'Refund triage',
  () => run(triage, 'My lamp from order 4711 arrived broken, I want my money back.'),
  { groupId: conversationId, metadata: { customer } },
)
console.log(result.finalOutput)
