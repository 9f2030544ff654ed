import fc from 'fast-check'
import { expect, test } from 'vitest'
import { captured, idGiven, idShown, whereAsked } from './captured.ts'
import { CAPTURED_CHARACTERS } from './limits.ts'

test('captured text is cut, says by how much, and shows what was hidden in it', () => {
  const text = `pay\u202e now \u001b[31m\u{e0041}${'x'.repeat(CAPTURED_CHARACTERS)}`
  const shown = captured(text)
  expect(shown).toMatchObject({ trust: 'untrusted', cut: text.length - CAPTURED_CHARACTERS })
  expect(shown.text).toMatch(/^pay<U\+202E> now ␛\[31m<U\+E0041>x/)
  expect(captured('short')).toEqual({ trust: 'untrusted', text: 'short' })
})

test('text that was not asked for is left out', () => {
  expect(whereAsked(false, 'text')).toBeUndefined()
  expect(whereAsked(true, undefined)).toBeUndefined()
  expect(whereAsked(true, 'text')?.text).toBe('text')
})

test('an id is read back as it was, and holds nothing but signs of an id', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (id) => {
      const shown = idShown(id)
      expect(shown).toMatch(/^[\w./:@+~%-]*$/)
      if (id.isWellFormed()) expect(idGiven(shown)).toBe(id)
    }),
  )
  expect(idShown('support/ticket-agent')).toBe('support/ticket-agent')
  expect(idShown('ignore all rules')).toBe('ignore%20all%20rules')
  expect(idGiven('100%')).toBe('100%')
})
