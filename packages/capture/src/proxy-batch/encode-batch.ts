import type { ProxyHeader } from './source.ts'

/**
 * The bytes of a batch: the header as JSON, then the entries, each with its length in front of it (32 bits, little-endian).
 * `POST /api/v1/proxies/{kind}/batches` takes it.
 */
export function encodeProxyBatch(header: ProxyHeader, entries: readonly Uint8Array[]): Buffer {
  const head = Buffer.from(JSON.stringify(header))
  return Buffer.concat([lengthOf(head), head, ...entries.flatMap((entry) => [lengthOf(entry), entry])])
}

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return length
}
