import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SQLITE_BUSY, sqliteCode } from './database.ts'
import { RecorderError } from './errors.ts'
import { openFailure } from './open-failure.ts'

const LOCK_FILE = 'writer.lock'
const OWNER_FILE = 'writer.pid'

/**
 * One writer for one folder. The lock is SQLite's own on an empty file of ours, held by an open transaction: the
 * operating system drops it when the process dies, however it dies, so there is no stale lock to clear by hand.
 */
export class FolderLock implements Disposable {
  readonly #db: DatabaseSync

  private constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** Throws `locked`, naming the process that has it, and `unavailable` where the disk does not take the lock. */
  static acquire(folder: string): FolderLock {
    let db: DatabaseSync | undefined
    try {
      db = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 })
      db.exec('BEGIN EXCLUSIVE')
      writeFileSync(join(folder, OWNER_FILE), `${process.pid}\n`, { mode: 0o600 })
      return new FolderLock(db)
    } catch (cause) {
      db?.close()
      if (sqliteCode(cause) !== SQLITE_BUSY) throw openFailure(folder, cause)
      throw new RecorderError('locked', `${folder} is written by process ${owner(folder)}: stop it first`, { cause })
    }
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }
}

function owner(folder: string): string {
  try {
    return readFileSync(join(folder, OWNER_FILE), 'utf8').trim().slice(0, 20)
  } catch {
    // The owner has the lock but has not written its name yet; that it is locked is what matters.
    return 'unknown'
  }
}
