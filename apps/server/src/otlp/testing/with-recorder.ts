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

/** OTLP protobuf with one span, whose id ends in `id`, written by hand. */
export function tracesProto(id = 1): Buffer {
  const span = Buffer.concat([
    Buffer.from([0x0a, 16]),
    Buffer.alloc(16, 7),
    Buffer.from([0x12, 8]),
    Buffer.alloc(7, 9),
    Buffer.from([id]),
  ])
  const scope = Buffer.concat([Buffer.from([0x12, span.length]), span])
  const resource = Buffer.concat([Buffer.from([0x12, scope.length]), scope])
  return Buffer.concat([Buffer.from([0x0a, resource.length]), resource])
}
