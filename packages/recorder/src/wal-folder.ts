import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { BUSY_TIMEOUT_MS, PAGE_BYTES, SQLITE_FULL, sqliteCode } from './database.ts'
import type { RecorderLimits } from './limits.ts'

export type WalFolderParts = {
  readonly db: DatabaseSync
  /** Path of the database; its write-ahead log lies beside it. */
  readonly path: string
  readonly limits: RecorderLimits
  /** Runs work on the disk and says what its failure means (FC2). */
  readonly guard: <T>(work: () => T) => T
}

/** Folds the write-ahead log into the database: when it has grown large, and when it must hold nothing erased any more. */
export class WalFolder {
  readonly #parts: WalFolderParts
  #isErasing = false
  #timer: NodeJS.Timeout | undefined

  constructor(parts: WalFolderParts) {
    this.#parts = parts
  }

  /** True while the write-ahead log may hold a key that was erased. */
  get isErasing(): boolean {
    return this.#isErasing
  }

  /** To be called after each commit. */
  foldWhenLarge(): void {
    const { db, path, limits, guard } = this.#parts
    const wal = statSync(`${path}-wal`, { throwIfNoEntry: false })
    if ((wal?.size ?? 0) < limits.walPages * PAGE_BYTES) return
    try {
      guard(() => db.exec('PRAGMA wal_checkpoint(PASSIVE)'))
    } catch {
      // A full disk: the write-ahead log stays larger for now. A failed sync has already ended the process (FC2).
    }
  }

  /**
   * Empties the write-ahead log of what an erasure left there. False where a reader or a full disk kept it from that for
   * `eraseWaitMs`; it is then tried until it is done or {@link end}ed.
   */
  async foldErased(): Promise<boolean> {
    const { eraseWaitMs, eraseRetryMs } = this.#parts.limits
    this.#isErasing = true
    const until = performance.now() + eraseWaitMs
    while (!this.fold()) {
      if (performance.now() >= until) {
        this.#foldLater()
        return false
      }
      await delay(eraseRetryMs)
    }
    return true
  }

  /** Folds all and empties the file; false where a reader or a full disk kept it from that. Holds the thread for `waitMs`. */
  fold(waitMs = 0): boolean {
    const { db, guard } = this.#parts
    // Closed under a waiting erasure: closing has folded, or says that it could not.
    if (!db.isOpen) return !this.#isErasing
    const isFolded = guard(() => truncateWal(db, waitMs))
    if (isFolded) this.#isErasing = false
    return isFolded
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  #foldLater(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      try {
        if (!this.fold()) this.#foldLater()
      } catch {
        // A failed sync has already ended the process (FC2).
      }
    }, this.#parts.limits.eraseRetryMs).unref()
  }
}

function truncateWal(db: DatabaseSync, waitMs: number): boolean {
  db.exec(`PRAGMA busy_timeout = ${waitMs}`)
  try {
    return Number(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] ?? 1) === 0
  } catch (error) {
    // Nothing is lost: what is not folded stays in the write-ahead log. Any other failure is the caller's to judge.
    if (sqliteCode(error) === SQLITE_FULL) return false
    throw error
  } finally {
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  }
}
