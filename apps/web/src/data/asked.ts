import type { Answer } from '@holdfast/api'

/** Where a list begins. */
export const firstPage: string | undefined = undefined as string | undefined // the type of later pages

/** Where it goes on; undefined at its end. */
export function nextPage(last: Pick<Answer<'listAgents'>, 'nextCursor'>): string | undefined {
  return last.nextCursor
}

/** The fields that have a value: an absent one must not travel as an empty text. */
export function given<T extends Record<string, string | undefined>>(fields: T): { [K in keyof T]?: string } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(entries) as { [K in keyof T]?: string } // keys of `fields`, the empty ones left out
}
