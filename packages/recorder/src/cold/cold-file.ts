import { createHash, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { syncFolder } from '../key-files.ts'

/** First bytes of every cold file (SPEC.md, section 12). */
const COLD_MAGIC = Buffer.from('holdfast/cold/v1\n')
/** Before each block: first entry (u64), count (u32), key id (u32), length (u32). */
const BLOCK_HEADER = 20

/** The encrypted content of one segment, on its way into a cold file. */
export type ColdBlock = {
  readonly first: number
  readonly count: number
  readonly keyId: number
  readonly sealed: Uint8Array
}

/** Where a block lies in its file, without the header before it. */
export type PlacedBlock = {
  readonly first: number
  readonly offset: number
  readonly bytes: number
  readonly sha256: Buffer
}

export type WrittenFile = {
  readonly name: string
  readonly bytes: number
  readonly sha256: Buffer
  readonly blocks: readonly PlacedBlock[]
}

/**
 * Writes one cold file. It has its name only once it is whole and on the disk; until then it is a `.partial` file of a name
 * that no other writer has, as several logs may write to one archive. The name holds the digest, so that no file takes
 * another's place.
 */
export class ColdFileWriter implements Disposable {
  readonly #folder: string
  readonly #partial: string
  readonly #file: number
  readonly #digest = createHash('sha256')
  readonly #blocks: PlacedBlock[] = []
  readonly #first: number
  #end = 0
  #bytes = 0
  #isOpen = true
  #isNamed = false

  constructor(folder: string, first: number) {
    makeDurably(folder)
    this.#folder = folder
    this.#first = first
    this.#partial = join(folder, `entries-${padded(first)}-${randomUUID()}.partial`)
    this.#file = openSync(this.#partial, 'wx', 0o600)
    this.#write(COLD_MAGIC)
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes
  }

  add({ first, count, keyId, sealed }: ColdBlock): void {
    const header = Buffer.alloc(BLOCK_HEADER)
    header.writeBigUInt64BE(BigInt(first), 0)
    header.writeUInt32BE(count, 8)
    header.writeUInt32BE(keyId, 12)
    header.writeUInt32BE(sealed.length, 16)
    this.#write(header)
    const offset = this.#bytes
    this.#write(sealed)
    this.#blocks.push({ first, offset, bytes: sealed.length, sha256: sha256(sealed) })
    this.#end = first + count
  }

  /** Syncs the file, reads it back and gives it its name. Throws where the disk gives back other bytes than were written. */
  finish(): WrittenFile {
    fsyncSync(this.#file)
    this.#close()
    const digest = this.#digest.digest()
    if (!digestOfFile(this.#partial).equals(digest))
      throw new Error(`${this.#partial} does not hold what was written to it: nothing was moved`)
    const name = `entries-${padded(this.#first)}-${padded(this.#end)}-${digest.toString('hex', 0, 8)}.cold`
    renameSync(this.#partial, join(this.#folder, name))
    this.#isNamed = true
    syncFolder(this.#folder)
    return { name, bytes: this.#bytes, sha256: digest, blocks: this.#blocks }
  }

  /** Removes what was not finished. */
  [Symbol.dispose](): void {
    this.#close()
    if (!this.#isNamed) rmSync(this.#partial, { force: true })
  }

  #close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    closeSync(this.#file)
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done)
    this.#digest.update(bytes)
    this.#bytes += bytes.length
  }
}

/** Bytes of a block; undefined where the file is not there. Fewer bytes than asked for where it was cut. */
export function readColdBlock(
  path: string,
  at: { readonly offset: number; readonly bytes: number },
): Buffer | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    // Not attached, moved or not readable for this process: to the reader of an entry it is one and the same.
    return undefined
  }
  try {
    const bytes = Buffer.alloc(at.bytes)
    let done = 0
    while (done < bytes.length) {
      const read = readSync(file, bytes, done, bytes.length - done, at.offset + done)
      if (read === 0) break
      done += read
    }
    return bytes.subarray(0, done)
  } finally {
    closeSync(file)
  }
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** Makes a folder whose own name outlasts a power cut: with it, everything in it would be gone. */
function makeDurably(folder: string): void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (made === undefined) return
  const top = dirname(resolve(made))
  for (let at = resolve(folder); at !== top && at !== dirname(at); at = dirname(at)) syncFolder(dirname(at))
}

function digestOfFile(path: string): Buffer {
  const digest = createHash('sha256')
  const file = openSync(path, 'r')
  try {
    const chunk = Buffer.allocUnsafe(1024 * 1024)
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      digest.update(chunk.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return digest.digest()
}

function padded(index: number): string {
  return index.toString().padStart(12, '0')
}
