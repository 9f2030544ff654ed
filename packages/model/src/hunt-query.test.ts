import fc from 'fast-check'
import { expect, test } from 'vitest'
import { huntMatcher, patternOf } from './hunt-match.ts'
import {
  asTextQuery,
  HUNT_FIELDS,
  type HuntField,
  type HuntTerm,
  parseHuntQuery,
  printHuntQuery,
} from './hunt-query.ts'

test('terms are fields, words and captured text, each to include or to leave out', () => {
  expect(parseHuntQuery(String.raw`tool:wire_refund -agent:"billing bot" text:"say \"yes\"" -invoice`)).toEqual({
    status: 'ok',
    query: [
      { kind: 'field', field: 'tool', value: 'wire_refund', isExcluded: false },
      { kind: 'field', field: 'agent', value: 'billing bot', isExcluded: true },
      { kind: 'text', value: 'say "yes"', isExcluded: false },
      { kind: 'name', value: 'invoice', isExcluded: true },
    ],
  })
})

test.each([
  ['tool:a agnt:b', 7, 5, 'no field "agnt"'],
  ['zzz:b', 0, 4, 'there are agent, '],
  ['tool:', 4, 1, 'a value is missing'],
  ['tool:a -', 7, 1, 'a value is missing'],
  ['tool:"a b', 5, 4, 'not closed'],
  ['a"b', 1, 1, 'a quote in the middle'],
  ['"a"b', 3, 1, 'a blank is missing'],
  ['x ""', 2, 2, 'nothing between'],
  [':x', 0, 1, 'a field is missing'],
])('in %s the fault stands at %i, %i long', (text, at, length, reason) => {
  expect(parseHuntQuery(text)).toEqual({ status: 'bad', at, length, reason: expect.stringContaining(reason) })
})

test('an address with a port is a word, and no field', () => {
  expect(parseHuntQuery('10.0.0.7:443')).toMatchObject({ query: [{ kind: 'name', value: '10.0.0.7:443' }] })
})

const term: fc.Arbitrary<HuntTerm> = fc
  .record({
    name: fc.constantFrom<HuntField | 'name' | 'text'>('name', 'text', ...HUNT_FIELDS),
    value: fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }),
    isExcluded: fc.boolean(),
  })
  .map(({ name, value, isExcluded }) =>
    name === 'name' || name === 'text'
      ? { kind: name, value, isExcluded }
      : { kind: 'field', field: name, value, isExcluded },
  )

test('every printed query reads back as itself', () => {
  fc.assert(
    fc.property(fc.array(term, { maxLength: 10 }), (query) => {
      expect(parseHuntQuery(printHuntQuery(query))).toEqual({ status: 'ok', query })
    }),
    { numRuns: 500 },
  )
})

test('a fault lies within the text, whatever is typed', () => {
  const word = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('"', '-', 'tool:', 'text:', ' ', '\\'))
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const text = words.join('')
      const parsed = parseHuntQuery(text)
      if (parsed.status === 'bad') {
        expect(parsed.at).toBeGreaterThanOrEqual(0)
        expect(parsed.length).toBeGreaterThan(0)
        expect(parsed.at + parsed.length).toBeLessThanOrEqual(text.length)
      }
    }),
    { numRuns: 1000 },
  )
})

const refund = new Map<HuntField, string>([
  ['agent', 'host:vm/refund-agent\nrefund-agent'],
  ['kind', 'process.exec'],
  ['file', '/usr/bin/curl'],
  ['destination', '[fd00::1]:443'],
])

test.each([
  ['agent:refund-agent', true],
  ['agent:host:vm/refund-agent', true],
  ['agent:"REFUND-AGENT"', true],
  ['-agent:refund*', false],
  ['kind:exec', true],
  ['kind:process', true],
  ['kind:file kind:exec', true],
  ['kind:file', false],
  ['file:curl', true],
  ['file:/usr/*/curl', true],
  ['destination:fd00::1', true],
  ['tool:x', false],
  ['-tool:x', true],
  ['refund', true],
  ['-refund', false],
  ['curl -wget', true],
])('%s is %s of an exec of the refund agent', (text, isMatch) => {
  const parsed = parseHuntQuery(text)
  expect(parsed.status === 'ok' && huntMatcher(parsed.query)('/usr/bin/curl', refund)).toBe(isMatch)
})

test('a star stands for any number of characters, as a naive matcher has it', () => {
  const naive = (pattern: string, text: string): boolean => {
    if (pattern === '') return text === ''
    if (pattern[0] !== '*') return text !== '' && pattern[0] === text[0] && naive(pattern.slice(1), text.slice(1))
    return naive(pattern.slice(1), text) || (text !== '' && naive(pattern, text.slice(1)))
  }
  const letters = fc.constantFrom('a', 'b')
  fc.assert(
    fc.property(
      fc.string({ unit: fc.oneof(letters, fc.constant('*')), maxLength: 7 }),
      fc.string({ unit: letters, maxLength: 9 }),
      (pattern, text) => {
        expect(patternOf(pattern)(text)).toBe(naive(pattern, text))
      },
    ),
    { numRuns: 2000 },
  )
})

test.each([
  ['payee-8801', 'text:payee-8801'],
  ['TCK-8841 tool:refund.create -draft', 'text:TCK-8841 tool:refund.create -draft'],
  ['tool:refund.create', undefined],
  ['payee text:refund', undefined],
  ['-payee', undefined],
])('%s is looked for in captured texts as %s', (typed, inTexts) => {
  const parsed = parseHuntQuery(typed)
  const query = parsed.status === 'ok' ? asTextQuery(parsed.query) : undefined
  expect(query && printHuntQuery(query)).toBe(inTexts)
})
