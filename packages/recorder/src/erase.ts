import type { DatabaseSync } from 'node:sqlite'
import type { UnixNano } from '@holdfast/model'
import { SQLITE_FULL, sqliteCode } from './database.ts'
import type { LogStore } from './log-store.ts'
import type { Erasure, KeyScope } from './types.ts'

/**
 * Destroys the wrapped keys and salts of a scope, and leaves no copy of them in freed pages or in the write-ahead log.
 * A copy that the disk itself keeps (flash translation, snapshots, backups) is beyond a program's reach: backups of the
 * database must be deleted with it, or kept apart from `master.key`.
 */
export function eraseContentKeys(
  store: LogStore,
  scope: KeyScope,
  why: { readonly at: UnixNano; readonly reason: string },
): Erasure {
  const { agent, dataClass, retention } = scope
  store.db.exec('PRAGMA secure_delete = ON')
  try {
    const erasure = store.transact(() => {
      const found = store.db
        .prepare(
          `SELECT count(DISTINCT k.id) AS keys, coalesce(sum(s.count), 0) AS entries
            FROM content_keys k LEFT JOIN segments s ON s.key_id = k.id
            WHERE k.agent = ? AND k.data_class = ? AND k.retention = ? AND k.wrapped IS NOT NULL`,
        )
        .get(agent, dataClass, retention)
      store.db
        .prepare(
          `UPDATE content_keys SET wrapped = NULL, erased_at = ?, reason = ?
            WHERE agent = ? AND data_class = ? AND retention = ? AND wrapped IS NOT NULL`,
        )
        .run(why.at, why.reason, agent, dataClass, retention)
      return { keys: Number(found?.['keys'] ?? 0), entries: Number(found?.['entries'] ?? 0) }
    })
    // The write-ahead log still holds the old page: fold it in and cut it off. Waits for readers, with a bound; where
    // that or a full disk keeps it from happening now, the next folding does it.
    foldWal(store.db)
    return erasure
  } finally {
    store.db.exec('PRAGMA secure_delete = OFF')
  }
}

/** Folds the write-ahead log into the database and empties it; false where a reader or a full disk kept it from that. */
export function foldWal(db: DatabaseSync): boolean {
  try {
    return Number(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] ?? 1) === 0
  } catch (error) {
    // Nothing is lost: what is not folded stays in the write-ahead log. Any other failure is the caller's to judge.
    if (sqliteCode(error) === SQLITE_FULL) return false
    throw error
  }
}
