import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokensOf } from './words.ts'

const forms = (text: string): readonly string[] => tokensOf(text).map(({ form }) => form)
const identifiers = (text: string): readonly string[] =>
  tokensOf(text).flatMap(({ form, kind }) => (kind === 'identifier' ? [form] : []))

describe('what is copied keeps its whole form', () => {
  test.each([
    ['mail Ann.Lee@Mill.example now', 'ann.lee@mill.example'],
    ['see https://www.Mill.example/a?b=1, please', 'mill.example/a?b=1'],
    ['at www.mill.example.', 'mill.example'],
    ['IBAN GB29NWBK60161331926819', 'gb29nwbk60161331926819'],
    ['open /srv/data/list.txt', '/srv/data/list.txt'],
    ['order ORD-20391 is late', 'ord-20391'],
    ['ünïcode@mühle.example', 'ünïcode@mühle.example'],
  ])('%s', (text, identifier) => {
    expect(identifiers(text)).toContain(identifier)
  })
})

test('words of one meaning have one form, in several languages', () => {
  const [pay] = forms('transferred')
  for (const word of ['paying', 'transfers', 'überweisen', 'transferir', 'virement', 'payments'])
    expect(forms(word), word).toEqual([pay])
})
test('words that carry nothing are left out', () => {
  expect(forms('please do it for the two of them')).toEqual([])
})
test('amounts are numbers, however they are written', () => {
  for (const text of ['$1,250.50', '1250.5 EUR', '1250.50']) expect(forms(text), text).toContain('1250.5')
})
test('an article that is tied on is no part of the word', () => {
  expect(forms("l'achat d'abord, s'il")).toEqual(forms('achat abord'))
  expect(forms("it's")).toEqual([])
})
test('a pair that is a word of its own stands for what it means', () => {
  expect(forms('删除')).toEqual(forms('delete'))
})
test('a script without blanks is read in pairs', () => {
  expect(forms('会议在')).toEqual(['会议', '议在'])
})
test('an accented letter that is written as two is one word', () => {
  expect(forms('Café'.normalize('NFD'))).toHaveLength(1)
})
test('any text gives tokens with forms that are not empty', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      for (const { form } of tokensOf(text)) expect(form).not.toBe('')
    }),
  )
})
test('the forms of a text do not depend on its capitals', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{2,9}$/), { maxLength: 8 }), (words) => {
      expect(forms(words.join(' ').toUpperCase())).toEqual(forms(words.join(' ')))
    }),
  )
})
