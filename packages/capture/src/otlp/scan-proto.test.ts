import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scanOtlp } from './scan.ts'
import type { OtlpSignal, Scanned } from './scan.ts'
import { logsRequest, tracesRequest } from './testing/generators.ts'
import { decode, encode } from './testing/otlp-schema.ts'

const ARRIVAL = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
const TRACE = new Uint8Array(16).fill(0xab)
const SPAN_ID = new Uint8Array(8).fill(0xcd)

function scan(body: Uint8Array, signal: OtlpSignal = 'traces'): Scanned {
  return scanOtlp({ signal, encoding: 'proto', body, arrival: ARRIVAL })
}

function scanned(body: Uint8Array, signal: OtlpSignal = 'traces'): Extract<Scanned, { status: 'scanned' }> {
  const result = scan(body, signal)
  if (result.status === 'malformed') throw new Error(result.message)
  return result
}

/** Every record that the scan found, decoded by the oracle. */
function recordsOf(result: Extract<Scanned, { status: 'scanned' }>, type: 'Span' | 'LogRecord'): unknown[] {
  return result.groups.flatMap((group) =>
    Array.from(group.starts, (start, i) => decode(type, group.bytes.subarray(start, group.ends[i]))),
  )
}

/** Why the oracle refuses a span. Text that is not UTF-8 is no reason: its bytes are kept and the decoder says so. */
function oracleFault(bytes: Uint8Array): string | undefined {
  try {
    decode('Span', bytes)
    return undefined
  } catch (error) {
    return String(error).includes('utf-8') ? undefined : String(error)
  }
}

function flat(request: unknown, names: readonly string[]): unknown[] {
  let level: unknown[] = [request]
  for (const name of names)
    level = level.flatMap((value) => ((value as Record<string, unknown[]>)[name] ?? []) as unknown[])
  return level
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } }
}

function oneSpan(span: object, resource: object = { attributes: [] }): Uint8Array {
  return encode('TracesRequest', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] })
}

