import type { TailSearch } from '../search-params.ts'
import { shellWord } from '../ui/shell-quote.ts'

/** The same words for the command line. */
export function tailCommand({ agent, include, exclude, highlight, kind, since, q = '' }: TailSearch): string {
  const words = Object.entries({ agent, include, exclude, highlight, kind, since }).flatMap(([name, word]) =>
    word === undefined || word === '' ? [] : [`--${name} ${shellWord(word)}`],
  )
  return ['npm run -s holdfast -- tail', ...words, ...(q === '' ? [] : [shellWord(q)])].join(' ')
}
