import { inflateRawSync } from 'node:zlib'
import { MAX_FILES, MAX_FILE_BYTES, MAX_UNPACKED_BYTES } from './limits.ts'
import type { UnpackedFile } from './unpack.ts'

const END = 0x06054b50
const CENTRAL = 0x02014b50
const BROKEN = 'its packed bytes are broken or unpack to more than stated'

/** True for a zip archive, by its first bytes. */
export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 22 && bytes.readUInt16LE(0) === 0x4b50 && (bytes[2] === 3 || bytes[2] === 5)
}

/** Reads the files of a zip archive (stored or deflated). Encrypted files and zip64 are reported, not read. */
export function readZip(bytes: Buffer): {
  readonly files: readonly UnpackedFile[]
  readonly skipped: readonly { readonly where: string; readonly why: string }[]
} {
  const files: UnpackedFile[] = []
  const skipped: { where: string; why: string }[] = []
  const end = findEnd(bytes)
  if (end === undefined)
    return { files, skipped: [{ where: 'archive', why: 'no central directory: the archive is cut' }] }
  let at = bytes.readUInt32LE(end + 16)
  let unpacked = 0
  const count = bytes.readUInt16LE(end + 10)
  for (let i = 0; i < count && at + 46 <= bytes.length && bytes.readUInt32LE(at) === CENTRAL; i++) {
    const nameLength = bytes.readUInt16LE(at + 28)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const read = readFile(bytes, at, MAX_UNPACKED_BYTES - unpacked)
    // What was stated is what unpacking cost, also where it failed: many files may share the same packed bytes.
    if (typeof read !== 'string' || read === BROKEN) unpacked += bytes.readUInt32LE(at + 24)
    if (typeof read === 'string') skipped.push({ where: name, why: read })
    else if (!name.endsWith('/')) {
      if (files.length >= MAX_FILES)
        return { files, skipped: [...skipped, { where: name, why: `more than ${MAX_FILES} files` }] }
      files.push({ name, bytes: read })
    }
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return { files, skipped }
}

/** The bytes of one file by its central directory record, or why not. */
function readFile(bytes: Buffer, at: number, room: number): Buffer | string {
  const flags = bytes.readUInt16LE(at + 8)
  const method = bytes.readUInt16LE(at + 10)
  const packed = bytes.readUInt32LE(at + 20)
  const size = bytes.readUInt32LE(at + 24)
  const local = bytes.readUInt32LE(at + 42)
  if ((flags & 1) !== 0) return 'encrypted'
  if (size > Math.min(MAX_FILE_BYTES, room)) return `larger than ${Math.min(MAX_FILE_BYTES, room)} bytes`
  if (local + 30 > bytes.length) return 'its place is outside the archive'
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  if (start + packed > bytes.length) return 'its place is outside the archive'
  const body = bytes.subarray(start, start + packed)
  if (method === 0) return packed === size ? body : 'its stated sizes contradict each other'
  if (method !== 8) return `packed by method ${method}, which is not read`
  try {
    // One byte more than stated is enough to notice a file that unpacks to more.
    return inflateRawSync(body, { maxOutputLength: size + 1 })
  } catch {
    // The zlib error says only that the data is wrong, which is what is reported.
    return BROKEN
  }
}

function findEnd(bytes: Buffer): number | undefined {
  // The record is last, before a comment of at most 65,535 bytes.
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 65_535); at--)
    if (bytes.readUInt32LE(at) === END) return at
  return undefined
}
