import type { DrawnGraph } from '@holdfast/api'

/** What the places of a drawing depend on, and nothing else: labels and counts move nothing. */
export type Layoutable = {
  readonly nodes: readonly Pick<DrawnGraph['nodes'][number], 'id' | 'lane' | 'claimedAt'>[]
  readonly edges: readonly Pick<DrawnGraph['edges'][number], 'from' | 'to'>[]
}

export function layoutable({ nodes, edges }: Layoutable): Layoutable {
  return {
    nodes: nodes.map(({ id, lane, claimedAt }) => ({ id, lane, claimedAt })),
    edges: edges.map(({ from, to }) => ({ from, to })),
  }
}

/** Names the content of a drawing: two of one name are laid out alike. 106 bits, for drawings of one conversation. */
export function layoutHash({ nodes, edges }: Layoutable): string {
  const text = JSON.stringify([
    nodes.map(({ id, lane, claimedAt }) => [id, lane, claimedAt]),
    edges.map(({ from, to }) => [from, to]),
  ])
  return `${text.length.toString(36)}.${hash53(text, 1)}.${hash53(text, 2)}`
}

/** Two 32-bit multiplicative hashes mixed at the end: not for secrets, and the same in every browser. */
function hash53(text: string, seed: number): string {
  let a = 0xdeadbeef ^ seed
  let b = 0x41c6ce57 ^ seed
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    a = Math.imul(a ^ unit, 2_654_435_761)
    b = Math.imul(b ^ unit, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return (4_294_967_296 * (b & 0x1f_ffff) + (a >>> 0)).toString(36)
}
