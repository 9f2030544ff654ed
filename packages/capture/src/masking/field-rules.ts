import { MAX_FIELD_NAME } from '../limits.ts'
import { byteAt } from '../otlp/wire.ts'
import { asciiOf, BARE_VALUE, BEARER, hasDigit, isAt, LINE, NAME, runEnd, runStart } from './characters.ts'
import type { Found } from './token-rules.ts'

/** Names whose value is a credential, without case and without `-` and `_`; a name that ends in one counts too. */
const SENSITIVE_ENDINGS = [
  'authorization',
  'apikey',
  'password',
  'passwd',
  'passphrase',
  'clientsecret',
  'secretkey',
  'secretaccesskey',
  'accesstoken',
  'refreshtoken',
  'sessiontoken',
  'authtoken',
]
/** Names that must stand alone, as the last part after a dot: `secret` ends too many ordinary words. */
const SENSITIVE_WHOLE = new Set(['secret', 'cookie', 'setcookie', 'secrets', 'xauthkey'])

/** Four-byte words, one of which each sensitive name holds, chosen for being rare in prose. */
export const FIELD_TRIGGERS: readonly string[] = [
  'oriz',
  'ikey',
  'i_ke',
  'i-ke',
  'sswo',
  'sswd',
  'ssph',
  'secr',
  'okie',
  'stok',
  's_to',
  's-to',
  'htok',
  'h_to',
  'h-to',
  'ntok',
  'n_to',
  'n-to',
]

const AUTH_SCHEMES = new Set([
  'bearer',
  'basic',
  'digest',
  'token',
  'negotiate',
  'apikey',
  'hmac',
  'dpop',
  'aws4-hmac-sha256',
  'signature',
  'ntlm',
  'hawk',
])
const QUOTES = new Set([0x22, 0x27])
const BACKSLASH = 0x5c

/** Whether the value of a field, header or attribute of this name is to be masked. */
export function isSensitiveName(name: string): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1)
  const plain = last.toLowerCase().replaceAll(/[-_]/g, '')
  return (
    SENSITIVE_WHOLE.has(plain) ||
    /[-_]secret$/i.test(last) ||
    SENSITIVE_ENDINGS.some((ending) => plain.endsWith(ending))
  )
}

/** Where a sensitive name stands, and the value behind it if the text shows one. */
export type FieldMatch = { readonly nameTo: number; readonly isQuoted: boolean; readonly values: readonly Found[] }

/**
 * The field whose name holds the trigger at `at`, in the text `[from, to)`: `"name": "value"` at any depth of JSON in
 * JSON text, `name=value`, `Name: value`. Undefined where the name is not a sensitive one.
 */
export function matchField(bytes: Uint8Array, at: number, from: number, to: number): FieldMatch | undefined {
  const runFrom = runStart(bytes, NAME, at, from, MAX_FIELD_NAME)
  // After `\n` in JSON text the run begins with the letter of the escape.
  const nameFrom = runFrom > from && runFrom < at && byteAt(bytes, runFrom - 1) === BACKSLASH ? runFrom + 1 : runFrom
  const nameTo = runEnd(bytes, NAME, at, Math.min(to, at + MAX_FIELD_NAME))
  const name = asciiOf(bytes, nameFrom, nameTo)
  if (!isSensitiveName(name)) return undefined
  const escapes = backslashesBefore(bytes, nameTo, to)
  const quote = bytes[nameTo + escapes]
  if (nameTo + escapes < to && quote !== undefined && QUOTES.has(quote)) {
    const values = quotedValues(bytes, { from: nameTo + escapes + 1, to, escapes, quote })
    return { nameTo, isQuoted: true, values }
  }
  if (isArnPart(bytes, { from, nameFrom, nameTo, to })) return undefined
  const value = bareValue(bytes, nameTo, to, name)
  return { nameTo, isQuoted: false, values: value === undefined ? [] : [value] }
}

