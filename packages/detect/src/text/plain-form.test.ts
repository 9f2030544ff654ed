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
test('marks stacked by the thousand on one character are cut to what can be seen, in time that does not grow with their pairs', () => {
  const stacked = `e${'\u0301\u0327\u0323'.repeat(MAX_TEXT_CHARS / 4)}`
  const { text, hadHidden } = plainForm(`${stacked} pay`)
  expect(text.endsWith(' pay')).toBe(true)
  expect(text.length).toBeLessThan(40)
  expect(hadHidden).toBe(true)
})
test('scripts that stack marks stay as they are', () => {
  expect(plainForm('நன்றி ที่นี่ שָׁלוֹם').hadHidden).toBe(false)
})
