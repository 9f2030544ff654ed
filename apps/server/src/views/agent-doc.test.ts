import type { EventBody, ContentRef, LogEntry } from '@holdfast/model'
import { expect, test } from 'vitest'
import { addToAgent, newAgent } from './agent-doc.ts'
import type { FoldInput } from './fold-input.ts'

const entry = {
  recordedAt: 1n,
  envelope: { agent: 'host:box/desk', agentName: 'desk', channel: 'sensor', tier: 'kernel', clock: 'live' },
} as unknown as LogEntry // what is read of one

function contentsOfOne(body: Partial<EventBody<ContentRef>>): readonly (readonly [string, number])[] {
  const doc = newAgent(entry)
  const event = { body, agent: {}, source: { dialect: '', instrumentation: '' } }
  addToAgent(doc, { entry, events: [event], unmapped: [] } as unknown as FoldInput, { repeated: false })
  return doc.contents
}

test('the content of an agent is what it was told and said, and not its command line or what somebody wrote of it', () => {
  const captured = { state: 'captured' } as ContentRef
  expect(contentsOfOne({ kind: 'prompt', role: 'user', content: captured })).toEqual([['captured', 1]])
  expect(contentsOfOne({ kind: 'process', arguments: captured })).toEqual([])
  expect(contentsOfOne({ kind: 'declaration', content: captured })).toEqual([])
})
