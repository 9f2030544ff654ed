import type { Content } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { refOf } from './summarise.ts'
import { fingerprint, valueFingerprints, valuesWith } from './values.ts'

test.each([
  ['Please mail Bob@Evil.Example, now.', 'bob@evil.example'],
  ['see https://www.evil.example/in?d=1', 'evil.example/in?d=1'],
  ['see https://www.evil.example/in?d=1', 'evil.example'],
  ['{"iban":"GB29NWBK60161331926819"}', 'gb29nwbk60161331926819'],
  [String.raw`{"body":"line\nTK-551901\"}"}`, 'tk-551901'],
  ['ＴＫ－551901', 'tk-551901'],
  ['TK-55\u200B1901', 'tk-551901'],
  ['account=AC-100770&x=1', 'ac-100770'],
])('G15 %s holds the value %s', (text, value) => {
  expect(valueFingerprints(text)).toContain(fingerprint(value))
})

test('G15 a value is read back out of its text by its fingerprint, and no other is', () => {
  const text = 'Please mail Bob@Evil.Example about TK-551901.'
  const print = fingerprint('bob@evil.example')
  expect(valuesWith(new Set([print, fingerprint('tk-999999')]), text)).toEqual(new Map([[print, 'bob@evil.example']]))
})

test.each([
  'a plain sentence without anything to trace',
  'order 4711 arrived',
  'yes',
  '',
  '[masked:aws-access-key-id]',
])('G15 %s holds no value', (text) => {
  expect(valueFingerprints(text)).toEqual([])
})

test('G15 at most 256 fingerprints, sorted, the same each time, addresses first', () => {
  const text = `${Array.from({ length: 5_000 }, (_each, at) => `ID-${100_000 + at}`).join(' ')}`
  const found = valueFingerprints(`mail drop-77@evil.example ${text}`)
  expect(found).toHaveLength(256)
  expect(found).toEqual(found.toSorted())
  expect(found).toContain(fingerprint('drop-77@evil.example'))
})

test('G15 any text gives distinct sorted fingerprints and never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const found = valueFingerprints(text)
      expect(found).toEqual([...new Set(found)].toSorted())
      expect(found.every((each) => /^[\w-]{12}$/.test(each))).toBe(true)
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('a summary keeps what is known of a text and not the text', () => {
  const absent: Content = { state: 'not-captured', reason: 'erased' }
  expect(refOf(absent)).toBe(absent)
  const digest = 'a'.repeat(64) as Extract<Content, { digest: unknown }>['digest']
  const ref = refOf({
    state: 'redacted',
    text: 'mail bob@evil.example',
    digest,
    bytes: 21,
    mediaType: 'text/plain',
    masked: 1,
  })
  expect(ref).toEqual({
    state: 'redacted',
    digest,
    bytes: 21,
    mediaType: 'text/plain',
    values: [fingerprint('bob@evil.example')],
  })
  expect(JSON.stringify(ref)).not.toContain('evil')
})

test('G15 passes over the same words whether the text is plain ASCII or not', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from('abcxyz0189..@-_/:=#?%~+& ,;"')), maxLength: 120 })
  fc.assert(
    // A letter that stands alone is no value, but takes the text off the path for ASCII.
    fc.property(text, (ascii) => {
      expect(valueFingerprints(ascii)).toEqual(valueFingerprints(`${ascii} é`))
    }),
    { numRuns: 2_000, verbose: true },
  )
})

test('G15 marks stacked by the thousand hide no value, in time that does not grow with their pairs', () => {
  const stacked = `e${'\u0301\u0327\u0323'.repeat(100_000)}`
  expect(valueFingerprints(`TK-551901 ${stacked}`)).toContain(fingerprint('tk-551901'))
})
