import { expect, test } from 'vitest'
import { argumentValues } from './argument-values.ts'

const valuesIn = (value: unknown) =>
  argumentValues(JSON.stringify(value)).map(({ path, value: text }) => `${path} ${text}`)

test('names are taken from arguments with their places, and numbers, times and texts are not', () => {
  const call = {
    payee: 'Acme Ltd',
    amount: 12,
    at: '2026-01-02',
    lines: [{ to: 'Bo' }, { to: 'Bo' }],
    note: 'x'.repeat(90),
  }
  expect(valuesIn(call)).toEqual(['$.lines[].to Bo', '$.payee Acme Ltd'])
})

test('the same name in other letters has the same digest, another one has not', () => {
  const [first, second, third] = ['Acme', ' ACME ', 'Acmo'].map(
    (payee) => argumentValues(JSON.stringify({ payee }))[0]?.digest,
  )
  expect(first).toBe(second)
  expect(first).not.toBe(third)
})

test('what is no JSON, or holds too much, names nobody', () => {
  expect(argumentValues('pay acme')).toEqual([])
  expect(argumentValues(JSON.stringify(Array.from({ length: 900 }, (_, i) => `n${i}`))).length).toBe(32)
  expect(argumentValues('['.repeat(5_000))).toEqual([])
})
