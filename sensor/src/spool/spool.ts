import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writevSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { SPOOL_BYTES, SPOOL_FILE_BYTES } from '../limits.ts'

const MAGIC = 0x50534648
/** Magic, bytes, sequence, checksum, entries, and the 16 characters of the start. */
const FRAME_BYTES = 48
const START_CHARACTERS = 16
const FILE_NAME = /^spool-(\d{10})\.bin$/

/** One batch that waits for its acknowledgement. */
export type Spooled = {
  /** The run of the driver that made it. */
  readonly start: string
  readonly sequence: number
  readonly entries: number
  readonly body: Buffer
}

type SpoolFile = { readonly number: number; readonly fd: number; length: number }

export type SpoolOptions = { readonly folder: string; readonly maxBytes?: number; readonly fileBytes?: number }

/**
 * Batches that the server has not acknowledged, in files that are only appended to. Every batch is written here before it
 * is sent, so that it outlives this process; {@link sync} makes it outlive the power too. A frame that was being written
 * when the process ended is dropped. Batches come out in the order they went in, each until it is acknowledged.
 */
export class Spool implements Disposable {
  readonly #folder: string
  readonly #maxBytes: number
  readonly #fileBytes: number
  /** Oldest first; the last is written to. */
  readonly #files: SpoolFile[] = []
  /** Where the oldest batch begins in the first file. */
  #readAt = 0
  #bytes = 0
  #isDirty = false

  constructor({ folder, maxBytes = SPOOL_BYTES, fileBytes = SPOOL_FILE_BYTES }: SpoolOptions) {
    this.#folder = folder
    this.#maxBytes = maxBytes
    this.#fileBytes = fileBytes
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const numbers = readdirSync(folder).flatMap((name) => FILE_NAME.exec(name)?.[1] ?? [])
    for (const number of numbers.toSorted()) this.#open(Number(number))
    if (this.#files.length === 0) this.#open(1)
  }

  /** Bytes that wait, frames included. */
  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#bytes === 0
  }

  /** False where the bound leaves no room: the batch is not kept, and its entries are lost. */
  append(batch: Spooled): boolean {
    const { body, start } = batch
    const bytes = FRAME_BYTES + body.length
    if (this.#bytes + bytes > this.#maxBytes) return false
    const frame = Buffer.alloc(FRAME_BYTES)
    frame.writeUInt32LE(MAGIC, 0)
    frame.writeUInt32LE(body.length, 4)
    frame.writeBigUInt64LE(BigInt(batch.sequence), 8)
    frame.writeUInt32LE(crc32(body), 16)
    frame.writeUInt32LE(batch.entries, 20)
    frame.write(start.padEnd(START_CHARACTERS), 24, 'latin1')
    const file = this.#writable(bytes)
    const written = writeAll(file.fd, [frame, body], file.length)
    if (!written) return false
    file.length += bytes
    this.#bytes += bytes
    this.#isDirty = true
    return true
  }

  /** The oldest batch that waits; undefined where none does. */
  oldest(): Spooled | undefined {
    for (;;) {
      const [file] = this.#files
      if (file === undefined || this.#bytes === 0) return undefined
      const spooled = readFrame(file, this.#readAt)
      if (spooled !== undefined) return spooled
      this.#dropFirst(file)
    }
  }

  /** Forgets the oldest batch: the server has it, or will never take it. */
  acknowledge(): void {
    const [file] = this.#files
    const spooled = this.oldest()
    if (file === undefined || spooled === undefined) return
    const bytes = FRAME_BYTES + spooled.body.length
    this.#readAt += bytes
    this.#bytes -= bytes
    if (this.#readAt >= file.length) this.#dropFirst(file)
  }

  /** Makes what was written safe from a power failure. */
  sync(): void {
    const last = this.#files.at(-1)
    if (!this.#isDirty || last === undefined) return
    fdatasyncSync(last.fd)
    this.#isDirty = false
  }

  [Symbol.dispose](): void {
    for (const { fd } of this.#files.splice(0)) closeSync(fd)
  }

  #open(number: number): void {
    const fd = openSync(this.#pathOf(number), 'a+', 0o600)
    const length = wholeFrames(fd)
    // What follows the last whole frame was being written when the process before this one ended.
    ftruncateSync(fd, length)
    this.#files.push({ number, fd, length })
    this.#bytes += length
  }

  #writable(bytes: number): SpoolFile {
    const last = this.#files.at(-1)
    if (last !== undefined && (last.length === 0 || last.length + bytes <= this.#fileBytes)) return last
    this.sync()
    this.#open((last?.number ?? 0) + 1)
    const opened = this.#files.at(-1)
    if (opened === undefined) throw new Error('a spool has a file to write to')
    return opened
  }

  /** Removes a file that holds nothing that waits; the one that is written to is emptied instead. */
  #dropFirst(file: SpoolFile): void {
    this.#bytes -= Math.max(0, file.length - this.#readAt)
    this.#readAt = 0
    if (this.#files.length === 1) {
      ftruncateSync(file.fd, 0)
      file.length = 0
      return
    }
    this.#files.shift()
    closeSync(file.fd)
    rmSync(this.#pathOf(file.number), { force: true })
  }

  #pathOf(number: number): string {
    return join(this.#folder, `spool-${String(number).padStart(10, '0')}.bin`)
  }
}

/** False where the disk takes no more: the file is as it was before. */
function writeAll(fd: number, parts: readonly Buffer[], length: number): boolean {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  try {
    if (writevSync(fd, parts) === bytes) return true
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || (error.code !== 'ENOSPC' && error.code !== 'EDQUOT'))
      throw error
  }
  ftruncateSync(fd, length)
  return false
}

function readFrame(file: SpoolFile, at: number): Spooled | undefined {
  const frame = Buffer.alloc(FRAME_BYTES)
  if (at + FRAME_BYTES > file.length || readSync(file.fd, frame, 0, FRAME_BYTES, at) < FRAME_BYTES) return undefined
  if (frame.readUInt32LE(0) !== MAGIC) return undefined
  const body = Buffer.allocUnsafe(frame.readUInt32LE(4))
  if (at + FRAME_BYTES + body.length > file.length) return undefined
  if (readSync(file.fd, body, 0, body.length, at + FRAME_BYTES) < body.length) return undefined
  if (crc32(body) !== frame.readUInt32LE(16)) return undefined
  return {
    start: frame.toString('latin1', 24, 24 + START_CHARACTERS).trimEnd(),
    sequence: Number(frame.readBigUInt64LE(8)),
    entries: frame.readUInt32LE(20),
    body,
  }
}

/** Bytes up to the end of the last frame that is whole. */
function wholeFrames(fd: number): number {
  const { size } = fstatSync(fd)
  let at = 0
  for (;;) {
    const found = readFrame({ number: 0, fd, length: size }, at)
    if (found === undefined) return at
    at += FRAME_BYTES + found.body.length
  }
}
