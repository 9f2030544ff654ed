import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CapturePolicy } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { wallClock } from '../../clock.ts'
import type { OtlpRefusal, OtlpSink } from '../sink.ts'

export const POLICY: CapturePolicy = { name: 'test', senders: 'all', content: 'kept', credentials: 'masked' }

/** A sink over a real recorder in a folder of its own. */
export type TestSink = AsyncDisposable & {
  readonly sink: OtlpSink
  readonly recorder: Recorder
  readonly folder: string
  readonly refusals: readonly OtlpRefusal[]
}

export async function testSink(overrides: Partial<OtlpSink> = {}): Promise<TestSink> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-otlp-'))
  const recorder = await Recorder.open({ folder, clock: wallClock })
  const refusals: OtlpRefusal[] = []
  const sink: OtlpSink = {
    append: (groups) => recorder.append(groups),
    policy: () => POLICY,
    refused: (refusal) => void refusals.push(refusal),
    ...overrides,
  }
  return {
    sink,
    recorder,
    folder,
    refusals,
    async [Symbol.asyncDispose]() {
      await recorder[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** OTLP/JSON with `count` spans of one trace. */
export function tracesJson(count: number, attributes: readonly object[] = []): string {
  const spans = Array.from({ length: count }, (_, i) => ({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: (i + 1).toString(16).padStart(16, '0'),
    name: `span ${i}`,
    startTimeUnixNano: String(1_790_000_000_000_000_000n + BigInt(i)),
    attributes,
  }))
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'desk' } }] }
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
}

/** OTLP protobuf with one span of service `service`, whose id ends in `id` and which carries `blob` as an attribute. */
export function tracesProto({ id = 1, service = 'desk', blob = '' } = {}): Buffer {
  const ids = Buffer.concat([
    field(1, Buffer.alloc(16, 7)),
    field(2, Buffer.concat([Buffer.alloc(7, 9), Buffer.of(id)])),
  ])
  const span = Buffer.concat([ids, field(9, attribute('blob', blob))])
  const resource = field(1, attribute('service.name', service))
  return field(1, Buffer.concat([field(1, resource), field(2, field(2, span))]))
}

function attribute(key: string, value: string): Buffer {
  return Buffer.concat([field(1, Buffer.from(key)), field(2, field(1, Buffer.from(value)))])
}

function field(number: number, payload: Buffer): Buffer {
  const prefix = [(number << 3) | 2]
  let length = payload.length
  for (; length > 0x7f; length >>>= 7) prefix.push((length & 0x7f) | 0x80)
  return Buffer.concat([Buffer.from([...prefix, length]), payload])
}
