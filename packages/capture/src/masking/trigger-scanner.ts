import { byteAt } from '../otlp/wire.ts'

const WINDOW = 4
const LOWER_A = 0x61

/**
 * Finds the places at which one of many four-byte words begins, in any case. It reads two bytes and mostly steps three
 * ahead (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994): about a third of the bytes are touched,
 * which is what makes masking affordable for every span. A trigger is only a hint; rules then look closely.
 */
export class TriggerScanner {
  readonly #bytes: Uint8Array
  readonly #tables: TriggerTables
  #pos = 0

  constructor(bytes: Uint8Array, tables: TriggerTables) {
    this.#bytes = bytes
    this.#tables = tables
  }

  /** Where the next trigger at or after `from` begins, or -1. Calls must not go backwards. */
  next(from: number): number {
    const bytes = this.#bytes
    const { shifts, starts, words } = this.#tables
    const last = bytes.length - WINDOW
    let pos = Math.max(from, this.#pos)
    while (pos <= last) {
      const shift = byteAt(shifts, pairOf(byteAt(bytes, pos + 2), byteAt(bytes, pos + 3)))
      if (shift > 0) {
        pos += shift
        continue
      }
      const isStart = byteAt(starts, pairOf(byteAt(bytes, pos), byteAt(bytes, pos + 1))) === 1
      if (isStart && words.has(wordAt(bytes, pos))) {
        this.#pos = pos
        return pos
      }
      pos += 1
    }
    this.#pos = pos
    return -1
  }
}

/** How far to step by the last pair of a window, which pairs begin a word, and the words themselves. */
export type TriggerTables = {
  readonly shifts: Uint8Array
  readonly starts: Uint8Array
  readonly words: ReadonlySet<number>
}

/** Letters lose their case; some signs fall together too, which costs a needless look and no secret. */
function pairOf(a: number, b: number): number {
  return ((a | 0x20) << 8) | (b | 0x20)
}

/**
 * Tables for words of four characters. `?` stands for any letter or digit.
 */
export function compileTriggers(words: readonly string[]): TriggerTables {
  const shifts = new Uint8Array(65_536).fill(WINDOW - 1)
  const starts = new Uint8Array(65_536)
  for (const word of words) {
    const sets = Array.from(word, bytesOf)
    for (let end = 1; end < WINDOW; end += 1) {
      for (const pair of pairs(sets[end - 1] ?? [], sets[end] ?? [])) {
        shifts[pair] = Math.min(shifts[pair] ?? 0, WINDOW - 1 - end)
        if (end === 1) starts[pair] = 1
      }
    }
  }
  return { shifts, starts, words: new Set(words.flatMap(spellings)) }
}

/** Four bytes as one number, without case. The caller knows that four bytes are there. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (pairOf(byteAt(bytes, at), byteAt(bytes, at + 1)) << 16) | pairOf(byteAt(bytes, at + 2), byteAt(bytes, at + 3))
}

/** A word as the numbers that {@link wordAt} reads, one for each character that `?` stands for. */
function spellings(word: string): readonly number[] {
  let found: readonly (readonly number[])[] = [[]]
  for (const character of word) found = found.flatMap((bytes) => bytesOf(character).map((byte) => [...bytes, byte]))
  return found.map((bytes) => wordAt(Uint8Array.from(bytes), 0))
}

function pairs(first: readonly number[], second: readonly number[]): readonly number[] {
  return first.flatMap((a) => second.map((b) => pairOf(a, b)))
}

function bytesOf(character: string): readonly number[] {
  if (character !== '?') return [character.toLowerCase().charCodeAt(0)]
  const letters = Array.from({ length: 26 }, (_, i) => LOWER_A + i)
  const digits = Array.from({ length: 10 }, (_, i) => 0x30 + i)
  return [...letters, ...digits]
}
