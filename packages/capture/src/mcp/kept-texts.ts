import { hash } from 'node:crypto'
import { isJsonArray, isJsonObject } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonStructure, writeJsonText } from '../decode/json-text.ts'
import { MAX_INNER_JSON, MAX_KEPT_CHARS, MIN_KEPT_CHARS } from './limits.ts'

/** A text as it is known again, without being kept: its length, how it begins (16 bits of it), and its SHA-256. */
export type Fingerprint = { readonly length: number; readonly head: number; readonly digest: string }

const HEAD = 4

/** Fingerprints of the texts of a written value, line by line; undefined where one is too long to be known again. */
export function fingerprintsOf(value: Json | undefined): readonly Fingerprint[] | undefined {
  const found = new Map<string, Fingerprint>()
  let isTooLong = false
  const take = (text: string): void => {
    for (const line of text.split('\n').map((one) => one.trim())) {
      if (line.length > MAX_KEPT_CHARS) isTooLong = true
      if (line.length < MIN_KEPT_CHARS) continue
      const made = fingerprintOf(line)
      found.set(made.digest, made)
    }
  }
  const look = (one: Json | undefined, depth: number): void => {
    if (typeof one === 'string') {
      const inner = depth < MAX_INNER_JSON ? parseJsonStructure(one) : undefined
      if (inner === undefined) take(one)
      else look(inner, depth + 1)
    } else if (isJsonArray(one)) for (const each of one) look(each, depth)
    else if (isJsonObject(one)) for (const each of Object.values(one)) look(each, depth)
  }
  look(value, 0)
  return isTooLong ? undefined : [...found.values()]
}

/**
 * The value with a notice in place of every text that is one of these, wherever it stands between words of another. JSON within
 * texts is looked through as such. `found` has the digests that were met.
 */
export function withoutTexts(
  value: Json,
  fingerprints: readonly Fingerprint[],
  notice: string,
): { readonly value: Json; readonly found: ReadonlySet<string> } {
  const found = new Set<string>()
  const byLength = [...Map.groupBy(fingerprints, ({ length }) => length)].toSorted(([a], [b]) => b - a)
  const replaced = (text: string, depth: number): string => {
    const inner = depth < MAX_INNER_JSON ? parseJsonStructure(text) : undefined
    if (inner === undefined) return blanked(text, { byLength, notice, found })
    const passed = looked(inner, depth + 1)
    return passed === inner ? text : writeJsonText(passed)
  }
  const looked = (one: Json, depth: number): Json => {
    if (typeof one === 'string') return replaced(one, depth)
    if (isJsonArray(one)) {
      const passed = one.map((each) => looked(each, depth))
      return passed.every((each, at) => each === one[at]) ? one : passed
    }
    if (!isJsonObject(one)) return one
    // Without a prototype even the key `__proto__` is an ordinary member.
    const passed = Object.create(null) as { [key: string]: Json }
    let isChanged = false
    for (const [key, member] of Object.entries(one)) {
      passed[key] = looked(member, depth)
      isChanged ||= passed[key] !== member
    }
    return isChanged ? passed : one
  }
  return { value: looked(value, 0), found }
}

type Sought = {
  readonly byLength: readonly (readonly [length: number, of: readonly Fingerprint[]])[]
  readonly notice: string
  readonly found: Set<string>
}

function blanked(text: string, { byLength, notice, found }: Sought): string {
  let passed = ''
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    if (isWordAt(text, at - 1) && isWordAt(text, at)) continue
    const head = headOf(text, at)
    for (const [length, of] of byLength) {
      if (!of.some((one) => one.head === head) || at + length > text.length) continue
      if (isWordAt(text, at + length - 1) && isWordAt(text, at + length)) continue
      const digest = hash('sha256', text.slice(at, at + length), 'hex')
      if (!of.some((one) => one.digest === digest)) continue
      found.add(digest)
      passed += text.slice(from, at) + notice
      from = at + length
      at = from - 1
      break
    }
  }
  return from === 0 ? text : passed + text.slice(from)
}

function fingerprintOf(text: string): Fingerprint {
  return { length: text.length, head: headOf(text, 0), digest: hash('sha256', text, 'hex') }
}

/** 16 bits of how a text begins (FNV-1a, folded): tells most places apart without a SHA-256 of each. */
function headOf(text: string, at: number): number {
  let sum = 0x811c9dc5
  for (let i = at; i < at + HEAD; i += 1) sum = Math.imul(sum ^ (text.charCodeAt(i) || 0), 0x01000193)
  return ((sum >>> 16) ^ sum) & 0xffff
}

function isWordAt(text: string, at: number): boolean {
  return /^[\p{L}\p{N}_]$/u.test(text.charAt(at))
}
