import { expect, test } from 'vitest'

import { having, only, roots, runScenario, text } from '../testing/run-scenario.ts'

test('an AI SDK agent shows its prompt, MCP and local tool calls, retrieved documents and identity', async () => {
  const { answer, spans } = await runScenario('support-desk')
  expect(answer).toContain('Ticket T-1042 is answered')
  expect(roots(spans)).toEqual(['handle ticket'])

  const agent = only(spans, 'invoke_agent gpt-5-mini')
  expect(agent.attributes.get('gen_ai.agent.name')).toBe('support-desk')
  expect(text(agent, 'gen_ai.input.messages')).toContain('Please handle ticket T-1042.')
  expect(text(agent, 'gen_ai.output.messages')).toContain('keeps the damaged lamp')
  expect(having(spans, 'gen_ai.operation.name', 'chat')).toHaveLength(4)

  const ticket = only(spans, 'execute_tool get_ticket')
  expect(ticket.attributes.get('gen_ai.tool.call.arguments')).toBe('{"ticket_id":"T-1042"}')
  expect(text(ticket, 'gen_ai.tool.call.result')).toContain('broken shade')
  expect(text(only(spans, 'execute_tool reply_to_ticket'), 'gen_ai.tool.call.result')).toContain('sent')

  const retrieval = only(spans, 'retrieval handbook')
  const tool = only(spans, 'execute_tool search_handbook')
  expect(retrieval.parentSpanId).toBe(tool.spanId)
  expect(tool.attributes.get('holdfast.identity.principal')).toBe('system:serviceaccount:support:support-desk')
  const [document] = JSON.parse(text(retrieval, 'holdfast.retrieval.documents'))
  expect(document).toMatchObject({ id: 'handbook/damaged-goods', version: '2026-09', trust: 'internal' })
  expect(document.digest).toMatch(/^[0-9a-f]{64}$/)
  expect(document.content).toContain('within 14 days')

  expect(Object.fromEntries(agent.resource)).toMatchObject({
    'service.name': 'support-desk',
    'service.version': '2.8.1',
    'k8s.namespace.name': 'support',
    'process.owner': expect.any(String),
  })
})
