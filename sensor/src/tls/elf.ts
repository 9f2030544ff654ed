import type { FileHandle } from 'node:fs/promises'
import { MAX_NAME_PLACES, MAX_SECTION_NAME, MAX_SECTIONS, MAX_TABLE_BYTES } from './limits.ts'

/** What of an ELF file matters here. Untrusted: any file may be a program. */
export type Elf = {
  readonly sections: ReadonlyMap<string, Section>
  /** Offsets in the file of the functions with these names; those it does not have are absent. */
  functions(names: readonly string[]): Promise<ReadonlyMap<string, number>>
}

export type Section = { readonly type: number; readonly offset: number; readonly bytes: number; readonly link: number }

type Segment = { readonly offset: number; readonly address: number; readonly bytes: number }

/** Undefined for what is no 64-bit little-endian ELF file, or breaks off (https://refspecs.linuxfoundation.org/elf/elf.pdf). */
export async function readElf(file: FileHandle): Promise<Elf | undefined> {
  const head = await readAt(file, 0, 64)
  if (head === undefined || head.readUInt32BE(0) !== 0x7f454c46 || head[4] !== 2 || head[5] !== 1) return undefined
  const segments = await readSegments(file, head)
  const list = await readSections(file, head)
  if (segments === undefined || list === undefined) return undefined
  const names = await tableOf(file, list[head.readUInt16LE(62)])
  const sections = new Map(list.map((section) => [textAt(names, section.name), section] as const))
  return {
    sections,
    functions: async (wanted) => {
      const found = new Map<string, number>()
      // A file has one of each; whoever makes up thousands does not have them all read.
      for (const type of [DYNAMIC_SYMBOLS, ALL_SYMBOLS]) {
        const table = list.find((section) => section.type === type)
        if (table === undefined) continue
        const texts = await tableOf(file, list[table.link])
        const symbols = await tableOf(file, table)
        if (texts === undefined || symbols === undefined) continue
        for (const [name, address] of findFunctions(symbols, texts, wanted)) {
          const offset = offsetOf(segments, address)
          if (offset !== undefined && !found.has(name)) found.set(name, offset)
        }
      }
      return found
    },
  }
}

const ALL_SYMBOLS = 2
const DYNAMIC_SYMBOLS = 11
const LOADED = 1
const EXECUTABLE = 1
const FUNCTION = 2
const SYMBOL_BYTES = 24

async function readSegments(file: FileHandle, head: Buffer): Promise<readonly Segment[] | undefined> {
  const size = head.readUInt16LE(54)
  const count = head.readUInt16LE(56)
  const bytes = size === 56 ? await readAt(file, Number(head.readBigUInt64LE(32)), size * count) : undefined
  if (bytes === undefined) return undefined
  const segments: Segment[] = []
  for (let at = 0; at < bytes.length; at += size) {
    if (bytes.readUInt32LE(at) !== LOADED || (bytes.readUInt32LE(at + 4) & EXECUTABLE) === 0) continue
    segments.push({
      offset: Number(bytes.readBigUInt64LE(at + 8)),
      address: Number(bytes.readBigUInt64LE(at + 16)),
      bytes: Number(bytes.readBigUInt64LE(at + 32)),
    })
  }
  return segments
}

async function readSections(
  file: FileHandle,
  head: Buffer,
): Promise<readonly (Section & { readonly name: number })[] | undefined> {
  const size = head.readUInt16LE(58)
  const count = Math.min(head.readUInt16LE(60), MAX_SECTIONS)
  if (count === 0) return []
  const bytes = size === 64 ? await readAt(file, Number(head.readBigUInt64LE(40)), size * count) : undefined
  if (bytes === undefined) return undefined
  return Array.from({ length: count }, (_, index) => {
    const at = index * size
    return {
      name: bytes.readUInt32LE(at),
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      bytes: Number(bytes.readBigUInt64LE(at + 32)),
      link: bytes.readUInt32LE(at + 40),
    }
  })
}

/** Linkers let a name share the end of a longer one, so every place where it ends a text may be meant. */
function* findFunctions(
  symbols: Buffer,
  texts: Buffer,
  wanted: readonly string[],
): Generator<readonly [name: string, address: number]> {
  const nameAt = new Map<number, string>()
  for (const name of wanted) {
    const pattern = Buffer.from(`${name}\0`, 'latin1')
    let places = 0
    for (let at = texts.indexOf(pattern); at >= 0; at = texts.indexOf(pattern, at + 1)) {
      nameAt.set(at, name)
      if (++places === MAX_NAME_PLACES) break
    }
  }
  if (nameAt.size === 0) return
  for (let at = 0; at + SYMBOL_BYTES <= symbols.length; at += SYMBOL_BYTES) {
    const name = nameAt.get(symbols.readUInt32LE(at))
    const isDefined = symbols.readUInt16LE(at + 6) !== 0
    if (name === undefined || !isDefined || ((symbols[at + 4] ?? 0) & 0xf) !== FUNCTION) continue
    yield [name, Number(symbols.readBigUInt64LE(at + 8))]
  }
}

function offsetOf(segments: readonly Segment[], address: number): number | undefined {
  const segment = segments.find((one) => address >= one.address && address < one.address + one.bytes)
  return segment === undefined ? undefined : address - segment.address + segment.offset
}

async function tableOf(file: FileHandle, section: Section | undefined): Promise<Buffer | undefined> {
  return section === undefined ? undefined : await readAt(file, section.offset, section.bytes)
}

function textAt(table: Buffer | undefined, at: number): string {
  if (table === undefined || at >= table.length) return ''
  const text = table.subarray(at, at + MAX_SECTION_NAME)
  const end = text.indexOf(0)
  return text.toString('latin1', 0, end < 0 ? text.length : end)
}

/** Undefined where the file does not hold so much there, or it is more than any table takes. */
async function readAt(file: FileHandle, offset: number, bytes: number): Promise<Buffer | undefined> {
  if (!Number.isSafeInteger(offset) || bytes < 0 || bytes > MAX_TABLE_BYTES) return undefined
  const buffer = Buffer.allocUnsafe(bytes)
  const { bytesRead } = await file.read(buffer, 0, bytes, offset)
  return bytesRead === bytes ? buffer : undefined
}
