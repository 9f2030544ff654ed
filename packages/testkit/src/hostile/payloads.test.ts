import { expect, test } from 'vitest'
import { FAMILIES, GRAMMAR } from './grammar.ts'
import { hostilePayloads } from './payloads.ts'

test('five thousand different texts of every family, the same for the same seed', () => {
  const payloads = hostilePayloads({ seed: 1, count: 5_000 })
  expect(new Set(payloads.map(({ text }) => text)).size).toBe(5_000)
  const families = Map.groupBy(payloads, ({ family }) => family)
  expect(families.size).toBe(FAMILIES.length + 3)
  for (const [, some] of families) expect(some.length).toBeGreaterThan(20)
  expect(hostilePayloads({ seed: 1, count: 200 })).toEqual(payloads.slice(0, 200))
  expect(hostilePayloads({ seed: 2, count: 200 })).not.toEqual(payloads.slice(0, 200))
})

test('every name in the grammar is a rule, and no payload is left with one', () => {
  for (const alternatives of Object.values(GRAMMAR))
    for (const [, name = ''] of alternatives.join(' ').matchAll(/«(\w+)»/g))
      expect(name === 'n' || name in GRAMMAR, name).toBe(true)
  for (const { text } of hostilePayloads({ seed: 3, count: 2_000 })) expect(text).not.toMatch(/[«»]/)
})

test('among two hundred are controls, overrides, tags, lone surrogates, formulas and markup', () => {
  const all = hostilePayloads({ seed: 1, count: 200 }).map(({ text }) => text)
  const signs = ['\u001b', '\u009b', '\u202e', '\u{e0061}', '\u0000', '<script', '=HYPERLINK', '$(', '![']
  for (const sign of signs)
    expect(
      all.filter((text) => text.includes(sign)),
      sign,
    ).not.toEqual([])
  expect(all.some((text) => !text.isWellFormed())).toBe(true)
})
