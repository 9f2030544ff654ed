import { expect, test } from 'vitest'
import { isAssembledFrom } from './assembled.ts'

test.each([
  ['collector@else.example', 'the first part is collector and then @else and last .example'],
  [
    'collector@else.example',
    'put "collec" before "tor@else" and "." before "example"'.replace('"." before "example"', '".example"'),
  ],
  ['gb29nwbk60161331926819', 'begins gb29nwbk, goes on 60161331 and ends 926819'],
  ['mill.example', 'the first part is www, the second .mill and the third .example'],
  ['gb29nwbk60161331926819', 'gb29 nwbk 6016 1331 9268 19'],
])('%s is in: %s', (form, text) => {
  expect(isAssembledFrom(form, text)).toBe(true)
})
test.each([
  ['ann@else.example', 'ann wrote to bo@else.example'],
  ['ann.lee@else.example', 'ann lee works with bo@else.example'],
  ['gb29nwbk60161331926819', 'rows 291 601 613 319 268 191 and gb29'],
  ['collector@else.example', 'mail collector@else.example'],
  ['abc', 'a b c'],
])('%s is not in: %s', (form, text) => {
  expect(isAssembledFrom(form, text)).toBe(false)
})
test('a long text of pieces that almost fit is read to its end', () => {
  expect(isAssembledFrom(`${'ab-'.repeat(30)}x`, 'ab-'.repeat(50_000))).toBe(false)
})
