import type { EntryGroup, UnixNano } from '@holdfast/model'
import { AppendQueue, checkGroups, type Pending } from './append-queue.ts'
import { Batch } from './batch.ts'
import type { CheckpointSigner } from './checkpoint-signer.ts'
import type { ContentKeys } from './content-keys.ts'
import { clockStep, isGap } from './control.ts'
import type { DedupeTable } from './dedupe.ts'
import type { DiskGuard } from './disk-guard.ts'
import type { DiskWork } from './disk-work.ts'
import { RecorderError } from './errors.ts'
import { keyScopeOf } from './key-scope.ts'
import { CLOCK_STEP_NS, type RecorderLimits } from './limits.ts'
import type { LogStore } from './log-store.ts'
import type { Tree } from './merkle/tree.ts'
import type { RecorderOptions } from './recorder-options.ts'
import type { Recovered } from './recovery.ts'
import type { Receipt, RecorderStats } from './types.ts'
import type { WalFolder } from './wal-folder.ts'

export type AppenderParts = {
  readonly store: LogStore
  readonly keys: ContentKeys
  readonly dedupe: DedupeTable
  readonly limits: RecorderLimits
  readonly disk: DiskGuard
  readonly work: DiskWork
  readonly wal: WalFolder
  readonly signer: CheckpointSigner
  readonly clock: RecorderOptions['clock']
  readonly classify: RecorderOptions['classify'] | undefined
}

/** Makes durable batches of the appends that wait, in their order, and has the tree that they grow signed. */
export class Appender {
  readonly #parts: AppenderParts
  readonly #queue = new AppendQueue()
  readonly #listeners = new Set<(size: number) => void>()
  readonly #refused = { overloaded: 0, unavailable: 0, invalid: 0 }
  /** Advanced by {@link #write} only, once a batch is durable. */
  #tree: Tree
  #totals: { segments: number; rawBytes: number; storedBytes: number; duplicates: number; gaps: number }
  #lastRecordedAt: UnixNano
  #signTimer: NodeJS.Timeout | undefined
  #isFlushScheduled = false

