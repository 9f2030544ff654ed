import { byteAt } from '../otlp/wire.ts'

const WINDOW = 4
const LOWER_A = 0x61

/**
 * Finds the places at which one of many four-byte words begins, in any case. It reads two bytes and mostly steps three
 * ahead (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994), so that a third of the places are looked
 * at. Walking four stretches side by side was tried and was slower. A trigger is only a hint; rules then look closely.
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
    const found = findWord(this.#bytes, this.#tables, Math.max(from, this.#pos))
    this.#pos = found < 0 ? this.#bytes.length : found
    return found
  }
}

function findWord(bytes: Uint8Array, tables: TriggerTables, from: number): number {
  const last = bytes.length - WINDOW
  let pos = from
  for (;;) {
    pos = findEnding(bytes, tables.shifts, pos, last)
    if (pos < 0 || isWord(bytes, tables, pos)) return pos
    pos += byteAt(tables.retries, pairOf(byteAt(bytes, pos + 2), byteAt(bytes, pos + 3)))
  }
}

/** The loop that reads most of the text, kept to two arrays so that everything it needs stays in registers. */
function findEnding(bytes: Uint8Array, shifts: Uint8Array, from: number, last: number): number {
  let pos = from
  while (pos <= last) {
    const shift = byteAt(shifts, pairOf(byteAt(bytes, pos + 2), byteAt(bytes, pos + 3)))
    // The usual step as a constant: the processor goes ahead on it and does not wait for the table.
    if (shift === WINDOW - 1) pos += WINDOW - 1
    else if (shift > 0) pos += shift
    else return pos
  }
  return -1
}

function isWord(bytes: Uint8Array, { starts, wordHashes, words }: TriggerTables, at: number): boolean {
  if (byteAt(starts, pairOf(byteAt(bytes, at), byteAt(bytes, at + 1))) === 0) return false
  const word = wordAt(bytes, at)
  return byteAt(wordHashes, hashOf(word)) === 1 && words.has(word)
}

/**
 * How far to step by the last pair of a window (0: a word may end here), and how far where none did; which pairs begin
 * a word, and the words themselves.
 */
export type TriggerTables = {
  readonly shifts: Uint8Array
  readonly retries: Uint8Array
  readonly starts: Uint8Array
  /** Which hashes the words have; spares nearly every look into the set, which costs as much as forty steps. */
  readonly wordHashes: Uint8Array
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
  const retries = new Uint8Array(65_536).fill(WINDOW - 1)
  const starts = new Uint8Array(65_536)
  for (const word of words) {
    const sets = Array.from(word, bytesOf)
    for (let end = 1; end < WINDOW; end += 1) {
      for (const pair of pairs(sets[end - 1] ?? [], sets[end] ?? [])) {
        const shift = WINDOW - 1 - end
        shifts[pair] = Math.min(shifts[pair] ?? 0, shift)
        if (shift > 0) retries[pair] = Math.min(retries[pair] ?? 0, shift)
        if (end === 1) starts[pair] = 1
      }
    }
  }
  const known = new Set(words.flatMap(spellings))
  const wordHashes = new Uint8Array(65_536)
  for (const word of known) wordHashes[hashOf(word)] = 1
  return { shifts, retries, starts, wordHashes, words: known }
}

/** Four bytes as one number, without case. The caller knows that four bytes are there. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (pairOf(byteAt(bytes, at), byteAt(bytes, at + 1)) << 16) | pairOf(byteAt(bytes, at + 2), byteAt(bytes, at + 3))
}

/** 16 bits of a word (Knuth's multiplicative hashing). */
function hashOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> 16
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
