import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { Report } from './report.ts'

/** A file in the zip; its bytes begin at `dataAt`. */
export type ZipEntry = { readonly name: string; readonly size: number; readonly crc: number; readonly dataAt: number }

const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22
const END64_BYTES = 56
const LOCATOR_BYTES = 20
/** Bytes of directory that are read: a million files with names of 200 characters. */
const MAX_DIRECTORY = 256 * 1024 * 1024
/** The one date that a bundle's files have: 1980-01-01. */
const DATE = 0x21
const NAME = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/

/**
 * Reads a zip of the one form that bundles have: stored files in directory order, without gaps, extra fields, comments
 * or flags. Every header is written again from what was read in it and compared, so that no byte of the file can change
 * unseen. Untrusted: nothing is allocated by what the file claims beyond its own size.
 */
export class StrictZip implements Disposable {
  readonly #file: number
  readonly bytes: number
  readonly entries: readonly ZipEntry[]
  /** Files that are not as the directory says: a file is read for several questions, and that is said once. */
  readonly #damaged = new Set<ZipEntry>()

  private constructor(file: number, bytes: number, entries: readonly ZipEntry[]) {
    this.#file = file
    this.bytes = bytes
    this.entries = entries
  }

  /** Undefined where the directory cannot be followed; the report says why. Throws only what opening the file throws. */
  static open(path: string, report: Report): StrictZip | undefined {
    const file = openSync(path, 'r')
    try {
      const bytes = fstatSync(file).size
      const entries = readEntries({ file, bytes }, report)
      if (entries !== undefined) return new StrictZip(file, bytes, entries)
    } catch (error) {
      closeSync(file)
      throw error
    }
    closeSync(file)
    return undefined
  }

