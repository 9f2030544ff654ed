import type { TimelineMoment } from '@holdfast/api'
import { expect, test } from 'vitest'
import { countsByKind, timelineRows } from './timeline-rows.ts'

function moment(words: string, entry: number, more: Partial<TimelineMoment> = {}): TimelineMoment {
  return { at: String(entry), kind: 'agent', about: 'signal', who: 'a', words, entries: [entry], ...more }
}

test('equal moments in a row are one line that keeps every log position', () => {
  const rows = timelineRows([moment('called', 1), moment('called', 2), moment('sent', 3), moment('called', 4)])
  expect(rows.map(({ words, times, entries }) => [words, times, entries])).toEqual([
    ['called', 2, [1, 2]],
    ['sent', 1, [3]],
    ['called', 1, [4]],
  ])
  expect(rows[0]?.until).toBe('2')
})

test('two notes of the same words stay two, and nothing is lost from the counts', () => {
  const moments = [
    moment('note: ok', 1, { kind: 'operator', annotation: 'n-1' }),
    moment('note: ok', 2, { kind: 'operator', annotation: 'n-2' }),
  ]
  const rows = timelineRows(moments)
  expect(rows).toHaveLength(2)
  expect(countsByKind(moments).get('operator')).toBe(rows.reduce((sum, { times }) => sum + times, 0))
})
