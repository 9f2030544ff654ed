import { expect, test } from 'vitest'
import { partsOf } from './AgentId.tsx'

test.each([
  ['k8s:prod/payments/refund-agent', 'k8s:prod/payments', '/refund-agent'],
  ['refund-agent', '', 'refund-agent'],
  ['/usr/bin/node', '/usr/bin', '/node'],
  ['/agent', '', '/agent'],
  ['https://evil.example/x', '', 'https://evil.example/x'],
])('of %s the end is what is kept', (id, before, name) => {
  expect(partsOf(id)).toEqual({ before, name })
})
