import { createPrivateKey, createPublicKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkpointText, noteVerifier, openNote, parseCheckpointText, signNote, verifierKey } from './note.ts'

/** The key and the note of the example in the documentation of golang.org/x/mod/sumdb/note, from which C2SP took them. */
const NAME = 'PeterNeumann'
const SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1)
const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const NOTE = `${TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), SEED]),
  format: 'der',
  type: 'pkcs8',
})
const publicKey = createPublicKey(privateKey)

test('makes the published key and signature', () => {
  expect(verifierKey(NAME, publicKey)).toBe(VKEY)
  expect(signNote(TEXT, { name: NAME, privateKey })).toBe(NOTE)
})

test('opens the published note and no other text or name', () => {
  expect(openNote(NOTE, noteVerifier(NAME, publicKey))).toBe(TEXT)
  expect(openNote(NOTE.replace('answer', 'anwser'), noteVerifier(NAME, publicKey))).toBeUndefined()
  expect(openNote(NOTE, noteVerifier('EnochRoot', publicKey))).toBeUndefined()
  expect(openNote(TEXT, noteVerifier(NAME, publicKey))).toBeUndefined()
})

test('reads back the tree head of its own checkpoint and refuses another origin or spelling', () => {
  const root = Buffer.alloc(32, 5)
  const text = checkpointText('log.example', 12, root)
  expect(parseCheckpointText(text, 'log.example')).toEqual({ size: 12, rootHash: root })
  expect(parseCheckpointText(text, 'other.example')).toBeUndefined()
  expect(parseCheckpointText(text.replace('\n12\n', '\n012\n'), 'log.example')).toBeUndefined()
  expect(parseCheckpointText(`${text}more\n`, 'log.example')).toBeUndefined()
})
