import type { Answer } from '@holdfast/api'
import { expect, test } from 'vitest'
import { toolFacts } from './tool-facts.ts'

const [APPROVED, OFFERED] = ['a1'.repeat(32), 'b2'.repeat(32)]

test('of a tool that changed since it was approved the approved definition counts, of others what is offered', () => {
  const items: Answer<'listToolDefinitions'>['items'] = [
    { server: 'desk', tool: 'ticket.read', definition: OFFERED, approved: APPROVED, state: 'changed', entry: 9 },
    { server: 'desk', tool: 'crm.query', definition: OFFERED, state: 'unapproved', entry: 9 },
    { server: 'desk', tool: 'export.write', approved: APPROVED, state: 'not-offered' },
  ]
  expect(toolFacts({ answer: () => ({ agent: 'host:h/desk', name: 'desk', items }) }, 'host:h/desk')).toEqual([
    { name: 'ticket.read', server: 'desk', definition: APPROVED, entries: [9] },
    { name: 'crm.query', server: 'desk', definition: OFFERED, entries: [9] },
  ])
})
