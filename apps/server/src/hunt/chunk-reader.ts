import type { ProjectionStore } from '@holdfast/recorder'
import { decodeDoc } from '../views/docs.ts'
import { type Chunk, chunkBytes, decodeChunk, decodeIds } from './chunk.ts'
import { huntKeys } from './hunt-projection.ts'
import { CHUNK_ROWS, CHUNKS_HELD_BYTES } from './limits.ts'

/** An event's place: its log entry, and which of the entry's events it is. */
export type Place = { readonly entry: number; readonly part: number }

/** Of `chunk` the events before `end` are meant. */
export type KeyedChunk = { readonly key: string; readonly chunk: Chunk; readonly end: number }

/** Chunks of the projection, the newest first; full ones, which no longer change, are kept decoded up to a bound. */
export class ChunkReader {
  readonly #store: ProjectionStore
  readonly #held = new Map<string, Chunk>()
  #heldBytes = 0

  constructor(store: ProjectionStore) {
    this.#store = store
  }

  /** Events in the projection. */
  count(): number {
    const bytes = this.#store.get(huntKeys.count())
    return bytes === undefined ? 0 : decodeDoc<number>(bytes)
  }

  /**
   * Events before a place, chunk by chunk downwards; all without one. Each is read when it is asked for, and none is given
   * twice though chunks are put together meanwhile.
   */
  *before(place: Place | undefined): Generator<KeyedChunk> {
    for (let bound = place; ;) {
      const [row] = this.#store.scan({
        prefix: huntKeys.chunks(),
        limit: 1,
        reverse: true,
        ...(bound === undefined ? {} : { after: huntKeys.chunk(bound.entry, bound.part) }),
      })
      if (row === undefined) return
      const [key, bytes] = row
      const chunk = this.#decoded(key, bytes)
      yield { key, chunk, end: bound === undefined ? chunk.rows : rowsBefore(chunk, bound) }
      bound = { entry: chunk.entries[0] ?? 0, part: chunk.parts[0] ?? 0 }
    }
  }

  /** Ids of the events of a chunk, in its order. */
  ids(key: string): readonly string[] {
    const bytes = this.#store.get(huntKeys.idsOf(key))
    return bytes === undefined ? [] : decodeIds(bytes)
  }

  /** Drops what is held: it may have been erased. */
  forget(): void {
    this.#held.clear()
    this.#heldBytes = 0
  }

  #decoded(key: string, bytes: Uint8Array): Chunk {
    const held = this.#held.get(key)
    if (held !== undefined) return held
    const chunk = decodeChunk(bytes)
    const size = chunkBytes(chunk)
    // What is asked for again is the same scan from the top: what came first stays.
    if (chunk.rows >= CHUNK_ROWS && this.#heldBytes + size <= CHUNKS_HELD_BYTES) {
      this.#held.set(key, chunk)
      this.#heldBytes += size
    }
    return chunk
  }
}

function rowsBefore({ rows, entries, parts }: Chunk, { entry, part }: Place): number {
  let end = rows
  while (end > 0) {
    const last = entries[end - 1] ?? 0
    if (last < entry || (last === entry && (parts[end - 1] ?? 0) < part)) break
    end -= 1
  }
  return end
}
