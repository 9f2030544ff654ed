import { MAX_DECODED } from '../limits.ts'
import { plainForm } from '../text/plain-form.ts'

const BASE64 = /(?:[A-Za-z0-9+/_-]{4}){5,}(?:[A-Za-z0-9+/_-]{2,3}={0,2})?/g
const PERCENT = /[\w.~+%-]+/g
const TWO_ESCAPES = /(?:%[0-9a-f]{2}){2}|(?:%[0-9a-f]{2}[\w.~+-]{1,40}){2}/i
const HEX = /(?<![\p{L}\p{N}])(?:0x)?((?:[0-9a-f]{2}[ :]?){16,2000})(?![\p{L}\p{N}])/giu
const ESCAPED = /(?:\\x[0-9a-f]{2}){8,2000}/gi
const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos|nbsp));/gi
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' }

/**
 * What a text says under an encoding that an agent can read and a person would not: base64, hex, percent signs, entities. Only
 * what decodes to readable words is given; texts in plain sight give nothing.
 */
export function decodedTexts(text: string): readonly string[] {
  const found: string[] = []
  for (const [encoded] of text.matchAll(BASE64)) add(found, fromBase64(encoded))
  for (const [, encoded = ''] of text.matchAll(HEX)) add(found, fromHex(encoded))
  for (const [encoded] of text.matchAll(ESCAPED)) add(found, fromHex(encoded.replaceAll(/\\x/gi, '')))
  if (text.includes('%'))
    for (const [encoded] of text.matchAll(PERCENT)) if (TWO_ESCAPES.test(encoded)) add(found, fromPercent(encoded))
  if (text.includes('&')) {
    const plain = text.replace(ENTITY, (whole, hex, decimal, name) => entity(hex, decimal, name) ?? whole)
    if (plain !== text && /&#/.test(text)) add(found, plain)
  }
  return found
}

function add(found: string[], text: string | undefined): void {
  if (text === undefined || found.length >= MAX_DECODED) return
  const { text: plain } = plainForm(text)
  // Random bytes read as text now and then, but not as words.
  const words = plain.match(/\p{L}{2,}/gu) ?? []
  const letters = plain.match(/[\p{L}\p{N}\s.,:;!?'"@/()-]/gu)?.length ?? 0
  if (words.length >= 3 && letters / plain.length > 0.9) found.push(plain)
}

function fromBase64(encoded: string): string | undefined {
  try {
    return utf8(Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0)))
  } catch {
    // No base64 after all.
    return undefined
  }
}

function fromHex(encoded: string): string | undefined {
  const digits = encoded.replaceAll(/[ :]/g, '')
  return utf8(
    Uint8Array.from({ length: digits.length >> 1 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)),
  )
}

function fromPercent(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch {
    // Percent signs that encode nothing.
    return undefined
  }
}

function entity(hex: unknown, decimal: unknown, name: unknown): string | undefined {
  if (typeof name === 'string') return NAMED[name.toLowerCase()]
  const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Bytes that are no text.
    return undefined
  }
}