/** `arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db`: the name of a secret, which audit logs live by, and not the secret. */
function isArnPart(
  bytes: Uint8Array,
  at: { readonly from: number; readonly nameFrom: number; readonly nameTo: number; readonly to: number },
): boolean {
  if (at.nameTo >= at.to || bytes[at.nameTo] !== 0x3a || bytes[at.nameFrom - 1] !== 0x3a) return false
  const before = asciiOf(bytes, Math.max(at.from, at.nameFrom - MAX_ARN_HEAD), at.nameFrom)
  return /\barn:[a-z-]{3,16}:[a-z0-9-]{2,40}:[a-z0-9-]{0,32}:\d{0,12}:$/.test(before)
}

/** Characters of an ARN before its resource type. */
const MAX_ARN_HEAD = 120

/** Backslashes that begin at `at`: how deep the JSON is that the name stands in (0, 1, 3, 7, ...). */
function backslashesBefore(bytes: Uint8Array, at: number, to: number): number {
  let pos = at
  while (pos < to && pos - at < 64 && byteAt(bytes, pos) === BACKSLASH) pos += 1
  return pos - at
}

type Quoted = { readonly from: number; readonly to: number; readonly escapes: number; readonly quote: number }

/**
 * What follows a quoted name: a colon and one string, or an array of them. Where the name is itself the value of a member,
 * the next member may be its `"value"`, as Kubernetes lists settings, also in the copies that it keeps as JSON in JSON.
 */
function quotedValues(bytes: Uint8Array, text: Quoted): readonly Found[] {
  const found: Found[] = []
  let pos = skipBlank(bytes, text.from, text.to)
  if (pos < text.to && bytes[pos] === 0x2c)
    pos = nameOfValue(bytes, skipBlank(bytes, pos + 1, text.to), text) ?? text.to
  if (bytes[pos] !== 0x3a || pos >= text.to) return found
  pos = skipBlank(bytes, pos + 1, text.to)
  const isArray = pos < text.to && bytes[pos] === 0x5b
  if (isArray) pos = skipBlank(bytes, pos + 1, text.to)
  for (;;) {
    const start = openQuote(bytes, pos, text)
    if (start === undefined) return found
    const end = closeQuote(bytes, start, text)
    found.push({ rule: 'field', from: start, to: end })
    pos = skipBlank(bytes, end + text.escapes + 1, text.to)
    if (!isArray || pos >= text.to || bytes[pos] !== 0x2c) return found
    pos = skipBlank(bytes, pos + 1, text.to)
  }
}

/** Behind the member's name `"value"` at `at`, or undefined where another stands there. */
function nameOfValue(bytes: Uint8Array, at: number, text: Quoted): number | undefined {
  const from = openQuote(bytes, at, text)
  if (from === undefined || !isAt(bytes, from, text.to, 'value')) return undefined
  const end = openQuote(bytes, from + 'value'.length, text)
  return end === undefined ? undefined : skipBlank(bytes, end, text.to)
}

function openQuote(bytes: Uint8Array, at: number, text: Quoted): number | undefined {
  if (backslashesBefore(bytes, at, text.to) !== text.escapes) return undefined
  const quoteAt = at + text.escapes
  return quoteAt < text.to && bytes[quoteAt] === text.quote ? quoteAt + 1 : undefined
}

/**
 * Where the value ends: at the quote that closes it or a text around it, or with the text, which may have been cut off.
 * The backslashes before that quote stay, whatever they escape, so that it keeps its meaning.
 */
function closeQuote(bytes: Uint8Array, from: number, text: Quoted): number {
  let run = 0
  for (let pos = from; pos < text.to; pos += 1) {
    const byte = byteAt(bytes, pos)
    if (byte === BACKSLASH) {
      run += 1
      continue
    }
    if (byte === text.quote && isClosing(run, text.escapes)) return pos - run
    run = 0
  }
  return text.to - run
}

/**
 * Whether a quote behind `run` backslashes closes a text in which quotes are written with `escapes` of them, or one of
 * the texts around it: JSON in JSON in JSON writes its quotes with 0, 1, 3, 7, ... and doubles what stands before them.
 */
function isClosing(run: number, escapes: number): boolean {
  for (let period = 2; ; period *= 2) {
    if (run % period === period / 2 - 1) return true
    if (period / 2 - 1 >= escapes) return run === escapes
  }
}

