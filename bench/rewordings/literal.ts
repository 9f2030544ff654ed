/** A quoted literal within a text: YAML's single-quoted style, or one with backslashes (YAML, JSON, Python). */
export type Literal = {
  readonly style: 'yaml-single' | 'backslash'
  readonly quote: '"' | "'"
  /** Of the opening quote. */
  readonly start: number
  /** Behind the closing quote. */
  readonly end: number
  readonly value: string
  /** White space before the lines that continue it. */
  readonly indent: string
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
])
/** An escape with what belongs to it, or a line break with the white space around it. */
const ESCAPE_OR_BREAK = /\\(?:\n[ \t]*|x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[\s\S])|[ \t]*(\n(?:[ \t]*\n)*)[ \t]*/gi
const BREAK = /[ \t]*(\n(?:[ \t]*\n)*)[ \t]*/g
/** What neither YAML nor Python takes unescaped, or takes for a line break. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNPRINTABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]/u

/**
 * The outermost literal that holds text[from, to). It is found from the inside, by the nearest quotes that can open and
 * close it, since text around it may be anything. Undefined where there is none.
 */
export function literalAround(text: string, from: number, to: number): Literal | undefined {
  const escaped = text.slice(from, to).includes('\\n')
  const inner = escaped
    ? nearest(backslashLiteral(text, from, to, '"'), backslashLiteral(text, from, to, "'"))
    : undefined
  const outer = yamlSingleLiteral(text, from, to)
  // Both begin with the same quote only in Python; else the one with backslashes stands in the other, as JSON in YAML.
  return outer === undefined || outer.start === inner?.start ? inner : outer
}

/** The literal's text, in its own style; a single-quoted one that cannot hold `value` becomes a double-quoted one. */
export function encodeLiteral({ style, quote, indent }: Literal, value: string): string {
  if (style === 'yaml-single' && !UNPRINTABLE.test(value) && !/[ \t]\n|\n[ \t]/.test(value)) {
    return `'${value.replaceAll("'", "''").replaceAll(/\n+/g, (breaks) => `\n${breaks}${indent}`)}'`
  }
  const own = style === 'yaml-single' ? '"' : quote
  const body = Array.from(value, (char) => {
    if (char === '\\' || char === own) return `\\${char}`
    if (char === '\n') return '\\n'
    if (char === '\t') return '\\t'
    return UNPRINTABLE.test(char) ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char
  })
  return own + body.join('') + own
}

function nearest(a: Literal | undefined, b: Literal | undefined): Literal | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a.start > b.start ? a : b
}

function backslashLiteral(text: string, from: number, to: number, quote: '"' | "'"): Literal | undefined {
  let start = text.lastIndexOf(quote, from)
  while (start > 0 && isEscaped(text, start)) start = text.lastIndexOf(quote, start - 1)
  if (start < 0 || !/(?:^|[\s[{(:,=])$/.test(text.slice(Math.max(0, start - 1), start))) return undefined
  let end = text.indexOf(quote, start + 1)
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf(quote, end + 1)
  if (end < to || !/^(?:[\s\]}),:>]|$)/.test(text.slice(end + 1, end + 2))) return undefined
  const value = text
    .slice(start + 1, end)
    .replaceAll(ESCAPE_OR_BREAK, (all: string, breaks?: string) =>
      breaks === undefined ? unescape(all) : fold(breaks),
    )
  return { style: 'backslash', quote, start, end: end + 1, value, indent: '' }
}

function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text[first - 1] === '\\') first--
  return (at - first) % 2 === 1
}

function unescape(all: string): string {
  if (all[1] === '\n') return ''
  if (all.length > 2) return String.fromCodePoint(Number.parseInt(all.slice(2), 16))
  const char = all.slice(1)
  return ESCAPES.get(char) ?? (/[\\/"' ]/.test(char) ? char : all)
}

/** One break is a space, each further one is a line break (YAML 1.2, 6.5). */
function fold(breaks: string): string {
  const count = breaks.split('\n').length - 1
  return count === 1 ? ' ' : '\n'.repeat(count - 1)
}

function yamlSingleLiteral(text: string, from: number, to: number): Literal | undefined {
  const start = openingQuote(text, from)
  const end = closingQuote(text, to)
  if (start === undefined || end === undefined) return undefined
  const body = text.slice(start + 1, end)
  const [, indent] = /\n([ \t]+)(?=\S|$)/.exec(body) ?? []
  const opens = /(?:^|[:-] |^[ \t]+)$/m.test(text.slice(text.lastIndexOf('\n', start - 1) + 1, start))
  const closes = /^(?:>>)?[ \t]*(?:\n|$)/.test(text.slice(end + 1))
  // Lines that continue a scalar are indented or empty; in a text with apostrophes they are not.
  if (!opens || !closes || /\n[^\s]/.test(body)) return undefined
  const value = body.replaceAll(BREAK, (_, breaks: string) => fold(breaks)).replaceAll("''", "'")
  return { style: 'yaml-single', quote: "'", start, end: end + 1, value, indent: indent ?? '    ' }
}

/** The nearest quote before `from` that is not one of a pair: pairs are how the style writes a quote. */
function openingQuote(text: string, from: number): number | undefined {
  for (let last = text.lastIndexOf("'", from); last >= 0;) {
    let first = last
    while (text[first - 1] === "'") first--
    if ((last - first) % 2 === 0) return first
    last = first === 0 ? -1 : text.lastIndexOf("'", first - 1)
  }
  return undefined
}

function closingQuote(text: string, to: number): number | undefined {
  for (let first = text.indexOf("'", to); first >= 0;) {
    let last = first
    while (text[last + 1] === "'") last++
    if ((last - first) % 2 === 0) return last
    first = text.indexOf("'", last + 1)
  }
  return undefined
}
