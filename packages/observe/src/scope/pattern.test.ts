import fc from 'fast-check'
import { expect, test } from 'vitest'
import { covers, overlaps } from './pattern.ts'

test.each([
  ['s3:Get*', 's3:GetObject', true],
  ['s3:get*', 's3:GetObject', true],
  ['s3:Get*', 's3:*', false],
  ['*', 's3:*', true],
  ['s3:Get?bject', 's3:GetObject', true],
  ['s3:Get?bject', 's3:Get*bject', false],
  ['s3:*Tagging', 's3:PutObjectTagging', true],
])('%s covers %s: %s', (wide, narrow, is) => expect(covers('aws', 'action', wide, narrow)).toBe(is))

test.each([
  ['get secrets', 'get secrets', true],
  ['* secrets', 'get secrets', true],
  ['get *.core', 'get secrets', true],
  ['get *.core', 'get deployments.apps', false],
  ['* *.*', 'create deployments.apps/scale', true],
  ['get pods', 'get pods/log', false],
  ['get pods/*', 'get pods/log', true],
  ['get pods/*', 'get pods', false],
  ['patch *.*/scale', 'patch deployments.apps/scale', true],
  ['get /metrics', 'get /metrics', true],
  ['get /healthz/*', 'get /healthz/ping', true],
  ['* *.*', 'get /metrics', false],
])('a rule %s covers %s: %s', (wide, narrow, is) => expect(covers('kubernetes', 'action', wide, narrow)).toBe(is))

test('names of resources are compared with their case', () => {
  expect(covers('aws', 'resource', 'arn:aws:s3:::A/*', 'arn:aws:s3:::a/b')).toBe(false)
})

const glob = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 7 }).map((parts) => parts.join(''))
const word = fc.array(fc.constantFrom('a', 'b'), { maxLength: 7 }).map((parts) => parts.join(''))

test('what a pattern covers is admitted by it, and two that admit one text overlap', () => {
  const admits = (pattern: string, text: string): boolean =>
    new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text)
  fc.assert(
    fc.property(glob, glob, word, (a, b, text) => {
      expect(covers('saas', 'resource', a, text)).toBe(admits(a, text))
      if (covers('saas', 'resource', a, b) && admits(b, text)) expect(admits(a, text)).toBe(true)
      if (admits(a, text) && admits(b, text)) expect(overlaps('saas', 'resource', a, b)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test('two patterns that meet nowhere do not overlap', () => {
  expect(overlaps('aws', 'resource', 'acme-*', '*-prod')).toBe(true)
  expect(overlaps('aws', 'resource', 'acme-*', 'other-*')).toBe(false)
  expect(overlaps('aws', 'resource', 'a?c', 'ab')).toBe(false)
})
