import { type HuntField, type HuntTerm, parseHuntQuery, printHuntQuery } from '@holdfast/model'

export type Mode = 'include' | 'exclude'

/** How a value of a field stands in a query. */
export function modeOf(q: string, field: HuntField, value: string): Mode | undefined {
  const term = termsOf(q).find((one) => isOf(one, field, value))
  return term === undefined ? undefined : term.isExcluded ? 'exclude' : 'include'
}

/** The query with the value included or excluded; a mode that it has already is taken back. */
export function toggled(
  q: string,
  field: HuntField,
  { value, mode }: { readonly value: string; readonly mode: Mode },
): string {
  const had = modeOf(q, field, value)
  const others = termsOf(q).filter((one) => !isOf(one, field, value))
  const term: HuntTerm = { kind: 'field', field, value, isExcluded: mode === 'exclude' }
  return printHuntQuery(had === mode ? others : [...others, term])
}

/** The query without one of its terms. */
export function withoutTerm(q: string, at: number): string {
  return printHuntQuery(termsOf(q).filter((_, i) => i !== at))
}

/** None while the query has a fault: the page shows what it last understood, and says what is wrong. */
export function termsOf(q: string): readonly HuntTerm[] {
  const parsed = parseHuntQuery(q)
  return parsed.status === 'ok' ? parsed.query : []
}

function isOf(term: HuntTerm, field: HuntField, value: string): boolean {
  return term.kind === 'field' && term.field === field && term.value.toLowerCase() === value.toLowerCase()
}
