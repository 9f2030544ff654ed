import { Metadata, credentials, makeClientConstructor } from '@grpc/grpc-js'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { LogReader } from '@holdfast/recorder'
import { gzipSync } from 'node:zlib'
import { connect } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { startOtlpGrpc } from './grpc.ts'
import { startOtlpHttp } from './http.ts'
import { testSink, tracesProto } from './testing/with-recorder.ts'

type TraceExporter = Pick<ProtoExporter, 'export' | 'shutdown'>
type Spans = Parameters<ProtoExporter['export']>[0]
type Logs = Parameters<OTLPLogExporter['export']>[0]

const RESOURCE = { attributes: { 'service.name': 'desk' }, asyncAttributesPending: false }

/** One finished span as the SDK hands it to an exporter. */
function spans(id: number): Spans {
  const context = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: id.toString(16).padStart(16, '0'),
    traceFlags: 1,
  }
  const span = {
    name: 'chat',
    kind: 2,
    spanContext: () => context,
    startTime: [1_790_000_000, 1],
    endTime: [1_790_000_001, 1],
    status: { code: 0 },
    attributes: { 'gen_ai.tool.name': 'lookup' },
    links: [],
    events: [],
    duration: [1, 0],
    ended: true,
    resource: RESOURCE,
    instrumentationScope: { name: 'test' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
  return [span] as unknown as Spans // the fields that exporters read
}

async function send(exporter: TraceExporter, id: number): Promise<{ code: number; error?: Error }> {
  const result = await new Promise<{ code: number; error?: Error }>((resolve) => exporter.export(spans(id), resolve))
  await exporter.shutdown()
  return result
}

/** A gRPC call as the reference client makes it, with the bytes given. */
function grpcCall(
  port: number,
  body: Buffer,
  path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
): Promise<{ code: number; details: string; metadata: Metadata }> {
  const identity = (bytes: Buffer): Buffer => bytes
  const definition = {
    export: {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    },
  }
  const Client = makeClientConstructor(definition, 'Test')
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.max_send_message_length': -1 })
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, identity, identity, body, (error) => {
      client.close()
      resolve({ code: error?.code ?? 0, details: error?.details ?? '', metadata: error?.metadata ?? new Metadata() })
    })
  })
}

describe('the official exporters', () => {
  test('store over HTTP as protobuf and JSON, plain and gzip, and over gRPC', async () => {
    await using t = await testSink()
    await using http = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    await using grpc = await startOtlpGrpc({ host: '127.0.0.1', port: 0, sink: t.sink })
    const url = `http://127.0.0.1:${http.port}/v1/traces`
    const gzip = 'gzip' as ConstructorParameters<typeof ProtoExporter>[0] extends { compression?: infer C } | undefined
      ? C
      : never
    expect((await send(new ProtoExporter({ url }), 1)).code).toBe(0)
    expect((await send(new ProtoExporter({ url, compression: gzip }), 2)).code).toBe(0)
    expect((await send(new JsonExporter({ url }), 3)).code).toBe(0)
    expect((await send(new GrpcExporter({ url: `http://127.0.0.1:${grpc.port}` }), 4)).code).toBe(0)
    expect((await send(new GrpcExporter({ url: `http://127.0.0.1:${grpc.port}`, compression: gzip }), 5)).code).toBe(0)
    expect(http.counts.stored + grpc.counts.stored).toBe(5)
    using reader = LogReader.open({ folder: t.folder })
    const encodings = [...reader.withTerm('tool:lookup')].map(({ envelope }) => envelope.encoding)
    expect(encodings.toSorted()).toEqual(['otlp-span-json', ...Array.from({ length: 4 }, () => 'otlp-span-proto')])
  })

  test('store log records', async () => {
    await using t = await testSink()
    await using http = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const exporter = new OTLPLogExporter({ url: `http://127.0.0.1:${http.port}/v1/logs` })
    const record = {
      hrTime: [1_790_000_000, 0],
      hrTimeObserved: [1_790_000_000, 0],
      body: 'hello',
      attributes: {},
      resource: RESOURCE,
      instrumentationScope: { name: 'test' },
      droppedAttributesCount: 0,
    }
    const result = await new Promise<{ code: number }>((resolve) =>
      exporter.export([record] as unknown as Logs, resolve),
    ) // the fields it reads
    await exporter.shutdown()
    expect(result.code).toBe(0)
    expect(http.counts.stored).toBe(1)
  })
})

describe('OTLP over gRPC', () => {
  test('answers what is malformed, too large or unknown with its own status, and goes on', async () => {
    await using t = await testSink()
    await using grpc = await startOtlpGrpc({ host: '127.0.0.1', port: 0, sink: t.sink })
    expect(await grpcCall(grpc.port, Buffer.from([0x0a, 0x7f]))).toMatchObject({
      code: 3,
      details: expect.stringContaining('not OTLP protobuf'),
    })
    expect(await grpcCall(grpc.port, Buffer.alloc(17 * 1024 * 1024))).toMatchObject({ code: 8 })
    expect(await grpcCall(grpc.port, tracesProto(), '/other.Service/Export')).toMatchObject({ code: 12 })
    expect(await grpcCall(grpc.port, tracesProto())).toMatchObject({ code: 0 })
    expect(t.refusals.map(({ reason }) => reason)).toEqual(['refused-malformed', 'refused-oversized'])
  })

  test('tells a sender when to try again', async () => {
    await using t = await testSink({
      append: () => Promise.reject(Object.assign(new Error('the disk is full'), { code: 'unavailable' })),
    })
    await using grpc = await startOtlpGrpc({ host: '127.0.0.1', port: 0, sink: t.sink })
    const answer = await grpcCall(grpc.port, tracesProto())
    expect(answer).toMatchObject({ code: 14, details: 'the disk is full' })
    const [details] = answer.metadata.get('grpc-status-details-bin')
    expect(String(details)).toContain('google.rpc.RetryInfo')
  })

  test('gives a compressed bomb up at its bound', async () => {
    await using t = await testSink()
    await using grpc = await startOtlpGrpc({ host: '127.0.0.1', port: 0, sink: t.sink })
    const bomb = gzipSync(Buffer.alloc(70 * 1024 * 1024))
    const prefix = Buffer.from([1, 0, 0, 0, 0])
    prefix.writeUInt32BE(bomb.length, 1)
    const session = connect(`http://127.0.0.1:${grpc.port}`)
    const call = session.request({
      ':method': 'POST',
      ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      'content-type': 'application/grpc',
      'grpc-encoding': 'gzip',
    })
    call.end(Buffer.concat([prefix, bomb]))
    const status = await new Promise((resolve) => call.on('response', (headers) => resolve(headers['grpc-status'])))
    session.destroy()
    expect(status).toBe('8')
    expect(t.refusals).toMatchObject([{ reason: 'refused-oversized', sender: '127.0.0.1' }])
    expect(await grpcCall(grpc.port, tracesProto())).toMatchObject({ code: 0 })
  })

  test('refuses without a capture policy (FC15)', async () => {
    await using t = await testSink({ policy: () => undefined })
    await using grpc = await startOtlpGrpc({ host: '127.0.0.1', port: 0, sink: t.sink })
    expect(await grpcCall(grpc.port, tracesProto())).toMatchObject({ code: 7 })
    expect(t.refusals).toMatchObject([{ reason: 'refused-no-policy' }])
  })
})
