/** What can be asked of an event, in the order that facets are shown in. */
export const HUNT_FIELDS = [
  'agent',
  'class',
  'kind',
  'tool',
  'server',
  'destination',
  'identity',
  'file',
  'document',
  'model',
  'action',
  'outcome',
  'tier',
  'channel',
  'content',
  'instance',
  'conversation',
  'incident',
  'signal',
] as const

export type HuntField = (typeof HUNT_FIELDS)[number]

/** `name` looks in all names of an event, `text` in its captured texts. */
export type HuntTerm =
  | { readonly kind: 'field'; readonly field: HuntField; readonly value: string; readonly isExcluded: boolean }
  | { readonly kind: 'name'; readonly value: string; readonly isExcluded: boolean }
  | { readonly kind: 'text'; readonly value: string; readonly isExcluded: boolean }

export type HuntQuery = readonly HuntTerm[]

export type ParsedHuntQuery =
  | { readonly status: 'ok'; readonly query: HuntQuery }
  /** `at` and `length` count UTF-16 units of the text: what to underline. */
  | { readonly status: 'bad'; readonly reason: string; readonly at: number; readonly length: number }

/** Longer than anybody types, and short enough for an address. */
export const HUNT_QUERY_CHARACTERS = 2_000
/** Each term costs one pass over the names of a chunk. */
const MAX_TERMS = 64

const FIELDS: ReadonlySet<string> = new Set(HUNT_FIELDS)

/**
 * Reads `tool:wire_refund -agent:"billing bot" kind:exec text:"ignore all" invoice*`. Values of one field are alternatives,
 * fields restrict each other, `-` leaves out, `*` stands for anything, quotes hold blanks; `\"` and `\\` are escapes in them.
 * One pass from left to right.
 */
export function parseHuntQuery(text: string): ParsedHuntQuery {
  if (text.length > HUNT_QUERY_CHARACTERS) {
    const at = HUNT_QUERY_CHARACTERS
    return { status: 'bad', reason: `a query has at most ${at} characters`, at, length: text.length - at }
  }
  const query: HuntTerm[] = []
  for (let at = afterBlanks(text, 0); at < text.length; at = afterBlanks(text, at)) {
    const read = readTerm(text, at)
    if (read.status === 'bad') return read
    if (query.length === MAX_TERMS)
      return { status: 'bad', reason: `a query has at most ${MAX_TERMS} terms`, at, length: text.length - at }
    query.push(read.term)
    at = read.end
  }
  return { status: 'ok', query }
}

/** Text that reads back as the same query. */
export function printHuntQuery(query: HuntQuery): string {
  return query.map(printTerm).join(' ')
}

/**
 * The same question with its words looked for in captured texts instead of in names, such as the payee that only the arguments
 * of a call name; undefined where it has no word, or already asks for texts.
 */
export function asTextQuery(query: HuntQuery): HuntQuery | undefined {
  const isWord = ({ kind, isExcluded }: HuntTerm): boolean => kind === 'name' && !isExcluded
  if (!query.some(isWord) || query.some(({ kind }) => kind === 'text')) return undefined
  return query.map((term) => (isWord(term) ? { kind: 'text', value: term.value, isExcluded: false } : term))
}

function printTerm({ isExcluded, ...term }: HuntTerm): string {
  const name = term.kind === 'field' ? `${term.field}:` : term.kind === 'text' ? 'text:' : ''
  return `${isExcluded ? '-' : ''}${name}${printValue(term.value)}`
}

/** A value as it stands in a query, quoted where it must be. */
function printValue(value: string): string {
  return /^[^\s":\\-][^\s":\\]*$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

type Term = { readonly status: 'ok'; readonly term: HuntTerm; readonly end: number }
type Bad = Extract<ParsedHuntQuery, { status: 'bad' }>

function readTerm(text: string, start: number): Term | Bad {
  const isExcluded = text[start] === '-'
  const at = isExcluded ? start + 1 : start
  const colon = afterName(text, at)
  if (text[colon] !== ':') {
    const value = readValue(text, at)
    if (value.status === 'bad') return value
    return { status: 'ok', term: { kind: 'name', value: value.text, isExcluded }, end: value.end }
  }
  const name = text.slice(at, colon).toLowerCase()
  if (name !== 'text' && !FIELDS.has(name)) return unknownField(name, at)
  const value = readValue(text, colon + 1)
  if (value.status === 'bad') return value
  // The set holds nothing but fields.
  const term: HuntTerm =
    name === 'text'
      ? { kind: 'text', value: value.text, isExcluded }
      : { kind: 'field', field: name as HuntField, value: value.text, isExcluded }
  return { status: 'ok', term, end: value.end }
}

type Value = { readonly status: 'ok'; readonly text: string; readonly end: number }

function readValue(text: string, start: number): Value | Bad {
  if (text[start] !== '"') {
    let end = start
    while (end < text.length && !isBlank(text, end)) {
      if (text[end] === '"') return { status: 'bad', reason: 'a quote in the middle of a word', at: end, length: 1 }
      end += 1
    }
    if (end === start) return { status: 'bad', reason: 'a value is missing', at: Math.max(0, start - 1), length: 1 }
    return { status: 'ok', text: text.slice(start, end), end }
  }
  let value = ''
  for (let at = start + 1; at < text.length; at++) {
    const unit = text[at] ?? ''
    if (unit === '"') {
      if (value === '') return { status: 'bad', reason: 'nothing between the quotes', at: start, length: 2 }
      if (at + 1 < text.length && !isBlank(text, at + 1))
        return { status: 'bad', reason: 'a blank is missing after the quote', at: at + 1, length: 1 }
      return { status: 'ok', text: value, end: at + 1 }
    }
    const next = text[at + 1]
    const isEscape = unit === '\\' && (next === '"' || next === '\\')
    if (isEscape) at += 1
    value += isEscape ? next : unit
  }
  return { status: 'bad', reason: 'this quote is not closed', at: start, length: text.length - start }
}

function unknownField(name: string, at: number): Bad {
  const near = HUNT_FIELDS.find((field) => field.startsWith(name.slice(0, 3)) && name !== '')
  const reason =
    name === ''
      ? 'a field is missing before the colon'
      : `no field "${name}", ${near === undefined ? `there are ${HUNT_FIELDS.join(', ')}` : `did you mean ${near}?`}; a word with a colon is put in quotes`
  return { status: 'bad', reason, at, length: name.length + 1 }
}

/** A name of a field has letters only, so that `10.0.0.7:443` and `s3:GetObject` are words. */
function afterName(text: string, start: number): number {
  let end = start
  while (end < text.length && /[a-z-]/i.test(text[end] ?? '')) end += 1
  return end
}

function afterBlanks(text: string, start: number): number {
  let at = start
  while (at < text.length && isBlank(text, at)) at += 1
  return at
}

function isBlank(text: string, at: number): boolean {
  return /\s/.test(text[at] ?? '')
}
