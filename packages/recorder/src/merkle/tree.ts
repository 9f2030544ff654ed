import { EMPTY_ROOT, HASH_BYTES, hashNode, reduceInPlace } from './hash.ts'

/** Hashes in a full tile (C2SP tlog-tiles). */
export const TILE_WIDTH = 256
const TILE_LEVELS = 8
const TILE_BYTES = TILE_WIDTH * HASH_BYTES

/** A tile as it is stored: `hashes` holds 1 to 256 of them. Tile `index` of `level` starts at node `index * 256`. */
export type Tile = { readonly level: number; readonly index: number; readonly hashes: Buffer }

/** Reads the tile, full or partial; undefined where there is none. */
export type TileSource = (level: number, index: number) => Uint8Array | undefined

/**
 * The growing edge of an RFC 6962 tree cut into tiles: one open tile for each tile level. A node above a tile is hashed
 * when the tile is full, so an append costs one interior hash.
 */
export class Tree {
  #size: number
  readonly #edge: { index: number; width: number; readonly hashes: Buffer }[] = []

  private constructor(size: number) {
    this.#size = size
  }

  static empty(): Tree {
    return new Tree(0)
  }

  /** The edge of a stored tree of `size` leaves; undefined where a tile is absent or has not the width that `size` says. */
  static load(size: number, tiles: TileSource): Tree | undefined {
    const tree = new Tree(size)
    for (let level = 0, nodes = size; nodes > 0; level++, nodes = Math.floor(nodes / TILE_WIDTH)) {
      const index = Math.floor(nodes / TILE_WIDTH)
      const width = nodes % TILE_WIDTH
      const hashes = Buffer.alloc(TILE_BYTES)
      if (width > 0) {
        const stored = tiles(level, index)
        if (stored?.length !== width * HASH_BYTES) return undefined
        hashes.set(stored)
      }
      tree.#edge.push({ index, width, hashes })
    }
    return tree
  }

  get size(): number {
    return this.#size
  }

  /** A copy that can be advanced and thrown away where the transaction fails. */
  fork(): Tree {
    const copy = new Tree(this.#size)
    for (const { index, width, hashes } of this.#edge) copy.#edge.push({ index, width, hashes: Buffer.from(hashes) })
    return copy
  }

  /** Appends leaf hashes that lie one after another, and returns every tile that this changed, partial ones included. */
  append(leafHashes: Buffer): Tile[] {
    const changed = new Map<string, Tile>()
    this.#push(0, leafHashes, changed)
    this.#size += leafHashes.length / HASH_BYTES
    return [...changed.values()]
  }

  #push(level: number, hashes: Buffer, changed: Map<string, Tile>): void {
    let edge = this.#edge[level]
    if (edge === undefined) {
      edge = { index: 0, width: 0, hashes: Buffer.alloc(TILE_BYTES) }
      this.#edge[level] = edge
    }
    const parents: Buffer[] = []
    for (let at = 0; at < hashes.length;) {
      const count = Math.min(TILE_WIDTH - edge.width, (hashes.length - at) / HASH_BYTES)
      hashes.copy(edge.hashes, edge.width * HASH_BYTES, at, at + count * HASH_BYTES)
      at += count * HASH_BYTES
      edge.width += count
      const tile = { level, index: edge.index, hashes: Buffer.from(edge.hashes.subarray(0, edge.width * HASH_BYTES)) }
      changed.set(`${level}/${edge.index}`, tile)
      if (edge.width === TILE_WIDTH) {
        parents.push(Buffer.from(reduceInPlace(edge.hashes, 0, TILE_WIDTH)))
        edge.index++
        edge.width = 0
      }
    }
    if (parents.length > 0) this.#push(level + 1, Buffer.concat(parents), changed)
  }

  /** MTH of all leaves (RFC 6962, section 2.1): the perfect subtrees joined from the smallest up. */
  root(): Buffer {
    let root: Buffer | undefined
    for (const { width, hashes } of this.#edge) {
      for (let bit = 1, end = width; end > 0; bit *= 2) {
        if ((width & bit) === 0) continue
        end -= bit
        const peak = reduceInPlace(Buffer.from(hashes.subarray(end * HASH_BYTES, (end + bit) * HASH_BYTES)), 0, bit)
        root = root === undefined ? peak : hashNode(peak, root)
      }
    }
    return root ?? EMPTY_ROOT
  }
}

/** Hash of the perfect subtree of 2^`level` leaves that starts at leaf `index * 2^level`; undefined where not stored. */
export function storedNode(tiles: TileSource, level: number, index: number): Buffer | undefined {
  const tileLevel = Math.floor(level / TILE_LEVELS)
  const width = 2 ** (level % TILE_LEVELS)
  const first = index * width
  const tile = tiles(tileLevel, Math.floor(first / TILE_WIDTH))
  const from = (first % TILE_WIDTH) * HASH_BYTES
  const to = from + width * HASH_BYTES
  if (tile === undefined || tile.length < to) return undefined
  return reduceInPlace(Buffer.from(tile.slice(from, to)), 0, width)
}
