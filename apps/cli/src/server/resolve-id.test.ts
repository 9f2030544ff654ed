import { expect, test } from 'vitest'
import { pick } from './resolve-id.ts'

const candidates = [
  { value: 1, names: ['abc', 'trace-1'], label: 'abc' },
  { value: 2, names: ['abcdef', 'trace-2'], label: 'abcdef' },
  { value: 3, names: ['xyz', 'trace-2'], label: 'xyz' },
]
const question = { what: 'conversation or trace', list: 'holdfast agents', candidates }

test('an exact id wins over ids that it begins', () => {
  expect(pick({ ...question, id: 'abc' })).toBe(1)
})

test('a prefix that one id has names it, by any of its names', () => {
  expect(pick({ ...question, id: 'abcd' })).toBe(2)
  expect(pick({ ...question, id: 'x' })).toBe(3)
  expect(pick({ ...question, id: 'trace-1' })).toBe(1)
})

test('a prefix or an id that several have is refused, with what it could be', () => {
  expect(() => pick({ ...question, id: 'ab' })).toThrow('"ab" names 2: abc, abcdef')
  expect(() => pick({ ...question, id: 'trace-2' })).toThrow('"trace-2" names 2: abcdef, xyz')
})

test('an id that nothing has is not found, and is shown as inert text', () => {
  expect(() => pick({ ...question, id: 'q\u001b[2J' })).toThrow('no conversation or trace is or begins with "q␛[2J"')
})