describe('a protobuf request', () => {
  test('yields the spans that the reference decoder sees, byte for byte', () => {
    fc.assert(
      fc.property(tracesRequest, (request) => {
        const body = encode('TracesRequest', request)
        const expected = flat(decode('TracesRequest', body), ['resourceSpans', 'scopeSpans', 'spans'])
        const result = scanned(body)
        expect(result.rejected).toEqual([])
        expect(result.accepted).toBe(expected.length)
        expect(recordsOf(result, 'Span')).toEqual(expected)
      }),
    )
  })

  test('yields the log records that the reference decoder sees, byte for byte', () => {
    fc.assert(
      fc.property(logsRequest, (request) => {
        const body = encode('LogsRequest', request)
        const expected = flat(decode('LogsRequest', body), ['resourceLogs', 'scopeLogs', 'logRecords'])
        const result = scanned(body, 'logs')
        expect(result.accepted).toBe(expected.length)
        expect(recordsOf(result, 'LogRecord')).toEqual(expected)
      }),
    )
  })

  test('is never a reason to throw, whatever its bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('traces' as const, 'logs' as const),
        (bytes, signal) => {
          scan(bytes, signal)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('that was cut or changed is refused or read as bytes that the reference decoder accepts too', () => {
    fc.assert(
      fc.property(tracesRequest, fc.nat(), fc.nat(), fc.boolean(), (request, at, bit, isCut) => {
        const body = encode('TracesRequest', request)
        if (body.length === 0) return
        const index = at % body.length
        const changed = isCut ? body.slice(0, index) : body
        if (!isCut) changed[index] = (changed[index] ?? 0) ^ (1 << (bit % 8))
        const result = scan(changed)
        if (result.status === 'malformed') return
        for (const group of result.groups) {
          group.starts.forEach((start, i) => {
            expect(oracleFault(group.bytes.subarray(start, group.ends[i]))).toBeUndefined()
          })
        }
      }),
      // A request shrinks for minutes; the seed is enough to replay it.
      { numRuns: 500, endOnFailure: true },
    )
  })
})

describe('a malformed span', () => {
  test.each([
    ['a trace id of 15 bytes', { traceId: TRACE.subarray(1), spanId: SPAN_ID }, 'the trace id is not 16 bytes long'],
    ['a zero trace id', { traceId: new Uint8Array(16), spanId: SPAN_ID }, 'the trace id is zero'],
    ['no trace id', { spanId: SPAN_ID }, 'the trace id is missing'],
    ['a span id of 4 bytes', { traceId: TRACE, spanId: SPAN_ID.subarray(4) }, 'the span id is not 8 bytes long'],
    ['no span id', { traceId: TRACE }, 'the span id is missing'],
    [
      'a parent id of 3 bytes',
      { traceId: TRACE, spanId: SPAN_ID, parentSpanId: SPAN_ID.subarray(5) },
      'an id is not 8 bytes long',
    ],
  ])('with %s is rejected by name while its neighbour is kept', (_, span, reason) => {
    const spans = [span, { traceId: TRACE, spanId: SPAN_ID, name: 'good' }]
    const result = scanned(encode('TracesRequest', { resourceSpans: [{ scopeSpans: [{ spans }] }] }))
    expect(result.accepted).toBe(1)
    expect(result.rejected).toEqual([{ reason, records: 1 }])
    expect(recordsOf(result, 'Span')).toMatchObject([{ name: 'good' }])
  })

  test('with values nested 33 levels deep is rejected', () => {
    let value: object = { stringValue: 'deep' }
    for (let depth = 1; depth < 33; depth += 1) value = { arrayValue: { values: [value] } }
    const span = { traceId: TRACE, spanId: SPAN_ID, attributes: [{ key: 'k', value }] }
    expect(scanned(oneSpan(span)).rejected).toEqual([
      { reason: 'values are nested more than 32 levels deep', records: 1 },
    ])
  })

  test('beyond 10,000 in one request is rejected and the rest kept', () => {
    const spans = Array.from({ length: 10_003 }, () => ({ traceId: TRACE, spanId: SPAN_ID }))
    const result = scanned(encode('TracesRequest', { resourceSpans: [{ scopeSpans: [{ spans }] }] }))
    expect(result.accepted).toBe(10_000)
    expect(result.rejected).toEqual([{ reason: 'more than 10000 records in one request', records: 3 }])
  })
})

describe('a malformed request', () => {
  test.each([
    ['a length above 2^63', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a length without an end', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['a length past the end', [0x0a, 0x05, 0x00]],
    ['field number 0', [0x02, 0x00]],
    ['wire type 7', [0x0f]],
    ['a group without an end', [0x13, 0x08, 0x01]],
    ['the end of a group that was not begun', [0x14]],
    ['a number where spans belong', [0x08, 0x01]],
  ])('with %s is refused as a whole', (_, bytes) => {
    expect(scan(Uint8Array.from(bytes)).status).toBe('malformed')
  })

  test('with 100,000 nested groups is refused without a deep stack', () => {
    expect(scan(new Uint8Array(100_000).fill(0x13)).status).toBe('malformed')
  })

  test('of empty resources is refused once they outnumber any honest request', () => {
    const body = Uint8Array.from({ length: 100_000 }, (_, i) => (i % 2 === 0 ? 0x0a : 0))
    expect(scan(body).status).toBe('malformed')
  })
})

describe('the index terms of a group', () => {
  test('name trace, conversation, tool, call and model, each once', () => {
    const attributes = [
      text('gen_ai.conversation.id', ' chat 7 '),
      text('gen_ai.tool.name', 'lookup_order'),
      text('gen_ai.tool.call.id', 'call_1'),
      text('gen_ai.request.model', 'gpt-x'),
      text('gen_ai.response.model', 'gpt-x'),
      text('unrelated', 'value'),
    ]
    const span = { traceId: TRACE, spanId: SPAN_ID, attributes }
    const resource = { attributes: [text('service.name', 'desk'), text('host.name', 'h1')] }
    const body = encode('TracesRequest', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span, span] }] }] })
    const terms = scanned(body).groups[0]?.terms ?? []
    expect(new Set(terms)).toEqual(
      new Set([
        'agent:host:h1/desk',
        `trace:${'ab'.repeat(16)}`,
        'conversation:chat 7',
        'tool:lookup_order',
        'call:call_1',
        'model:gpt-x',
      ]),
    )
    expect(terms).toHaveLength(6)
  })

  test('count attributes beyond 1,024 and leave them out', () => {
    const attributes = Array.from({ length: 1_030 }, (_, i) => text('session.id', `s${i}`))
    const result = scanned(oneSpan({ traceId: TRACE, spanId: SPAN_ID, attributes }))
    expect(result.attributesOverLimit).toBe(6)
    expect(result.groups[0]?.terms).toHaveLength(1_024 + 2)
  })
})

