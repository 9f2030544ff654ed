import { hash } from 'node:crypto'

import { MAX_VALUE_CANDIDATES, MAX_VALUE_LENGTH, MAX_VALUE_TEXT, MAX_VALUES, MIN_VALUE_LENGTH } from './limits.ts'

/**
 * Fingerprints of the values in a text that are long enough to be traced from one text to another: addresses, hosts,
 * account numbers, ids, tokens. Words of a language are none. Sorted, without repetition, at most {@link MAX_VALUES};
 * where a text has more, addresses go first, and among equals the choice depends on the value alone, so that two texts
 * that share a value tend to keep it both. The text is hostile: one linear pass over a bounded part of it.
 */
export function valueFingerprints(text: string): readonly string[] {
  const strong = new Set<string>()
  const weak = new Set<string>()
  for (const value of candidatesOf(text)) (isAddress(value) ? strong : weak).add(value)
  const first = [...strong].map(fingerprint).toSorted().slice(0, MAX_VALUES)
  const rest = [...weak]
    .map(fingerprint)
    .toSorted()
    .slice(0, MAX_VALUES - first.length)
  return [...new Set([...first, ...rest])].toSorted()
}

/** The values of a text that have one of these fingerprints, by fingerprint, as {@link valueFingerprints} reads them: folded. */
export function valuesWith(fingerprints: ReadonlySet<string>, text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const value of candidatesOf(text)) {
    const print = fingerprint(value)
    if (fingerprints.has(print)) found.set(print, value)
  }
  return found
}

function* candidatesOf(text: string): Generator<string> {
  let candidates = 0
  for (const run of runsOf(readable(text.slice(0, MAX_VALUE_TEXT))))
    for (const value of valuesOfRun(run)) {
      if (++candidates > MAX_VALUE_CANDIDATES) return
      yield value
    }
}

/** Fingerprint of one normalised value: 72 bits of SHA-256, so that nobody can craft two values that meet. */
export function fingerprint(value: string): string {
  return hash('sha256', value, 'base64url').slice(0, 12)
}

/** Letters alone are a word of a language, up to this length. */
const MIN_LETTERS = 24

/** What {@link RUN} admits beside letters and digits. */
const EDGE = '._-@/+%:~&=?#'

/** Letters, digits and what holds an address together. No alternatives, so matching is linear in the text. */
const RUN = /[\p{L}\p{N}._\-@/+%:~&=?#]{6,}/gu

/** A run of fewer than {@link MIN_LETTERS} needs one of these to be a value. */
const TELLING = /[\p{N}@.]/u

/** The runs of a text that may hold a value: most words of a language are passed over here. */
function runsOf(text: string): readonly string[] {
  if (NOT_ASCII.test(text))
    return (text.match(RUN) ?? []).filter((run) => run.length >= MIN_LETTERS || TELLING.test(run))
  // Prompts are mostly prose. Reading their characters one by one costs a tenth of matching every word.
  const runs: string[] = []
  let from = 0
  let tells = false
  for (let at = 0; at <= text.length; at++) {
    const kind = at === text.length ? BREAK : (KINDS[text.charCodeAt(at)] ?? BREAK)
    if (kind === BREAK) {
      if (at - from >= MIN_VALUE_LENGTH && (tells || at - from >= MIN_LETTERS)) runs.push(text.slice(from, at))
      from = at + 1
      tells = false
    } else if (kind === TELLS) tells = true
    // A dot at either end of a run belongs to the sentence.
    else if (kind === DOT && at > from && (KINDS[text.charCodeAt(at + 1)] ?? BREAK) !== BREAK) tells = true
  }
  return runs
}

const NOT_ASCII = /[^\0-\x7F]/
/** Marks on one character beyond what any script stacks: to bring a run of them into order takes a step for each pair of them. */
const OVERSTACKED = /(\p{M}{30})\p{M}+/gu
const BREAK = 0
const TELLS = 1
const DOT = 2
const OTHER = 3

/** Kinds of the ASCII characters of lower-case text. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (character === '.') return DOT
  if (/[0-9@]/.test(character)) return TELLS
  return /[a-z]/i.test(character) || EDGE.includes(character) ? OTHER : BREAK
})

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/' }

/** Undoes what JSON inside JSON does to a text, folds compatibility forms and drops characters that do not show. */
function readable(text: string): string {
  const plain = text.includes('\\') ? unescape(text) : text
  // A mask stands where a credential stood; two masks of one rule are not one value.
  const open = plain.includes('[masked:') ? plain.replaceAll(/\[masked:[^\]]{0,200}\]/g, ' ') : plain
  const folded = NOT_ASCII.test(open)
    ? open
        .replaceAll(OVERSTACKED, '$1')
        .normalize('NFKC')
        .replaceAll(/\p{Cf}/gu, '')
    : open
  return folded.toLowerCase()
}

function unescape(text: string): string {
  return text.replaceAll(
    /\\+(?:u([0-9a-fA-F]{4})|(["\\/nrtbf]))/g,
    (_all, code: string | undefined, short: string | undefined) =>
      code === undefined ? (ESCAPES[short ?? ''] ?? ' ') : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function* valuesOfRun(run: string): Generator<string> {
  if (run.length > MAX_VALUE_LENGTH) {
    yield run
    return
  }
  const whole = trim(run.replace(/^[a-z][a-z0-9+.-]*:\/\//, '').replace(/^www\./, ''))
  if (isValue(whole)) yield whole
  const pieces = whole.split(/[/?&=#:]+/)
  if (pieces.length === 1) return
  for (const piece of pieces) {
    const value = trim(piece)
    if (value !== whole && isValue(value)) yield value
  }
}

/** Punctuation at either end belongs to the sentence, not to the value. */
function trim(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && EDGE.includes(text.charAt(from))) from++
  while (to > from && EDGE.includes(text.charAt(to - 1))) to--
  return text.slice(from, to)
}

function isValue(text: string): boolean {
  if (text.length < MIN_VALUE_LENGTH) return false
  if (isAddress(text)) return true
  const digits = text.replaceAll(/\P{N}/gu, '').length
  const letters = text.replaceAll(/\P{L}/gu, '').length
  if (digits === 0) return letters >= MIN_LETTERS
  return digits >= 6 || (letters > 0 && digits > 0 && digits + letters >= MIN_VALUE_LENGTH)
}

/** A mail address, a host name or a path of one. */
function isAddress(text: string): boolean {
  return (
    /^[^@/\s]{1,64}@[^@/\s]{1,255}$/.test(text) ||
    /^[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}(?:[:/].*)?$/u.test(text)
  )
}
