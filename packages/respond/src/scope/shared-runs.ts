import { MAX_RUN_WORDS } from '../limits.ts'

/** Runs of words of one text, for finding the same words in another. Letters, digits and signs inside a word count. */
export class WordRuns {
  readonly #sizes: readonly number[]
  readonly #runs = new Set<string>()
  /** True where the text was longer than is looked at. */
  isCut = false

  constructor(sizes: readonly number[]) {
    this.#sizes = sizes
  }

  add(text: string): void {
    const words = wordsOf(text)
    this.isCut ||= words.length > MAX_RUN_WORDS
    for (const size of this.#sizes) for (const run of runsOf(words, size)) this.#runs.add(run)
  }

  /** The first run of `size` words that both have and `known` has not. */
  shared(text: string, size: number, known: WordRuns): string | undefined {
    for (const run of runsOf(wordsOf(text), size)) if (this.#runs.has(run) && !known.#runs.has(run)) return run
    return undefined
  }
}

/**
 * Words without what changes nothing of their meaning: case, forms of the same letter, marks and signs that are not seen.
 * Addresses and numbers stay whole, so that one address is one word.
 */
export function wordsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .toLowerCase()
  return plain.split(/[^\p{L}\p{N}@._:/-]+/u).flatMap((piece) => withoutSignsAround(piece) ?? [])
}

/** Cut by hand: a pattern that looks for the last letter goes back and forth in a text made of signs. */
function withoutSignsAround(piece: string): string | undefined {
  let from = 0
  let until = piece.length
  while (from < until && SIGNS.has(piece[from] ?? '')) from++
  while (until > from && SIGNS.has(piece[until - 1] ?? '')) until--
  return from === until ? undefined : piece.slice(from, until)
}

const SIGNS: ReadonlySet<string> = new Set('@._:/-')

function* runsOf(words: readonly string[], size: number): Generator<string> {
  const end = Math.min(words.length, MAX_RUN_WORDS) - size
  for (let at = 0; at <= end; at++) yield words.slice(at, at + size).join(' ')
}
