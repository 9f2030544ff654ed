import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codePointMark, isHiddenCharacter, visibleText } from './visible-text.ts'

test('what hides is marked where it stood', () => {
  expect(visibleText('a\u001b[31mb\u009bc\u202ed\u{e0041}e\u007ff\ud800')).toBe(
    'a␛[31mb<U+009B>c<U+202E>d<U+E0041>e␡f<U+D800>',
  )
  expect(visibleText('a\nb', codePointMark)).toBe('a<U+000A>b')
})

test('ordinary writing of any language and emoji stay', () => {
  for (const text of ['größer ñandú', '東京', 'שלום', 'नमस्ते', '❤️ 🙂']) expect(visibleText(text)).toBe(text)
})

test('nothing hidden is left of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const character of visibleText(text)) expect(isHiddenCharacter(character.codePointAt(0) ?? 0)).toBe(false)
    }),
  )
})
