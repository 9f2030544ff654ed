import { FAMILIES, GRAMMAR, type HostileFamily } from './grammar.ts'

export type HostilePayload = { readonly family: HostileFamily; readonly text: string }

export type HostileOptions = {
  /** The same seed gives the same payloads. */
  readonly seed: number
  readonly count: number
}

/**
 * Different texts, each made to act on whoever shows, prints, stores, pastes or obeys it. Every family is there, in turn; some
 * stand behind ordinary words, inside each other, or twice encoded.
 */
export function hostilePayloads({ seed, count }: HostileOptions): readonly HostilePayload[] {
  const random = randomFrom(seed)
  const payloads = new Map<string, HostilePayload>()
  for (let n = 0; payloads.size < count; n += 1) {
    const family = ORDER[n % ORDER.length] ?? 'script'
    // Where a family has said all that it has to say, its number makes the difference.
    const text = varied(textOf(family, n, random), n, random)
    if (!payloads.has(text)) payloads.set(text, { family, text })
  }
  return [...payloads.values()]
}

const ORDER: readonly HostileFamily[] = [...FAMILIES, 'tags', 'selectors', 'long']
const DEPTH = 6
/** Longest of the long ones, in characters. */
const LONG = 12_000

/** Numbers from 0 to under 1; mulberry32. */
type Random = () => number

function textOf(family: HostileFamily, n: number, random: Random): string {
  const derivation = { n, random, depth: 0 }
  if (family === 'tags') return `ordinary ${n}${shifted(derive('order', derivation), 0xe0000)}`
  if (family === 'selectors') return `smile ${n} \u{1F600}${shifted(derive('cmd', derivation), 0xe0100)}`
  if (family === 'long') return longText(n, random)
  // The texts of a family come in turn, so that a few of them are not the same few.
  const own = GRAMMAR[family] ?? []
  return filled(own[Math.floor(n / ORDER.length) % own.length] ?? '', derivation)
}

/** ASCII, spelt in characters that nobody sees. */
function shifted(text: string, by: number): string {
  return Array.from(text, (letter) => String.fromCodePoint(by + (letter.codePointAt(0) ?? 0))).join('')
}

type Derivation = { readonly n: number; readonly random: Random; readonly depth: number }

function derive(rule: string, derivation: Derivation): string {
  return filled(pick(GRAMMAR[rule] ?? [''], derivation.random), derivation)
}

function filled(template: string, { n, random, depth }: Derivation): string {
  return template.replaceAll(/«(\w+)»/g, (_, name: string) =>
    name === 'n' ? String(n) : depth < DEPTH ? derive(name, { n, random, depth: depth + 1 }) : '',
  )
}

function longText(n: number, random: Random): string {
  const unit = pick(
    ['A', '\u{1F600}', '[{"a":', '<b>', 'a\u200b', 'e\u0301', '(', '\\', "'", '\u202e\u05d0\u202c', 'http://', '\t'],
    random,
  )
  return `${n} ${unit.repeat(Math.floor((LONG * (0.1 + random() * 0.9)) / unit.length))}`
}

/** One in two stands as it is. */
function varied(text: string, n: number, random: Random): string {
  if (text.length > 2_000 || random() < 0.5) return text
  const ways: readonly (() => string)[] = [
    () => `order ${n} ${text}`,
    () => `${text}${textOf(pick(FAMILIES, random), n, random)}`,
    () => `${derive('words', { n, random, depth: 0 })}\n${text}\n${n}`,
    () => Array.from(text, (letter) => (random() < 0.5 ? letter.toUpperCase() : letter.toLowerCase())).join(''),
    () => text.replaceAll(/[<>"'&]/g, (sign) => `&#${sign.charCodeAt(0)};`),
    () =>
      `${text.slice(0, text.length / 2)}${pick(['\u200b', '\u0000', '\u001b[0m', '\u202e'], random)}${text.slice(text.length / 2)}`,
    () => `"${text}"`,
    () => `${text} ${n}`,
  ]
  return pick(ways, random)()
}

function pick<T>(from: readonly T[], random: Random): T {
  // Every list here has something in it, and the number is under one.
  return from[Math.floor(random() * from.length)] as T
}

function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
