/** The parts of a C2SP tlog-proof (`c2sp.org/tlog-proof@v1`) without extra data. */
export type EntryProof = { readonly index: number; readonly path: readonly Buffer[]; readonly checkpoint: string }

/** A path is as long as the tree is high. */
const MAX_PATH = 64

/** Undefined unless the text is a proof in its usual form. Untrusted. */
export function parseEntryProof(text: string): EntryProof | undefined {
  const split = text.indexOf('\n\n')
  if (split < 0) return undefined
  const [version, indexLine, ...hashes] = text.slice(0, split).split('\n')
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(indexLine ?? '')?.[1]
  if (version !== 'c2sp.org/tlog-proof@v1' || index === undefined || hashes.length > MAX_PATH) return undefined
  const path = hashes.map((line) => Buffer.from(line, 'base64'))
  const isUsual = path.every((hash, i) => hash.length === 32 && hash.toString('base64') === hashes[i])
  return isUsual ? { index: Number(index), path, checkpoint: text.slice(split + 2) } : undefined
}

export type LeafEntry = {
  readonly recordedAt: bigint
  readonly envelopeDigest: Buffer
  readonly bodyDigest: Buffer
  readonly bodyBytes: number
}

export const LEAF_ENTRY_BYTES = 77

/** Undefined unless the bytes at `at` are a leaf entry of version 1. */
export function parseLeafEntry(bytes: Buffer, at = 0): LeafEntry | undefined {
  if (bytes.length < at + LEAF_ENTRY_BYTES || bytes[at] !== 1) return undefined
  return {
    recordedAt: bytes.readBigUInt64BE(at + 1),
    envelopeDigest: bytes.subarray(at + 9, at + 41),
    bodyDigest: bytes.subarray(at + 41, at + 73),
    bodyBytes: bytes.readUInt32BE(at + 73),
  }
}
