import type { ControlRecord } from '@holdfast/model'
import { expect, test } from 'vitest'
import { RevealLog, revealTarget } from './reveal-log.ts'

test('one record stands for what a caller reads of a trace within a minute', async () => {
  const written: ControlRecord[] = []
  let now = 0
  const log = new RevealLog({ write: async (record) => written.push(record), makeId: () => 'id', now: () => now })
  await log.record('ada', 'trace a')
  await log.record('ada', 'trace a')
  await log.record('bob', 'trace a')
  await log.record('ada', 'trace b')
  now = 61_000
  await log.record('ada', 'trace a')
  expect(written.map((record) => (record.kind === 'operator-action' ? `${record.by} ${record.target}` : ''))).toEqual([
    'ada trace a',
    'bob trace a',
    'ada trace b',
    'ada trace a',
  ])
})

test('what cannot be recorded is not shown, and is tried again the next time', async () => {
  let isFull = true
  const log = new RevealLog({
    write: () => (isFull ? Promise.reject(new Error('disk full')) : Promise.resolve()),
    makeId: () => 'id',
    now: () => 0,
  })
  await expect(log.record('ada', 'trace a')).rejects.toThrow('disk full')
  isFull = false
  await expect(log.record('ada', 'trace a')).resolves.toBeUndefined()
})

test('an event is read as part of its trace', () => {
  expect(revealTarget(`${'a'.repeat(32)}.${'b'.repeat(16)}.in.0`)).toBe(`trace ${'a'.repeat(32)}`)
  expect(revealTarget('log.123')).toBe('event log.123')
})
