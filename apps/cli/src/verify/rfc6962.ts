import { hash } from 'node:crypto'

/** Merkle tree hashing and proof checking, from RFC 6962 section 2.1 and RFC 9162 sections 2.1.3.2 and 2.1.4.2. */

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  // One call over joined bytes takes half as long as a hash object that is fed in parts.
  return hash('sha256', Buffer.concat(parts), 'buffer')
}

export function leafHash(entry: Uint8Array): Buffer {
  return sha256(Uint8Array.of(0), entry)
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Uint8Array.of(1), left, right)
}

/** Root that an audit path leads to; undefined where the path has not the length that index and size ask for. */
export function rootFromInclusion(
  leaf: Buffer,
  place: { readonly index: number; readonly size: number },
  path: readonly Buffer[],
): Buffer | undefined {
  if (place.index >= place.size) return undefined
  let node = BigInt(place.index)
  let last = BigInt(place.size - 1)
  let root = leaf
  for (const sibling of path) {
    if (last === 0n) return undefined
    if ((node & 1n) === 1n || node === last) {
      root = nodeHash(sibling, root)
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n
        last >>= 1n
      }
    } else {
      root = nodeHash(root, sibling)
    }
    node >>= 1n
    last >>= 1n
  }
  return last === 0n ? root : undefined
}

/** True where the proof shows that the tree of `second` begins with the tree of `first`. */
export function isConsistent(
  first: { readonly size: number; readonly root: Buffer },
  second: { readonly size: number; readonly root: Buffer },
  proof: readonly Buffer[],
): boolean {
  if (first.size > second.size) return false
  if (first.size === second.size) return proof.length === 0 && first.root.equals(second.root)
  if (first.size === 0) return proof.length === 0 && first.root.equals(sha256())
  // A tree that is a perfect subtree of the other is not in the proof: the verifier has its root already.
  const isPerfect = Number.isInteger(Math.log2(first.size))
  const [seed, ...rest] = isPerfect ? [first.root, ...proof] : proof
  if (seed === undefined) return false
  let node = BigInt(first.size - 1)
  let last = BigInt(second.size - 1)
  while ((node & 1n) === 1n) {
    node >>= 1n
    last >>= 1n
  }
  let older = seed
  let newer = seed
  for (const step of rest) {
    if (last === 0n) return false
    if ((node & 1n) === 1n || node === last) {
      older = nodeHash(step, older)
      newer = nodeHash(step, newer)
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n
        last >>= 1n
      }
    } else {
      newer = nodeHash(newer, step)
    }
    node >>= 1n
    last >>= 1n
  }
  return last === 0n && older.equals(first.root) && newer.equals(second.root)
}

/** A tree rebuilt leaf by leaf that keeps only its perfect subtrees: the root at any size on the way, in little memory. */
export class RunningTree {
  /** Roots of perfect subtrees, largest first; their sizes are the ones in the binary form of `size`. */
  readonly #peaks: Buffer[] = []
  size = 0

  push(leaf: Buffer): void {
    let node = leaf
    for (let bits = this.size; bits % 2 === 1; bits = Math.floor(bits / 2)) {
      const left = this.#peaks.pop()
      // One peak stands for each binary one of the size, so there is one here.
      if (left !== undefined) node = nodeHash(left, node)
    }
    this.#peaks.push(node)
    this.size++
  }

  root(): Buffer {
    const smallestFirst = this.#peaks.toReversed()
    const [first, ...rest] = smallestFirst
    return first === undefined ? sha256() : rest.reduce((right, left) => nodeHash(left, right), first)
  }
}
