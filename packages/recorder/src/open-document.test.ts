import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { signNote, verifierKey } from './note.ts'
import { openDocument } from './open-document.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const key = verifierKey('log.example', publicKey)
const text = 'holdfast roster v1\nlog.example\n7\n{}\n'
const note = signNote(text, { name: 'log.example', privateKey })

test('a document opens with the key that signed it', () => {
  expect(openDocument(note, key)).toBe(text)
})

test.each([
  ['a changed letter', note.replace('roster', 'rostes'), key],
  ['a key of another name', note, verifierKey('other.example', publicKey)],
  ['another key of the name', note, verifierKey('log.example', generateKeyPairSync('ed25519').publicKey)],
  ['a key whose id is not its own', note, key.replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
  ['no key', note, 'log.example'],
  ['no signature', text, key],
])('%s opens nothing', (_, document, by) => {
  expect(openDocument(document, by)).toBeUndefined()
})
