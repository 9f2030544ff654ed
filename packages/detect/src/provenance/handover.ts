import { tokensOf } from '../text/words.ts'
import type { Request } from './request.ts'
import type { CallStep } from './steps.ts'

/** True where the owner speaks of the one that an item is from: a name or address of theirs. */
export function isFromNamed(sender: string, { people }: Request): boolean {
  return sender !== '' && people.some((name) => sender.includes(name))
}

/**
 * True where the owner named what an item is: by a title in quotes that stands in that very item, by the file or id with which it was
 * fetched, or by the words it was searched with.
 */
export function isNamedByOwner(itemText: string, request: Request, fetch: CallStep | undefined): boolean {
  const { titles, identifiers, asked } = request
  if (titles.some((title) => itemText.includes(title))) return true
  if (fetch === undefined) return false
  // A title that the owner gave is what tells the item; where there is none, what it was fetched by.
  if (titles.length > 0) return titles.some((title) => fetch.arguments.toLowerCase().includes(title))
  const tokens = tokensOf(fetch.arguments)
  if (tokens.some(({ form, kind }) => kind === 'identifier' && identifiers.has(form))) return true
  const words = tokens.filter(({ kind }) => kind === 'word')
  return words.length > 0 && words.every(({ form }) => asked.has(form))
}
