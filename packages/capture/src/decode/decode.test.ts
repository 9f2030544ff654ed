import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logsRequest, tracesRequest } from '../otlp/testing/generators.ts'
import { encode } from '../otlp/testing/otlp-schema.ts'
import { toJson } from './any-value.ts'
import type { AnyValue, Json } from './any-value.ts'
import { logFromJson, spanFromJson } from './json.ts'
import { parseJsonText, writeJsonText } from './json-text.ts'
import { MAX_ATTRIBUTES, MAX_NESTING } from './limits.ts'
import { decodeLog, decodeSpan } from './proto.ts'
import { WireError } from './wire.ts'

const spans = tracesRequest.chain((request) => {
  const all = request.resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans))
  return all.length === 0 ? fc.constant(undefined) : fc.constantFrom(...all)
})
const logs = logsRequest.chain((request) => {
  const all = request.resourceLogs.flatMap((resource) => resource.scopeLogs.flatMap((scope) => scope.logRecords))
  return all.length === 0 ? fc.constant(undefined) : fc.constantFrom(...all)
})

test('a span is the same record as protobuf and as OTLP/JSON', () => {
  fc.assert(
    fc.property(spans, (span) => {
      if (span !== undefined) expect(decodeSpan(encode('Span', span))).toEqual(spanFromJson(otlpJson(span)))
    }),
  )
})

test('a log record is the same record as protobuf and as OTLP/JSON', () => {
  fc.assert(
    fc.property(logs, (log) => {
      if (log !== undefined) expect(decodeLog(encode('LogRecord', log))).toEqual(logFromJson(otlpJson(log)))
    }),
  )
})

test('a number that JSON cannot hold is the same in both', () => {
  const log = { attributes: [{ key: 'valueOf', value: { doubleValue: -Infinity } }] }
  expect(decodeLog(encode('LogRecord', log))).toEqual(logFromJson(otlpJson(log)))
  expect(decodeLog(encode('LogRecord', log)).attributes.get('valueOf')).toBe(-Infinity)
})

test('any bytes decode or say why not, and nothing else is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), spans, fc.nat(), fc.nat(255), (bytes, span, at, value) => {
      const valid = span === undefined ? bytes : encode('Span', span)
      const flipped = valid.slice()
      if (flipped.length > 0) flipped[at % flipped.length] = value
      for (const input of [bytes, flipped, valid.subarray(0, at % (valid.length + 1))]) {
        for (const decode of [decodeSpan, decodeLog]) {
          try {
            decode(input)
          } catch (error) {
            expect(error).toBeInstanceOf(WireError)
          }
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('ids are read as hex and, from generic JSON writers, as base64', () => {
  const hex = { traceId: '0AF7651916CD43DD8448EB211C80319C', spanId: 'b7ad6b7169203331' }
  const base64 = {
    trace_id: Buffer.from(hex.traceId, 'hex').toString('base64'),
    span_id: Buffer.from(hex.spanId, 'hex').toString('base64'),
  }
  expect(spanFromJson(base64)).toEqual(spanFromJson(hex))
  expect(spanFromJson(hex)).toMatchObject({ trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' })
})

test('attributes beyond the bound are counted, not read', () => {
  const attributes = Array.from({ length: MAX_ATTRIBUTES + 5 }, (_, i) => ({ key: `k${i}`, value: { intValue: i } }))
  const span = decodeSpan(encode('Span', { attributes }))
  expect({ read: span.attributes.size, cut: span.cut }).toEqual({ read: MAX_ATTRIBUTES, cut: 5 })
})

test('values nested beyond the bound are cut there, in both encodings', () => {
  let value: object = { stringValue: 'deep' }
  for (let i = 0; i < MAX_NESTING + 8; i++) value = { arrayValue: { values: [value] } }
  const span = { attributes: [{ key: 'a', value }] }
  expect(decodeSpan(encode('Span', span))).toEqual(spanFromJson(otlpJson(span)))
  expect(decodeSpan(encode('Span', span)).cut).toBe(1)
})

test('lists nested thousands deep end at the bound and not at the stack', () => {
  let bytes: Buffer = Buffer.from([0x0a, 0x01, 0x78])
  // `array_value` of an AnyValue, then `values` of an ArrayValue, over and over.
  for (let i = 0; i < 4000; i++) bytes = field(0x2a, field(0x0a, bytes))
  const { body, cut } = decodeLog(field(0x2a, bytes))
  expect(cut).toBe(1)
  expect(JSON.stringify(body)).toBe(`${'['.repeat(MAX_NESTING - 1)}null${']'.repeat(MAX_NESTING - 1)}`)
  expect(parseJsonText(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBeUndefined()
})

test.each([
  '12345678901234567890',
  '-12345678901234567890',
  '[ 12345678901234567890]',
  '{"a":1,"b":\n12345678901234567890}',
])('the long integer in %s is kept, wherever it stands', (text) => {
  expect(writeJsonText(parseJsonText(text) ?? null)).toContain('12345678901234567890')
})

test('brackets in a string nest nothing, whatever is escaped around them', () => {
  const brackets = '['.repeat(5_000)
  for (const before of ['', '\\', '"', '\\"', '\\\\"']) {
    const text = JSON.stringify({ a: `${before}${brackets}`, b: [`${brackets}${before}`] })
    expect(parseJsonText(text)).toEqual(JSON.parse(text))
  }
})

test('integers that a double cannot hold keep their digits', () => {
  const text = '{"order":12345678901234567890,"n":1,"x":1.5,"list":[9007199254740993]}'
  expect(writeJsonText(parseJsonText(text) ?? null)).toBe(text)
  expect(
    decodeSpan(encode('Span', { attributes: [{ key: 'a', value: { intValue: '9007199254740993' } }] })).attributes.get(
      'a',
    ),
  ).toBe(9007199254740993n)
})

test('a key such as __proto__ is an ordinary key', () => {
  const map = new Map<string, AnyValue>([['__proto__', 'x']])
  const json = toJson(map)
  expect(writeJsonText(json)).toBe('{"__proto__":"x"}')
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
})

function field(tag: number, content: Buffer): Buffer {
  const head = [tag]
  let length = content.length
  for (; length > 127; length >>= 7) head.push((length & 127) | 128)
  return Buffer.concat([Buffer.from([...head, length]), content])
}

/** The object form of a message as OTLP/JSON has it: ids as hex, bytes as base64, what is no number in JSON as its name. */
function otlpJson(message: object): Json {
  const text = JSON.stringify(message, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
    if (!(value instanceof Uint8Array)) return value
    return Buffer.from(value).toString(key === 'bytesValue' ? 'base64' : 'hex')
  })
  return parseJsonText(text) ?? null
}
