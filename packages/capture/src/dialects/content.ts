import { hash } from 'node:crypto'
import { parseSha256 } from '@holdfast/model'
import type { Content, Sha256 } from '@holdfast/model'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText, writeJsonText } from '../decode/json-text.ts'
import { MAX_CONTENT_BYTES } from '../decode/limits.ts'
import type { Held } from './act.ts'

/**
 * Hashes a piece of content and states what is known of it. `isMasked` says that credentials were masked somewhere in
 * the record; only the contents that hold a mask count as redacted.
 */
export function contentOf(piece: Held, isMasked: boolean): Content {
  if ('absent' in piece) return { state: 'not-captured', reason: piece.absent }
  const { value } = piece
  const isText = typeof value === 'string'
  // Half of a surrogate pair would be stored as another character than it is hashed as.
  const whole = isText ? value.toWellFormed() : writeJsonText(value)
  const mediaType = !isText || looksLikeJson(value) ? 'application/json' : 'text/plain'
  const wholeBytes = Buffer.byteLength(whole)
  if (wholeBytes > MAX_CONTENT_BYTES) {
    const text = cutUtf8(whole)
    return {
      state: 'truncated',
      text,
      digest: sha256(text),
      bytes: Buffer.byteLength(text),
      mediaType,
      originalBytes: wholeBytes,
    }
  }
  if (piece.isPartial === true)
    return { state: 'truncated', text: whole, digest: sha256(whole), bytes: wholeBytes, mediaType }
  const known = { text: whole, digest: sha256(whole), bytes: wholeBytes, mediaType }
  const masked = isMasked ? countMasks(whole) : 0
  return masked > 0 ? { state: 'redacted', ...known, masked } : { state: 'captured', ...known }
}

/** SHA-256 of the UTF-8 bytes. */
export function sha256(text: string): Sha256 {
  const digest = parseSha256(hash('sha256', text, 'hex'))
  // node:crypto gives 64 lowercase hex digits for sha256, which is all that the parser asks.
  return digest as Sha256
}

/** The first `digits` hex digits of the SHA-256 of a value; enough to tell apart the few items of one record. */
export function shortDigest(value: Json, digits: number): string {
  return hash('sha256', typeof value === 'string' ? value : writeJsonText(value), 'hex').slice(0, digits)
}

/** The masking of capture/masking puts as much of `[masked:<rule>]` as fits in front of each masked secret. */
const MASK = /\[masked:/g

function countMasks(text: string): number {
  return text.match(MASK)?.length ?? 0
}

/** An object or a list; a bare number or a quoted word is a text that happens to be JSON. */
function looksLikeJson(text: string): boolean {
  const trimmed = text.trim()
  const ends = `${trimmed.charAt(0)}${trimmed.charAt(trimmed.length - 1)}`
  return (ends === '{}' || ends === '[]') && parseJsonText(trimmed) !== undefined
}

function cutUtf8(text: string): string {
  // A cut inside a character leaves U+FFFD at the end, never bytes that are not UTF-8.
  return Buffer.from(text).subarray(0, MAX_CONTENT_BYTES).toString('utf8')
}
