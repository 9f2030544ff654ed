import { expect, test } from 'vitest'
import { asking, branches, NO_HISTORY, parseHistory } from './history.ts'
import { modeOf, toggled, withoutTerm } from './terms.ts'

test('a value is included, excluded and taken back by click', () => {
  const value = 'wire refund'
  const included = toggled('invoice', 'tool', { value, mode: 'include' })
  expect(included).toBe('invoice tool:"wire refund"')
  expect(modeOf(included, 'tool', 'WIRE refund')).toBe('include')
  const excluded = toggled(included, 'tool', { value, mode: 'exclude' })
  expect(excluded).toBe('invoice -tool:"wire refund"')
  expect(toggled(excluded, 'tool', { value, mode: 'exclude' })).toBe('invoice')
  expect(withoutTerm(excluded, 0)).toBe('-tool:"wire refund"')
})

test('going back and asking something else makes a second branch, and asking the same again makes none', () => {
  const one = asking(NO_HISTORY, { q: 'a' })
  const two = asking(one, { q: 'a tool:b' })
  const back = asking(two, { q: 'a' })
  const three = asking(back, { q: 'a kind:exec' })
  expect(asking(three, { q: 'a kind:exec', from: undefined })).toEqual(three)
  expect(branches(three).map(({ asked, level }) => [level, asked.search.q])).toEqual([
    [0, 'a'],
    [1, 'a tool:b'],
    [1, 'a kind:exec'],
  ])
  expect(parseHistory(JSON.stringify(three))).toEqual(three)
})

test.each([null, '', '7', '{}', '{"asked":[{}]}'])('%j is no history', (text) => {
  expect(parseHistory(text)).toEqual(NO_HISTORY)
})
