import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { ControlRecord, EntryGroup, Sha256, UnixNano } from '@holdfast/model'
import { AppendQueue, checkGroups, type Pending } from './append-queue.ts'
import { Batch } from './batch.ts'
import { exportInWorker, stateInWorker } from './bundle/export-in-worker.ts'
import { ContentKeys } from './content-keys.ts'
import { CheckpointSigner, hexOf } from './checkpoint-signer.ts'
import { ColdStorage } from './cold/cold-storage.ts'
import { clockStep, controlGroup, isGap } from './control.ts'
import {
  LOG_FILE,
  openForWriting,
  PAGE_BYTES,
  SQLITE_CORRUPT,
  SQLITE_FULL,
  SQLITE_IOERR,
  sqliteCode,
} from './database.ts'
import { DedupeTable } from './dedupe.ts'
import { DiskGuard, diskSpaceOf } from './disk-guard.ts'
import { Eraser } from './erase.ts'
import { RecorderError } from './errors.ts'
import { keyScopeOf } from './key-scope.ts'
import { keepVerifierKey, type KeyFiles, loadKeyFiles } from './key-files.ts'
import { CLOCK_STEP_NS, CLOSE_WAIT_MS, DEFAULT_LIMITS, type RecorderLimits, RETRY_MS } from './limits.ts'
import { FolderLock } from './lock.ts'
import { LogStore } from './log-store.ts'
import { consistencyPath, inclusionPath, nodesOf, type NodeSource } from './merkle/proof.ts'
import type { Tree } from './merkle/tree.ts'
import { noteVerifier, signNote, verifierKey } from './note.ts'
import type { RecorderOptions } from './recorder-options.ts'
import { openFailure } from './open-failure.ts'
import { recover, rememberNewest } from './recovery.ts'
import { removeSeal, writeSeal } from './seal.ts'
import type { BundleRequest, BundleSummary, Checkpoint, Erasure, KeyScope, Receipt, RecorderStats } from './types.ts'
import { WalFolder } from './wal-folder.ts'

/**
 * The flight recorder: the one writer of a folder's log. Nothing is acknowledged before it is durable, every entry is a
 * leaf of an RFC 6962 tree, and checkpoints are signed as the log grows (SPEC.md).
 */
export class Recorder implements AsyncDisposable {
  readonly #folder: string
  readonly #options: RecorderOptions
  readonly #limits: RecorderLimits
  readonly #lock: FolderLock
  readonly #store: LogStore
  readonly #keyFiles: KeyFiles
  readonly #keys: ContentKeys
  readonly #dedupe: DedupeTable
  readonly #origin: string
  readonly #signer: CheckpointSigner
  readonly #disk: DiskGuard
  readonly #queue = new AppendQueue()
  readonly #wal: WalFolder
  readonly #eraser: Eraser
  /** Old content in files of its own, out of the database. */
  readonly cold: ColdStorage
  readonly #nodes: NodeSource
  readonly #listeners = new Set<(size: number) => void>()
  readonly #refused = { overloaded: 0, unavailable: 0, invalid: 0 }
  /** Advanced by {@link #flush} only, once a batch is durable. */
  #tree: Tree
  #totals: { segments: number; rawBytes: number; storedBytes: number; duplicates: number; gaps: number }
  #lastRecordedAt: UnixNano
  #signTimer: NodeJS.Timeout | undefined
  /** Settles when the newest bundle is written. */
  #exports: Promise<unknown> = Promise.resolve()
  #isFlushScheduled = false
  /** A move to cold storage may take minutes: it stops between two slices. */
  #isClosing = false
  /** Why nothing is written any more; undefined while the recorder works. */
  #stopped: RecorderError | undefined

