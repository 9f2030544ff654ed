import fc from 'fast-check'

/** Arbitrary OTLP requests in the object form that protobuf.js encodes. */

const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.record({ stringValue: fc.string({ unit: 'grapheme', maxLength: 40 }) }),
    fc.record({ intValue: fc.integer() }),
    fc.record({ doubleValue: fc.double({ noNaN: true }) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 20 }) }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }) }),
    fc.record({
      kvlistValue: fc.record({
        values: fc.array(fc.record({ key: fc.string({ maxLength: 8 }), value: tie('value') }), { maxLength: 3 }),
      }),
    }),
  ),
})).value

const attribute = fc.record({
  key: fc.oneof(
    fc.constantFrom('gen_ai.tool.name', 'gen_ai.request.model', 'session.id', '__proto__'),
    fc.string({ maxLength: 12 }),
  ),
  value: anyValue,
})
const attributes = fc.array(attribute, { maxLength: 6 })

function id(bytes: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => {
    value[0] = (value[0] ?? 0) | 1
    return value
  })
}

const time = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }).map(String)

const span = fc.record({
  traceId: id(16),
  spanId: id(8),
  parentSpanId: fc.oneof(id(8), fc.constant(new Uint8Array(0))),
  traceState: fc.constantFrom('', 'ot=th:8', 'vendor=a,ot=rv:1;th:c'),
  name: fc.string({ maxLength: 20 }),
  kind: fc.integer({ min: 0, max: 5 }),
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  attributes,
  events: fc.array(fc.record({ timeUnixNano: time, name: fc.string({ maxLength: 8 }), attributes }), { maxLength: 2 }),
  links: fc.array(fc.record({ traceId: id(16), spanId: id(8), attributes }), { maxLength: 2 }),
  status: fc.record({ message: fc.string({ maxLength: 8 }), code: fc.integer({ min: 0, max: 2 }) }),
  flags: fc.nat(),
})

const logRecord = fc.record({
  timeUnixNano: time,
  observedTimeUnixNano: time,
  severityText: fc.string({ maxLength: 6 }),
  body: anyValue,
  attributes,
  traceId: fc.oneof(id(16), fc.constant(new Uint8Array(0))),
  spanId: fc.oneof(id(8), fc.constant(new Uint8Array(0))),
  eventName: fc.string({ maxLength: 10 }),
})

const resource = fc.record({ attributes })
const scope = fc.record({ name: fc.string({ maxLength: 10 }), attributes })

export const tracesRequest = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource,
      schemaUrl: fc.string({ maxLength: 8 }),
      scopeSpans: fc.array(fc.record({ scope, spans: fc.array(span, { maxLength: 4 }) }), { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
})

export const logsRequest = fc.record({
  resourceLogs: fc.array(
    fc.record({
      resource,
      scopeLogs: fc.array(fc.record({ scope, logRecords: fc.array(logRecord, { maxLength: 4 }) }), { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
})
