import { BUCKETS, WORD_BYTES } from './trigger-kernel.ts'

/** A word as the bytes that may stand in each place, without case. */
type Word = readonly (readonly number[])[]

/** The halves of the bytes in each place of the words of a bucket, as 16 bits each: low half, high half, and so on. */
type Halves = readonly number[]
type Bucket = { readonly halves: Halves; readonly cost: number }
type Pair = { readonly first: Bucket; readonly second: Bucket; readonly joined: Bucket; readonly harm: number }

/** How often bytes stand in text, roughly: what decides is that common letters are not let through together. */
const COMMON = ' e_taoinshrdl.gcumwfypbvk0123456789"/,-:jxqz'

/**
 * Writes the tables of the kernel for `words`. Words go to the same bucket where that lets the fewest other bytes
 * through: the two buckets whose union does least harm are joined, until as many are left as a byte has bits.
 */
export function fillTables(tables: Uint8Array, words: readonly Word[]): void {
  let buckets = words.map((word) => withCost(halvesOf(word)))
  let pairs = buckets.flatMap((bucket, i) => buckets.slice(i + 1).map((other) => pairOf(bucket, other)))
  while (buckets.length > BUCKETS) {
    const { first, second, joined } = pairs.reduce((best, pair) => (pair.harm < best.harm ? pair : best))
    buckets = buckets.filter((bucket) => bucket !== first && bucket !== second)
    pairs = pairs.filter((pair) => ![pair.first, pair.second].some((it) => it === first || it === second))
    pairs.push(...buckets.map((bucket) => pairOf(bucket, joined)))
    buckets.push(joined)
  }
  for (const [bucket, { halves }] of buckets.entries()) {
    for (const [table, half] of halves.entries()) {
      for (let value = 0; value < 16; value += 1) {
        const at = table * 16 + value
        if ((half >> value) & 1) tables[at] = (tables[at] ?? 0) | (1 << bucket)
      }
    }
  }
}

function withCost(halves: Halves): Bucket {
  return { halves, cost: costOf(halves) }
}

function pairOf(first: Bucket, second: Bucket): Pair {
  const joined = withCost(first.halves.map((half, i) => half | (second.halves[i] ?? 0)))
  return { first, second, joined, harm: joined.cost - first.cost - second.cost }
}

function halvesOf(word: Word): Halves {
  const halves = Array.from({ length: WORD_BYTES * 2 }, () => 0)
  for (const [place, bytes] of word.entries()) {
    for (const byte of bytes) {
      const high = byte >> 4
      halves[place * 2] = (halves[place * 2] ?? 0) | (1 << (byte & 15))
      // Bytes come without case; the text has both.
      halves[place * 2 + 1] = (halves[place * 2 + 1] ?? 0) | (1 << high) | (1 << (high & ~2))
    }
  }
  return halves
}

/** How likely four bytes of text pass. */
function costOf(halves: Halves): number {
  let cost = 1
  for (let place = 0; place < WORD_BYTES; place += 1) {
    const low = halves[place * 2] ?? 0
    const high = halves[place * 2 + 1] ?? 0
    let weight = 0
    for (const { byte, share } of SHARES) if ((low >> (byte & 15)) & (high >> (byte >> 4)) & 1) weight += share
    cost *= weight
  }
  return cost
}

const SHARES: readonly { readonly byte: number; readonly share: number }[] = Array.from(COMMON, (character, i) => ({
  byte: character.charCodeAt(0),
  share: 1 / (i + 4),
}))
