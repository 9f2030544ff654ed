import type { HuntField, HuntQuery, HuntTerm } from './hunt-query.ts'

/** The value of each field that an event has; several names of the same are apart by a line feed, the shown one first. */
export type HuntValues = ReadonlyMap<HuntField, string>

/** True for the texts that a pattern means: the whole text in any case, with `*` for any number of characters. */
export type Pattern = (text: string) => boolean

/** The names that a field's text may be asked for by. */
export function huntNames(field: HuntField, text: string): readonly string[] {
  const names = text.split('\n')
  const [first = ''] = names
  switch (field) {
    case 'kind':
      // `process.exec` is asked for as itself, as `process`, and as `exec`.
      return [first, ...first.split('.')]
    case 'file':
      return [...names, first.slice(first.lastIndexOf('/') + 1)]
    case 'destination':
      return [...names, withoutPort(first)]
    case 'agent':
    case 'class':
    case 'tool':
    case 'server':
    case 'identity':
    case 'document':
    case 'model':
    case 'action':
    case 'outcome':
    case 'tier':
    case 'channel':
    case 'content':
    case 'instance':
    case 'conversation':
    case 'incident':
    case 'signal':
      return names
  }
}

/** Linear in the text for each part between two stars: no pattern of a person runs away on hostile text. */
export function patternOf(value: string): Pattern {
  const parts = value.toLowerCase().split('*')
  const [head = '', ...rest] = parts
  const tail = rest.pop()
  if (tail === undefined) return (text) => text.toLowerCase() === head
  return (text) => {
    const lower = text.toLowerCase()
    if (!lower.startsWith(head) || lower.length < head.length + tail.length || !lower.endsWith(tail)) return false
    let at = head.length
    for (const part of rest) {
      const found = lower.indexOf(part, at)
      if (found === -1) return false
      at = found + part.length
    }
    return at <= lower.length - tail.length
  }
}

/** What a word of the query is looked for as: anywhere in a name, in any case, with `*` for any number of characters. */
export function wordPattern(word: string): Pattern {
  return patternOf(`*${word}*`)
}

/** What captured text is looked for by: anywhere in it, in any case; a star is a star there. */
export function isIn(word: string): Pattern {
  const needle = word.toLowerCase()
  return (text) => text.toLowerCase().includes(needle)
}

/** The terms of a query on one field: it passes where one of `include` does (or there is none), and none of `exclude`. */
export type FieldTerms = {
  readonly field: HuntField
  readonly include: readonly Pattern[]
  readonly exclude: readonly Pattern[]
}

/** One for each field that the query speaks of. */
export function fieldTermsOf(query: HuntQuery): readonly FieldTerms[] {
  const fields = Map.groupBy(
    query.filter((term) => term.kind === 'field'),
    ({ field }) => field,
  )
  return [...fields].map(([field, terms]) => ({
    field,
    include: terms.filter(({ isExcluded }) => !isExcluded).map(({ value }) => patternOf(value)),
    exclude: terms.filter(({ isExcluded }) => isExcluded).map(({ value }) => patternOf(value)),
  }))
}

/** True where a field's text passes; an event without the field passes what only excludes. */
export function passesField({ field, include, exclude }: FieldTerms, text: string | undefined): boolean {
  if (text === undefined) return include.length === 0
  const names = huntNames(field, text)
  const isAny = (patterns: readonly Pattern[]): boolean =>
    patterns.some((pattern) => names.some((name) => pattern(name)))
  return (include.length === 0 || isAny(include)) && !isAny(exclude)
}

/** Words of the query that must be, or must not be, in one of an event's names. */
export function nameTermsOf(query: HuntQuery): readonly Extract<HuntTerm, { readonly kind: 'name' }>[] {
  return query.filter((term) => term.kind === 'name')
}

/**
 * Whether an event with a label and these values passes all of the query but `text`, which asks for what an event without its
 * texts cannot tell. For one event at a time; over many, the server works on columns.
 */
export function huntMatcher(query: HuntQuery): (label: string, values: HuntValues) => boolean {
  const fields = fieldTermsOf(query)
  const words = nameTermsOf(query).map(({ value, isExcluded }) => ({ isFound: wordPattern(value), isExcluded }))
  return (label, values) =>
    fields.every((terms) => passesField(terms, values.get(terms.field))) &&
    words.every(
      ({ isFound, isExcluded }) =>
        (isFound(label) || [...values.values()].some((name) => isFound(name))) !== isExcluded,
    )
}

/** Address without its port: `10.0.0.7:443`, `[fd00::1]:53`. A bare IPv6 address has colons and no port. */
function withoutPort(address: string): string {
  const colon = address.lastIndexOf(':')
  if (colon === -1 || !/^\d{1,5}$/.test(address.slice(colon + 1))) return address
  const host = address.slice(0, colon)
  if (host.startsWith('[') && host.endsWith(']')) return host.slice(1, -1)
  return host.includes(':') ? address : host
}
