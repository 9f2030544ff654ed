import type { EventSummary } from '@holdfast/model'
import { expect, test } from 'vitest'
import { toApiEvent } from './api-event.ts'

function factsOf(body: object): Readonly<Record<string, unknown>> {
  const event = { id: 'e', claimedAt: 1n, recordedAt: 2n, context: { trace: 't' }, agent: {}, source: {}, body }
  return toApiEvent(event as unknown as EventSummary, { index: 0 }).facts // nothing else is read
}

test('a list of tools is told by their names', () => {
  const tools = [
    { name: 'ticket.read', definition: '0a' },
    { name: 'crm.query', definition: '0b' },
  ]
  expect(factsOf({ kind: 'tool-catalogue', server: 'desk', tools })).toEqual({
    server: 'desk',
    tools: 'ticket.read, crm.query',
  })
})

test('things without a name are counted, texts stand side by side', () => {
  expect(factsOf({ kind: 'declaration', document: 'iam.json', grants: [{ action: 's3:*' }], components: [] })).toEqual({
    document: 'iam.json',
    grants: 1,
  })
  expect(
    factsOf({ kind: 'api-call', action: 's3:PutObject', principal: { id: 'p' }, resources: ['a', 'b'] }),
  ).toMatchObject({
    resources: 'a, b',
  })
})
