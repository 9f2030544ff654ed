import { parseRfc3339, type UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { RECURRENCES_SHOWN } from './limits.ts'
import { recurrencesOf } from './recurrence.ts'

const row = (id: string, lastActEntry: number, lastActClaimed = '2026-11-03T00:00:00Z') => ({
  id,
  lastActEntry,
  lastActClaimed,
})
/** One entry is logged each day of November. */
const reader = {
  entry: (index: number) =>
    ({ index, recordedAt: timeAt(`2026-11-${String(index).padStart(2, '0')}T00:00:00Z`) }) as never, // all that is read of it
}

test('an act counts by its place in the log, whatever it claims', () => {
  const back = { entry: 10, isLive: true }
  const rows = [row('before', 10, '2026-12-01T00:00:00Z'), row('after', 11, '2020-01-01T00:00:00Z')]
  expect(recurrencesOf(rows, back, reader)).toEqual({
    recurrences: 1,
    recurred: [{ incident: 'after', entry: 11, at: '2020-01-01T00:00:00Z' }],
  })
})

test('where the profile was rebuilt as of an earlier time, what was logged since then counts', () => {
  const back = { entry: 10, rebuilt: timeAt('2026-11-08T00:00:00Z'), isLive: true }
  const rows = [row('before', 7), row('between', 8), row('after', 11)]
  expect(recurrencesOf(rows, back, reader).recurred.map(({ incident }) => incident)).toEqual(['after', 'between'])
  const unread = recurrencesOf([row('between', 8)], back, { entry: () => undefined })
  expect(unread.recurrences).toBe(1)
})

test('of a history what claims to be after the rebuild counts as well, wherever it stands in the log', () => {
  const back = { entry: 10, rebuilt: timeAt('2026-03-03T00:00:00Z'), isLive: false }
  const rows = [row('before', 9, '2026-03-02T00:00:00Z'), row('since', 9, '2026-03-04T00:00:00Z'), row('after', 12)]
  expect(recurrencesOf(rows, back, reader).recurrences).toBe(2)
  const word = { id: 'word', lastActEntry: 9 }
  expect(recurrencesOf([word], back, reader).recurrences).toBe(0)
  expect(recurrencesOf([{ ...word, lastActEntry: 11 }], back, reader).recurred).toEqual([
    { incident: 'word', entry: 11 },
  ])
})

test('of many the latest are named and all are counted', () => {
  const many = Array.from({ length: RECURRENCES_SHOWN + 5 }, (_, at) => row(`inc-${at}`, 11 + at))
  const { recurrences, recurred } = recurrencesOf(many, { entry: 10, isLive: true }, reader)
  expect([recurrences, recurred.length, recurred[0]?.incident]).toEqual([many.length, RECURRENCES_SHOWN, 'inc-20'])
})

function timeAt(text: string): UnixNano {
  return parseRfc3339(text) ?? expect.fail('a time')
}
