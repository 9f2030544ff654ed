import { RE2JS } from '@bufbuild/re2'
import type { Comparison } from './modifiers.ts'

/** How one text is compared. `literal`: a text in lower case that whatever meets it holds, whole or as a part. */
export type Pattern = {
  /** `folded` is the text in lower case. */
  readonly test: (text: string, folded: string) => boolean
  readonly literals?: { readonly whole: boolean; readonly texts: readonly string[] }
}

/** Literals shorter than this are in every other text. */
const LEAST_LITERAL = 3

/**
 * A value of a selection with its wildcards: `*` any characters, `?` one, `\` before either for itself. Compares in linear
 * time, letters of either case alike unless `cased`.
 */
export function wildcardPattern(value: string, { kind, isCased }: Pick<Comparison, 'kind' | 'isCased'>): Pattern {
  const tokens = tokensOf(isCased ? value : value.toLowerCase())
  const first = tokens[0]
  const last = tokens.at(-1)
  const isOpenBefore = kind === 'contains' || kind === 'endswith' || first === ANY
  const isOpenBehind = kind === 'contains' || kind === 'startswith' || last === ANY
  const inner = tokens.slice(first === ANY ? 1 : 0, last === ANY && tokens.length > 1 ? -1 : undefined)
  const longest = inner
    .filter((token) => typeof token === 'string')
    .reduce((best, token) => (token.length > best.length ? token : best), '')
  const isLiteral = inner.every((token) => typeof token === 'string')
  const whole = isLiteral && !isOpenBefore && !isOpenBehind
  const literals = whole
    ? { whole, texts: [longest.toLowerCase()] }
    : longest.length >= LEAST_LITERAL
      ? { whole, texts: [longest.toLowerCase()] }
      : undefined
  const test = isLiteral
    ? literalTest(longest, { isOpenBefore, isOpenBehind })
    : globTest(inner, { isOpenBefore, isOpenBehind })
  return {
    test: isCased ? (text) => test(text) : (_text, folded) => test(folded),
    ...(literals === undefined ? {} : { literals }),
  }
}

/** A regular expression of RE2: linear in the text, without look-around and back references. Throws where it is none. */
export function regexPattern(source: string, flags: string): Pattern {
  const bits =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0)
  const compiled = RE2JS.compile(source, bits)
  const texts = literalsOf(compiled.re2().prefilter)
  return {
    test: (text) => compiled.test(text),
    ...(texts === undefined ? {} : { literals: { whole: false, texts } }),
  }
}

const ANY = Symbol('*')
const ONE = Symbol('?')
type Token = string | typeof ANY | typeof ONE
type Ends = { readonly isOpenBefore: boolean; readonly isOpenBehind: boolean }

function tokensOf(value: string): readonly Token[] {
  const tokens: Token[] = []
  let literal = ''
  const flush = (): void => {
    if (literal !== '') tokens.push(literal)
    literal = ''
  }
  for (let at = 0; at < value.length; at++) {
    const char = value.charAt(at)
    const next = value.charAt(at + 1)
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next
      at++
    } else if (char === '*') {
      flush()
      if (tokens.at(-1) !== ANY) tokens.push(ANY)
    } else if (char === '?') {
      flush()
      tokens.push(ONE)
    } else literal += char
  }
  flush()
  return tokens
}

function literalTest(literal: string, { isOpenBefore, isOpenBehind }: Ends): (text: string) => boolean {
  if (isOpenBefore && isOpenBehind) return (text) => text.includes(literal)
  if (isOpenBefore) return (text) => text.endsWith(literal)
  if (isOpenBehind) return (text) => text.startsWith(literal)
  return (text) => text === literal
}

function globTest(tokens: readonly Token[], { isOpenBefore, isOpenBehind }: Ends): (text: string) => boolean {
  const body = tokens
    .map((token) => (token === ANY ? '.*' : token === ONE ? '.' : typeof token === 'string' ? RE2JS.quote(token) : ''))
    .join('')
  const compiled = RE2JS.compile(`${isOpenBefore ? '' : '\\A'}${body}${isOpenBehind ? '' : '\\z'}`, RE2JS.DOTALL)
  return (text) => compiled.test(text)
}

type Filter = { readonly type: number; readonly str: string; readonly subs: readonly Filter[] }

/** Kinds of the library's own filters: a literal, all of some, one of some. */
const EXACT = 1
const AND = 2
const OR = 3

/** Literals of which every text that the expression finds holds one; undefined where there are none. */
function literalsOf(filter: Filter | null): readonly string[] | undefined {
  if (filter === null) return undefined
  if (filter.type === EXACT) return filter.str.length >= LEAST_LITERAL ? [filter.str.toLowerCase()] : undefined
  const parts = filter.subs.map(literalsOf)
  if (filter.type === OR)
    return parts.length > 0 && parts.every((part) => part !== undefined) ? parts.flat() : undefined
  if (filter.type !== AND) return undefined
  const least = (texts: readonly string[]): number => Math.min(...texts.map(({ length }) => length))
  return parts
    .filter((part) => part !== undefined)
    .reduce<readonly string[] | undefined>(
      (best, part) => (best === undefined || least(part) > least(best) ? part : best),
      undefined,
    )
}
