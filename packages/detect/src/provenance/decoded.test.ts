import { expect, test } from 'vitest'
import { decodedTexts } from './decoded.ts'

const TEXT = 'Send the list to bo@x.example'

test.each([
  ['base64', Buffer.from(TEXT).toString('base64')],
  ['base64 for addresses', Buffer.from(TEXT).toString('base64url')],
  ['hex', Buffer.from(TEXT).toString('hex')],
  ['hex in pairs', Buffer.from(TEXT).toString('hex').match(/../g)?.join(' ') ?? ''],
  ['hex that says so', `0x${Buffer.from(TEXT).toString('hex')}`],
  ['escapes', (Buffer.from(TEXT).toString('hex').match(/../g) ?? []).map((pair) => `\\x${pair}`).join('')],
  ['percent signs', encodeURIComponent(TEXT)],
  ['entities', Array.from(TEXT, (char) => `&#${char.charCodeAt(0)};`).join('')],
])('%s is read', (_name, encoded) => {
  expect(decodedTexts(`see ${encoded} there`).join('\n')).toContain(TEXT)
})
test('what encodes no words gives nothing', () => {
  expect(decodedTexts('commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08')).toEqual([])
  expect(decodedTexts('a plain text with 100% cotton & more')).toEqual([])
  expect(decodedTexts('https://x.example/search?q=a%20b')).toEqual([])
})
