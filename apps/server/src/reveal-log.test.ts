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

test('content is read while the reading is recorded, and given only once that is durable', async () => {
  const said: string[] = []
  const durable = Promise.withResolvers<void>()
  const log = new RevealLog({ write: () => durable.promise, makeId: () => 'id', now: () => 0 })
  const content = log.during({ by: 'ada', target: 'trace a', read: async () => said.push('read') })
  const shown = content.then(() => said.push('shown'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(said).toEqual(['read'])
  durable.resolve()
  await shown
  expect(said).toEqual(['read', 'shown'])
})

test('content that was read is not given where its reading cannot be recorded', async () => {
  const write = () => Promise.reject(new Error('disk full'))
  const log = new RevealLog({ write, makeId: () => 'id', now: () => 0 })
  const reads = [async () => 'secret', () => Promise.reject(new Error('not found'))]
  for (const read of reads)
    await expect(log.during({ by: 'ada', target: 'trace a', read })).rejects.toThrow('disk full')
})

test('an event is read as part of its trace', () => {
  expect(revealTarget(`${'a'.repeat(32)}.${'b'.repeat(16)}.in.0`)).toBe(`trace ${'a'.repeat(32)}`)
  expect(revealTarget('log.123')).toBe('event log.123')
})
