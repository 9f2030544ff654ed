import { COPIED_PAGES } from '../limits.ts'

/** What a list answers with, as far as its pages go. */
type ListAnswer = { readonly items: readonly unknown[]; readonly nextCursor?: string }

/**
 * An answer of the API with all pages of its list. A list with more pages than are copied keeps the cursor of the next one, and
 * its `total` where it has one: what is not there can be told. Rejects where the server refuses.
 */
export async function readWhole(api: string): Promise<unknown> {
  const first = await read(api)
  if (!isList(first)) return first
  const items = [...first.items]
  let cursor = first.nextCursor
  for (let page = 1; cursor !== undefined && page < COPIED_PAGES; page += 1) {
    const next = await read(`${api}${api.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`)
    if (!isList(next)) break
    items.push(...next.items)
    cursor = next.nextCursor
  }
  const { nextCursor: _, ...rest } = first
  return { ...rest, items, ...(cursor === undefined ? {} : { nextCursor: cursor }) }
}

async function read(path: string): Promise<unknown> {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  return response.json()
}

function isList(answer: unknown): answer is ListAnswer {
  return typeof answer === 'object' && answer !== null && 'items' in answer && Array.isArray(answer.items)
}