  /** The file's bytes; undefined, and reported, where they exceed `limit` or do not have the checksum of the directory. */
  read(entry: ZipEntry, limit: number, report: Report): Buffer | undefined {
    if (!report.check(entry.size <= limit, entry.name, `has ${entry.size} bytes, more than ${limit}`)) return undefined
    const content = readAt(this.#file, entry.dataAt, entry.size)
    const isWhole = content.length === entry.size
    const problem = isWhole ? 'does not have the checksum of the zip directory' : 'is cut off'
    if ((!isWhole || crc32(content) !== entry.crc) && !this.#damaged.has(entry)) {
      this.#damaged.add(entry)
      report.add(entry.name, problem)
    }
    return isWhole ? content : undefined
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}

/** False for a file that neither begins nor ends as a zip does: it was never one, or all that it was is gone. */
export function isZipAtAll(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const head = readAt(file, 0, 4).toString('latin1')
    const tail = size < END_BYTES ? '' : readAt(file, size - END_BYTES, 4).toString('latin1')
    return head === 'PK\x03\x04' || tail === 'PK\x05\x06'
  } finally {
    closeSync(file)
  }
}

type Source = { readonly file: number; readonly bytes: number }

function readEntries(source: Source, report: Report): ZipEntry[] | undefined {
  const directory = locate(source, report)
  if (directory === undefined) return undefined
  const { at, size, count } = directory
  const bytes = readAt(source.file, at, size)
  const entries: ZipEntry[] = []
  let next = 0
  let offset = 0
  for (let i = 0; i < count; i++) {
    const where = `zip directory, file ${i}`
    if (next + CENTRAL_BYTES > bytes.length) return broken(report, where, 'is cut off')
    const nameBytes = bytes.readUInt16LE(next + 28)
    const name = bytes.toString('latin1', next + CENTRAL_BYTES, next + CENTRAL_BYTES + nameBytes)
    if (name.length !== nameBytes || !NAME.test(name)) return broken(report, where, `has the name ${name}`)
    const entry = {
      name,
      crc: bytes.readUInt32LE(next + 16),
      size: bytes.readUInt32LE(next + 20),
      dataAt: offset + LOCAL_BYTES + nameBytes,
    }
    const isSame = bytes.subarray(next, next + CENTRAL_BYTES).equals(centralHeader(entry, offset))
    if (!isSame) return broken(report, `${where}, ${name}`, 'has a header that is not as written')
    const local = readAt(source.file, offset, LOCAL_BYTES + nameBytes)
    const expected = Buffer.concat([localHeader(entry), Buffer.from(name, 'latin1')])
    report.check(local.equals(expected), `zip header of ${name}`, 'is not as written')
    entries.push(entry)
    offset = entry.dataAt + entry.size
    next += CENTRAL_BYTES + nameBytes
    if (offset > at) return broken(report, `${where}, ${name}`, 'reaches into the directory')
  }
  report.check(next === bytes.length, 'zip directory', 'has bytes that belong to no file')
  report.check(offset === at, 'zip', 'has bytes between the files and the directory')
  const names = new Set(entries.map(({ name }) => name))
  report.check(names.size === entries.length, 'zip directory', 'names a file twice')
  return entries
}

/** Where the directory lies, from the end record, which is the file's last 22 bytes. */
function locate({ file, bytes }: Source, report: Report): { at: number; size: number; count: number } | undefined {
  const where = 'zip end record'
  if (bytes < END_BYTES) return broken(report, 'zip', 'is too short to be a zip')
  const end = readAt(file, bytes - END_BYTES, END_BYTES)
  const size = end.readUInt32LE(12)
  const at = end.readUInt32LE(16)
  let count = end.readUInt16LE(10)
  const expected = Buffer.alloc(END_BYTES)
  expected.writeUInt32LE(0x06054b50, 0)
  expected.writeUInt16LE(count, 8)
  expected.writeUInt16LE(count, 10)
  expected.writeUInt32LE(size, 12)
  expected.writeUInt32LE(at, 16)
  if (!end.equals(expected)) return broken(report, where, 'is not as written, or bytes follow it')
  let endAt = bytes - END_BYTES
  if (count === 0xffff) {
    endAt -= END64_BYTES + LOCATOR_BYTES
    if (endAt < 0) return broken(report, where, 'has no room for its 64-bit part')
    const long = readAt(file, endAt, END64_BYTES + LOCATOR_BYTES)
    count = Number(long.readBigUInt64LE(32))
    if (!long.equals(longEnd({ count, size, at })))
      return broken(report, where, 'has a 64-bit part that is not as written')
  }
  if (at + size !== endAt) return broken(report, where, 'does not lie right after the directory')
  if (size > MAX_DIRECTORY || count > size / CENTRAL_BYTES) return broken(report, where, `claims ${count} files`)
  return { at, size, count }
}

function localHeader({ name, crc, size }: ZipEntry): Buffer {
  const header = Buffer.alloc(LOCAL_BYTES)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(10, 4)
  header.writeUInt16LE(DATE, 12)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(size, 18)
  header.writeUInt32LE(size, 22)
  header.writeUInt16LE(name.length, 26)
  return header
}

function centralHeader({ name, crc, size }: ZipEntry, offset: number): Buffer {
  const header = Buffer.alloc(CENTRAL_BYTES)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(10, 4)
  header.writeUInt16LE(10, 6)
  header.writeUInt16LE(DATE, 14)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(size, 20)
  header.writeUInt32LE(size, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt32LE(offset, 42)
  return header
}

function longEnd({ count, size, at }: { readonly count: number; readonly size: number; readonly at: number }): Buffer {
  const end = Buffer.alloc(END64_BYTES + LOCATOR_BYTES)
  end.writeUInt32LE(0x06064b50, 0)
  end.writeBigUInt64LE(44n, 4)
  end.writeUInt16LE(45, 12)
  end.writeUInt16LE(45, 14)
  // A count beyond 2^53 does not come back as it was: the comparison fails, as it should.
  end.writeBigUInt64LE(BigInt(count) & 0xffffffffffffffffn, 24)
  end.writeBigUInt64LE(BigInt(count) & 0xffffffffffffffffn, 32)
  end.writeBigUInt64LE(BigInt(size), 40)
  end.writeBigUInt64LE(BigInt(at), 48)
  end.writeUInt32LE(0x07064b50, END64_BYTES)
  end.writeBigUInt64LE(BigInt(at + size), END64_BYTES + 8)
  end.writeUInt32LE(1, END64_BYTES + 16)
  return end
}

/** Up to `length` bytes; fewer where the file ends before. */
function readAt(file: number, at: number, length: number): Buffer {
  const buffer = Buffer.alloc(length)
  let done = 0
  while (done < length) {
    const read = readSync(file, buffer, done, length - done, at + done)
    if (read === 0) break
    done += read
  }
  return buffer.subarray(0, done)
}

function broken(report: Report, where: string, what: string): undefined {
  report.add(where, what)
  return undefined
}
