import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathSegment, textOfSegment } from './path-segment.ts'

const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[~.]{1,5}$/)).filter((text) => text !== '')

test('any text survives a URL as one segment', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { pathname } = new URL(`http://127.0.0.1/conversations/${pathSegment(text)}/graph`)
      const [, , segment = '', last] = pathname.split('/')
      expect(last).toBe('graph')
      expect(textOfSegment(decodeURIComponent(segment))).toBe(text)
    }),
  )
})

test('an ordinary id is not changed', () => {
  expect(pathSegment('conv-4711')).toBe('conv-4711')
  expect(pathSegment('..')).toBe('~..')
  expect(pathSegment('~..')).toBe('~~..')
  expect(pathSegment('...')).toBe('...')
})
