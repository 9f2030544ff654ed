import { decodeDoc, encodeDoc } from '../views/docs.ts'
import type { FoldOutput, KeyReader } from '../views/fold.ts'
import type { FoldInput } from '../views/fold-input.ts'
import type { Projection } from '../views/projection.ts'
import { chunkOf, type Chunk, decodeChunk, decodeIds, encodeChunk, encodeIds, mergedChunk } from './chunk.ts'
import { huntEvent, type HuntEvent } from './hunt-row.ts'
import { CHUNK_ROWS, SMALL_CHUNKS, SMALL_ROWS } from './limits.ts'

/** Events by columns: what hunting counts and filters (docs/hunting.md). */
export const huntProjection: Projection = { name: 'hunt', version: 3, fold: foldHunt }

/** Keys of the projection: chunks sort by their first event. */
export const huntKeys = {
  chunk: (entry: number, part: number) => `c/${padded(entry)}/${padded(part)}`,
  chunks: () => 'c/',
  /** Ids of the events of the chunk of that key. */
  idsOf: (chunk: string) => `i/${chunk.slice(2)}`,
  /** Chunks at the end that may still be put together. */
  open: () => 'o',
  /** Events in all chunks. */
  count: () => 'n',
} as const

type OpenChunk = { readonly key: string; readonly rows: number }
/** A chunk on its way: `encoded` are the keys under which parts of it lie in the store. */
type Pending = { readonly key: string; readonly chunk: Chunk; readonly ids: readonly string[] }

/**
 * Each batch becomes a chunk, and small ones at the end are put together, first to {@link SMALL_ROWS} and then to
 * {@link CHUNK_ROWS} events, so that an event is written a few times whatever the size of the batches.
 */
function foldHunt(reader: KeyReader, inputs: readonly FoldInput[]): FoldOutput {
  const events = inputs.flatMap((input) => input.events.map(huntEvent))
  if (events.length === 0) return { puts: [], deletes: [] }
  const puts = new Map<string, Uint8Array>()
  const deletes = new Set<string>()
  const put = ({ key, chunk, ids }: Pending): void => {
    puts.set(key, encodeChunk(chunk))
    puts.set(huntKeys.idsOf(key), encodeIds(ids))
  }
  const stored = reader.get(huntKeys.open())
  const before = stored === undefined ? [] : decodeDoc<readonly OpenChunk[]>(stored)
  const fresh: Pending[] = []
  for (let at = 0; at < events.length; at += CHUNK_ROWS) fresh.push(pendingOf(events.slice(at, at + CHUNK_ROWS)))
  const added = new Map(fresh.map((pending) => [pending.key, pending]))
  const load = (key: string): Pending => {
    const known = added.get(key)
    if (known !== undefined) return known
    const [bytes, ids] = [reader.get(key), reader.get(huntKeys.idsOf(key))]
    // Both were put in one batch with the list that names them.
    return { key, chunk: decodeChunk(bytes as Uint8Array), ids: decodeIds(ids as Uint8Array) }
  }
  let open: readonly OpenChunk[] = [...before, ...fresh.map(({ key, chunk }) => ({ key, rows: chunk.rows }))]
  for (let run = mergeable(open); run !== undefined; run = mergeable(open)) {
    const parts = open.slice(run.from).map(({ key }) => load(key))
    const [first] = parts
    if (first === undefined) break
    const merged: Pending = {
      key: first.key,
      chunk: mergedChunk(parts.map(({ chunk }) => chunk)),
      ids: parts.flatMap(({ ids }) => ids),
    }
    for (const { key } of parts) {
      added.delete(key)
      deletes.add(key).add(huntKeys.idsOf(key))
    }
    added.set(merged.key, merged)
    open = [...open.slice(0, run.from), { key: merged.key, rows: merged.chunk.rows }]
  }
  for (const pending of added.values()) put(pending)
  for (const key of puts.keys()) deletes.delete(key)
  const countBytes = reader.get(huntKeys.count())
  const count = countBytes === undefined ? 0 : decodeDoc<number>(countBytes)
  puts.set(huntKeys.count(), encodeDoc(count + events.length))
  const isOpen = (chunk: OpenChunk, i: number): boolean => chunk.rows < CHUNK_ROWS && i >= lastFull(open)
  puts.set(huntKeys.open(), encodeDoc(open.filter(isOpen)))
  return { puts: [...puts].toSorted(([a], [b]) => (a < b ? -1 : 1)), deletes: [...deletes] }
}

function pendingOf(events: readonly HuntEvent[]): Pending {
  const [first] = events
  return {
    key: huntKeys.chunk(first?.entry ?? 0, first?.part ?? 0),
    chunk: chunkOf(events),
    ids: events.map(({ id }) => id),
  }
}

/** Where the run of chunks at the end begins that is to become one; undefined where none is. */
function mergeable(open: readonly OpenChunk[]): { readonly from: number } | undefined {
  const small = runOf(open, SMALL_ROWS)
  if (small.chunks >= SMALL_CHUNKS || (small.chunks > 1 && small.rows >= SMALL_ROWS))
    return { from: open.length - small.chunks }
  const middle = runOf(open, CHUNK_ROWS)
  return middle.chunks > 1 && middle.rows >= CHUNK_ROWS && middle.rows <= 4 * CHUNK_ROWS
    ? { from: open.length - middle.chunks }
    : undefined
}

function runOf(open: readonly OpenChunk[], below: number): { readonly chunks: number; readonly rows: number } {
  const from = open.findLastIndex(({ rows }) => rows >= below) + 1
  const run = open.slice(from)
  return { chunks: run.length, rows: run.reduce((sum, { rows }) => sum + rows, 0) }
}

/** A full chunk ends every run before it. */
function lastFull(open: readonly OpenChunk[]): number {
  return open.findLastIndex(({ rows }) => rows >= CHUNK_ROWS)
}

function padded(index: number): string {
  return index.toString().padStart(16, '0')
}
