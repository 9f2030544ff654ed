import { createDecipheriv } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import type { Report } from './report.ts'
import { sha256 } from './rfc6962.ts'
import { LEAF_ENTRY_BYTES, parseLeafEntry } from './entry-proof.ts'
import { member, parseStrictJson } from './strict-json.ts'

/** Content key and salt, from the wrapped pair of 92 bytes. */
export type SegmentKey = { readonly key: Buffer; readonly salt: Buffer }

export type SegmentRecord = {
  readonly first: number
  readonly count: number
  readonly keyId: number
  readonly agent: string
  readonly agentName: string
  readonly channel: string
  readonly source: string
  readonly rawBytes: number
  readonly leaves: Buffer
  readonly sealed: Buffer
}

const MAX_FRAME = 64 * 1024 * 1024
const HEADER = 13

/** Undefined where the master key did not wrap it. */
export function unwrap(master: Buffer, wrapped: Uint8Array): SegmentKey | undefined {
  if (wrapped.length !== 92 || master.length !== 32) return undefined
  const secret = decrypt(master, Buffer.from(wrapped), undefined)
  return secret?.length === 64 ? { key: secret.subarray(0, 32), salt: secret.subarray(32) } : undefined
}

/**
 * Decrypts a segment and checks every body, its masks and the envelope against the leaves. Gives back the bodies of
 * control records, undefined where the segment cannot be read.
 */
export function checkContent(record: SegmentRecord, segmentKey: SegmentKey, report: Report): Buffer[] | undefined {
  const { first, leaves } = record
  const { salt } = segmentKey
  const where = `segment at entry ${first}`
  const parts = openSegment(record, segmentKey)
  if (parts === undefined) {
    report.add(where, 'cannot be decrypted: its content was changed')
    return undefined
  }
  const envelopeDigest = sha256(salt, parts.envelope)
  let rawBytes = 0
  for (const [i, body] of parts.bodies.entries()) {
    const leaf = parseLeafEntry(leaves, i * LEAF_ENTRY_BYTES)
    const masks = Buffer.from(parts.masks.get(i) ?? '')
    const isSame = leaf?.bodyBytes === body.length && sha256(salt, body, masks).equals(leaf.bodyDigest)
    report.check(isSame, `entry ${first + i}`, 'has a body that its leaf does not commit to')
    const hasEnvelope = leaf?.envelopeDigest.equals(envelopeDigest) === true
    report.check(hasEnvelope, `entry ${first + i}`, 'has an envelope that its leaf does not commit to')
    rawBytes += body.length
  }
  report.check(rawBytes === record.rawBytes, where, `holds ${rawBytes} bytes, its row says ${record.rawBytes}`)
  checkEnvelope(parts.envelope, record, report)
  return record.channel === 'control' ? parts.bodies : []
}

/** What a segment holds, held against nothing; undefined where it cannot be decrypted. */
export function openSegment(
  { first, count, keyId, sealed }: Pick<SegmentRecord, 'first' | 'count' | 'keyId' | 'sealed'>,
  { key }: SegmentKey,
): FrameParts | undefined {
  const packed = decrypt(key, sealed, Buffer.from(`holdfast/segment/v1\n${first}\n${count}\n${keyId}\n`))
  const frame = packed && inflate(packed)
  return frame && splitFrame(frame, count)
}

/** The readable columns beside a segment must say what the envelope under its leaves says. */
function checkEnvelope(bytes: Buffer, record: SegmentRecord, report: Report): void {
  const where = `segment at entry ${record.first}`
  const envelope = parseStrictJson(`${bytes.toString()}\n`)?.value
  for (const name of ['agent', 'agentName', 'channel'] as const) {
    report.check(
      member(envelope, name) === record[name],
      where,
      `names another ${name} in its row than in its envelope`,
    )
  }
  const source = Object.fromEntries(
    ['instance', 'credential', 'tier', 'encoding', 'clock'].map((name) => [name, member(envelope, name)]),
  )
  report.check(JSON.stringify(source) === record.source, where, 'names another source in its row than in its envelope')
}

export type FrameParts = {
  readonly envelope: Buffer
  readonly bodies: Buffer[]
  readonly masks: ReadonlyMap<number, string>
}

function splitFrame(frame: Buffer, count: number): FrameParts | undefined {
  if (frame.length < HEADER + count * 4 || frame[0] !== 1 || frame.readUInt32BE(9) !== count) return undefined
  const envelopeAt = HEADER + count * 4
  const masksAt = envelopeAt + frame.readUInt32BE(1)
  let at = masksAt + frame.readUInt32BE(5)
  if (at > frame.length) return undefined
  const masks = readMasks(frame.subarray(masksAt, at))
  const bodies: Buffer[] = []
  for (let i = 0; i < count; i++) {
    const length = frame.readUInt32BE(HEADER + i * 4)
    if (at + length > frame.length) return undefined
    bodies.push(frame.subarray(at, at + length))
    at += length
  }
  return at === frame.length && masks !== undefined
    ? { envelope: frame.subarray(envelopeAt, masksAt), bodies, masks }
    : undefined
}

function readMasks(bytes: Buffer): ReadonlyMap<number, string> | undefined {
  if (bytes.length === 0) return new Map()
  const value = parseStrictJson(`${bytes.toString()}\n`)?.value
  if (typeof value !== 'object' || value === null) return undefined
  return new Map(Object.entries(value).map(([i, text]) => [Number(i), typeof text === 'string' ? text : '']))
}

/** AES-256-GCM: nonce 12, ciphertext, tag 16. Undefined where the tag does not hold. */
function decrypt(key: Buffer, sealed: Buffer, aad: Buffer | undefined): Buffer | undefined {
  if (sealed.length < 28) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
    if (aad !== undefined) decipher.setAAD(aad)
    decipher.setAuthTag(sealed.subarray(-16))
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
  } catch {
    // The tag does not hold; the caller reports which segment or key it is.
    return undefined
  }
}

function inflate(packed: Buffer): Buffer | undefined {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: MAX_FRAME })
  } catch {
    // Not zstd, or larger than any frame is.
    return undefined
  }
}
