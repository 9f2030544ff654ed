/** One sighting: the log entry that proves it, and when it claims to have been, in nanoseconds. */
export type Proof = { readonly entry: number; readonly claimedAt: bigint }

/** Log entries that one chunk of proofs spans: a batch's worth, so that a hot key never rewrites more than some kilobytes. */
export const CHUNK_ENTRIES = 1_024

/** The chunk that an entry's proofs lie in. */
export function chunkOf(entry: number): number {
  return Math.floor(entry / CHUNK_ENTRIES)
}

/**
 * Proofs of one chunk as bytes: ordered by entry and time, each as the difference to the one before. About six bytes a
 * sighting. The same sightings give the same bytes in whatever order they came.
 */
export function encodeProofs(proofs: readonly Proof[]): Uint8Array {
  const bytes: number[] = []
  let entry = 0
  let claimedAt = 0n
  for (const proof of proofs.toSorted(inOrder)) {
    pushVarint(bytes, BigInt(proof.entry - entry))
    const step = proof.claimedAt - claimedAt
    // Zigzag: times of neighbouring entries go back as often as forth.
    pushVarint(bytes, step >= 0n ? step << 1n : (-step << 1n) - 1n)
    entry = proof.entry
    claimedAt = proof.claimedAt
  }
  return Uint8Array.from(bytes)
}

/** What {@link encodeProofs} made: by entry and time, oldest first. The bytes are our own: others give other proofs, not an error. */
export function decodeProofs(bytes: Uint8Array): readonly Proof[] {
  const proofs: Proof[] = []
  let at = 0
  const next = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  let entry = 0
  let claimedAt = 0n
  while (at < bytes.length) {
    entry += Number(next())
    const step = next()
    claimedAt += (step & 1n) === 0n ? step >> 1n : -((step + 1n) >> 1n)
    proofs.push({ entry, claimedAt })
  }
  return proofs
}

/** The proofs without one equal to each of `gone`. */
export function withoutProofs(proofs: readonly Proof[], gone: readonly Proof[]): readonly Proof[] {
  const left = [...proofs]
  for (const { entry, claimedAt } of gone) {
    const at = left.findIndex((proof) => proof.entry === entry && proof.claimedAt === claimedAt)
    if (at !== -1) left.splice(at, 1)
  }
  return left
}

function inOrder(a: Proof, b: Proof): number {
  return a.entry - b.entry || (a.claimedAt < b.claimedAt ? -1 : a.claimedAt > b.claimedAt ? 1 : 0)
}

function pushVarint(bytes: number[], value: bigint): void {
  let rest = value
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
}
