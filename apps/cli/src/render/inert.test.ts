import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inert, inertBlock } from './inert.ts'

const cases: readonly (readonly [name: string, text: string, shown: string])[] = [
  ['a colour sequence', '\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
  ['a title sequence ended by a bell', '\u001b]0;owned\u0007', '␛]0;owned␇'],
  ['a sequence that begins with one C1 character', '\u009b2Jgone', '<U+009B>2Jgone'],
  ['a carriage return that would overwrite the line', 'ok\rBAD', 'ok␍BAD'],
  ['a right-to-left override', 'a\u202Egpj.exe', 'a<U+202E>gpj.exe'],
  ['text hidden in tag characters', 'hi\u{E0041}\u{E0042}', 'hi<U+E0041><U+E0042>'],
  ['bytes smuggled in variation selectors', 'x\u{E0101}\uFE01', 'x<U+E0101><U+FE01>'],
  ['zero-width characters', 'pass\u200Bword\uFEFF', 'pass<U+200B>word<U+FEFF>'],
  ['a line separator', 'a\u2028b', 'a<U+2028>b'],
  ['a lone surrogate', 'a\uD800b', 'a<U+D800>b'],
  [
    'ordinary text, letters and emoji of any script',
    'Grüße, 東京, ❤\uFE0F https://example.test/?a=1',
    'Grüße, 東京, ❤\uFE0F https://example.test/?a=1',
  ],
]

test.each(cases)('shows %s as inert text', (_, text, shown) => {
  expect(inert(text)).toBe(shown)
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.constantFrom('\u001b[2J', '\u001b]8;;http://x\u001b\\', '\u0090q', '\u202E', '\u2066', '\u{E0020}', '\r', '\b'),
)
const text = fc.array(hostile, { maxLength: 20 }).map((parts) => parts.join(''))

test('no output holds a control, bidirectional, invisible or unpaired character', () => {
  fc.assert(
    fc.property(text, (captured) => {
      const shown = inert(captured)
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u{FE00}-\u{FE0D}\u{E0000}-\u{E0FFF}]/u)
    }),
  )
})

test('printing twice changes nothing more, and harmless text is left alone', () => {
  fc.assert(
    fc.property(text, (captured) => {
      expect(inert(inert(captured))).toBe(inert(captured))
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (plain) => {
      expect(inert(plain)).toBe(plain)
    }),
  )
})

test('a block keeps its lines and nothing else that moves the cursor', () => {
  fc.assert(
    fc.property(text, (captured) => {
      const shown = inertBlock(captured)
      expect(shown.split('\n').length).toBe(captured.split('\n').length)
      expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    }),
  )
})
