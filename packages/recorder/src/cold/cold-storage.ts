import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ControlRecord, UnixNano } from '@holdfast/model'
import { RecorderError } from '../errors.ts'
import type { RecorderLimits } from '../limits.ts'
import { blob, type LogStore } from '../log-store.ts'
import { ColdFileWriter, readColdBlock, sha256, type WrittenFile } from './cold-file.ts'
import {
  COLD_FOLDER,
  coldFiles,
  type ColdFile,
  hasColdTables,
  insertColdFile,
  isInside,
  keptFolder,
  makeColdTables,
} from './cold-table.ts'
import { HotSegments } from './hot-segments.ts'

export type CoolRequest = {
  /** Segments recorded before this instant are moved. */
  readonly before: UnixNano
  /** Where to; the folder `cold` of the data folder unless given. */
  readonly to?: string
  /** Entries whose segments stay where they are, such as those of sealed incidents. */
  readonly keep?: readonly number[]
  readonly by: string
  readonly reason: string
}

export type Cooled = {
  readonly files: readonly string[]
  readonly segments: number
  readonly entries: number
  /** Bytes of encrypted content that moved. */
  readonly bytes: number
  /** Segments old enough that stayed because of `keep`. */
  readonly kept: number
}

export type RestoreRequest = {
  /** Where the files lie now, if not where they were put. */
  readonly from?: string
  readonly by: string
  readonly reason: string
}

export type Restored = {
  readonly files: readonly string[]
  readonly segments: number
  readonly entries: number
  /** Files that are not there, whole paths: what is in them stays cold. */
  readonly absent: readonly string[]
}

export type ColdStorageParts = {
  readonly folder: string
  readonly store: LogStore
  readonly limits: RecorderLimits
  readonly clock: () => UnixNano
  readonly appendControl: (record: ControlRecord) => Promise<unknown>
  /** Runs a transaction and says what its failure means (FC2). */
  readonly transact: <T>(work: () => T) => T
  /** Throws once the recorder is closing. */
  readonly assertWorks: () => void
}

/**
 * Moves the encrypted content of old segments out of the database and back. Leaves, tree, checkpoints and index stay, so
 * that everything is proven and found as before. The product's own records stay too: a server starts from them.
 *
 * Nothing is taken out of the database before a file that holds it is whole, synced and read back, and its digest is in
 * the log; each step is one transaction, so a process that is killed leaves every segment in one place at least.
 */
export class ColdStorage {
  readonly #parts: ColdStorageParts
  /** Settles when the newest move has ended: one at a time. */
  #moves: Promise<unknown> = Promise.resolve()

  constructor(parts: ColdStorageParts) {
    this.#parts = parts
  }

  /** What lies in cold storage now. */
  files(): readonly ColdFile[] {
    return coldFiles(this.#parts.store.db, this.#parts.folder)
  }

  cool(request: CoolRequest): Promise<Cooled> {
    return this.#oneAtATime(() => this.#cool(request))
  }

  /**
   * Brings back all that is there. A file of the data folder in which nothing lies any more is removed; one elsewhere stays,
   * as another copy of this log may rest on it.
   */
  restore(request: RestoreRequest): Promise<Restored> {
    return this.#oneAtATime(() => this.#restore(request))
  }

  /** Resolves when no move is under way. */
  async settled(): Promise<void> {
    await this.#moves
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#moves.then(work)
    // The next one begins however this one ends; its caller hears of it.
    this.#moves = done.catch(() => undefined)
    return done
  }

  async #cool({ before, to, keep = [], by, reason }: CoolRequest): Promise<Cooled> {
    const { folder } = this.#parts
    const place = to === undefined ? join(folder, COLD_FOLDER) : resolve(to)
    const total = { files: [] as string[], segments: 0, entries: 0, bytes: 0 }
    if (isInside(folder, place)) removePartial(place)
    const walk = new HotSegments(this.#parts.store, { before, keep: keep.toSorted((a, b) => a - b) })
    for (;;) {
      const written = await this.#writeFile(walk, place)
      if (written === undefined) return { ...total, kept: walk.kept }
      const path = join(place, written.name)
      const detail = `sha256 ${written.sha256.toString('hex')}, ${written.blocks.length} segments; ${reason}`
      await this.#onRecord({ action: 'cool-log', by, target: path, detail }, () =>
        this.#moveOut(written, keptFolder(folder, place)),
      )
      total.files.push(path)
      total.segments += written.blocks.length
      total.entries += written.entries
      total.bytes += written.blocks.reduce((sum, { bytes }) => sum + bytes, 0)
    }
  }

