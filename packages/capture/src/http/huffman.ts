import { HUFFMAN_BITS } from './hpack-tables.ts'

/** Text in the Huffman code of RFC 7541, section 5.2; undefined where the bits are no such text. Untrusted. */
export function decodeHuffman(bytes: Uint8Array): Buffer | undefined {
  // The shortest code has 5 bits.
  const out = Buffer.allocUnsafe(Math.ceil((bytes.length * 8) / 5))
  let length = 0
  let code = 0
  let bits = 0
  for (const byte of bytes) {
    for (let shift = 7; shift >= 0; shift--) {
      code = (code << 1) | ((byte >> shift) & 1)
      bits += 1
      const symbol = CODE.symbolOf(code, bits)
      if (symbol === undefined) {
        if (bits >= LONGEST) return undefined
        continue
      }
      if (symbol === END_OF_STRING) return undefined
      out[length++] = symbol
      code = 0
      bits = 0
    }
  }
  // Padding is the beginning of the end mark: fewer than 8 bits, all of them ones.
  if (bits > 7 || code !== (1 << bits) - 1) return undefined
  return out.subarray(0, length)
}

const LONGEST = 30
const END_OF_STRING = 256

/** A canonical code: all codes of one length are consecutive numbers, in the order of their symbols. */
class CanonicalCode {
  readonly #first: number[] = []
  readonly #symbols: (readonly number[])[] = []

  constructor(lengths: readonly number[]) {
    let code = 0
    for (let bits = 1; bits <= LONGEST; bits++) {
      const symbols = lengths.flatMap((length, symbol) => (length === bits ? [symbol] : []))
      this.#first[bits] = code
      this.#symbols[bits] = symbols
      code = (code + symbols.length) << 1
    }
  }

  symbolOf(code: number, bits: number): number | undefined {
    return this.#symbols[bits]?.[code - (this.#first[bits] ?? 0)]
  }
}

const CODE = new CanonicalCode(HUFFMAN_BITS)
