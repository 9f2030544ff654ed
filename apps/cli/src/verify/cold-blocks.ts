import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Report } from './report.ts'
import { sha256 } from './rfc6962.ts'

const MAGIC = Buffer.from('holdfast/cold/v1\n')
const BLOCK_HEADER = 20
/** Above the writer's own bound; a row that claims more is damaged, and is not read. */
const MAX_BLOCK_BYTES = 80 * 1024 * 1024

type ColdFile = { readonly path: string; readonly sha256: string }

/**
 * Content of a log that lies in cold storage: each block is read from its file and held against its row, and each file as a whole
 * against its digest, which a record of the log must name. A file that is not there is reported under the entries in it.
 */
export class ColdBlocks {
  readonly #db: DatabaseSync
  readonly #report: Report
  readonly #files = new Map<number, ColdFile>()
  readonly #hasTables: boolean
  readonly #absent = new Set<number>()
  #seen = 0

  constructor(db: DatabaseSync, folder: string, report: Report) {
    this.#db = db
    this.#report = report
    const tables = db
      .prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('cold_files', 'cold_blocks')`)
      .get()
    this.#hasTables = Number(tables?.['n']) === 2
    if (!this.#hasTables) return
    for (const row of db.prepare('SELECT id, name, folder, hex(sha256) AS sha256 FROM cold_files').iterate()) {
      const place = String(row['folder'])
      const path = join(isAbsolute(place) ? place : join(folder, place), String(row['name']))
      this.#files.set(Number(row['id']), { path, sha256: String(row['sha256']).toLowerCase() })
    }
  }

  /** Files of which something is only there. */
  get files(): number {
    return this.#files.size
  }

  /** To be asked of each cold segment: what was erased is not read, wherever it lies, and its file may be gone. */
  isToBeRead(hasKey: boolean): boolean {
    this.#seen++
    return hasKey
  }

  /** The encrypted content of a segment; undefined, and reported, where it cannot be had. */
  sealedOf(segment: { readonly first: number; readonly count: number; readonly keyId: number }): Buffer | undefined {
    const { first, count } = segment
    const where = `segment at entry ${first}`
    const row = this.#hasTables
      ? this.#db.prepare('SELECT file, offset, bytes, sha256 FROM cold_blocks WHERE first = ?').get(first)
      : undefined
    const file = this.#files.get(Number(row?.['file']))
    if (row === undefined || file === undefined) {
      this.#report.add(where, 'has no content, and is in no file of cold storage')
      return undefined
    }
    const [offset, bytes] = [Number(row['offset']), Number(row['bytes'])]
    if (!(bytes <= MAX_BLOCK_BYTES && offset >= MAGIC.length + BLOCK_HEADER)) {
      this.#report.add(where, 'has a place in cold storage that no segment has')
      return undefined
    }
    const read = readAt(file.path, offset - BLOCK_HEADER, bytes + BLOCK_HEADER)
    if (read === undefined) {
      this.#absent.add(Number(row['file']))
      this.#report.add(where, `and its ${count} entries are in cold storage at ${file.path}, which is not there`)
      return undefined
    }
    const isOwn =
      read.length === bytes + BLOCK_HEADER && headerOf(segment, bytes).equals(read.subarray(0, BLOCK_HEADER))
    const sealed = read.subarray(BLOCK_HEADER)
    const isSame = isOwn && row['sha256'] instanceof Uint8Array && sha256(sealed).equals(row['sha256'])
    return this.#report.check(isSame, where, `is not in ${file.path} as it was put there`) ? sealed : undefined
  }

  /** `recorded`: digests of files that records of the log name. To be called once every segment was asked for. */
  finish(recorded: ReadonlySet<string>): void {
    for (const [id, { path, sha256: digest }] of this.#files) {
      this.#report.check(recorded.has(digest), path, 'is a file of cold storage that no record of the log names')
      if (this.#absent.has(id)) continue
      const found = digestOf(path)
      // What nobody reads any more may be gone: its segments are in the log again, or were erased.
      if (found !== undefined) this.#report.check(found === digest, path, 'was changed after it was written')
    }
    if (!this.#hasTables) return
    const blocks = Number(this.#db.prepare('SELECT count(*) AS n FROM cold_blocks').get()?.['n'])
    this.#report.check(
      blocks === this.#seen,
      'log.db',
      `has ${blocks} places in cold storage for ${this.#seen} cold segments`,
    )
  }
}

function headerOf(
  { first, count, keyId }: { readonly first: number; readonly count: number; readonly keyId: number },
  bytes: number,
): Buffer {
  const header = Buffer.alloc(BLOCK_HEADER)
  header.writeBigUInt64BE(BigInt(first), 0)
  header.writeUInt32BE(count, 8)
  header.writeUInt32BE(keyId, 12)
  header.writeUInt32BE(bytes, 16)
  return header
}

/** Fewer bytes than asked for at the end of the file; undefined where there is no file. */
function readAt(path: string, from: number, bytes: number): Buffer | undefined {
  return withFile(path, (file) => {
    const buffer = Buffer.alloc(Math.max(0, Math.min(bytes, fstatSync(file).size - from)))
    let done = 0
    while (done < buffer.length) {
      const read = readSync(file, buffer, done, buffer.length - done, from + done)
      if (read === 0) break
      done += read
    }
    return buffer.subarray(0, done)
  })
}

function digestOf(path: string): string | undefined {
  return withFile(path, (file) => {
    const digest = createHash('sha256')
    const chunk = Buffer.alloc(1024 * 1024)
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      digest.update(chunk.subarray(0, read))
    return digest.digest('hex')
  })
}

/** The path stands in the log that is checked: a pipe or a device that it names would be read for ever. */
function withFile<T>(path: string, work: (file: number) => T): T | undefined {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    // Not there, or not to be read: the caller says so.
    return undefined
  }
  try {
    return fstatSync(file).isFile() ? work(file) : undefined
  } finally {
    closeSync(file)
  }
}
