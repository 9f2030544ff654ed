import { gzipSync } from 'node:zlib'
import type { DataRules } from '@holdfast/model'
import { expect, test } from 'vitest'
import { otherHost, Residency } from './residency.ts'

const rules: DataRules = {
  version: 1,
  classes: [
    { name: 'eu-customer', regions: ['eu'], found: ['\\bDE\\d{20}\\b'] },
    { name: 'staff', regions: ['eu'] },
    { name: 'public' },
  ],
  endpoints: [
    { host: 'eu.example', region: 'eu' },
    { host: 'us.example', region: 'us' },
  ],
}
const IBAN = 'DE89370400440532013000'

function kept(
  body: string | Buffer,
  {
    fields = [],
    classes = [],
    host = 'us.example',
  }: { fields?: readonly string[]; classes?: readonly string[]; host?: string } = {},
): string | undefined {
  const residency = new Residency({ rules: () => rules, classes: () => classes })
  return residency.judge({ fields, body: Buffer.from(body), host })?.label
}

test('data goes by its label: that of the request, of the agent, or what is found in it', () => {
  expect(kept('hello')).toBeUndefined()
  expect(kept('hello', { fields: ['Holdfast-Data-Class', 'public, eu-customer'] })).toBe('eu-customer')
  expect(kept('hello', { classes: ['staff'] })).toBe('staff')
  expect(kept(`pay to ${IBAN}`)).toBe('eu-customer')
  expect(kept(`pay to ${IBAN}`, { classes: ['staff'], host: 'eu.example' })).toBeUndefined()
})

test('what an agent may see and no rule is about binds nothing; a label of a request that no rule knows goes nowhere', () => {
  expect(kept('hello', { classes: ['contact'] })).toBeUndefined()
  expect(kept('hello', { fields: ['holdfast-data-class', 'contact'], host: 'eu.example' })).toBe('contact')
})

test('an escape, JSON within JSON and a coding hide nothing', () => {
  const escaped = `{"m":"\\u0044E89370400440532013000"}`
  expect(kept(escaped)).toBe('eu-customer')
  expect(kept(JSON.stringify({ arguments: escaped }))).toBe('eu-customer')
  expect(kept(gzipSync(escaped), { fields: ['content-encoding', 'gzip'] })).toBe('eu-customer')
  expect(kept(gzipSync('hello'), { fields: ['content-encoding', 'gzip'] })).toBeUndefined()
  expect(kept('x', { fields: ['content-encoding', 'br'] })).toBe('eu-customer')
})

test.each([
  [undefined, undefined],
  ['/v2/chat', undefined],
  ['https://eu.example/v2', undefined],
  ['https://us.example/v1', 'us.example'],
  ['//us.example:8443/', 'us.example:8443'],
  ['http://[', undefined],
])('a redirect to %s leads to %s', (location, host) => {
  expect(otherHost(location, new URL('https://eu.example/v1'))).toBe(host)
})
