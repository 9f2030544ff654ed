import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { RecorderError } from './errors.ts'
import { MAX_SCAN_ROWS, PROJECTION_CACHE_KIB } from './limits.ts'

/** One fold step's effect: the puts and deletes, and how far the log is folded after them. */
export type ProjectionBatch = {
  readonly cursor: number
  readonly puts: Iterable<readonly [key: string, value: Uint8Array]>
  readonly deletes?: Iterable<string>
}

/** `after` excludes the key itself; in reverse the scan goes down from it. */
export type ProjectionScan = {
  readonly prefix: string
  readonly after?: string
  readonly limit: number
  readonly reverse?: boolean
}

/**
 * A projection's state: keys and bytes in a SQLite file of its own, in UTF-8 byte order of keys. It is rebuildable, so a
 * commit does not sync; folding the write-ahead log does, since without that a power cut could mix old pages with new.
 * After one it is empty or a little behind, never wrong, and the lost tail is folded again.
 */
export class ProjectionStore implements Disposable {
  readonly #db: DatabaseSync
  readonly #put: StatementSync
  readonly #delete: StatementSync
  readonly #get: StatementSync
  readonly #setCursor: StatementSync
  readonly #up: StatementSync
  readonly #down: StatementSync
  #cursor: number

  private constructor(db: DatabaseSync) {
    this.#db = db
    this.#put = db.prepare('INSERT OR REPLACE INTO entries (key, value) VALUES (CAST(? AS BLOB), ?)')
    this.#delete = db.prepare('DELETE FROM entries WHERE key = CAST(? AS BLOB)')
    this.#get = db.prepare('SELECT value FROM entries WHERE key = CAST(? AS BLOB)')
    this.#setCursor = db.prepare('UPDATE state SET cursor = ?')
    this.#up = db.prepare('SELECT key, value FROM entries WHERE key >= ? AND key < ? ORDER BY key LIMIT ?')
    this.#down = db.prepare('SELECT key, value FROM entries WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?')
    this.#cursor = Number(db.prepare('SELECT cursor FROM state').get()?.['cursor'] ?? 0)
  }

  /**
   * Opens `views/<name>.db` in the log's folder. A file of another `version`, or one that cannot be read, is thrown away:
   * the fold starts over at cursor 0.
   */
  static open(options: { readonly folder: string; readonly name: string; readonly version: number }): ProjectionStore {
    if (!/^[a-z][a-z0-9-]{0,40}$/.test(options.name))
      throw new RecorderError('invalid', `no view name: ${options.name}`)
    const views = join(options.folder, 'views')
    mkdirSync(views, { recursive: true, mode: 0o700 })
    const path = join(views, `${options.name}.db`)
    const db = openVersion(path, options.version)
    if (db !== undefined) return new ProjectionStore(db)
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    const fresh = openVersion(path, options.version)
    if (fresh === undefined) throw new RecorderError('unavailable', `${path} cannot be made`)
    return new ProjectionStore(fresh)
  }

  /** Log entries folded so far. Beyond the log's size, the log lost its tail with the power: {@link clear} and refold. */
  get cursor(): number {
    return this.#cursor
  }

  /** All of the batch or nothing. A delete of a key that the batch also puts comes first. */
  apply(batch: ProjectionBatch): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      for (const key of batch.deletes ?? []) this.#delete.run(key)
      for (const [key, value] of batch.puts) this.#put.run(key, value)
      this.#setCursor.run(batch.cursor)
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
    this.#cursor = batch.cursor
  }

  get(key: string): Uint8Array | undefined {
    const value = this.#get.get(key)?.['value']
    return value instanceof Uint8Array ? value : undefined
  }

  /** Keys that begin with the prefix, in byte order; at most {@link MAX_SCAN_ROWS}. */
  scan(query: ProjectionScan): [key: string, value: Uint8Array][] {
    const prefix = Buffer.from(query.prefix)
    // No UTF-8 text holds the byte 0xff, so this bound ends the prefix's range.
    const end = Buffer.concat([prefix, Buffer.of(0xff)])
    const after = query.after === undefined ? undefined : Buffer.from(query.after)
    // A zero byte more is the next greater key there can be.
    const low = after === undefined || query.reverse ? prefix : later(prefix, Buffer.concat([after, Buffer.of(0)]))
    const high = after === undefined || !query.reverse ? end : earlier(end, after)
    const rows = (query.reverse ? this.#down : this.#up).all(low, high, Math.min(query.limit, MAX_SCAN_ROWS))
    return rows.flatMap(({ key, value }): [string, Uint8Array][] =>
      key instanceof Uint8Array && value instanceof Uint8Array ? [[Buffer.from(key).toString(), value]] : [],
    )
  }

  /** Empties it, so that no byte of what it held is left in its files: the next fold starts at entry 0. */
  clear(): void {
    this.#db.exec('BEGIN IMMEDIATE; DELETE FROM entries; UPDATE state SET cursor = 0; COMMIT')
    // Older states of the pages lie in the write-ahead log until it is folded and cut.
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#cursor = 0
  }

  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close()
  }
}

/** Undefined where the file holds another version or is damaged. */
function openVersion(path: string, version: number): DatabaseSync | undefined {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path, { timeout: 5000 })
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${PROJECTION_CACHE_KIB};
      PRAGMA secure_delete = ON`)
    db.exec(`CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS state (version INTEGER NOT NULL, cursor INTEGER NOT NULL) STRICT`)
    const stored = db.prepare('SELECT version FROM state').get()?.['version']
    if (stored === undefined) db.prepare('INSERT INTO state (version, cursor) VALUES (?, 0)').run(version)
    if (stored === undefined || stored === version) return db
  } catch {
    // A damaged view is thrown away and folded again from the log, which is the truth.
  }
  db?.close()
  return undefined
}

function later(a: Buffer, b: Buffer): Buffer {
  return Buffer.compare(a, b) >= 0 ? a : b
}

function earlier(a: Buffer, b: Buffer): Buffer {
  return Buffer.compare(a, b) <= 0 ? a : b
}
