import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writevSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { SPOOL_BYTES, SPOOL_FILE_BYTES } from '../limits.ts'
import { FRAME_BYTES, frameHead, inspectFrames, readHead, type Spooled } from './frame.ts'

const FILE_NAME = /^spool-(\d{10})\.bin$/

type SpoolFile = {
  readonly number: number
  readonly fd: number
  /** Where each stretch that cannot be read begins, and where it ends. */
  readonly holes: ReadonlyMap<number, number>
  length: number
}

export type SpoolOptions = {
  readonly folder: string
  readonly maxBytes?: number
  readonly fileBytes?: number
  /** Told of entries that were kept and cannot be read again. */
  readonly onDamage?: (entries: number) => void
}

/**
 * Batches that the server has not acknowledged, in files that are only appended to. Every batch is written here before it
 * is sent, so that it outlives this process; {@link sync} makes it outlive the power too. A frame that was being written
 * when the process ended is dropped, and so is what the disk damaged; both are counted. Batches come out in the order they went in, each until it is acknowledged.
 */
export class Spool implements Disposable {
  readonly #folder: string
  readonly #maxBytes: number
  readonly #fileBytes: number
  readonly #onDamage: (entries: number) => void
  /** Oldest first; the last is written to. */
  readonly #files: SpoolFile[] = []
  /** Where the oldest batch begins in the first file. */
  #readAt = 0
  #bytes = 0
  #isDirty = false

  constructor({ folder, maxBytes = SPOOL_BYTES, fileBytes = SPOOL_FILE_BYTES, onDamage = () => {} }: SpoolOptions) {
    this.#folder = folder
    this.#maxBytes = maxBytes
    this.#fileBytes = fileBytes
    this.#onDamage = onDamage
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

  /** `full`: the bound leaves no room, `full-disk`: the disk does. The batch is then not kept, and its entries are lost. */
  append(batch: Spooled): 'kept' | 'full' | 'full-disk' {
    const { body } = batch
    const bytes = FRAME_BYTES + body.length
    if (this.#bytes + bytes > this.#maxBytes) return 'full'
    const file = this.#writable(bytes)
    const written = writeAll(file.fd, [frameHead(batch), body], file.length)
    if (!written) return 'full-disk'
    file.length += bytes
    this.#bytes += bytes
    this.#isDirty = true
    return 'kept'
  }

  /** The oldest batch that waits; undefined where none does. */
  oldest(): Spooled | undefined {
    for (;;) {
      const [file] = this.#files
      if (file === undefined || this.#bytes === 0) return undefined
      const spooled = readFrame(file, this.#readAt)
      if (spooled !== undefined) return spooled
      const next = file.holes.get(this.#readAt)
      if (next !== undefined) {
        this.#bytes -= next - this.#readAt
        this.#readAt = next
        continue
      }
      // It could be read when it was written or opened: the disk fails now, and the next start says what it cost.
      if (this.#readAt < file.length) this.#onDamage(1)
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
    const path = this.#pathOf(number)
    const fd = openSync(path, 'a+', 0o600)
    const { end: length, holes } = inspectFrames(readFileSync(path))
    // What follows the last whole frame was being written when the process before this one ended.
    ftruncateSync(fd, length)
    const damaged = holes.reduce((sum, { entries }) => sum + entries, 0)
    if (damaged > 0) this.#onDamage(damaged)
    const inside = holes.filter(({ to }) => to <= length)
    this.#files.push({ number, fd, length, holes: new Map(inside.map(({ from, to }) => [from, to])) })
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

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO'])

/** False where the disk takes no more: the file is as it was before. */
function writeAll(fd: number, parts: readonly Buffer[], length: number): boolean {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  try {
    if (writevSync(fd, parts) === bytes) return true
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !FULL.has(String(error.code))) throw error
  }
  ftruncateSync(fd, length)
  return false
}

function readFrame(file: SpoolFile, at: number): Spooled | undefined {
  const bytes = Buffer.alloc(FRAME_BYTES)
  if (at + FRAME_BYTES > file.length || readSync(file.fd, bytes, 0, FRAME_BYTES, at) < FRAME_BYTES) return undefined
  const head = readHead(bytes, 0)
  if (head === undefined || at + head.end > file.length) return undefined
  const body = Buffer.allocUnsafe(head.end - FRAME_BYTES)
  if (readSync(file.fd, body, 0, body.length, at + FRAME_BYTES) < body.length) return undefined
  if (crc32(body) !== head.bodyChecksum) return undefined
  const { start, sequence, entries } = head
  return { start, sequence, entries, body }
}
