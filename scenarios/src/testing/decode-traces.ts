import type { ReceivedBody } from './otlp-sink.ts'

export type TestSpan = {
  readonly service: string
  readonly resource: ReadonlyMap<string, unknown>
  readonly scope: string
  readonly traceId: string
  readonly spanId: string
  /** Empty for a root. */
  readonly parentSpanId: string
  readonly name: string
  readonly attributes: ReadonlyMap<string, unknown>
}

/** The spans of received trace requests, protobuf or JSON; written apart from the product's decoder on purpose. */
export function decodeTraces(bodies: readonly ReceivedBody[]): readonly TestSpan[] {
  const traces = bodies.filter((body) => body.path === '/v1/traces')
  return traces.flatMap((body) => (body.contentType.includes('json') ? fromJson(body.bytes) : fromProtobuf(body.bytes)))
}

type JsonAttribute = { readonly key: string; readonly value: Readonly<Record<string, unknown>> }
type JsonSpan = Omit<TestSpan, 'attributes'> & { readonly attributes: readonly JsonAttribute[] }
type JsonRequest = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly JsonAttribute[] }
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly JsonSpan[] }[]
  }[]
}

function fromJson(bytes: Buffer): readonly TestSpan[] {
  // Sent by our own exporter; a test that finds another shape fails right here.
  const request = JSON.parse(bytes.toString()) as JsonRequest
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const shared = jsonAttributes(resource.attributes)
    return scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({
        ...span,
        parentSpanId: span.parentSpanId ?? '',
        service: String(shared.get('service.name')),
        resource: shared,
        scope: scope.name,
        attributes: jsonAttributes(span.attributes),
      })),
    )
  })
}

function jsonAttributes(list: readonly JsonAttribute[]): ReadonlyMap<string, unknown> {
  return new Map(list.map(({ key, value }) => [key, jsonValue(value)]))
}

function jsonValue(value: Readonly<Record<string, unknown>>): unknown {
  if ('intValue' in value) return Number(value['intValue'])
  return Object.values(value)[0]
}

/** Field numbers of opentelemetry/proto/trace/v1/trace.proto. */
function fromProtobuf(bytes: Buffer): readonly TestSpan[] {
  return fields(bytes, 1).flatMap((resourceSpans) => {
    const resource = attributes(fields(resourceSpans, 1)[0] ?? EMPTY, 1)
    return fields(resourceSpans, 2).flatMap((scopeSpans) => {
      const scope = text(fields(scopeSpans, 1)[0] ?? EMPTY, 1)
      return fields(scopeSpans, 2).map((span) => ({
        service: String(resource.get('service.name')),
        resource,
        scope,
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
        attributes: attributes(span, 9),
      }))
    })
  })
}

const EMPTY = Buffer.alloc(0)

/** Bytes of every length-delimited field with this number. */
function fields(message: Buffer, wanted: number): readonly Buffer[] {
  const found: Buffer[] = []
  for (const { number, value } of read(message)) if (number === wanted && Buffer.isBuffer(value)) found.push(value)
  return found
}

function* read(message: Buffer): Generator<{ readonly number: number; readonly value: Buffer | bigint }> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const tag = Number(varint())
    const start = at
    switch (tag & 7) {
      case 0:
        yield { number: tag >> 3, value: varint() }
        break
      case 1:
        at += 8
        yield { number: tag >> 3, value: message.readBigUInt64LE(start) }
        break
      case 2: {
        const length = Number(varint())
        yield { number: tag >> 3, value: message.subarray(at, at + length) }
        at += length
        break
      }
      case 5:
        at += 4
        yield { number: tag >> 3, value: BigInt(message.readUInt32LE(start)) }
        break
      default:
        throw new Error(`wire type ${tag & 7} is not used by OTLP`)
    }
  }
}

function text(message: Buffer, number: number): string {
  return (fields(message, number)[0] ?? EMPTY).toString('utf8')
}

function hex(message: Buffer, number: number): string {
  return (fields(message, number)[0] ?? EMPTY).toString('hex')
}

function attributes(message: Buffer, number: number): ReadonlyMap<string, unknown> {
  return new Map(fields(message, number).map((pair) => [text(pair, 1), anyValue(fields(pair, 2)[0] ?? EMPTY)]))
}

/** AnyValue: string 1, bool 2, int 3, double 4, array 5; the rest is not asserted on. */
function anyValue(value: Buffer): unknown {
  for (const { number, value: found } of read(value)) {
    if (number === 1 && Buffer.isBuffer(found)) return found.toString('utf8')
    if (number === 2) return found === 1n
    if (number === 3) return Number(found)
    if (number === 4) return value.readDoubleLE(1)
    if (number === 5 && Buffer.isBuffer(found)) return fields(found, 1).map(anyValue)
  }
  return undefined
}
