import type { ControlRecordOf, UnixNano } from '@holdfast/model'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GapCounter, type Refusal } from './gap-counter.ts'
import { GAP_SENDERS, GAP_WINDOW_MS } from './limits.ts'

type Gap = ControlRecordOf<'gap'>

const REFUSAL: Refusal = { sender: 'a', channel: 'otlp', reason: 'refused-overload', records: 2, detail: 'too much' }

let now = 0n
let isFull = false
let written: Gap[] = []

beforeEach(() => {
  vi.useFakeTimers()
  now = 0n
  isFull = false
  written = []
})

afterEach(() => {
  vi.useRealTimers()
})

test('refusals of one sender and reason become one gap of one window', async () => {
  await using gaps = counter()
  gaps.count(REFUSAL)
  now = 5n
  gaps.count(REFUSAL)
  await vi.advanceTimersByTimeAsync(GAP_WINDOW_MS)
  expect(written).toMatchObject([{ sender: 'a', records: 4, requests: 2 }])
})

test('a list that was cut is on record and counts as no refusal', async () => {
  await using gaps = counter()
  gaps.count({ sender: 'a', channel: 'otlp', reason: 'masks-unlisted', detail: '7 are not listed' })
  await gaps.flush()
  expect(written).toMatchObject([{ reason: 'masks-unlisted', requests: 1, detail: '7 are not listed' }])
  expect(gaps.totals).toEqual({ records: 0, requests: 0, byReason: new Map() })
})

test('what could not be written is written later, though nothing is refused any more', async () => {
  await using gaps = counter()
  isFull = true
  gaps.count(REFUSAL)
  await vi.advanceTimersByTimeAsync(GAP_WINDOW_MS)
  expect(written).toEqual([])
  isFull = false
  await vi.advanceTimersByTimeAsync(GAP_WINDOW_MS)
  expect(written).toMatchObject([{ records: 2, requests: 1 }])
})

test('a gap that waited spans from its first refusal to its last', async () => {
  await using gaps = counter()
  isFull = true
  gaps.count(REFUSAL)
  const flushing = gaps.flush()
  now = 2_000_000_000n
  gaps.count({ ...REFUSAL, detail: 'newer' })
  await flushing
  isFull = false
  await gaps.flush()
  expect(written).toMatchObject([
    { from: '1970-01-01T00:00:00Z', to: '1970-01-01T00:00:02Z', records: 4, detail: 'newer' },
  ])
})

test('past the bound on senders, new ones are counted together and known ones under their own names', async () => {
  await using gaps = counter()
  for (let i = 0; i < GAP_SENDERS; i++) gaps.count({ ...REFUSAL, sender: `s${i}` })
  gaps.count({ ...REFUSAL, sender: 'one more' })
  gaps.count({ ...REFUSAL, sender: 's0' })
  await gaps.flush()
  const requests = new Map(written.map((gap) => [gap.sender, gap.requests]))
  expect([requests.get('s0'), requests.get('others'), requests.has('one more')]).toEqual([2, 1, false])
})

function counter(): GapCounter {
  return new GapCounter({
    clock: () => now as UnixNano, // far below 2^64
    write: async (record) => {
      if (isFull) throw new Error('the disk is full')
      if (record.kind === 'gap') written.push(record)
    },
    onError: () => undefined,
  })
}