describe('the envelope of a group', () => {
  test.each([
    [
      'a deployment',
      { 'k8s.cluster.uid': 'c', 'k8s.namespace.name': 'n', 'k8s.deployment.name': 'd', 'service.name': 's' },
      'k8s:c/n/d',
      's',
    ],
    ['a cron job and its job', { 'k8s.job.name': 'd-123', 'k8s.cronjob.name': 'd' }, 'k8s:-/-/d', 'unknown'],
    ['a host', { 'host.name': 'h', 'service.name': 's' }, 'host:h/s', 's'],
    ['an unnamed service', { 'service.name': 'unknown_service:node', 'gen_ai.agent.name': 'a' }, 'host:-/a', 'a'],
  ])('names the agent by %s', (_, stated, agent, agentName) => {
    const resource = { attributes: Object.entries(stated).map(([key, value]) => text(key, value)) }
    const envelope = scanned(oneSpan({ traceId: TRACE, spanId: SPAN_ID }, resource)).groups[0]?.envelope
    expect(envelope).toMatchObject({
      agent,
      agentName,
      tier: 'self-reported',
      channel: 'otlp',
      encoding: 'otlp-span-proto',
    })
  })

  test('falls back to the agent that the first span names', () => {
    const span = { traceId: TRACE, spanId: SPAN_ID, attributes: [text('gen_ai.agent.name', 'helper')] }
    expect(scanned(oneSpan(span)).groups[0]?.envelope).toMatchObject({ agent: 'host:-/helper', agentName: 'helper' })
  })

  test('holds the resource that stands behind its spans, and the range of claimed times', () => {
    const spans = [7n, 5n].map((startTimeUnixNano) => ({
      traceId: TRACE,
      spanId: SPAN_ID,
      startTimeUnixNano: String(startTimeUnixNano),
    }))
    const scopes = encode('TracesRequest', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
    const resource = encode('TracesRequest', {
      resourceSpans: [{ resource: { attributes: [text('service.name', 'late')] } }],
    })
    // Two ResourceSpans of one field each, joined into one in the other order.
    const joined = Uint8Array.from([
      0x0a,
      scopes.length + resource.length - 4,
      ...scopes.subarray(2),
      ...resource.subarray(2),
    ])
    const group = scanned(joined).groups[0]
    expect(group).toMatchObject({ envelope: { agentName: 'late' }, claimedFrom: 5n, claimedTo: 7n })
  })

  test('larger than 64 KiB loses its records, which are counted', () => {
    const resource = { attributes: [text('blob', 'x'.repeat(70_000))] }
    const result = scanned(oneSpan({ traceId: TRACE, spanId: SPAN_ID }, resource))
    expect(result).toMatchObject({ accepted: 0, rejected: [{ records: 1 }] })
  })
})
