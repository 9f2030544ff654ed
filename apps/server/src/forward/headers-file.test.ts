import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseServerOptions } from '../options.ts'
import { readHeaders } from './headers-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-headers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf(text: string): string {
  const file = join(folder, 'headers')
  writeFileSync(file, text)
  return file
}

test('one header a line, with comments and empty lines between', () => {
  expect(readHeaders(fileOf('# a comment\n\nAuthorization: Bearer a b\r\nX-Scope: 1\n'))).toEqual({
    authorization: 'Bearer a b',
    'x-scope': '1',
  })
})

test.each([
  ['no header', 'Bearer s3cret', 'line 1 is no header'],
  ['a value with a control character', 'a: s3cret\u0007', 'line 1 is no header'],
  ['a header of the forwarder', 'ok: s3cret\nContent-Length: 3', 'line 2: content-length is not for you to set'],
  ['a header twice', 'a: s3cret\nA: s3cret', 'line 2: a stands there twice'],
  ['too much', `a: ${'s3cret'.repeat(10_000)}`, 'holds more than headers'],
])('%s is refused by its line, and the message holds nothing of it', (_, text, said) => {
  const file = fileOf(text)
  expect(() => readHeaders(file)).toThrow(said)
  expect(() => readHeaders(file)).not.toThrow('s3cret')
})

test('a file that is not there is named', () => {
  expect(() => readHeaders(join(folder, 'none'))).toThrow(/none cannot be read: ENOENT/)
})

test.each([
  ['https://collector.example:4318/', 'https://collector.example:4318'],
  ['http://127.0.0.1:4318/otlp/', 'http://127.0.0.1:4318/otlp'],
  ['https://10.0.0.7', 'https://10.0.0.7'],
])('%s is an endpoint', (given, endpoint) => {
  expect(parseServerOptions(['--forward-otlp', given])).toMatchObject({ forwardOtlp: endpoint })
})

test.each([
  'https://me:s3cret@collector.example',
  'http://collector.s3cret',
  'ftp://s3cret',
  's3cret',
  'https://a?k=s3cret',
])('%s is none, and the message does not repeat it', (given) => {
  const said = parseServerOptions(['--forward-otlp', given])
  expect(said).toMatch(/^--forward-otlp: /)
  expect(said).not.toContain('s3cret')
})
