import { expect, test } from 'vitest'
import { assertMatches, etagOf, etagOfText, isHeldBy } from './conditional.ts'

const TAG = etagOf('a-1')

test('an ETag of bytes is another one for other bytes, and always the same for the same', () => {
  expect(etagOfText('a')).toMatch(/^"[\w-]{22}"$/)
  expect(etagOfText('a')).toBe(etagOfText('a'))
  expect(etagOfText('a')).not.toBe(etagOfText('b'))
})

test.each([undefined, '*', ' * ', '"a-1"', '"x", "a-1"', 'W/"x","a-1"'])('If-Match %s lets it be done', (header) => {
  expect(() => assertMatches(header, TAG)).not.toThrow()
})

// A weak validator, half a tag, none at all, and one far behind much else.
test.each(['"a-2"', 'W/"a-1"', 'a-1', '"a-1', '', `${'"x",'.repeat(5_000)}"a-1"`])(
  'If-Match %s does not, and the answer says which one there is',
  (header) => {
    expect(() => assertMatches(header, TAG)).toThrow(
      expect.objectContaining({ status: 412, headers: { etag: TAG } }) as Error,
    )
  },
)

test('If-None-Match is compared as weak validators are', () => {
  for (const held of ['*', '"a-1"', 'W/"a-1"', '"x", W/"a-1"'])
    expect([held, isHeldBy(held, TAG)]).toEqual([held, true])
  for (const other of [undefined, '', '"a-2"', 'a-1']) expect([other, isHeldBy(other, TAG)]).toEqual([other, false])
})
