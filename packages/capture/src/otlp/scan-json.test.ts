import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JsonCursor } from './json-cursor.ts'
import { scanOtlp } from './scan.ts'
import type { OtlpSignal, Scanned } from './scan.ts'

const ARRIVAL = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = { traceId: TRACE, spanId: 'b7ad6b7169203331' }

function scan(text: string, signal: OtlpSignal = 'traces'): Scanned {
  return scanOtlp({ signal, encoding: 'json', body: new TextEncoder().encode(text), arrival: ARRIVAL })
}

function scanned(value: unknown, signal: OtlpSignal = 'traces'): Extract<Scanned, { status: 'scanned' }> {
  const result = scan(typeof value === 'string' ? value : JSON.stringify(value), signal)
  if (result.status === 'malformed') throw new Error(result.message)
  return result
}

function recordsOf(result: Extract<Scanned, { status: 'scanned' }>): unknown[] {
  return result.groups.flatMap((group) =>
    Array.from(group.starts, (start, i) =>
      JSON.parse(new TextDecoder().decode(group.bytes.subarray(start, group.ends[i]))),
    ),
  )
}

function withSpans(...spans: unknown[]): object {
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] }
}

function isValid(text: string): boolean {
  const cursor = new JsonCursor(new TextEncoder().encode(text))
  const isRead = cursor.skipValue(0)
  cursor.peek()
  return isRead && cursor.pos === cursor.bytes.length
}

function isParsed(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('JSON text', () => {
  test('is valid exactly where JSON.parse accepts it', () => {
    const valid = fc.json({ maxDepth: 5 })
    const changed = fc
      .tuple(
        valid,
        fc.nat(),
        fc.constantFrom('"', '\\', ',', '{', '}', '[', ']', ':', '0', '-', '.', 'e', 'u', ' ', '\n', ''),
      )
      .map(([text, at, piece]) => {
        const index = at % (text.length + 1)
        return text.slice(0, index) + piece + text.slice(index + 1)
      })
    fc.assert(
      fc.property(fc.oneof(valid, changed, fc.string({ unit: 'binary-ascii' })), (text) => {
        expect(isValid(text)).toBe(isParsed(text))
      }),
      { numRuns: 3_000 },
    )
  })

  test.each([
    '01',
    '-',
    '1.',
    '1e',
    '.5',
    '+1',
    '"\\x"',
    '"\\u12g4"',
    '"\n"',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    'nul',
    '',
    '[1 2]',
    '{"a" 1}',
  ])('that is %j is refused', (text) => {
    expect(isValid(text)).toBe(false)
  })

  test('nested 100,000 levels deep is refused without a deep stack', () => {
    expect(scan('['.repeat(100_000)).status).toBe('malformed')
    expect(scan(`{"a":${'['.repeat(100_000)}`).status).toBe('malformed')
    expect(scan(`{"resourceSpans":[{"scopeSpans":[{"spans":[${'{"a":'.repeat(100_000)}`).status).toBe('malformed')
  })

  test('of empty resources or scopes is refused once they outnumber any honest request', () => {
    const many = Array.from({ length: 20_001 }, () => '{}').join(',')
    const message = 'request is not OTLP JSON: it holds too many resources and scopes'
    expect(scan(`{"resourceSpans":[${many}]}`)).toEqual({ status: 'malformed', message })
    expect(scan(`{"resourceSpans":[{"scopeSpans":[${many}]}]}`)).toEqual({ status: 'malformed', message })
  })

  test('with spans under what is no list is refused, so that none is lost unsaid; null is an absent list', () => {
    const spans = { spans: [SPAN] }
    for (const value of [{ scopeSpans: [spans] }, 'x', 5]) {
      expect(scan(JSON.stringify({ resourceSpans: value }))).toMatchObject({ status: 'malformed' })
    }
    expect(scan(JSON.stringify({ resourceSpans: [{ scopeSpans: spans }] }))).toMatchObject({ status: 'malformed' })
    expect(scan(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: SPAN }] }] }))).toMatchObject({
      status: 'malformed',
    })
    expect(scanned({ resourceSpans: [{ scopeSpans: [{ spans: null }] }] }).accepted).toBe(0)
  })

  test('is never a reason to throw, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        scanOtlp({ signal: 'logs', encoding: 'json', body, arrival: ARRIVAL })
      }),
    )
  })
})

