import { expect, test } from 'vitest'
import { MAX_TEXT_CHARS } from '../limits.ts'
import { plainForm } from './plain-form.ts'

test('characters that nobody sees are taken out and told of', () => {
  expect(plainForm('pa\u200by\u2060 An\u00adn')).toEqual({ text: 'pay Ann', hadHidden: true, revealed: '' })
})
test('letters hidden as tag characters are shown', () => {
  const hidden = Array.from('pay', (char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join('')
  expect(plainForm(`note${hidden}`)).toEqual({ text: 'note ', hadHidden: true, revealed: 'pay' })
})
test('compatibility forms are folded', () => {
  expect(plainForm('ｐａｙ ﬁve').text).toBe('pay five')
})
test('a plain text stays as it is', () => {
  expect(plainForm('Grüße, 你好')).toEqual({ text: 'Grüße, 你好', hadHidden: false, revealed: '' })
})
test('folding cannot blow a text up beyond the bound', () => {
  expect(plainForm('\ufdfa'.repeat(MAX_TEXT_CHARS)).text).toHaveLength(MAX_TEXT_CHARS)
})