  /** Copies the next segments into a file; undefined where there are none. Gives way between slices. */
  async #writeFile(
    walk: HotSegments,
    place: string,
  ): Promise<(WrittenFile & { readonly entries: number }) | undefined> {
    const { limits, assertWorks } = this.#parts
    let slice = walk.next(limits.coldSliceBytes)
    const first = slice[0]
    if (first === undefined) return undefined
    using file = new ColdFileWriter(place, first.first)
    let entries = 0
    for (; slice.length > 0; slice = file.bytes < limits.coldFileBytes ? walk.next(limits.coldSliceBytes) : []) {
      for (const block of slice) {
        file.add(block)
        entries += block.count
      }
      await nextTurn()
      assertWorks()
    }
    return { ...file.finish(), entries }
  }

  async #moveOut(file: WrittenFile, folder: string): Promise<void> {
    const { store, limits, clock, transact, assertWorks } = this.#parts
    let id: number | undefined
    for (const slice of slicesOf(file.blocks, limits.coldSliceBytes)) {
      transact(() => {
        makeColdTables(store.db)
        id ??= insertColdFile(store.db, { ...file, folder, at: clock() })
        const put = store.db.prepare(
          'INSERT OR REPLACE INTO cold_blocks (first, file, offset, bytes, sha256) VALUES (?, ?, ?, ?, ?)',
        )
        const empty = store.db.prepare(`UPDATE blocks SET sealed = x'' WHERE first = ?`)
        for (const { first, offset, bytes, sha256: digest } of slice) {
          put.run(first, id, offset, bytes, digest)
          empty.run(first)
        }
      })
      await nextTurn()
      assertWorks()
    }
  }

  /** Records that a move is about to happen, and how it ended. */
  async #onRecord(
    move: { readonly action: string; readonly by: string; readonly target: string; readonly detail: string },
    work: () => Promise<void>,
  ): Promise<void> {
    const record = { kind: 'operator-action', ...move, actionId: randomUUID() } as const
    await this.#parts.appendControl({ ...record, outcome: 'intended' })
    try {
      await work()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      const failed = { ...record, detail: why.slice(0, 500), outcome: 'failed' } as const
      // What stopped the move may keep this record out too; the caller hears of the first failure.
      await this.#parts.appendControl(failed).catch(() => undefined)
      throw error
    }
    await this.#parts.appendControl({ ...record, outcome: 'done' })
  }

  /** Removes a file of the data folder unless something else lies in it still. */
  #removeEmptied(path: string): void {
    const isNamed = this.files().some((file) => file.path === path)
    if (isNamed || !isInside(this.#parts.folder, path)) return
    try {
      rmSync(path, { force: true })
    } catch {
      // A folder that cannot be written to: what the file holds is in the log again, and encrypted under the same keys.
    }
  }

  async #restore({ from, by, reason }: RestoreRequest): Promise<Restored> {
    const total = { files: [] as string[], segments: 0, entries: 0, absent: [] as string[] }
    if (!hasColdTables(this.#parts.store.db)) return total
    for (const file of this.files()) {
      const path = from === undefined ? file.path : join(resolve(from), basename(file.path))
      // One byte tells whether it is there.
      if (readColdBlock(path, { offset: 0, bytes: 1 }) === undefined) {
        total.absent.push(path)
        continue
      }
      const detail = `${file.segments} segments; ${reason}`
      await this.#onRecord({ action: 'restore-log', by, target: path, detail }, () => this.#moveIn(file.id, path))
      if (from === undefined) this.#removeEmptied(path)
      total.files.push(path)
      total.segments += file.segments
      total.entries += file.entries
    }
    return total
  }

  async #moveIn(file: number, path: string): Promise<void> {
    const { store, limits, transact, assertWorks } = this.#parts
    const rows = store.db.prepare('SELECT first, offset, bytes, sha256 FROM cold_blocks WHERE file = ? ORDER BY first')
    const blocks = rows.all(file).map((row) => ({
      first: Number(row['first']),
      offset: Number(row['offset']),
      bytes: Number(row['bytes']),
      sha256: Buffer.from(blob(row['sha256']) ?? []),
    }))
    for (const slice of slicesOf(blocks, limits.coldSliceBytes)) {
      transact(() => {
        const back = store.db.prepare('UPDATE blocks SET sealed = ? WHERE first = ?')
        const forget = store.db.prepare('DELETE FROM cold_blocks WHERE first = ?')
        for (const block of slice) {
          const bytes = readColdBlock(path, block)
          if (bytes === undefined || !sha256(bytes).equals(block.sha256))
            throw new RecorderError(
              'corrupt',
              `${path} does not hold the segment at entry ${block.first} as it was put there: restore the file from a backup`,
            )
          back.run(bytes, block.first)
          forget.run(block.first)
        }
      })
      await nextTurn()
      assertWorks()
    }
    transact(() => store.db.prepare('DELETE FROM cold_files WHERE id = ?').run(file))
  }
}

function* slicesOf<B extends { readonly bytes: number }>(blocks: readonly B[], bytes: number): Generator<readonly B[]> {
  let slice: B[] = []
  let size = 0
  for (const block of blocks) {
    slice.push(block)
    size += block.bytes
    if (size < bytes) continue
    yield slice
    slice = []
    size = 0
  }
  if (slice.length > 0) yield slice
}

/** What moves that were killed left. To be called for a folder in which nobody else writes. */
function removePartial(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) if (/^entries-.*\.partial$/.test(name)) rmSync(join(folder, name))
}