function skipBlank(bytes: Uint8Array, from: number, to: number): number {
  let pos = from
  for (; pos < to; pos += 1) {
    const byte = byteAt(bytes, pos)
    if (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) continue
    // A line break inside JSON text is written \n; it counts as blank here.
    const next = bytes[pos + 1]
    if (byte !== BACKSLASH || pos + 1 >= to || (next !== 0x6e && next !== 0x72 && next !== 0x74)) break
    pos += 1
  }
  return pos
}

/** A value without quotes. Prose says "password: must be long" too, so what follows a colon must look like a secret. */
function bareValue(bytes: Uint8Array, nameTo: number, to: number, name: string): Found | undefined {
  const signAt = skipSpaces(bytes, nameTo, to)
  const isAssigned = signAt < to && bytes[signAt] === 0x3d
  if (signAt >= to || (!isAssigned && bytes[signAt] !== 0x3a)) return undefined
  const from = skipSpaces(bytes, signAt + 1, to)
  if (/cookie$/i.test(name)) return cookieLine(bytes, from, to)
  const opened = from + backslashesBefore(bytes, from, to)
  if (opened < to && QUOTES.has(byteAt(bytes, opened))) return quotedWord(bytes, opened + 1, to, isAssigned)
  const end = runEnd(bytes, BARE_VALUE, from, to)
  if (/authorization$/i.test(name)) return authorization(bytes, from, end, to)
  const length = end - from
  const isSecret = isAssigned && from === nameTo + 1 ? length > 0 : length >= 6 && looksRandom(bytes, from, end)
  return isSecret ? { rule: 'field', from, to: end } : undefined
}

/** `name="word"` and `name: "word"`; words with blanks between them are prose. */
function quotedWord(bytes: Uint8Array, from: number, to: number, isAssigned: boolean): Found | undefined {
  const end = runEnd(bytes, BARE_VALUE, from, to)
  const next = end < to ? byteAt(bytes, end) : 0x22
  const isClosed = QUOTES.has(next) || next === BACKSLASH
  const isSecret = isAssigned ? end - from >= 4 : end - from >= 6 && looksRandom(bytes, from, end)
  return isClosed && isSecret ? { rule: 'field', from, to: end } : undefined
}

function authorization(bytes: Uint8Array, from: number, wordEnd: number, to: number): Found | undefined {
  const word = asciiOf(bytes, from, Math.min(wordEnd, from + 20)).toLowerCase()
  if (!AUTH_SCHEMES.has(word)) {
    return wordEnd - from >= 8 && hasDigit(bytes, from, wordEnd)
      ? { rule: 'authorization', from, to: wordEnd }
      : undefined
  }
  const valueFrom = skipSpaces(bytes, wordEnd, to)
  // Schemes with parameters (Digest, AWS4) run to the end of the line, the others are one token.
  const isOneToken = ['bearer', 'basic', 'token', 'dpop', 'apikey', 'negotiate', 'ntlm'].includes(word)
  const valueTo = runEnd(bytes, isOneToken ? BEARER : LINE, valueFrom, to)
  const isValue = valueTo - valueFrom >= 24 || (valueTo - valueFrom >= 6 && hasDigit(bytes, valueFrom, valueTo))
  return isValue ? { rule: 'authorization', from: valueFrom, to: valueTo } : undefined
}

function cookieLine(bytes: Uint8Array, from: number, to: number): Found | undefined {
  const nameEnd = runEnd(bytes, NAME, from, to)
  if (nameEnd === from || nameEnd >= to || bytes[nameEnd] !== 0x3d) return undefined
  const end = runEnd(bytes, LINE, from, to)
  // Nobody is let in by `a=b`, which is what examples of headers hold.
  return end - nameEnd > 4 ? { rule: 'cookie', from, to: end } : undefined
}

/** A digit among other characters, within the first 256. */
function looksRandom(bytes: Uint8Array, from: number, to: number): boolean {
  const end = Math.min(to, from + 256)
  return hasDigit(bytes, from, end) && !/^[0-9.:%]+$/.test(asciiOf(bytes, from, end))
}

function skipSpaces(bytes: Uint8Array, from: number, to: number): number {
  let pos = from
  while (pos < to && (byteAt(bytes, pos) === 0x20 || byteAt(bytes, pos) === 0x09)) pos += 1
  return pos
}
