import { EMPTY_ROOT, hashNode } from './hash.ts'
import { storedNode, type TileSource } from './tree.ts'

/** Hash of the perfect subtree of 2^`level` leaves that starts at leaf `index * 2^level`; undefined where not stored. */
export type NodeSource = (level: number, index: number) => Buffer | undefined

/** Nodes kept by {@link nodesOf}: 32 bytes each; neighbouring proofs share all but the lowest few. */
const MAX_NODES = 16_384

/**
 * Nodes computed from tiles, remembered: the upper nodes inside a tile cost up to 127 hashes each, and the proofs of a
 * bundle ask for the same ones over and over. Perfect subtrees of a log never change, so nothing here goes stale.
 */
export function nodesOf(tiles: TileSource): NodeSource {
  const known = new Map<string, Buffer>()
  return (level, index) => {
    const name = `${level}/${index}`
    const remembered = known.get(name)
    if (remembered !== undefined) return remembered
    const node = storedNode(tiles, level, index)
    if (node === undefined) return undefined
    if (known.size >= MAX_NODES) known.clear()
    known.set(name, Buffer.from(node))
    return node
  }
}

/** Root of the first `size` leaves; undefined where a tile that it needs is absent. */
export function rootAt(nodes: NodeSource, size: number): Buffer | undefined {
  return size === 0 ? EMPTY_ROOT : rangeHash(nodes, 0, size)
}

/**
 * Audit path of leaf `index` in the tree of the first `size` leaves, nearest sibling first (RFC 6962, section 2.1.1).
 * Undefined where the leaf is outside the tree or a tile is absent.
 */
export function inclusionPath(nodes: NodeSource, index: number, size: number): Buffer[] | undefined {
  if (index < 0 || index >= size) return undefined
  const path: (Buffer | undefined)[] = []
  let from = 0
  let to = size
  // Walks down from the root; each step's sibling is farther from the leaf than the next one.
  while (to - from > 1) {
    const middle = from + largestPowerOfTwoBelow(to - from)
    if (index < middle) {
      path.push(rangeHash(nodes, middle, to))
      to = middle
    } else {
      path.push(rangeHash(nodes, from, middle))
      from = middle
    }
  }
  return complete(path.toReversed())
}

/**
 * Consistency proof between the first `from` and the first `to` leaves (RFC 6962, section 2.1.2); empty where one of
 * them is the empty tree or both are equal. Undefined where `from` exceeds `to` or a tile is absent.
 */
export function consistencyPath(nodes: NodeSource, from: number, to: number): Buffer[] | undefined {
  if (from < 0 || from > to) return undefined
  if (from === 0 || from === to) return []
  const path: (Buffer | undefined)[] = []
  let start = 0
  let end = to
  // `isWhole`: the old tree is exactly the subtree that is left, whose root the verifier already has.
  let isWhole = true
  while (from !== end) {
    const middle = start + largestPowerOfTwoBelow(end - start)
    if (from <= middle) {
      path.push(rangeHash(nodes, middle, end))
      end = middle
    } else {
      path.push(rangeHash(nodes, start, middle))
      start = middle
      isWhole = false
    }
  }
  if (!isWhole) path.push(rangeHash(nodes, start, end))
  return complete(path.toReversed())
}

/** MTH(D[from:to]); `from` is a multiple of the largest power of two that the range holds, as in every RFC 6962 split. */
function rangeHash(nodes: NodeSource, from: number, to: number): Buffer | undefined {
  const width = to - from
  const level = Math.log2(width)
  if (Number.isInteger(level)) return nodes(level, from / width)
  const middle = from + largestPowerOfTwoBelow(width)
  const left = rangeHash(nodes, from, middle)
  const right = rangeHash(nodes, middle, to)
  return left === undefined || right === undefined ? undefined : hashNode(left, right)
}

function largestPowerOfTwoBelow(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}

function complete(path: readonly (Buffer | undefined)[]): Buffer[] | undefined {
  const known = path.filter((hash) => hash !== undefined)
  return known.length === path.length ? known : undefined
}
