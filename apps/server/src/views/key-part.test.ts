import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyPart } from './key-part.ts'

test('a part is what the built-in encoding of the well-formed text gives', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
    fc.string({ unit: fc.constantFrom(..."aZ0-_.!~*'()/%: é".split('')) }),
  )
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 4 }), (several) => {
      // Each twice: the second time it may come from what was kept.
      for (const text of [...several, ...several.toReversed()])
        expect(keyPart(text)).toBe(encodeURIComponent(text.toWellFormed()))
    }),
  )
})

test('no part holds a slash, and two texts never share one', () => {
  expect(keyPart('a/b')).toBe('a%2Fb')
  expect(keyPart('a%2Fb')).not.toBe(keyPart('a/b'))
})
