import type { Sha256, UnixNano } from '@holdfast/model'
import type { Leaf } from './types.ts'

/** Size of a leaf entry, version 1: version 1, recordedAt 8, envelope digest 32, body digest 32, body bytes 4. */
export const LEAF_BYTES = 77
const VERSION = 1
/** Offset of the envelope digest, and of the body digest that follows it. */
export const DIGESTS_AT = 9
export const DIGESTS_BYTES = 64

export type LeafFields = {
  readonly recordedAt: bigint
  readonly envelopeDigest: Buffer
  /** Where the 32 bytes of the digest lie. */
  readonly bodyDigest: { readonly from: Buffer; readonly at: number }
  readonly bodyBytes: number
}

/** Writes one leaf entry at `at`; big-endian (SPEC.md, section 2). */
export function encodeLeaf(target: Buffer, at: number, leaf: LeafFields): void {
  target[at] = VERSION
  target.writeBigUInt64BE(leaf.recordedAt, at + 1)
  leaf.envelopeDigest.copy(target, at + DIGESTS_AT)
  leaf.bodyDigest.from.copy(target, at + DIGESTS_AT + 32, leaf.bodyDigest.at, leaf.bodyDigest.at + 32)
  target.writeUInt32BE(leaf.bodyBytes, at + DIGESTS_AT + DIGESTS_BYTES)
}

/** Undefined unless `bytes` at `at` is a leaf entry of version 1. */
export function decodeLeaf(bytes: Uint8Array, at = 0): Leaf | undefined {
  const entry = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(LEAF_BYTES, bytes.byteLength - at))
  if (entry.length < LEAF_BYTES || entry[0] !== VERSION) return undefined
  return {
    version: VERSION,
    // Any 64 bits are a UnixNano and any 32 bytes a SHA-256: the parsers could not refuse them.
    recordedAt: entry.readBigUInt64BE(1) as UnixNano,
    envelopeDigest: entry.toString('hex', DIGESTS_AT, DIGESTS_AT + 32) as Sha256,
    bodyDigest: entry.toString('hex', DIGESTS_AT + 32, DIGESTS_AT + DIGESTS_BYTES) as Sha256,
    bodyBytes: entry.readUInt32BE(DIGESTS_AT + DIGESTS_BYTES),
  }
}
