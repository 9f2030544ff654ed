import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashLeaf, hashNode } from './hash.ts'
import { consistencyPath, inclusionPath, nodesOf, rootAt } from './proof.ts'
import { Tree, type TileSource } from './tree.ts'

/** The leaves and roots of the reference tests of Certificate Transparency, which RFC 6962's authors published. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

/** Inclusion and consistency proofs of the same tests: [leaf, size] and [from, to], both counted from 0. */
const INCLUSION: readonly [number, number, readonly string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
]
const CONSISTENCY: readonly [number, number, readonly string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
]

test('has the root of the empty tree that RFC 6962 states', () => {
  expect(Tree.empty().root().toString('hex')).toBe(createHash('sha256').update('').digest('hex'))
})

test('has the published roots', () => {
  const tree = Tree.empty()
  for (const [i, leaf] of LEAVES.entries()) {
    tree.append(hashLeaf(Buffer.from(leaf, 'hex')))
    expect(tree.root().toString('hex')).toBe(ROOTS[i])
  }
})

test('gives the published inclusion and consistency proofs', () => {
  const { tiles } = grown(
    LEAVES.map((leaf) => hashLeaf(Buffer.from(leaf, 'hex'))),
    [8],
  )
  for (const [leaf, size, proof] of INCLUSION) expect(hexes(inclusionPath(nodesOf(tiles), leaf, size))).toEqual(proof)
  for (const [from, to, proof] of CONSISTENCY) expect(hexes(consistencyPath(nodesOf(tiles), from, to))).toEqual(proof)
})

test('refuses what is outside the tree', () => {
  const { tiles } = grown(
    LEAVES.map((leaf) => hashLeaf(Buffer.from(leaf, 'hex'))),
    [8],
  )
  expect(inclusionPath(nodesOf(tiles), 8, 8)).toBeUndefined()
  expect(inclusionPath(nodesOf(tiles), -1, 8)).toBeUndefined()
  expect(consistencyPath(nodesOf(tiles), 9, 8)).toBeUndefined()
})

const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 })

test('equals a naive tree after any sequence of batches, root and proofs, loaded again or not', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), (batches, a, b) => {
      const total = batches.reduce((sum, batch) => sum + batch, 0)
      const leaves = Array.from({ length: total }, () => randomBytes(32))
      const { tree, tiles } = grown(leaves, batches)
      expect(tree.root().equals(naiveRoot(leaves))).toBe(true)
      const from = a % (total + 1)
      expect(rootAt(nodesOf(tiles), from)?.equals(naiveRoot(leaves.slice(0, from)))).toBe(true)
      expect(hexes(consistencyPath(nodesOf(tiles), from, total))).toEqual(hexes(naiveConsistency(from, leaves)))
      const index = b % total
      expect(hexes(inclusionPath(nodesOf(tiles), index, total))).toEqual(hexes(naiveInclusion(index, leaves)))
      expect(Tree.load(total, tiles)?.root().equals(tree.root())).toBe(true)
    }),
    { numRuns: 40 },
  )
}, 60_000)

test('goes through the third tile level', () => {
  const leaves = Array.from({ length: 256 * 256 + 300 }, (_, i) => createHash('sha256').update(String(i)).digest())
  const { tree, tiles } = grown(leaves, [leaves.length])
  expect(tiles(2, 0)?.length).toBe(32)
  expect(tree.root().equals(naiveRoot(leaves))).toBe(true)
  expect(rootAt(nodesOf(tiles), 65_536)?.equals(Buffer.from(tiles(2, 0) ?? []))).toBe(true)
}, 60_000)

test('leaves the tree as it was when a fork of it is thrown away', () => {
  const tree = Tree.empty()
  tree.append(randomBytes(32 * 300))
  const root = tree.root()
  tree.fork().append(randomBytes(32 * 300))
  expect(tree.root().equals(root)).toBe(true)
  expect(tree.size).toBe(300)
})

function grown(
  leaves: readonly Buffer[],
  batches: readonly number[],
): { readonly tree: Tree; readonly tiles: TileSource } {
  const tree = Tree.empty()
  const stored = new Map<string, Buffer>()
  let at = 0
  for (const batch of batches) {
    for (const { level, index, hashes } of tree.append(Buffer.concat(leaves.slice(at, at + batch)))) {
      stored.set(`${level}/${index}`, hashes)
    }
    at += batch
  }
  return { tree, tiles: (level, index) => stored.get(`${level}/${index}`) }
}

/** MTH as section 2.1 of the RFC writes it. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (only === undefined) return createHash('sha256').digest()
  if (leaves.length === 1) return only
  const k = split(leaves.length)
  return hashNode(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)))
}

/** PATH of section 2.1.1. */
function naiveInclusion(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length <= 1) return []
  const k = split(leaves.length)
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)]
  return m < k ? [...naiveInclusion(m, left), naiveRoot(right)] : [...naiveInclusion(m - k, right), naiveRoot(left)]
}

/** PROOF of section 2.1.2. */
function naiveConsistency(m: number, leaves: readonly Buffer[]): Buffer[] {
  return m === 0 ? [] : subproof(m, leaves, true)
}

function subproof(m: number, leaves: readonly Buffer[], isWhole: boolean): Buffer[] {
  if (m === leaves.length) return isWhole ? [] : [naiveRoot(leaves)]
  const k = split(leaves.length)
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)]
  if (m <= k) return [...subproof(m, left, isWhole), naiveRoot(right)]
  return [...subproof(m - k, right, false), naiveRoot(left)]
}

function split(n: number): number {
  return 2 ** Math.ceil(Math.log2(n) - 1)
}

function hexes(path: readonly Buffer[] | undefined): string[] | undefined {
  return path?.map((hash) => hash.toString('hex'))
}
