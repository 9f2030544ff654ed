import { byteAt } from '../otlp/wire.ts'
import {
  ALNUM,
  asciiOf,
  AUTHORITY,
  BASE64,
  BEARER,
  hasDigit,
  isAt,
  PEM_BODY,
  runEnd,
  runStart,
  TOKEN,
} from './characters.ts'
import { isAfterEscape } from './token-rules.ts'
import type { Found } from './token-rules.ts'

/** Words at which the rules of this file look; each stands where the rule expects it. */
export const TEXT_TRIGGERS: readonly string[] = ['eyj?', '-beg', '://?', '://:', 'bear', 'basi', 'ck.c', 'ntke']

const WHITESPACE = new Set([0x20, 0x09])

/** The credential whose trigger stands at `at` in the text `[from, to)`, by what surrounds it. */
export function matchText(bytes: Uint8Array, at: number, from: number, to: number): Found | undefined {
  const first = byteAt(bytes, at) | 0x20
  if (first === 0x65) return jwt(bytes, at, from, to)
  if (first === 0x2d) return privateKey(bytes, at, from, to)
  if (first === 0x3a) return urlPassword(bytes, at, from, to)
  if (first === 0x62) return bearer(bytes, at, from, to) ?? basic(bytes, at, from, to)
  if (first === 0x63) return slackHook(bytes, at, from, to)
  if (first === 0x6e) return accountKey(bytes, at, from, to)
  return undefined
}

/** RFC 7519: three base64url parts of which the first two are JSON objects. */
function jwt(bytes: Uint8Array, at: number, from: number, to: number): Found | undefined {
  // Only at the start of a run: a second `eyJ` inside it would read the same bytes again.
  const isRunStart = runStart(bytes, TOKEN, at, from, 1) === at || isAfterEscape(bytes, at, from)
  if (!isAt(bytes, at, to, 'eyJ') || !isRunStart) return undefined
  const headerEnd = runEnd(bytes, TOKEN, at, to)
  if (headerEnd - at < 12 || !isAt(bytes, headerEnd, to, '.eyJ')) return undefined
  const payloadEnd = runEnd(bytes, TOKEN, headerEnd + 1, to)
  if (byteAt(bytes, Math.min(payloadEnd, to - 1)) !== 0x2e) return undefined
  return { rule: 'jwt', from: at, to: runEnd(bytes, TOKEN, payloadEnd + 1, to) }
}

/** PEM (RFC 7468) and PGP private keys: what stands between the lines, or up to the end where the second is cut off. */
function privateKey(bytes: Uint8Array, at: number, from: number, to: number): Found | undefined {
  if (!isAt(bytes, at - 4, to, '-----BEGIN') || at - 4 < from) return undefined
  const header = asciiOf(bytes, at, Math.min(to, at + 64))
  const label = /^-BEGIN ?[A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/.exec(header)
  if (label === null) return undefined
  const bodyFrom = at + label[0].length
  let end = bodyFrom
  while (end < to && byteAt(PEM_BODY, byteAt(bytes, end)) === 1 && !isAt(bytes, end, to, '-----END')) end += 1
  // A backslash before the end belongs to what follows: `\"` must keep it.
  while (end > bodyFrom && byteAt(bytes, end - 1) === 0x5c) end -= 1
  return { rule: 'private-key', from: bodyFrom, to: end }
}

/** `scheme://user:password@host`: the password alone. */
function urlPassword(bytes: Uint8Array, at: number, from: number, to: number): Found | undefined {
  if (at === from || byteAt(ALNUM, byteAt(bytes, at - 1)) === 0) return undefined
  const authorityFrom = at + 3
  const end = runEnd(bytes, AUTHORITY, authorityFrom, to)
  let colon = -1
  let atSign = -1
  for (let i = authorityFrom; i < end; i += 1) {
    const byte = byteAt(bytes, i)
    if (byte === 0x3a && colon < 0) colon = i
    if (byte === 0x40) atSign = i
  }
  if (colon < 0 || atSign <= colon + 1) return undefined
  // GitHub reads the token from the user's place in this one form.
  const isUserTheSecret = isAt(bytes, colon + 1, to, 'x-oauth-basic@')
  const [secretFrom, secretTo] = isUserTheSecret ? [authorityFrom, colon] : [colon + 1, atSign]
  return { rule: 'url-password', from: secretFrom, to: secretTo }
}

/** RFC 6750. Ordinary words follow "bearer" too, so a short token must hold a digit. */
function bearer(bytes: Uint8Array, at: number, from: number, to: number): Found | undefined {
  if (at + 7 >= to || (byteAt(bytes, at + 5) | 0x20) !== 0x72) return undefined
  if (asciiOf(bytes, at, at + 6).toLowerCase() !== 'bearer') return undefined
  const tokenFrom = skipSpaces(bytes, at + 6, to)
  if (tokenFrom === at + 6) return undefined
  const end = runEnd(bytes, BEARER, tokenFrom, to)
  const length = end - tokenFrom
  const isToken = length >= 24 || (length >= 8 && hasDigit(bytes, tokenFrom, end))
  return isToken && at >= from ? { rule: 'bearer-token', from: tokenFrom, to: end } : undefined
}

/** RFC 7617: what follows must be base64 of `user:password`, which no ordinary word is. */
function basic(bytes: Uint8Array, at: number, from: number, to: number): Found | undefined {
  if (asciiOf(bytes, at, Math.min(to, at + 5)).toLowerCase() !== 'basic' || at < from) return undefined
  const tokenFrom = skipSpaces(bytes, at + 5, to)
  const end = runEnd(bytes, BASE64, tokenFrom, to)
  const length = end - tokenFrom
  if (tokenFrom === at + 5 || length < 4 || length > 4_096) return undefined
  const decoded = Buffer.from(asciiOf(bytes, tokenFrom, end), 'base64').toString('latin1')
  const isPair = decoded.includes(':') && /^[\x20-\x7e\x80-\xff]*$/.test(decoded)
  return isPair ? { rule: 'basic-credentials', from: tokenFrom, to: end } : undefined
}

/** Slack incoming webhooks: whoever knows the path may post. The trigger is inside `hooks.slack.com`. */
function slackHook(bytes: Uint8Array, at: number, from: number, to: number): Found | undefined {
  const host = 'hooks.slack.com/'
  const hostFrom = at - 'hooks.sla'.length
  if (hostFrom < from || !isAt(bytes, hostFrom, to, host)) return undefined
  const pathFrom = hostFrom + host.length
  const end = runEnd(bytes, PATH, pathFrom, to)
  return end - pathFrom >= 20 ? { rule: 'slack-webhook', from: pathFrom, to: end } : undefined
}

/** Azure connection strings: `AccountKey=` and base64. The trigger is inside the name. */
function accountKey(bytes: Uint8Array, at: number, from: number, to: number): Found | undefined {
  const name = 'AccountKey='
  const nameFrom = at - 'Accou'.length
  if (nameFrom < from || !isAt(bytes, nameFrom, to, name)) return undefined
  const keyFrom = nameFrom + name.length
  const end = runEnd(bytes, BASE64, keyFrom, to)
  return end - keyFrom >= 20 ? { rule: 'azure-key', from: keyFrom, to: end } : undefined
}

const PATH = (() => {
  const set = TOKEN.slice()
  set['/'.charCodeAt(0)] = 1
  return set
})()

function skipSpaces(bytes: Uint8Array, from: number, to: number): number {
  let pos = from
  while (pos < to && WHITESPACE.has(byteAt(bytes, pos))) pos += 1
  return pos
}
