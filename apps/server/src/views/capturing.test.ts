import { expect, test } from 'vitest'
import { capturingOf } from './list-queries.ts'

test('an agent of whose contents none came is not called captured, and one that was told to hold them back is suppressed', () => {
  expect(capturingOf([['not-captured', 2]])).toBe('not-capturing')
  expect(capturingOf([['suppressed', 2]])).toBe('suppressed')
  expect(
    capturingOf([
      ['not-captured', 2],
      ['suppressed', 1],
    ]),
  ).toBe('not-capturing')
  expect(
    capturingOf([
      ['not-captured', 2],
      ['redacted', 1],
    ]),
  ).toBe('partly')
  expect(capturingOf([['captured', 3]])).toBe('capturing')
  expect(capturingOf([])).toBe('none-seen')
})