describe('a JSON request', () => {
  test('yields each span as it was sent, with its terms', () => {
    const attributes = [
      { key: 'gen_ai.conversation.id', value: { stringValue: 'caf\u00e9 "7"' } },
      { key: 'gen_ai.tool.name', value: { stringValue: 'lookup' } },
      { key: 'gen_ai.request.model', value: { arrayValue: { values: [{ stringValue: 'no term' }] } } },
    ]
    const span = { ...SPAN, startTimeUnixNano: '1700000000000000001', attributes }
    const request = {
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'desk' } }] },
          scopeSpans: [{ scope: { name: 's' }, spans: [span, span] }],
        },
      ],
    }
    const result = scanned(request)
    expect(recordsOf(result)).toEqual([span, span])
    expect(result.groups[0]).toMatchObject({
      envelope: { agent: 'host:-/desk', agentName: 'desk', encoding: 'otlp-span-json' },
      claimedFrom: 1700000000000000001n,
      claimedTo: 1700000000000000001n,
    })
    expect(new Set(result.groups[0]?.terms)).toEqual(
      new Set(['agent:host:-/desk', `trace:${TRACE}`, 'conversation:caf\u00e9 "7"', 'tool:lookup']),
    )
  })

  test('reads the resource that stands behind its spans and escaped member names', () => {
    const text = `{"resource\\u0053pans":[{"scopeSpans":[{"spans":[${JSON.stringify(SPAN)}]}],"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"late"}}]}}]}`
    expect(scanned(text).groups[0]?.envelope.agentName).toBe('late')
  })

  test('takes the last of two members of one name, as JSON.parse does', () => {
    const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"bad"}]}],"scopeSpans":[{"spans":[{"traceId":"bad","traceId":"${TRACE}","spanId":"b7ad6b7169203331"}]}]}]}`
    expect(scanned(text)).toMatchObject({ accepted: 1, rejected: [] })
  })

  test('with __proto__, constructor and prototype as names changes no object', () => {
    const text = `{"__proto__":{"polluted":1},"resourceSpans":[{"__proto__":[],"resource":{"__proto__":{"attributes":[]},"attributes":[{"key":"__proto__","value":{"stringValue":"x"}},{"key":"constructor","value":{"stringValue":"y"}}]},"scopeSpans":[{"spans":[{"__proto__":{"traceId":"x"},"constructor":{"prototype":1},"traceId":"${TRACE}","spanId":"b7ad6b7169203331"}]}]}]}`
    expect(scanned(text).accepted).toBe(1)
    expect(Object.keys(Object.prototype)).toEqual([])
    expect('polluted' in {}).toBe(false)
  })

  test.each([
    ['no trace id', { spanId: SPAN.spanId }, 'the trace id is missing'],
    ['a short trace id', { ...SPAN, traceId: 'abc' }, 'the trace id is not 16 bytes'],
    ['a zero span id', { ...SPAN, spanId: '0'.repeat(16) }, 'the span id is zero'],
    ['a start time that is no number', { ...SPAN, startTimeUnixNano: 'noon' }, 'the start time is not a 64-bit number'],
    ['a number in the place of a span', 7, 'a record is not an object'],
  ])('rejects a span with %s and keeps its neighbour', (_, span, reason) => {
    const result = scanned(withSpans(span, SPAN))
    expect(result).toMatchObject({ accepted: 1, rejected: [{ reason, records: 1 }] })
  })

  test('tolerates base64 ids and snake_case names', () => {
    const base64 = Buffer.from(TRACE, 'hex').toString('base64')
    const text = `{"resource_spans":[{"scope_spans":[{"spans":[{"trace_id":"${base64}","span_id":"b7ad6b7169203331"}]}]}]}`
    expect(scanned(text).groups[0]?.terms).toContain(`trace:${TRACE}`)
  })

  test('of logs takes a record without a trace and its observed time', () => {
    const records = [{ body: { stringValue: 'x' }, observedTimeUnixNano: 5 }]
    const result = scanned({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] }, 'logs')
    expect(result.groups[0]).toMatchObject({ envelope: { encoding: 'otlp-log-json' }, claimedFrom: 5n })
  })
})

test('a record that is too large is rejected, and the rest of its request is taken', () => {
  const result = scanned(withSpans({ ...SPAN, name: 'x'.repeat(16 * 1024 * 1024) }, { ...SPAN, name: 'small' }))
  expect(result.accepted).toBe(1)
  expect(result.rejected).toEqual([{ reason: 'a record is larger than 16777216 bytes', records: 1 }])
})

test('half a surrogate pair in a name does not reach the log', () => {
  const attributes = [{ key: 'service.name', value: { stringValue: 'a\ud83d' } }]
  const { groups } = scanned({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [SPAN] }] }] })
  expect(groups[0]?.envelope).toMatchObject({ agent: 'host:-/a\ufffd', agentName: 'a\ufffd' })
})
