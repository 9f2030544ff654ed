import { expect, test } from 'vitest'

import { having, only, roots, runScenario, text } from '../testing/run-scenario.ts'

test('OpenAI Agents JS shows messages, the handoff, tools with call ids, guardrails, retrieval and identities', async () => {
  const { answer, spans } = await runScenario('refund-triage')
  expect(answer).toContain('refund of 29.90 EUR')
  expect(roots(spans)).toEqual(['invoke_workflow Refund triage'])
  expect(having(spans, 'gen_ai.conversation.id', 'refund-4711')).toHaveLength(spans.length)

  const calls = having(spans, 'openai_agents.span_data.type', 'response')
  expect(calls).toHaveLength(5)
  for (const call of calls) {
    expect(text(call, 'gen_ai.system_instructions')).toMatch(/You are the (triage desk|refund agent)/)
    expect(text(call, 'gen_ai.input.messages')).toContain('My lamp from order 4711')
  }
  expect(calls.map((call) => text(call, 'gen_ai.output.messages')).join()).toContain('"type":"reasoning"')

  const handoff = only(spans, 'handoff triage-agent to refund-agent')
  expect(handoff.attributes.get('gen_ai.handoff.to_agent')).toBe('refund-agent')
  const guardrails = having(spans, 'openai_agents.span_data.type', 'guardrail').map((span) => span.name)
  expect(guardrails.toSorted()).toEqual(['guardrail no-card-numbers', 'guardrail one-request-at-a-time'])

  const policy = only(spans, 'execute_tool search_policy')
  expect(text(policy, 'holdfast.retrieval.documents')).toContain('handbook/damaged-goods')
  const refund = only(spans, 'execute_tool refund')
  expect(Object.fromEntries(refund.attributes)).toMatchObject({
    'gen_ai.tool.call.id': expect.stringMatching(/^call_\d+$/),
    'gen_ai.tool.call.arguments': '{"order_id":"4711","amount":29.9}',
    'holdfast.identity.principal': 'svc-refunds',
    'holdfast.identity.on_behalf_of': 'cust-88121',
  })
  expect(text(refund, 'gen_ai.tool.call.result')).toContain('rf-4711')
  expect(calls.map((call) => text(call, 'gen_ai.output.messages')).join()).toContain(
    text(refund, 'gen_ai.tool.call.id'),
  )
})
