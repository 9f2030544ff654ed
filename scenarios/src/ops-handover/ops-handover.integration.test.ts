import { expect, test } from 'vitest'

import { having, only, roots, runScenario, servicesAbove, text } from '../testing/run-scenario.ts'

test('one trace runs from a Mastra agent over A2A into the tools of an AI SDK agent in another process', async () => {
  const { answer, spans } = await runScenario('ops-handover')
  expect(answer).toContain('37 GB are free again')
  expect(roots(spans)).toEqual(['invoke_agent ops-coordinator'])
  expect(new Set(spans.map((span) => span.traceId)).size).toBe(1)

  const send = only(spans, 'SendMessage host-maintainer')
  expect(Object.fromEntries(send.attributes)).toMatchObject({
    'holdfast.delegation.id': 'ops-db-host-3',
    'holdfast.delegation.to': 'host-maintainer',
    'holdfast.identity.principal': 'svc-ops-coordinator',
    'holdfast.identity.on_behalf_of': 'oncall-marek',
  })
  expect(text(send, 'holdfast.delegation.payload')).toContain('88 percent')

  const rotate = only(spans, 'execute_tool rotate_logs')
  expect(servicesAbove(spans, rotate)).toEqual(['host-maintainer', 'ops-coordinator'])
  expect(rotate.attributes.get('gen_ai.tool.call.arguments')).toBe('{"host":"db-host-3"}')
  expect(rotate.attributes.get('holdfast.identity.principal')).toBe('role/host-admin@db-host-3')
  expect(text(only(spans, 'retrieval runbook'), 'holdfast.retrieval.documents')).toContain('runbook/disk-pressure')

  const check = having(spans, 'gen_ai.tool.name', 'check_host')
  expect(check.map((span) => span.attributes.get('gen_ai.tool.call.arguments'))).toEqual(['{"host":"db-host-3"}'])
  const pids = new Set(spans.map((span) => span.resource.get('process.pid')))
  expect(pids.size).toBe(2)
})
