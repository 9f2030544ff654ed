import type { EntryGroup } from '@holdfast/model'
import { scanOtlp } from '../otlp/scan.ts'
import type { OtlpEncoding, OtlpSignal } from '../otlp/scan.ts'
import type { ImportArrival } from './run-entries.ts'

export type OtlpFileReading = {
  readonly groups: readonly EntryGroup[]
  readonly accepted: number
  readonly rejected: readonly { readonly where: string; readonly why: string; readonly records: number }[]
}

/** True for text that is an OTLP/JSON request, or a line of what the Collector's file exporter writes. */
export function isOtlpJson(text: string): OtlpSignal | undefined {
  const head = /^\s*\{\s*"(resourceSpans|resource_spans|resourceLogs|resource_logs)"\s*:/.exec(text)?.[1]
  if (head === undefined) return undefined
  return head.toLowerCase().includes('span') ? 'traces' : 'logs'
}

/** Reads one request through the same scanner as the listeners; only the envelope says that it was imported. */
export function readOtlpRequest(input: {
  readonly signal: OtlpSignal
  readonly encoding: OtlpEncoding
  readonly body: Uint8Array
  readonly where: string
  readonly arrival: ImportArrival
}): OtlpFileReading {
  const { signal, encoding, where, arrival } = input
  // The scanner masks in place, and the caller's bytes are not ours to change.
  const body = new Uint8Array(input.body)
  const scanned = scanOtlp({ signal, encoding, body, arrival: { ...arrival, tier: 'self-reported' } })
  if (scanned.status === 'malformed')
    return { groups: [], accepted: 0, rejected: [{ where, why: scanned.message, records: 0 }] }
  return {
    groups: scanned.groups.map((group) => ({
      ...group,
      envelope: { ...group.envelope, channel: 'import', clock: 'imported' },
    })),
    accepted: scanned.accepted,
    rejected: scanned.rejected.map(({ reason, records }) => ({ where, why: reason, records })),
  }
}

/**
 * The requests of a file that the Collector's file exporter wrote as protobuf: each after its length in four bytes, big
 * endian. Undefined where the lengths do not add up to the file, which then is one request.
 */
export function delimitedRequests(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const requests: Uint8Array[] = []
  let at = 0
  while (at + 4 <= bytes.length) {
    const length = view.getUint32(at)
    if (length === 0 || at + 4 + length > bytes.length) return undefined
    requests.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return at === bytes.length && requests.length > 0 ? requests : undefined
}
