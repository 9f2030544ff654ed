import type { EventSummary } from '@holdfast/model'
import { expect, test } from 'vitest'
import { toApiEvent } from './api-event.ts'

const factsOf = (body: object): Readonly<Record<string, unknown>> => shown(body).facts

function shown(body: object): ReturnType<typeof toApiEvent> {
  const event = { id: 'e', claimedAt: 1n, recordedAt: 2n, context: { trace: 't' }, agent: {}, source: {}, body }
  return toApiEvent(event as unknown as EventSummary, { index: 0 }) // nothing else is read
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

test('an event has a line that names it, where its sender gave it no name too', () => {
  expect(shown({ kind: 'invocation', operation: 'invoke_agent', name: '' }).label).toBe('invoke_agent')
  expect(shown({ kind: 'invocation', operation: 'invoke_agent', name: 'triage' }).label).toBe('triage')
})
