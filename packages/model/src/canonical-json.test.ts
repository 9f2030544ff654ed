import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

test('writes the sample of RFC 8785, section 3.2.3', () => {
  const sample = JSON.parse(
    '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
  )
  const names = [...canonicalJson(sample).matchAll(/:"([^"]+)"/g)].map(([, value]) => value)
  expect(names).toEqual([
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

test('writes numbers and strings as ECMAScript does', () => {
  const value = {
    numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
    string: '€$\u000f\nA\'B"\\\\"/',
    literals: [null, true, false],
  }
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('leaves out what is undefined and refuses what JSON cannot say', () => {
  expect(canonicalJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}')
  expect(() => canonicalJson({ a: Number.NaN })).toThrow('no JSON form')
  expect(() => canonicalJson({ a: 1n })).toThrow()
})