  private constructor(
    options: RecorderOptions,
    parts: { readonly lock: FolderLock; readonly store: LogStore; readonly keyFiles: KeyFiles },
  ) {
    this.#folder = options.folder
    this.#options = options
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#lock = parts.lock
    this.#store = parts.store
    this.#keyFiles = parts.keyFiles
    this.#nodes = nodesOf(parts.store.tile)
    this.#wal = new WalFolder({
      db: parts.store.db,
      path: join(options.folder, LOG_FILE),
      limits: this.#limits,
      guard: (work) => this.#guard(work),
    })
    this.#keys = new ContentKeys(parts.store.db, parts.keyFiles.master)
    const shared = { store: parts.store, clock: options.clock, appendControl: this.appendControl.bind(this) }
    this.#eraser = new Eraser({ ...shared, keys: this.#keys, wal: this.#wal, guard: (work) => this.#guard(work) })
    this.cold = new ColdStorage({
      ...shared,
      folder: options.folder,
      limits: this.#limits,
      transact: (work) => this.#transact(work),
      assertWorks: () => {
        if (this.#isClosing) throw new RecorderError('closed', 'the recorder is closing: what was not moved stays')
        this.#assertWorks()
      },
    })
    this.#dedupe = new DedupeTable(this.#limits.dedupeWindow)
    this.#origin = String(parts.store.meta('origin') ?? options.origin ?? 'holdfast.local/log')
    const verifier = noteVerifier(this.#origin, parts.keyFiles.verifying)
    const recovered = recover(parts.store, verifier, options.seen ?? [])
    this.#tree = recovered.tree
    this.#totals = {
      segments: recovered.segments,
      rawBytes: recovered.rawBytes,
      storedBytes: recovered.storedBytes,
      duplicates: Number(parts.store.meta('duplicates') ?? 0),
      gaps: Number(parts.store.meta('gaps') ?? 0),
    }
    this.#lastRecordedAt = recovered.recordedAt
    rememberNewest(parts.store, this.#dedupe, { from: this.size - this.#limits.dedupeWindow })
    this.#disk = new DiskGuard(() => (options.diskSpace ?? diskSpaceOf)(options.folder), this.#limits)
    const { clock } = options
    const key = parts.keyFiles.signing
    const signer = { store: parts.store, origin: this.#origin, key, clock, intervalMs: this.#limits.checkpointMs }
    this.#signer = new CheckpointSigner(signer, recovered.checkpoint, this.#tree)
  }

  /**
   * Opens or makes the log of a folder, and recovers by itself from a run that was cut off. Throws `locked` where another
   * process writes it, `corrupt` where what is on disk contradicts itself, and `unavailable` where the disk is full or fails.
   */
  static async open(options: RecorderOptions): Promise<Recorder> {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 })
    const { origin } = options
    // A signed note takes no other name (C2SP signed-note): the log could be written, but never opened again.
    if (origin !== undefined && !/^[^\s+]{1,256}$/.test(origin))
      throw new RecorderError('invalid', `${origin} cannot name a log: white space and + are not allowed`)
    const lock = FolderLock.acquire(options.folder)
    const path = join(options.folder, LOG_FILE)
    const { walPages } = { ...DEFAULT_LIMITS, ...options.limits }
    let store: LogStore | undefined
    try {
      // SQLite gives its other files the mode of this one.
      closeSync(openSync(path, 'a', 0o600))
      store = new LogStore(openForWriting(path, (walPages * PAGE_BYTES) / 2))
      const isNew = store.meta('origin') === undefined
      const keyFiles = loadKeyFiles(options.folder, isNew)
      const recorder = new Recorder(options, { lock, store, keyFiles })
      const endedCleanly = removeSeal(options.folder)
      keepVerifierKey(options.folder, recorder.publicKey())
      if (isNew) recorder.#begin()
      else if (!endedCleanly) await recorder.#recordRecovery()
      return recorder
    } catch (error) {
      store?.db.close()
      lock[Symbol.dispose]()
      throw openFailure(options.folder, error)
    }
  }

  /** Entries that are durable. */
  get size(): number {
    return this.#tree.size
  }

  rootHash(): Sha256 {
    return hexOf(this.#tree.root())
  }

  /** The newest signed checkpoint; at most 250 ms behind {@link size} under load. */
  checkpoint(): Checkpoint {
    return this.#signer.latest
  }

  /** The verifier key in C2SP form, to be kept outside the folder. */
  publicKey(): string {
    return verifierKey(this.#origin, this.#keyFiles.verifying)
  }

  /**
   * Appends the groups in order and resolves once they are durable; all of them or none. All appends of one turn of the
   * event loop share a transaction. The bytes must not change until then.
   * Rejects with `overloaded`, `unavailable`, `invalid` or `closed`, and then nothing of this append is stored.
   */
  append(groups: readonly EntryGroup[]): Promise<Receipt> {
    return this.#enqueue(groups, false)
  }

  /** Appends what the product itself has to say. Taken in even when the queue is full and while the disk has its reserve. */
  appendControl(record: ControlRecord): Promise<Receipt> {
    return this.#enqueue([controlGroup(record, this.#options.clock())], true)
  }

  /** Audit path of an entry in the tree of `size` leaves, nearest sibling first. Throws `invalid` outside the tree. */
  inclusionProof(index: number, size: number = this.size): readonly Buffer[] {
    const path = size <= this.size ? inclusionPath(this.#nodes, index, size) : undefined
    if (path === undefined) throw new RecorderError('invalid', `no entry ${index} in a tree of ${size} leaves`)
    return path
  }

  consistencyProof(from: number, to: number = this.size): readonly Buffer[] {
    const path = to <= this.size ? consistencyPath(this.#nodes, from, to) : undefined
    if (path === undefined)
      throw new RecorderError('invalid', `no proof from ${from} to ${to} in a log of ${this.size}`)
    return path
  }

  /** Signs the log as it stands, after everything appended so far. */
  async signCheckpoint(): Promise<Checkpoint> {
    this.#flushAll()
    this.#assertWorks()
    if (this.#signer.latest.size !== this.size) this.#guard(() => this.#signer.signNow(this.#tree))
    return this.#signer.latest
  }

  /**
   * A document of ours as a C2SP note under the log's key. Its first line is `holdfast ` and the document's kind, so that
   * no document can be taken for a checkpoint, whose first line is the log's name. Throws `invalid` for another text.
   */
  signDocument(text: string): string {
    // A log's name has no white space.
    if (!text.startsWith('holdfast ') || !text.endsWith('\n'))
      throw new RecorderError('invalid', 'a document begins with "holdfast " and ends with a line feed')
    return signNote(text, { name: this.#origin, privateKey: this.#keyFiles.signing })
  }

  /** Calls `listener` with the log's size after each durable commit. Returns how to stop that. */
  subscribe(listener: (size: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  stats(): RecorderStats {
    const { freeBytes, totalBytes } = this.#disk.space()
    const { latest } = this.#signer
    return {
      entries: this.size,
      ...this.#totals,
      queueBytes: this.#queue.bytes,
      isErasing: this.#wal.isErasing,
      refused: { ...this.#refused },
      lastCheckpoint: { size: latest.size, signedAt: latest.signedAt },
      disk: { freeBytes, totalBytes, neededBytes: this.#disk.neededBytes() },
    }
  }

  /**
   * Destroys the content keys of a scope, all months. Bodies and envelopes under them can never be read again; leaves,
   * proofs and checkpoints stay valid. Recorded before it is done and after, under one id (FC3). Where a reader keeps the
   * old pages in the write-ahead log, it waits for `eraseWaitMs`, says so in the result, and goes on trying.
   */
  eraseKey(scope: KeyScope, why: { readonly by: string; readonly reason: string }): Promise<Erasure> {
    return this.#eraser.erase(scope, why)
  }

  /**
   * Writes an evidence bundle that the offline verifier checks without this program (SPEC.md, section 10). One at a time,
   * on a thread of its own: appends go on.
   */
  exportBundle(request: BundleRequest): Promise<BundleSummary> {
    const written = this.#exports.then(async () => {
      const stated = await stateInWorker(this.#folder, request, (record) => this.appendControl(record))
      const checkpoint = await this.signCheckpoint()
      const keys = { verifierKey: this.publicKey(), signingKey: this.#keyFiles.signing }
      const entries = [...request.entries, ...stated.map(({ statement }) => statement)]
      const work = { folder: this.#folder, request: { ...request, entries }, checkpoint, stated, ...keys }
      return await exportInWorker(work)
    })
    // The next one begins however this one ends; its caller hears of it.
    this.#exports = written.catch(() => undefined)
    return written
  }

  /** Writes what waits, signs, seals and closes the folder. Safe to call twice. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopped?.code === 'closed') return
    this.#isClosing = true
    await this.cold.settled()
    // Its reader would keep the write-ahead log from being folded.
    await this.#exports
    this.#flushAll()
    const isFolded = this.#stopped === undefined && this.#finish()
    clearTimeout(this.#signTimer)
    this.#wal.end()
    this.#stopped = new RecorderError('closed', 'the recorder is closed')
    this.#store.db.close()
    try {
      if (isFolded) writeSeal(this.#folder, { checkpoint: this.#signer.latest, key: this.#keyFiles.signing })
    } catch {
      // No room for the seal: the log is whole without it, and the next start says that this end was not a clean one.
    } finally {
      this.#lock[Symbol.dispose]()
    }
  }

  /** Signs what is not signed yet and folds the write-ahead log; false where the disk had no room for that. */
  #finish(): boolean {
    try {
      if (this.#signer.latest.size !== this.size) this.#guard(() => this.#signer.signNow(this.#tree))
      return this.#wal.fold(CLOSE_WAIT_MS)
    } catch (error) {
      if (error instanceof RecorderError && error.code === 'unavailable') return false
      throw error
    }
  }

  #begin(): void {
    this.#store.transact(() => {
      this.#store.setMeta('origin', this.#origin)
      this.#signer.storeLatest()
    })
  }

  /** On a full disk the log still opens, and this is said as soon as there is room. */
  async #recordRecovery(): Promise<void> {
    // A run that was cut off may have left an erased key in the write-ahead log.
    this.#wal.fold()
    const detail = `the last run did not end cleanly; the log was found whole with ${this.size} entries`
    const version = this.#options.version ?? 'unknown'
    try {
      await this.appendControl({ kind: 'server', action: 'recovered', version, detail })
    } catch (error) {
      if (!(error instanceof RecorderError) || error.code !== 'unavailable') throw error
      setTimeout(() => {
        // Closed meanwhile, or failed: then the next start says it again.
        this.#recordRecovery().catch(() => undefined)
      }, RETRY_MS).unref()
    }
  }

  #enqueue(groups: readonly EntryGroup[], isControl: boolean): Promise<Receipt> {
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
    this.#assertWorks()
    try {
      const bytes = checkGroups(groups)
      if (!isControl && this.#queue.bytes + bytes > this.#limits.queueBytes) {
        throw new RecorderError('overloaded', `${this.#queue.bytes} bytes wait for the disk: try again later`)
      }
      this.#disk.check(isControl)
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

  #flushAll(): void {
    while (!this.#queue.isEmpty) this.#writeSome()
  }

  /** One transaction of the oldest appends; answers each of them. */
  #writeSome(): void {
    const taken = this.#queue.take(this.#limits.flushBytes)
    this.#queue.release(taken)
    if (!this.#tryWrite(taken)) return
    for (const listener of this.#listeners) listener(this.size)
    if (this.#stopped === undefined) this.#wal.foldWhenLarge()
  }

  /** Answers each append; true where something was written. */
  #tryWrite(taken: readonly Pending[]): boolean {
    try {
      this.#assertWorks()
      const receipts = this.#guard(() => this.#write(taken))
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
    const at = this.#options.clock()
    // A failed transaction must leave the tree as it was: the batch grows a copy.
    const tree = this.#tree.fork()
    const batch = new Batch({
      store: this.#store,
      keys: this.#keys,
      dedupe: this.#dedupe,
      limits: this.#limits,
      size: tree.size,
      at,
      scopeOf: (group) => keyScopeOf(group, this.#options.classify),
    })
    let gaps = this.#totals.gaps
    const { receipts, checkpoint } = this.#store.transact(() => {
      if (at < this.#lastRecordedAt - CLOCK_STEP_NS) {
        batch.add(clockStep(this.#lastRecordedAt, at), true)
        gaps++
      }
      const answers = taken.map(({ groups, isControl }) => batch.addAll(groups, isControl))
      for (const { groups, isControl } of taken) if (isControl && isGap(groups)) gaps++
      for (const tile of tree.append(batch.finish())) this.#store.putTile(tile)
      if (batch.duplicates > 0) this.#store.setMeta('duplicates', this.#totals.duplicates + batch.duplicates)
      if (gaps !== this.#totals.gaps) this.#store.setMeta('gaps', gaps)
      return { receipts: answers, checkpoint: this.#signer.signIfDue(tree) }
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
    if (checkpoint !== undefined) this.#signer.committed(checkpoint)
    else this.#signLater()
    return receipts
  }

  #signLater(): void {
    if (this.#signTimer !== undefined) return
    this.#signTimer = setTimeout(() => {
      this.#signTimer = undefined
      if (this.#stopped !== undefined || this.#signer.latest.size === this.size) return
      try {
        this.#guard(() => this.#signer.signNow(this.#tree))
      } catch {
        // A full disk: the next append or timer signs. Anything worse has already ended the process (FC2).
        this.#signLater()
      }
    }, this.#limits.checkpointMs).unref()
  }

  /** A transaction of another than {@link #write}, after which the write-ahead log is kept small as well. */
  #transact<T>(work: () => T): T {
    this.#assertWorks()
    const result = this.#guard(() => this.#store.transact(work))
    // Leaves were written anew with what was moved, and nothing that was read before may be taken for what is there.
    this.#store.forget()
    this.#wal.foldWhenLarge()
    return result
  }

  /** Runs work on the disk and says what its failure means. */
  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      this.#keys.forget()
      const code = sqliteCode(cause)
      if (code === SQLITE_FULL)
        throw new RecorderError('unavailable', `the disk of ${this.#folder} is full: nothing was stored`, { cause })
      if (code === SQLITE_IOERR || code === SQLITE_CORRUPT) this.#fail(cause)
      throw cause
    }
  }

  /** FC2: after a failed sync the kernel may have dropped the pages; only a new process that reads the disk can know. */
  #fail(cause: unknown): never {
    const error = new RecorderError('corrupt', `the disk of ${this.#folder} failed: ${String(cause)}`, { cause })
    this.#stopped = error
    const onFatal = this.#options.onFatal ?? endProcess
    onFatal(error)
    throw error
  }

  #assertWorks(): void {
    if (this.#stopped !== undefined) throw this.#stopped
  }
}

function endProcess(error: RecorderError): void {
  process.stderr.write(`${error.message}; the process ends, since what is on disk is not known any more\n`)
  process.abort()
}
