import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Mask } from '@holdfast/model'
import { canonicalJson } from '@holdfast/model'
import { MAX_FRAME_BYTES } from './limits.ts'

/** What a segment holds before compression (SPEC.md, section 4). Masks lie beside bodies, as their canonical bytes. */
export type Frame = {
  readonly envelope: Buffer
  readonly bodies: readonly Buffer[]
  /** Canonical JSON of the masks by body number; bodies without one are absent. */
  readonly masks: ReadonlyMap<number, string>
}

/** Which segment a ciphertext belongs to: authenticated with it, so that blocks cannot change places. */
export type SegmentPlace = { readonly first: number; readonly count: number; readonly keyId: number }

const VERSION = 1
const HEADER_BYTES = 13
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Bytes before the bodies, for `lengths` body lengths. */
export function encodeFrameHead(
  envelope: Buffer,
  lengths: readonly number[],
  masks: ReadonlyMap<number, string>,
): Buffer {
  const maskBytes = masks.size === 0 ? Buffer.alloc(0) : Buffer.from(canonicalJson(Object.fromEntries(masks)))
  const head = Buffer.allocUnsafe(HEADER_BYTES + lengths.length * 4)
  head[0] = VERSION
  head.writeUInt32BE(envelope.length, 1)
  head.writeUInt32BE(maskBytes.length, 5)
  head.writeUInt32BE(lengths.length, 9)
  for (const [i, length] of lengths.entries()) head.writeUInt32BE(length, HEADER_BYTES + i * 4)
  return Buffer.concat([head, envelope, maskBytes])
}

/** Undefined unless the bytes are one whole frame of `count` bodies. */
export function decodeFrame(bytes: Buffer, count: number): Frame | undefined {
  if (bytes.length < HEADER_BYTES || bytes[0] !== VERSION || bytes.readUInt32BE(9) !== count) return undefined
  const envelopeAt = HEADER_BYTES + count * 4
  const masksAt = envelopeAt + bytes.readUInt32BE(1)
  let at = masksAt + bytes.readUInt32BE(5)
  if (at > bytes.length) return undefined
  const bodies: Buffer[] = []
  for (let i = 0; i < count; i++) {
    const end = at + bytes.readUInt32BE(HEADER_BYTES + i * 4)
    bodies.push(bytes.subarray(at, end))
    at = end
  }
  if (at !== bytes.length) return undefined
  const maskBytes = bytes.subarray(masksAt, bytes.length - bodies.reduce((sum, body) => sum + body.length, 0))
  const masks = decodeMasks(maskBytes)
  return masks && { envelope: bytes.subarray(envelopeAt, masksAt), bodies, masks }
}

/** Masks of one body as the bytes that its digest covers; empty text where there are none. */
export function encodeMasks(masks: readonly Mask[] | undefined): string {
  return masks === undefined || masks.length === 0 ? '' : canonicalJson(masks)
}

export function parseMasks(text: string | undefined): readonly Mask[] {
  // The text was authenticated by the key and is covered by the leaf: it is what encodeMasks wrote.
  return text === undefined || text === '' ? [] : (JSON.parse(text) as Mask[])
}

function decodeMasks(bytes: Buffer): ReadonlyMap<number, string> | undefined {
  if (bytes.length === 0) return new Map()
  try {
    const value: unknown = JSON.parse(bytes.toString())
    if (typeof value !== 'object' || value === null) return undefined
    return new Map(Object.entries(value).map(([body, text]) => [Number(body), String(text)]))
  } catch {
    // Damage is reported by the caller, who knows which segment this is.
    return undefined
  }
}

/** zstd, then AES-256-GCM: nonce 12, ciphertext, tag 16. */
export function sealFrame(frame: Buffer, key: Buffer, place: SegmentPlace): Buffer {
  const packed = zstdCompressSync(frame, COMPRESSION)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(associatedData(place))
  const body = cipher.update(packed)
  cipher.final()
  return Buffer.concat([nonce, body, cipher.getAuthTag()])
}

/** Undefined where the key, the place or a single bit is wrong. */
export function openFrame(sealed: Uint8Array, key: Buffer, place: SegmentPlace): Frame | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
    decipher.setAAD(associatedData(place))
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const packed = Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)),
      decipher.final(),
    ])
    return decodeFrame(zstdDecompressSync(packed, { maxOutputLength: MAX_FRAME_BYTES }), place.count)
  } catch {
    // Authentication or decompression failed: the caller says which segment is damaged.
    return undefined
  }
}

/** Level 1: on spans it was measured within 6 % of level 3's size, which takes half as long again. */
const COMPRESSION = {
  params: { [constants.ZSTD_c_compressionLevel]: 1 },
  // Most segments come out in one piece; the default of 16 KiB would make a dozen buffers and join them.
  chunkSize: 256 * 1024,
}

function associatedData({ first, count, keyId }: SegmentPlace): Buffer {
  return Buffer.from(`holdfast/segment/v1\n${first}\n${count}\n${keyId}\n`)
}
