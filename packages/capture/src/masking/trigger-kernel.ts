/**
 * A WebAssembly kernel that looks at sixteen places at once whether one of many four-byte words may begin there, in any
 * case: the shuffle filter known as Teddy, with eight buckets of words (Hyperscan; Rust `aho-corasick`, packed/teddy).
 * For each of the four bytes a table over its low and one over its high half tell in which buckets it may stand. It
 * answers too many places and never too few. Its bytes are made here, so that there is no binary to trust.
 */
export type TriggerKernel = {
  /** What is searched; the caller copies it in. {@link TABLE_BYTES} at its start belong to the kernel. */
  readonly memory: Uint8Array
  /** The first candidate at or after the address `from`, or any address from `end` on. Reads to 18 bytes past `end`. */
  readonly find: (from: number, end: number) => number
}

export const WORD_BYTES = 4
/** Low and high table of each byte of a word. */
export const TABLE_BYTES = WORD_BYTES * 2 * 16
export const BUCKETS = 8
/** What is read at once. */
const STEP = 16

/** What of the engine's WebAssembly is used here; its general types are the browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => {
    readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; readonly find: TriggerKernel['find'] }
  }
}

/** `tables`: what {@link TABLE_BYTES} describes; one page is 64 KiB. */
export function makeTriggerKernel(tables: Uint8Array, pages: number): TriggerKernel {
  const { memory, find } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(pages))).exports
  const bytes = new Uint8Array(memory.buffer)
  bytes.set(tables)
  return { memory: bytes, find }
}

/** What every module begins with, and its version. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
// Locals: 0 address, 1 end; then 128-bit ones: the tables, what is searched, and what was found.
const FROM = 0
const END = 1
const TABLES = 2
const TEXT = TABLES + WORD_BYTES * 2
const FOUND = TEXT + 1
const LOCALS_128 = WORD_BYTES * 2 + 2
const I32 = 0x7f
const V128 = 0x7b

function moduleOf(pages: number): Uint8Array {
  const code = [0x01, LOCALS_128, V128, ...body(), 0x0b]
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)]
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, [0x01, 0x60, 0x02, I32, I32, 0x01, I32]),
    ...section(3, [0x01, 0x00]),
    ...section(5, [0x01, 0x00, ...leb(pages)]),
    ...section(7, [0x02, ...name('memory'), 0x02, 0x00, ...name('find'), 0x00, 0x00]),
    ...section(10, [0x01, ...leb(code.length), ...code]),
  ])
}

function body(): number[] {
  const out: number[] = []
  for (let table = 0; table < WORD_BYTES * 2; table++) out.push(0x41, 0x00, ...load(table * 16), ...set(TABLES + table))
  // loop { found = ...; if (any) return from + first; from += 16; br_if (from < end) }
  out.push(0x03, 0x40)
  for (let byte = 0; byte < WORD_BYTES; byte++) {
    out.push(...get(FROM), ...load(byte), ...set(TEXT))
    // swizzle(low table, text & 15) & swizzle(high table, text >> 4)
    const nibbles = [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 15)]
    out.push(...get(TABLES + byte * 2), ...get(TEXT), ...nibbles, ...simd(0x4e), ...simd(0x0e))
    out.push(...get(TABLES + byte * 2 + 1), ...get(TEXT), 0x41, 0x04, ...simd(0x6d), ...simd(0x0e), ...simd(0x4e))
    if (byte > 0) out.push(...get(FOUND), ...simd(0x4e))
    out.push(...set(FOUND))
  }
  const none = [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)]
  out.push(...get(FOUND), ...simd(0x53), 0x04, 0x40)
  out.push(...get(FOUND), ...none, ...simd(0x24), ...simd(0x64), 0x68, ...get(FROM), 0x6a, 0x0f, 0x0b)
  out.push(...get(FROM), 0x41, STEP, 0x6a, 0x22, FROM, ...get(END), 0x49, 0x0d, 0x00, 0x0b)
  out.push(...get(FROM))
  return out
}

function load(offset: number): number[] {
  return [...simd(0x00), 0x00, ...leb(offset)]
}

function get(local: number): number[] {
  return [0x20, local]
}

function set(local: number): number[] {
  return [0x21, local]
}

function simd(opcode: number): number[] {
  return [0xfd, ...leb(opcode)]
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content]
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  const out: number[] = []
  for (let left = value; ;) {
    const low = left & 127
    left >>>= 7
    out.push(left === 0 ? low : low | 128)
    if (left === 0) return out
  }
}
