import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foreignConcept } from './foreign-words.ts'

test.each([
  ['überweisung', 'pay'],
  ['überwiesen', 'pay'],
  ['gelöscht', 'delete'],
  ['weitergeleitet', 'send'],
  ['einzuladen', 'invite'],
  ['angelegt', 'create'],
  ['aktualisierst', 'change'],
  ['supprimez', 'delete'],
  ['achète', 'buy'],
  ['remplacé', 'change'],
  ['cómpralo', 'buy'],
  ['elimínalas', 'delete'],
  ['enviándole', 'send'],
  ['sustituye', 'change'],
  ['trasferire', 'pay'],
  ['удалите', 'delete'],
  ['переведи', 'pay'],
  ['删除', 'delete'],
  ['송금해', 'pay'],
])('%s stands for %s', (word, concept) => {
  expect(foreignConcept(word)).toBe(concept)
})

test.each([
  'page',
  'pages',
  'send',
  'public',
  'verses',
  'content',
  'leaves',
  'maker',
  'command',
  'compartment',
  'boot',
])('%s is no word of another language', (word) => {
  expect(foreignConcept(word)).toBeUndefined()
})

test('any word is read to its end', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (word) => {
      expect(['string', 'undefined']).toContain(typeof foreignConcept(word.toLowerCase()))
    }),
  )
})
