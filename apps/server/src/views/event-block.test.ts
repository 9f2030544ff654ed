import { zstdDecompressSync } from 'node:zlib'
import type { UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { entriesOf, recordedGroups } from '../testing/entries.ts'
import { decodeBlock, encodeBlock, eventInBlock, idsInBlock } from './event-block.ts'
import { foldable } from './foldable.ts'

const RECORDED_AT = 1_763_700_000_000_000_000n as UnixNano
const ROWS = entriesOf(
  ['ai-sdk-v7', 'otel-genai', 'claude-code', 'strands', 'mastra'].flatMap(recordedGroups),
  RECORDED_AT,
)
  .map(foldable)
  .map(({ entry, events }) => ({ entry: entry.index, events }))

test('gives back every event as it was, alone and among others', () => {
  expect(decodeBlock(encodeBlock(ROWS))).toEqual(ROWS)
  for (const row of ROWS) expect(decodeBlock(encodeBlock([row]))).toEqual([row])
})

test('keeps what tells the events of one entry apart', () => {
  const [event] = ROWS.flatMap(({ events }) => events.filter(({ claimedUntil }) => claimedUntil !== undefined))
  if (event === undefined) throw new Error('no recorded event has an end')
  const { claimedUntil: _claimedUntil, ...open } = event
  const later = { ...event, claimedAt: (event.claimedAt + 1n) as UnixNano, agent: { ...event.agent, member: 'other' } }
  const row = { entry: 7, events: [event, open, later].map((each) => ({ ...each, entry: 7 })) }
  expect(decodeBlock(encodeBlock([row]))).toEqual([row])
  expect(Object.keys(decodeBlock(encodeBlock([row]))[0]?.events[1] ?? {})).not.toContain('claimedUntil')
})

test('a large block is compressed and an empty row stays one', () => {
  expect(zstdDecompressSync(encodeBlock(ROWS)).length).toBeGreaterThan(encodeBlock(ROWS).length)
  expect(decodeBlock(encodeBlock([{ entry: 3, events: [] }]))).toEqual([{ entry: 3, events: [] }])
})

test('an event is read alone as it is read among all, and a block tells which entry each lies in', () => {
  const block = encodeBlock(ROWS)
  expect(idsInBlock(block)).toEqual(ROWS.map(({ entry, events }) => ({ entry, ids: events.map(({ id }) => id) })))
  const first = new Map(ROWS.flatMap(({ events }) => events.map((event) => [event.id, event] as const)).toReversed())
  expect(first.size).toBeGreaterThan(ROWS.length)
  for (const [id, event] of first) expect(eventInBlock(block, id)).toEqual(event)
  expect(eventInBlock(block, 'none')).toBeUndefined()
})
