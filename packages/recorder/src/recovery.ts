import type { UnixNano } from '@holdfast/model'
import { RecorderError } from './errors.ts'
import type { DedupeTable } from './dedupe.ts'
import { DIGESTS_AT, LEAF_BYTES } from './leaf.ts'
import { blob, type LogStore } from './log-store.ts'
import { HASH_BYTES, hashLeaves } from './merkle/hash.ts'
import { nodesOf, rootAt } from './merkle/proof.ts'
import { Tree, TILE_WIDTH } from './merkle/tree.ts'
import { type NoteVerifier, openNote, parseCheckpointText } from './note.ts'
import type { StoredCheckpoint } from './types.ts'

export type Recovered = {
  readonly tree: Tree
  readonly segments: number
  readonly rawBytes: number
  readonly storedBytes: number
  readonly checkpoint: StoredCheckpoint | undefined
  /** Recorded time of the newest entry; 0 in an empty log. */
  readonly recordedAt: UnixNano
}

/** Newest entries whose leaves are compared with the tiles at every start; the offline verifier compares all. */
const TAIL_ENTRIES = 16_384

/**
 * What the log holds, after checking that its newest part, its tree and its newest checkpoint agree. Throws `corrupt`
 * and says what contradicts what: nothing is repaired by guessing, and nothing is written (FC13).
 */
export function recover(store: LogStore, verifier: NoteVerifier, seen: readonly string[]): Recovered {
  const totals = store.db
    .prepare(
      `SELECT count(*) AS segments, coalesce(sum(count), 0) AS entries, coalesce(max(first + count), 0) AS size,
        coalesce(sum(raw_bytes), 0) AS raw, coalesce(sum(stored_bytes), 0) AS stored FROM segments`,
    )
    .get()
  const size = Number(totals?.['size'])
  if (Number(totals?.['entries']) !== size) {
    throw new RecorderError(
      'corrupt',
      `segments hold ${String(totals?.['entries'])} entries, but the last ends at ${size}`,
    )
  }
  const tree = Tree.load(size, store.tile)
  if (tree === undefined) throw new RecorderError('corrupt', `the tiles do not hold a tree of ${size} leaves`)
  checkTail(store, size)
  const checkpoint = store.lastCheckpoint()
  const notes = checkpoint === undefined ? seen : [checkpoint.note, ...seen]
  for (const note of notes) checkCheckpoint(store, note, { size, verifier })
  return {
    tree,
    segments: Number(totals?.['segments']),
    rawBytes: Number(totals?.['raw']),
    storedBytes: Number(totals?.['stored']),
    checkpoint,
    recordedAt: newestTime(store),
  }
}

function newestTime(store: LogStore): UnixNano {
  const newest = store.db.prepare('SELECT recorded_at FROM segments ORDER BY first DESC LIMIT 1')
  newest.setReadBigInts(true)
  // Written by LogStore from a UnixNano; zero is one too.
  return (newest.get()?.['recorded_at'] ?? 0n) as UnixNano
}

function checkTail(store: LogStore, size: number): void {
  const rows = store.db.prepare('SELECT first, leaves FROM blocks WHERE first >= ? ORDER BY first')
  // One read for a tile's 256 entries: one for each were 128 MiB of copies at every start.
  let held: { readonly number: number; readonly tile: Uint8Array | undefined } | undefined
  for (const row of rows.iterate(Math.max(0, size - TAIL_ENTRIES))) {
    const first = Number(row['first'])
    const leaves = Buffer.from(blob(row['leaves']) ?? [])
    const hashes = hashLeaves(leaves, LEAF_BYTES, leaves.length / LEAF_BYTES)
    for (let i = 0; i * HASH_BYTES < hashes.length; i++) {
      const index = first + i
      const at = (index % TILE_WIDTH) * HASH_BYTES
      const number = Math.floor(index / TILE_WIDTH)
      if (held?.number !== number) held = { number, tile: store.tile(0, number) }
      const inTile = held.tile?.subarray(at, at + HASH_BYTES)
      if (inTile === undefined || hashes.compare(inTile, 0, HASH_BYTES, i * HASH_BYTES, (i + 1) * HASH_BYTES) !== 0) {
        throw new RecorderError('corrupt', `entry ${index} does not have the leaf hash that its tile holds`)
      }
    }
  }
}

function checkCheckpoint(
  store: LogStore,
  note: string,
  { size, verifier }: { readonly size: number; readonly verifier: NoteVerifier },
): void {
  const text = openNote(note, verifier)
  const signed = text === undefined ? undefined : parseCheckpointText(text, verifier.name)
  if (signed === undefined) {
    throw new RecorderError('corrupt', 'a checkpoint is not signed by the key of this folder: is log.key its own?')
  }
  // FC13: a log that is shorter than its own checkpoint, or other than it, was rolled back or rewritten.
  if (signed.size > size) {
    throw new RecorderError('corrupt', `the log has ${size} entries, but a checkpoint was signed for ${signed.size}`)
  }
  if (rootAt(nodesOf(store.tile), signed.size)?.equals(signed.rootHash) !== true) {
    throw new RecorderError(
      'corrupt',
      `the log's first ${signed.size} entries are not those that its checkpoint signed`,
    )
  }
}

/** Bytes of leaves after which what was read is collected. */
const COLLECT_BYTES = 2 * 1024 * 1024

/**
 * Fills the table with the newest entries, oldest of them first, so that the newest are forgotten last. It reads 77 bytes of each: where
 * the process can collect garbage, it does between, since the allocator keeps for good the room of what lay there until V8 did (80 MiB).
 */
export function rememberNewest(store: LogStore, dedupe: DedupeTable, range: { readonly from: number }): void {
  const rows = store.db.prepare('SELECT first, leaves FROM blocks WHERE first >= ? ORDER BY first')
  let read = 0
  for (const row of rows.iterate(Math.max(0, range.from))) {
    const first = Number(row['first'])
    const stored = blob(row['leaves'])
    if (stored === undefined) continue
    const leaves = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
    for (let at = 0, i = 0; at < leaves.length; at += LEAF_BYTES, i++)
      dedupe.add(leaves, at + DIGESTS_AT + 32, first + i)
    read += leaves.length
    if (read < COLLECT_BYTES) continue
    read = 0
    globalThis.gc?.({ type: 'minor', execution: 'sync' })
  }
}
