import { expect, test } from 'vitest'
import { MAX_ARGUMENTS } from '../limits.ts'
import { argumentsOf, isDestination } from './arguments.ts'

test('each value has its path, in order', () => {
  const args = argumentsOf(
    '{"to":["ann@x.example","bo@x.example"],"mail":{"subject":"Rent"},"urgent":true,"copies":30}',
  )
  expect(args.map(({ path }) => path)).toEqual(['to.0', 'to.1', 'mail.subject', 'copies'])
})
test('arguments that are no JSON are read as what they are', () => {
  expect(argumentsOf("{'to': 'ann@x.example'}").map(({ text }) => text)).toEqual(['ann@x.example'])
  expect(argumentsOf('ls -l /srv/data').map(({ text }) => text)).toEqual(['ls -l /srv/data'])
})
test('a masked credential names nothing', () => {
  expect(argumentsOf('{"key":"[masked:api-key:abc]"}')).toEqual([])
})
test('more values than the bound are as many as the bound', () => {
  expect(argumentsOf(JSON.stringify(Array.from({ length: 100_000 }, (_, i) => `ann${i}@x.example`)))).toHaveLength(
    MAX_ARGUMENTS,
  )
})
test('deep nesting ends nothing', () => {
  expect(argumentsOf(`${'['.repeat(50_000)}"a"${']'.repeat(50_000)}`).length).toBeLessThanOrEqual(MAX_ARGUMENTS)
})
test.each([
  ['ann@x.example', true],
  ['x.example/upload', true],
  ['gb29nwbk60161331926819', true],
  ['report.pdf', false],
  ['a1', false],
])('%s is a destination: %s', (form, expected) => {
  expect(isDestination({ form, kind: 'identifier' })).toBe(expected)
})
