import type { ProjectionStore } from '@holdfast/recorder'
import { decode, encode } from '../inventory/docs.ts'
import { keys } from '../incidents/keys.ts'

/**
 * Empties what was judged by other rules, so that every case is judged anew; the log is folded again for it. Does nothing where
 * the rules are the same.
 */
export function settleRules(store: ProjectionStore, digest: string): void {
  const known = store.get(keys.rules())
  if (known !== undefined && decode<string>(known) === digest) return
  if (store.cursor > 0) store.clear()
  noteRules(store, digest)
}

/** Notes by which rules is judged; to be called when the store was emptied. */
export function noteRules(store: ProjectionStore, digest: string): void {
  store.apply({ cursor: store.cursor, puts: [[keys.rules(), encode(digest)]] })
}
