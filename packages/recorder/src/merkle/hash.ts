import { hash } from 'node:crypto'
import { hashRun } from './sha256-batch.ts'

export const HASH_BYTES = 32
/** RFC 6962, section 2.1: what keeps a leaf from passing as a node. */
const LEAF_PREFIX = 0
const NODE_PREFIX = 1

/** The root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer')

/** Leaf hashes of `count` leaf entries of `leafBytes` each, that lie one after another in `leaves`. */
export function hashLeaves(leaves: Buffer, leafBytes: number, count: number): Buffer {
  const output = Buffer.allocUnsafe(count * HASH_BYTES)
  hashRun({ prefix: LEAF_PREFIX, input: leaves, inputAt: 0, stride: leafBytes, count, output, outputAt: 0 })
  return output
}

/** RFC 6962 leaf hash of a leaf entry of any length. */
export function hashLeaf(entry: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(LEAF_PREFIX), entry]), 'buffer')
}

/** RFC 6962 interior hash. */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(NODE_PREFIX), left, right]), 'buffer')
}

/**
 * The root over `width` hashes at `from`, `width` a power of two. Overwrites `nodes` from `from`: hand in a copy where
 * the hashes are still needed.
 */
export function reduceInPlace(nodes: Buffer, from: number, width: number): Buffer {
  for (let left = width; left > 1; left >>= 1) {
    // Each hash lands at or before the pair that it is made of, so one buffer is enough.
    hashRun({
      prefix: NODE_PREFIX,
      input: nodes,
      inputAt: from,
      stride: 2 * HASH_BYTES,
      count: left >> 1,
      output: nodes,
      outputAt: from,
    })
  }
  return nodes.subarray(from, from + HASH_BYTES)
}