  constructor(parts: AppenderParts, recovered: Recovered) {
    this.#parts = parts
    this.#tree = recovered.tree
    this.#totals = {
      segments: recovered.segments,
      rawBytes: recovered.rawBytes,
      storedBytes: recovered.storedBytes,
      duplicates: Number(parts.store.meta('duplicates') ?? 0),
      gaps: Number(parts.store.meta('gaps') ?? 0),
    }
    this.#lastRecordedAt = recovered.recordedAt
  }

  /** Of what is durable. */
  get tree(): Tree {
    return this.#tree
  }

  /** What was stored, what waits and what was refused. */
  stats(): Pick<
    RecorderStats,
    'segments' | 'rawBytes' | 'storedBytes' | 'duplicates' | 'gaps' | 'queueBytes' | 'refused'
  > {
    return { ...this.#totals, queueBytes: this.#queue.bytes, refused: { ...this.#refused } }
  }

  /** Calls `listener` with the log's size after each durable commit. Returns how to stop that. */
  subscribe(listener: (size: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes the groups in and resolves once they are durable, all of them or none. Rejects as {@link Recorder.append} does. */
  append(groups: readonly EntryGroup[], isControl: boolean): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      const bytes = this.#admit(groups, isControl)
      this.#queue.push({ groups, isControl, bytes, resolve, reject })
      if (this.#isFlushScheduled) return
      this.#isFlushScheduled = true
      // After this turn's input events, so that all requests read in it share one transaction.
      setImmediate(() => this.#flush())
    })
  }

  /** Bytes of the append; throws where it cannot be taken in. */
  #admit(groups: readonly EntryGroup[], isControl: boolean): number {
    this.#parts.work.assertWorks()
    try {
      const bytes = checkGroups(groups)
      if (!isControl && this.#queue.bytes + bytes > this.#parts.limits.queueBytes) {
        throw new RecorderError('overloaded', `${this.#queue.bytes} bytes wait for the disk: try again later`)
      }
      this.#parts.disk.check(isControl)
      return bytes
    } catch (error) {
      const code = error instanceof RecorderError ? error.code : undefined
      if (code === 'overloaded' || code === 'unavailable' || code === 'invalid') this.#refused[code]++
      throw error
    }
  }

  #flush(): void {
    this.#isFlushScheduled = false
    if (this.#queue.isEmpty) return
    this.#writeSome()
    if (!this.#queue.isEmpty && !this.#isFlushScheduled) {
      this.#isFlushScheduled = true
      setImmediate(() => this.#flush())
    }
  }

  /** Writes all that waits now. */
  flushAll(): void {
    while (!this.#queue.isEmpty) this.#writeSome()
  }

  /** One transaction of the oldest appends; answers each of them. */
  #writeSome(): void {
    const taken = this.#queue.take(this.#parts.limits.flushBytes)
    this.#queue.release(taken)
    if (!this.#tryWrite(taken)) return
    for (const listener of this.#listeners) listener(this.#tree.size)
    if (this.#parts.work.stopped === undefined) this.#parts.wal.foldWhenLarge()
  }

  /** Answers each append; true where something was written. */
  #tryWrite(taken: readonly Pending[]): boolean {
    try {
      this.#parts.work.assertWorks()
      const receipts = this.#parts.work.run(() => this.#write(taken))
      for (const [i, receipt] of receipts.entries()) taken[i]?.resolve(receipt)
      return true
    } catch (error) {
      // The disk's failures concern all of them. Anything else is one append's own, and its neighbours must not pay.
      const isShared = error instanceof RecorderError
      if (!isShared && taken.length > 1) return taken.map((pending) => this.#tryWrite([pending])).includes(true)
      const reason = error instanceof Error ? error : new Error(String(error))
      if (isShared && error.code === 'unavailable') this.#refused.unavailable += taken.length
      for (const { reject } of taken) reject(reason)
      return false
    }
  }

  #write(taken: readonly Pending[]): readonly Receipt[] {
    const at = this.#parts.clock()
    const { store, signer, keys, dedupe, limits, classify } = this.#parts
    // A failed transaction must leave the tree as it was: the batch grows a copy.
    const tree = this.#tree.fork()
    const scopeOf = (group: EntryGroup) => keyScopeOf(group, classify)
    const batch = new Batch({ store, keys, dedupe, limits, size: tree.size, at, scopeOf })
    let gaps = this.#totals.gaps
    const { receipts, checkpoint } = store.transact(() => {
      if (at < this.#lastRecordedAt - CLOCK_STEP_NS) {
        batch.add(clockStep(this.#lastRecordedAt, at), true)
        gaps++
      }
      const answers = taken.map(({ groups, isControl }) => batch.addAll(groups, isControl))
      for (const { groups, isControl } of taken) if (isControl && isGap(groups)) gaps++
      for (const tile of tree.append(batch.finish())) store.putTile(tile)
      if (batch.duplicates > 0) store.setMeta('duplicates', this.#totals.duplicates + batch.duplicates)
      if (gaps !== this.#totals.gaps) store.setMeta('gaps', gaps)
      return { receipts: answers, checkpoint: signer.signIfDue(tree) }
    })
    this.#tree = tree
    this.#lastRecordedAt = at
    this.#totals = {
      segments: this.#totals.segments + batch.segments,
      rawBytes: this.#totals.rawBytes + batch.rawBytes,
      storedBytes: this.#totals.storedBytes + batch.storedBytes,
      duplicates: this.#totals.duplicates + batch.duplicates,
      gaps,
    }
    if (checkpoint !== undefined) signer.committed(checkpoint)
    else this.#signLater()
    return receipts
  }

  /** Signs the tree as it stands, unless that is done. */
  sign(): void {
    const { work, signer } = this.#parts
    if (signer.latest.size !== this.#tree.size) work.run(() => signer.signNow(this.#tree))
  }

  /** No checkpoint comes after this. */
  end(): void {
    clearTimeout(this.#signTimer)
  }

  #signLater(): void {
    if (this.#signTimer !== undefined) return
    this.#signTimer = setTimeout(() => {
      this.#signTimer = undefined
      if (this.#parts.work.stopped !== undefined) return
      try {
        this.sign()
      } catch {
        // A full disk: the next append or timer signs. Anything worse has already ended the process (FC2).
        this.#signLater()
      }
    }, this.#parts.limits.checkpointMs).unref()
  }
}
