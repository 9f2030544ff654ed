import { hex, hiddenCharacterName, isCombining, scriptOf, type Script } from './code-points.ts'
import { base64At, describeBase64, type Base64Run } from './base64.ts'
import { COMBINING_MARKS, PARTS } from './limits.ts'
import { defang, defangRest, tokenEnd, urlEnd } from './urls.ts'

/** A piece of captured text in a form that can be shown: nothing in it is hidden, followed, fetched or run. */
export type InertPart =
  | { readonly kind: 'text'; readonly text: string }
  /** A URL, defanged. */
  | { readonly kind: 'url'; readonly text: string }
  /** A character that would not be seen as itself, by name. */
  | { readonly kind: 'hidden'; readonly name: string; readonly code: number }
  /** A word whose letters come from scripts that look alike. */
  | { readonly kind: 'mixed'; readonly text: string; readonly scripts: readonly Script[] }
  /** A credential that was masked before it was stored. */
  | { readonly kind: 'masked'; readonly rule: string; readonly characters: number }
  | { readonly kind: 'base64'; readonly run: Base64Run }

export type InertText = {
  readonly parts: readonly InertPart[]
  /** Characters shown by name. */
  readonly hidden: number
  /** Words that mix scripts. */
  readonly mixed: number
  /** UTF-16 units past the bound on parts, not shown. */
  readonly cut: number
}

/**
 * Reads untrusted text into parts that are safe to show. Linear in the length of the text, and without regular
 * expressions over it: captured text is the attacker's.
 */
export function toInert(text: string): InertText {
  const parts: InertPart[] = []
  const scanner = new Scanner(text)
  let hidden = 0
  let mixed = 0
  let plainFrom = 0
  let position = 0
  const flush = (): void => {
    if (plainFrom < position) parts.push({ kind: 'text', text: text.slice(plainFrom, position) })
  }
  while (position < text.length && parts.length < PARTS) {
    const found = scanner.partAt(position)
    if (found.part !== undefined) {
      flush()
      parts.push(found.part)
      if (found.part.kind === 'hidden') hidden += 1
      if (found.part.kind === 'mixed') mixed += 1
      plainFrom = found.end
    }
    position = found.end
  }
  flush()
  return { parts, hidden, mixed, cut: text.length - position }
}

/** The same as one plain line for places that take no elements: titles, accessible names, the clipboard. */
export function inertLine(text: string, atMost = 200): string {
  const { parts } = toInert(headOf(text, atMost))
  const line = parts
    .map(textOfPart)
    .join('')
    .replaceAll(/[\n\t]/g, ' ')
  return text.length > atMost ? `${line}…` : line
}

/** The first `atMost` units of a text, or one fewer: no pair of surrogates is cut in two. */
export function headOf(text: string, atMost: number): string {
  if (text.length <= atMost) return text
  const last = text.charCodeAt(atMost - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? atMost - 1 : atMost)
}

/** All lines of it, inert, for the clipboard. */
export function inertCopy(text: string): string {
  return toInert(text).parts.map(textOfPart).join('')
}

function textOfPart(part: InertPart): string {
  switch (part.kind) {
    case 'text':
      // A terminal takes a carriage return for the key that ends a line.
      return part.text.replaceAll('\r\n', '\n')
    case 'url':
    case 'mixed':
      return part.text
    case 'hidden':
      return `⟨${part.name}⟩`
    case 'masked':
      return `⟨masked: ${part.rule}⟩`
    case 'base64':
      return `⟨base64 ${part.run.mediaType}, ${part.run.bytes} bytes⟩`
  }
}

type Found = { readonly part?: InertPart; readonly end: number }

/** Finds what starts at a position: a part of its own, or ordinary text up to `end`. */
class Scanner {
  readonly #text: string
  /** A run that ends here is known to be no base64, and so is whatever starts inside it. */
  #plainRunEnd = 0

  constructor(text: string) {
    this.#text = text
  }

  partAt(position: number): Found {
    const text = this.#text
    // In range, so there is a code point.
    const code = text.codePointAt(position) ?? 0
    const width = code > 0xffff ? 2 : 1
    if (code === 0x0d && text.charCodeAt(position + 1) === 0x0a) return { end: position + 1 }
    const name = hiddenCharacterName(code)
    if (name !== undefined) return { part: { kind: 'hidden', name, code }, end: position + width }
    if (code === 0x5b) return maskedAt(text, position)
    if (code === 0x3a && text.startsWith('://', position)) {
      const end = tokenEnd(text, position + 3, 4096)
      return { part: { kind: 'url', text: defangRest(text.slice(position, end)) }, end }
    }
    if (isCombining(code)) return combiningAt(text, position)
    return isRunUnit(code) ? this.#wordAt(position) : { end: position + width }
  }

  #wordAt(position: number): Found {
    const text = this.#text
    const url = urlEnd(text, position)
    // A data URL carries its own type and then base64: its head is defanged here, the rest is read as usual.
    if (url !== undefined) return { part: { kind: 'url', text: defang(text.slice(position, url)) }, end: url }
    if (position >= this.#plainRunEnd) {
      const run = base64At(text, position)
      if (run.isData) return { part: { kind: 'base64', run: describeBase64(text, position, run.end) }, end: run.end }
      this.#plainRunEnd = run.end
    }
    return mixedAt(text, position)
  }
}

/** Letters, digits and what joins them in base64: where a URL, a run of base64 or a mixed word may start. */
function isRunUnit(code: number): boolean {
  return isDigit(code) || code === 0x2b || code === 0x2f || code === 0x5f || scriptOf(code) !== undefined
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

const MASK_LABEL = '[masked:'

/** `[masked:<rule>]***`, as the recorder writes it over a credential. */
function maskedAt(text: string, position: number): Found {
  if (!text.startsWith(MASK_LABEL, position)) return { end: position + 1 }
  let end = position + MASK_LABEL.length
  while (isRuleUnit(text.charCodeAt(end))) end += 1
  const rule = text.slice(position + MASK_LABEL.length, end)
  if (text.charCodeAt(end) === 0x5d) end += 1
  while (text.charCodeAt(end) === 0x2a) end += 1
  return { part: { kind: 'masked', rule, characters: end - position }, end }
}

function isRuleUnit(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || isDigit(code) || code === 0x2d
}

function combiningAt(text: string, position: number): Found {
  let end = position
  while (end < text.length && isCombining(text.charCodeAt(end))) end += 1
  if (end - position <= COMBINING_MARKS) return { end }
  return { part: { kind: 'hidden', name: `${end - position} MARKS`, code: text.charCodeAt(position) }, end }
}

function mixedAt(text: string, position: number): Found {
  const scripts = new Set<Script>()
  let end = position
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end)
    const script = scriptOf(code)
    if (script !== undefined) scripts.add(script)
    else if (!isDigit(code)) break
  }
  if (scripts.size < 2) return { end: Math.max(end, position + 1) }
  return { part: { kind: 'mixed', text: text.slice(position, end), scripts: [...scripts] }, end }
}

/** What a hidden character says when the pointer rests on it. */
export function titleOfHidden(name: string, code: number): string {
  return `hidden character ${hex(code)} (${name})`
}
