import type { CorpusDocument } from './corpus.ts'

export type SearchHit = CorpusDocument & { readonly score: number }

/** The `limit` documents that fit `query` best by Okapi BM25, best first; none that shares no word with it. */
export function search(documents: readonly CorpusDocument[], query: string, limit: number): readonly SearchHit[] {
  const bags = documents.map((document) => words(document.text))
  const averageLength = bags.reduce((sum, bag) => sum + bag.length, 0) / Math.max(1, bags.length)
  const hits = documents.map((document, index) => {
    const bag = bags[index] ?? []
    const score = words(query).reduce((sum, word) => sum + weight(word, bag, bags, averageLength), 0)
    return { ...document, score: Math.round(score * 1000) / 1000 }
  })
  // Ties by id, so that the same query always gives the same list.
  const ranked = hits.filter((hit) => hit.score > 0).toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  return ranked.slice(0, limit)
}

/** Saturation of repeated words and strength of the length correction: the usual values. */
const K1 = 1.2
const B = 0.75

function weight(
  word: string,
  bag: readonly string[],
  bags: readonly (readonly string[])[],
  averageLength: number,
): number {
  const count = bag.filter((candidate) => candidate === word).length
  const holding = bags.filter((candidate) => candidate.includes(word)).length
  const rarity = Math.log(1 + (bags.length - holding + 0.5) / (holding + 0.5))
  return (rarity * count * (K1 + 1)) / (count + K1 * (1 - B + (B * bag.length) / averageLength))
}

/** Lower-case words without a plural s, short ones left out. */
function words(text: string): readonly string[] {
  const all = text.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return all.filter((word) => word.length > 2).map((word) => word.replace(/(?<=...)s$/, ''))
}
