import { hash } from 'node:crypto'

/**
 * The number under which a term is posted: the first 48 bits of its SHA-256, which every JavaScript number and SQLite
 * integer holds. Two terms may share one: readers filter what they find. The text itself is not kept, so that erased
 * content leaves no names behind in the index.
 */
export function termNumber(term: string): number {
  return Number.parseInt(hash('sha256', term, 'hex').slice(0, 12), 16)
}
