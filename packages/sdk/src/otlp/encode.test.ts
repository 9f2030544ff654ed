import { expect, test } from 'vitest'

import { MAX_ATTRIBUTE_CHARS } from '../limits.ts'
import { decodeSpans, onlySpan } from '../testing/decode-spans.ts'
import { encodeBatch } from './encode.ts'
import type { AttributeValue, FinishedSpan } from './span.ts'

function encode(attributes: Iterable<readonly [string, AttributeValue]>): string {
  const span: FinishedSpan = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: undefined,
    name: 'step',
    kind: 'client',
    startTimeUnixNano: 1_763_000_000_123_456_789n,
    endTimeUnixNano: 1_763_000_000_123_456_790n,
    attributes: new Map(attributes),
    error: undefined,
  }
  return encodeBatch({ resource: new Map(), scope: { name: 's', version: '1' }, droppedSpans: 0, spans: [span] })
}

test('64-bit numbers are text, so that no nanosecond is lost', () => {
  const body = encode([['count', 3]])
  expect(body).toContain('"startTimeUnixNano":"1763000000123456789"')
  expect(body).toContain('{"key":"count","value":{"intValue":"3"}}')
})

test('fractions, booleans and lists keep their type', () => {
  const body = encode([
    ['score', 0.5],
    ['ok', false],
    ['tools', ['a', 'b']],
  ])
  expect(body).toContain('{"doubleValue":0.5}')
  expect(body).toContain('{"boolValue":false}')
  expect(body).toContain('{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":"b"}]}}')
})

test('a text beyond the bound is cut and named, others stay whole', () => {
  const span = onlySpan(
    decodeSpans(
      encode([
        ['long', 'x'.repeat(MAX_ATTRIBUTE_CHARS + 1)],
        ['short', 'y'],
      ]),
    ),
    'step',
  )
  expect(String(span.attributes['long'])).toHaveLength(MAX_ATTRIBUTE_CHARS)
  expect(span.attributes['short']).toBe('y')
  expect(span.attributes['holdfast.truncated_attributes']).toEqual({ values: [{ stringValue: 'long' }] })
})

test('a key that a sender chose cannot reach the prototype', () => {
  expect(encode([['__proto__', 'x']])).toContain('{"key":"__proto__","value":{"stringValue":"x"}}')
})
