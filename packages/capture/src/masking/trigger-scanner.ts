import { byteAt } from '../otlp/wire.ts'
import { fillTables } from './trigger-buckets.ts'
import { makeTriggerKernel, TABLE_BYTES, WORD_BYTES } from './trigger-kernel.ts'
import type { TriggerKernel } from './trigger-kernel.ts'

/** Memory of the kernel: its tables, then the piece of the text that is searched, within a core's first caches. */
const PAGES = 1
const MAX_PIECE_BYTES = 48 * 1024
/** Pieces begin small and double, so that two scanners that take turns do not copy much more than they search. */
const MIN_PIECE_BYTES = 512

/**
 * Finds the places at which one of many four-byte words begins, in any case. The kernel answers candidates, each of
 * which is then looked up. A trigger is only a hint; rules then look closely.
 */
export class TriggerScanner {
  readonly #bytes: Uint8Array
  readonly #triggers: Triggers
  #pos = 0
  /** The piece `[from, to)` of the text that the kernel holds, as long as it holds ours. */
  #from = 0
  #to = 0
  #ticket = 0
  #pieceBytes = MIN_PIECE_BYTES

  constructor(bytes: Uint8Array, triggers: Triggers) {
    this.#bytes = bytes
    this.#triggers = triggers
  }

  /** Where the next trigger at or after `from` begins, or -1. Calls must not go backwards. */
  next(from: number): number {
    const found = this.#find(Math.max(from, this.#pos))
    this.#pos = found < 0 ? this.#bytes.length : found
    return found
  }

  #find(from: number): number {
    const bytes = this.#bytes
    const { words, wordHashes } = this.#triggers
    const last = bytes.length - WORD_BYTES
    let pos = from
    while (pos <= last) {
      const kernel = this.#hold(pos)
      const shift = this.#from - TABLE_BYTES
      const end = this.#to - shift - WORD_BYTES + 1
      for (let at = kernel.find(pos - shift, end); at < end; at = kernel.find(at + 1, end)) {
        // Masking may have overwritten the place since it was copied, so the text itself is asked.
        const word = wordAt(bytes, at + shift)
        if (byteAt(wordHashes, hashOf(word)) === 1 && words.has(word)) return at + shift
      }
      pos = end + shift
    }
    return -1
  }

  /** The kernel with a piece of the text in which a word may begin at `pos`. */
  #hold(pos: number): TriggerKernel {
    const triggers = this.#triggers
    const bytes = this.#bytes
    const kernel = (triggers.kernel ??= makeTriggerKernel(triggers.tables(), PAGES))
    const isOurs = this.#ticket === triggers.ticket
    if (isOurs && pos + WORD_BYTES <= this.#to) return kernel
    this.#pieceBytes = isOurs ? Math.min(MAX_PIECE_BYTES, this.#pieceBytes * 2) : MIN_PIECE_BYTES
    triggers.ticket += 1
    this.#ticket = triggers.ticket
    this.#from = pos
    this.#to = Math.min(bytes.length, pos + this.#pieceBytes)
    kernel.memory.set(bytes.subarray(this.#from, this.#to), TABLE_BYTES)
    return kernel
  }
}

/** Words made ready for searching. One text at a time is in the kernel: that of the scanner that asked last. */
export type Triggers = {
  readonly words: ReadonlySet<number>
  /** Which hashes the words have; spares nearly every look into the set. */
  readonly wordHashes: Uint8Array
  /** For the kernel, which is made when something is searched for the first time: that takes 30 ms. */
  readonly tables: () => Uint8Array
  kernel?: TriggerKernel
  /** Raised whenever a scanner copies a piece in, which then holds it. */
  ticket: number
}

/** For words of four characters. `?` stands for any letter or digit. */
export function compileTriggers(words: readonly string[]): Triggers {
  const tables = (): Uint8Array => {
    const filled = new Uint8Array(TABLE_BYTES)
    fillTables(
      filled,
      [...new Set(words)].map((word) => Array.from(word, bytesOf)),
    )
    return filled
  }
  const known = new Set(words.flatMap(spellings))
  const wordHashes = new Uint8Array(65_536)
  for (const word of known) wordHashes[hashOf(word)] = 1
  return { words: known, wordHashes, tables, ticket: 0 }
}

/** 16 bits of a word (Knuth's multiplicative hashing). */
function hashOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> 16
}

/** Four bytes as one number, without case. The caller knows that four bytes are there. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (pairOf(byteAt(bytes, at), byteAt(bytes, at + 1)) << 16) | pairOf(byteAt(bytes, at + 2), byteAt(bytes, at + 3))
}

/** Letters lose their case; some signs fall together too, which costs a needless look and no secret. */
function pairOf(a: number, b: number): number {
  return (foldByte(a) << 8) | foldByte(b)
}

function foldByte(byte: number): number {
  return byte | 0x20
}

/** A word as the numbers that {@link wordAt} reads, one for each character that `?` stands for. */
function spellings(word: string): readonly number[] {
  let found: readonly (readonly number[])[] = [[]]
  for (const character of word) found = found.flatMap((bytes) => bytesOf(character).map((byte) => [...bytes, byte]))
  return found.map((bytes) => wordAt(Uint8Array.from(bytes), 0))
}

/** Folded bytes that a character of a word stands for. */
function bytesOf(character: string): readonly number[] {
  if (character !== '?') return [foldByte(character.charCodeAt(0))]
  const letters = Array.from({ length: 26 }, (_, i) => 0x61 + i)
  const digits = Array.from({ length: 10 }, (_, i) => 0x30 + i)
  return [...letters, ...digits]
}
