import type { UnixNano } from '@holdfast/model'
import type { LogStore } from './log-store.ts'
import type { Erasure, KeyScope } from './types.ts'

/**
 * Destroys the wrapped keys and salts of a scope, and leaves no copy of them in freed pages. The write-ahead log still
 * holds the old page: the caller has it folded in and cut off ({@link foldWal}) before it says that the keys are gone.
 * A copy that the disk itself keeps (flash translation, snapshots, backups) is beyond a program's reach: backups of the
 * database must be deleted with it, or kept apart from `master.key`.
 */
export function eraseContentKeys(
  store: LogStore,
  scope: KeyScope,
  why: { readonly at: UnixNano; readonly reason: string },
): Omit<Erasure, 'isGone'> {
  const { agent, dataClass, retention } = scope
  store.db.exec('PRAGMA secure_delete = ON')
  try {
    return store.transact(() => {
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
  } finally {
    store.db.exec('PRAGMA secure_delete = OFF')
  }
}
