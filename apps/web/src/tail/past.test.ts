import type { ApiEvent } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { readPast } from './past.ts'

const SECOND = 1_000_000_000n
const NOW = (1_795_224_000n * SECOND) as UnixNano // 2026-11-21T01:20:00Z
// A tail looks at no more of an event than when it was recorded; the newest first, one a second.
const log = Array.from(
  { length: 10 },
  (_, ago) => ({ id: `e${ago}`, recordedAt: (NOW - BigInt(ago) * SECOND).toString() }) as ApiEvent,
)
const pages = (size: number) => {
  const asked: (string | undefined)[] = []
  const readPage = async (cursor: string | undefined) => {
    asked.push(cursor)
    const from = Number(cursor ?? 0)
    const next = from + size
    return { items: log.slice(from, next), ...(next < log.length ? { nextCursor: String(next) } : {}) }
  }
  return { asked, readPage }
}
const all = () => true

test('what was recorded since comes oldest first, and no page before it is read', async () => {
  const { asked, readPage } = pages(3)
  const past = await readPast({ since: '4s ago', now: NOW, isShown: all, most: 100, readPage })
  expect(past).toMatchObject({ isCut: false, looked: 6 })
  expect(past.events.map(({ id }) => id)).toEqual(['e4', 'e3', 'e2', 'e1', 'e0'])
  expect(asked).toEqual([undefined, '3'])
})

test('an instant that lies too far back is cut where the bound is, and says so', async () => {
  const past = await readPast({ since: '1h ago', now: NOW, isShown: all, most: 6, readPage: pages(3).readPage })
  expect(past).toMatchObject({ isCut: true, looked: 6 })
  expect(past.events).toHaveLength(6)
})

test('only what the filter lets through is shown, and a word that is no instant reads nothing', async () => {
  const { asked, readPage } = pages(3)
  const isShown = ({ id }: ApiEvent) => id === 'e2'
  const past = await readPast({ since: '2026-11-21T01:00:00Z', now: NOW, isShown, most: 100, readPage })
  expect(past).toMatchObject({ isCut: false, looked: 10, events: [{ id: 'e2' }] })
  asked.length = 0
  expect(await readPast({ since: 'soon', now: NOW, isShown: all, most: 100, readPage })).toMatchObject({ looked: 0 })
  expect(asked).toEqual([])
})
