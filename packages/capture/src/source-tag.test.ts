import { agentIdOf } from '@holdfast/model'
import type { LogEntry } from '@holdfast/model'
import { expect, test } from 'vitest'
import { spanEntry } from './dialects/testing/entries.ts'
import { normalise } from './normalise.ts'

const honest = spanEntry({ name: 'chat m', attributes: { 'gen_ai.operation.name': 'chat' } })

test('the same bytes from the same sender are the same events, wherever they stand in the log', () => {
  expect(idsOf({ ...honest, index: 9 })).toEqual(idsOf(honest))
  expect(idsOf(sentWith({ instance: 'grpc:4317' }))).toEqual(idsOf(honest))
})

test.each([
  ['another agent', sentWith({ agent: agentIdOf({ kind: 'host', host: 'h', service: 'thief' }) })],
  ['another credential', sentWith({ credential: 'key-2' })],
  ['another tier', sentWith({ tier: 'boundary' })],
])('the same bytes from %s are other events', (_who, forged) => {
  expect(new Set(idsOf(forged)).isDisjointFrom(new Set(idsOf(honest)))).toBe(true)
})

test('bytes that nobody can read are told apart by their sender too', () => {
  const unreadable = { ...honest, body: new TextEncoder().encode('{"name":') }
  const forged = { ...sentWith({ credential: 'key-2' }), body: unreadable.body }
  expect(idsOf(forged)).not.toEqual(idsOf(unreadable))
})

test('a name cannot be cut so that agent and credential together read like those of another', () => {
  const [a, b] = [
    agentIdOf({ kind: 'host', host: 'h', service: 'a' }),
    agentIdOf({ kind: 'host', host: 'h', service: 'ab' }),
  ]
  expect(idsOf(sentWith({ agent: a, credential: 'bc' }))).not.toEqual(idsOf(sentWith({ agent: b, credential: 'c' })))
})

function sentWith(changes: Partial<LogEntry['envelope']>): LogEntry {
  return { ...honest, envelope: { ...honest.envelope, ...changes } }
}

function idsOf(entry: LogEntry): readonly string[] {
  return normalise(entry).events.map(({ id }) => id)
}
