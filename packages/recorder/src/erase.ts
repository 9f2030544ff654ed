import { randomUUID } from 'node:crypto'
import type { ControlRecord, UnixNano } from '@holdfast/model'
import type { ContentKeys } from './content-keys.ts'
import type { LogStore } from './log-store.ts'
import type { Erasure, KeyScope } from './types.ts'
import type { WalFolder } from './wal-folder.ts'

const STILL_IN_WAL = 'a reader keeps the wrapped keys in the write-ahead log for now: tried again until they are gone'

export type EraserParts = {
  readonly store: LogStore
  readonly keys: ContentKeys
  readonly wal: WalFolder
  readonly clock: () => UnixNano
  readonly guard: <T>(work: () => T) => T
  readonly appendControl: (record: ControlRecord) => Promise<unknown>
}

/** Destroys content keys, and has it in the log before it is done and after, under one id (FC3). */
export class Eraser {
  readonly #parts: EraserParts

  constructor(parts: EraserParts) {
    this.#parts = parts
  }

  async erase(scope: KeyScope, why: { readonly by: string; readonly reason: string }): Promise<Erasure> {
    const { appendControl, wal } = this.#parts
    const target = `${scope.agent} ${scope.dataClass} ${scope.retention}`
    const record = {
      kind: 'operator-action',
      action: 'erase-content',
      actionId: randomUUID(),
      by: why.by,
      target,
    } as const
    await appendControl({ ...record, detail: why.reason, outcome: 'intended' })
    const erased = await this.#eraseOr(scope, why.reason, (detail) =>
      appendControl({ ...record, detail, outcome: 'failed' }),
    )
    const isGone = await wal.foldErased()
    const counts = `${erased.keys} keys, ${erased.entries} entries`
    const detail = isGone ? counts : `${counts}; ${STILL_IN_WAL}`
    await appendControl({ ...record, detail, outcome: 'done' })
    return { ...erased, isGone }
  }

  /** Erases, or has the failure recorded as far as that is still possible, and rethrows it. */
  async #eraseOr(
    scope: KeyScope,
    reason: string,
    failed: (detail: string) => Promise<unknown>,
  ): Promise<Omit<Erasure, 'isGone'>> {
    const { guard, store, keys, clock } = this.#parts
    try {
      return guard(() => eraseContentKeys(store, scope, { at: clock(), reason }))
    } catch (error) {
      // What kept the keys from being erased may keep this record out too; the caller hears of the first failure.
      await failed(String(error)).catch(() => undefined)
      throw error
    } finally {
      keys.forget()
    }
  }
}

/**
 * Destroys the wrapped keys and salts of a scope, and leaves no copy of them in freed pages. The write-ahead log still
 * holds the old page: the caller has it folded in and cut off ({@link foldWal}) before it says that the keys are gone.
 * A copy that the disk itself keeps (flash translation, snapshots, backups) is beyond a program's reach: backups of the
 * database must be deleted with it, or kept apart from `master.key`.
 */
function eraseContentKeys(
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
