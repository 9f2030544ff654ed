import type { Allowed } from '@holdfast/model'
import { expect, test } from 'vitest'
import { egressWords } from './egress-words.ts'

const words = (...allow: readonly Allowed[]): string =>
  egressWords({ artifact: 'a'.repeat(64), mode: 'enforce', allow })
const range = (address: string, prefix: number, port = 0): Allowed => ({ address, prefix, port, protocol: 'tcp' })

test.each([
  ['127.0.0.0', 8],
  ['0.0.0.0', 0],
  ['::1', 128],
  ['::ffff:127.0.0.0', 104],
  ['::', 0],
])('%s/%i for any port opens the loopback interface, and the record says so', (address, prefix) => {
  expect(words(range(address, prefix))).toContain('(enforce, loopback any; 1 entry, SHA-256 ')
})

test('one listener there, another network or a name opens nothing', () => {
  const name: Allowed = { name: 'api.example.test', port: 0, protocol: 'tcp' }
  const said = words(range('127.0.0.1', 32, 4318), range('10.0.0.0', 8), range('fd00::', 8), name)
  expect(said).toContain('(enforce; 4 entries, SHA-256 ')
})

test('two lists of one artifact are told apart', () => {
  expect(words(range('10.0.0.1', 32))).not.toBe(words(range('10.0.0.2', 32)))
})
