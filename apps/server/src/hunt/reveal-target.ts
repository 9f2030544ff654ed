import { parseHuntQuery } from '@holdfast/model'

/** Characters of the words that a record of a reading keeps. */
const TARGET = 300

/**
 * What a hunt reads of captured text, as its record names it; undefined where it asks for none. Who asks which texts hold a word
 * reads them by asking.
 */
export function revealOfHunt(q: string | undefined): string | undefined {
  const parsed = parseHuntQuery(q ?? '')
  const words = parsed.status === 'ok' ? parsed.query.filter(({ kind }) => kind === 'text') : []
  return words.length === 0 ? undefined : `hunt ${words.map(({ value }) => value).join(' ')}`.slice(0, TARGET)
}
