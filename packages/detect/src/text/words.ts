import { conceptOf } from './concepts.ts'
import { STOP_WORDS } from './stop-words.ts'
import { stem } from './stem.ts'

/** One thing that a text names. */
export type Token = {
  /** Form by which like is found again: a stem, a concept of several words, an identifier without its decoration. */
  readonly form: string
  /** `identifier`: an address, host, account, id, code: something that is copied, not said. */
  readonly kind: 'word' | 'number' | 'identifier'
}

const IDENTIFIER =
  /(?<![\p{L}\p{N}_.,-])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\p{L}\p{N}_-]|[.,]\d)|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+|(?:https?:\/\/|www\.)[^\s"'<>()[\]{}]+|\b(?:[\p{L}\p{N}-]+\.)+(?:[a-z]{2,12})(?:\/[^\s"'<>()[\]{}]*)?|\/?(?:[\p{L}\p{N}_.-]+\/)+[\p{L}\p{N}_.-]+|[\p{L}\p{N}][\p{L}\p{N}_-]*\d[\p{L}\p{N}_-]*/giu
/**
 * What an identifier can stand in. {@link IDENTIFIER} tries every beginning and may look as far as the end of its chunk from each:
 * the bound keeps that linear in the length of the text.
 */
const CHUNK = /[^\s"'<>()[\]{}]{1,256}/g
/** Every identifier has one of these. */
const MARKED = /[\d@/.]/
const WORD = /[\p{L}\p{M}]+(?:['’]\p{L}+)?/gu
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

/** What a text names, with repetitions, in order: identifiers as whole strings and then the words. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  const rest = text.replace(CHUNK, (chunk) => (MARKED.test(chunk) ? withoutIdentifiers(chunk, tokens) : chunk))
  for (const [word] of rest.matchAll(WORD)) {
    if (CJK.test(word)) for (const pair of pairs(word)) tokens.push({ form: conceptOf(pair) ?? pair, kind: 'word' })
    else {
      const form = wordForm(word)
      if (form !== undefined) tokens.push({ form, kind: 'word' })
    }
  }
  return tokens
}

/** Moves the identifiers of a chunk to `tokens`; what is left may hold words. */
function withoutIdentifiers(chunk: string, tokens: Token[]): string {
  return chunk.replace(IDENTIFIER, (found) => {
    const token = identifier(found)
    if (token === undefined) return found
    tokens.push(token)
    return token.kind === 'identifier' && /[@/.]/.test(found) ? ' ' : ` ${found.replaceAll(/[\d_-]+/g, ' ')} `
  })
}

/** Undefined for a word that says nothing by itself. */
export function wordForm(word: string): string | undefined {
  const lower = withoutApostrophe(word.toLowerCase())
  if (lower.length < 2 || STOP_WORDS.has(lower)) return undefined
  return conceptOf(lower) ?? stem(lower)
}

/** `don't` and `it's` by what stands before the sign; `l'achat` and `dell'ordine` by what stands behind it. */
function withoutApostrophe(word: string): string {
  const at = word.search(/['’]/)
  if (at === -1) return word
  const behind = word.slice(at + 1)
  return behind.length > 3 ? behind : word.slice(0, at)
}

function identifier(found: string): Token | undefined {
  const clean = withoutTail(
    found
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/^www\./, ''),
  )
  const amount = /^[\d.,]+$/.test(clean) ? Number(clean.replaceAll(',', '')) : Number.NaN
  if (!Number.isNaN(amount)) return clean.length < 2 ? undefined : { form: String(amount), kind: 'number' }
  // A date, an hour and a percentage are counted, not copied.
  if (/^\d{4}-\d{1,2}(-\d{1,2})?(t.*)?$/.test(clean)) return { form: clean.slice(0, 10), kind: 'number' }
  if (clean.length < 3) return undefined
  if (/\d/.test(clean) || /[@/]/.test(clean) || /\.[a-z]{2,}$/.test(clean)) return { form: clean, kind: 'identifier' }
  return undefined
}

/** Without the marks at its end. A pattern would begin anew at each mark of a long row. */
function withoutTail(text: string): string {
  let end = text.length
  while (end > 0 && `.,;:!?'"/-`.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** Scripts without blanks between words: each two characters that follow each other. */
function pairs(text: string): readonly string[] {
  const chars = Array.from(text)
  return chars.length < 2 ? chars : chars.slice(1).map((char, i) => `${chars[i] ?? ''}${char}`)
}
