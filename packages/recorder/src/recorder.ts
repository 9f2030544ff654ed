import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { ControlRecord, EntryGroup, Sha256 } from '@holdfast/model'
import { Appender } from './appender.ts'
import { exportInWorker, stateInWorker } from './bundle/export-in-worker.ts'
import { ContentKeys } from './content-keys.ts'
import { CheckpointSigner, hexOf } from './checkpoint-signer.ts'
import { ColdStorage } from './cold/cold-storage.ts'
import { controlGroup } from './control.ts'
import { keepPages, LOG_FILE, openForWriting, PAGE_BYTES } from './database.ts'
import { DedupeTable } from './dedupe.ts'
import { DiskGuard, diskSpaceOf } from './disk-guard.ts'
import { DiskWork } from './disk-work.ts'
import { Eraser } from './erase.ts'
import { RecorderError } from './errors.ts'
import { keepVerifierKey, type KeyFiles, loadKeyFiles } from './key-files.ts'
import { CLOSE_WAIT_MS, DEFAULT_LIMITS, RETRY_MS } from './limits.ts'
import { FolderLock } from './lock.ts'
import { LogStore } from './log-store.ts'
import { consistencyPath, inclusionPath, nodesOf, type NodeSource } from './merkle/proof.ts'
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
  readonly #lock: FolderLock
  readonly #store: LogStore
  readonly #keyFiles: KeyFiles
  readonly #origin: string
  readonly #signer: CheckpointSigner
  readonly #disk: DiskGuard
  readonly #work: DiskWork
  readonly #appender: Appender
  readonly #wal: WalFolder
  readonly #eraser: Eraser
  /** Old content in files of its own, out of the database. */
  readonly cold: ColdStorage
  readonly #nodes: NodeSource
  /** Settles when the newest bundle is written. */
  #exports: Promise<unknown> = Promise.resolve()
  /** A move to cold storage may take minutes: it stops between two slices. */
  #isClosing = false

  private constructor(
    options: RecorderOptions,
    parts: { readonly lock: FolderLock; readonly store: LogStore; readonly keyFiles: KeyFiles },
  ) {
    this.#folder = options.folder
    this.#options = options
    this.#lock = parts.lock
    this.#store = parts.store
    this.#keyFiles = parts.keyFiles
    this.#nodes = nodesOf(parts.store.tile)
    const { store } = parts
    const { folder, clock, classify, onFatal } = options
    const limits = { ...DEFAULT_LIMITS, ...options.limits }
    const keys = new ContentKeys(store.db, parts.keyFiles.master)
    this.#work = new DiskWork({ folder, onFatal, onFailure: () => keys.forget() })
    const guard = this.#work.run.bind(this.#work)
    this.#wal = new WalFolder({ db: store.db, path: join(folder, LOG_FILE), limits, guard })
    const shared = { store, clock, appendControl: this.appendControl.bind(this) }
    this.#eraser = new Eraser({ ...shared, keys, wal: this.#wal, guard })
    this.cold = new ColdStorage({
      ...shared,
      folder,
      limits,
      transact: (work) => this.#transact(work),
      assertWorks: () => {
        if (this.#isClosing) throw new RecorderError('closed', 'the recorder is closing: what was not moved stays')
        this.#work.assertWorks()
      },
    })
    this.#origin = String(store.meta('origin') ?? options.origin ?? 'holdfast.local/log')
    const verifier = noteVerifier(this.#origin, parts.keyFiles.verifying)
    const recovered = recover(store, verifier, options.seen ?? [])
    const dedupe = new DedupeTable(limits.dedupeWindow)
    rememberNewest(store, dedupe, { from: recovered.tree.size - limits.dedupeWindow })
    keepPages(store.db)
    const disk = new DiskGuard(() => (options.diskSpace ?? diskSpaceOf)(folder), limits)
    const signing = { store, origin: this.#origin, key: parts.keyFiles.signing, clock, intervalMs: limits.checkpointMs }
    const signer = new CheckpointSigner(signing, recovered.checkpoint, recovered.tree)
    const working = { work: this.#work, wal: this.#wal, disk, signer }
    this.#appender = new Appender({ store, keys, dedupe, limits, clock, classify, ...working }, recovered)
    this.#disk = disk
    this.#signer = signer
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
    return this.#appender.tree.size
  }

  rootHash(): Sha256 {
    return hexOf(this.#appender.tree.root())
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
    return this.#appender.append(groups, false)
  }

  /** Appends what the product itself has to say. Taken in even when the queue is full and while the disk has its reserve. */
  appendControl(record: ControlRecord): Promise<Receipt> {
    return this.#appender.append([controlGroup(record, this.#options.clock())], true)
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
    this.#appender.flushAll()
    this.#work.assertWorks()
    this.#appender.sign()
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
    return this.#appender.subscribe(listener)
  }

  stats(): RecorderStats {
    const { freeBytes, totalBytes } = this.#disk.space()
    const { latest } = this.#signer
    return {
      entries: this.size,
      ...this.#appender.stats(),
      isErasing: this.#wal.isErasing,
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
    if (this.#work.stopped?.code === 'closed') return
    this.#isClosing = true
    await this.cold.settled()
    // Its reader would keep the write-ahead log from being folded.
    await this.#exports
    this.#appender.flushAll()
    const isFolded = this.#work.stopped === undefined && this.#finish()
    this.#appender.end()
    this.#wal.end()
    this.#work.stop(new RecorderError('closed', 'the recorder is closed'))
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
      this.#appender.sign()
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

  /** A transaction of another than the appender's, after which the write-ahead log is kept small as well. */
  #transact<T>(work: () => T): T {
    this.#work.assertWorks()
    const result = this.#work.run(() => this.#store.transact(work))
    // Leaves were written anew with what was moved, and nothing that was read before may be taken for what is there.
    this.#store.forget()
    this.#wal.foldWhenLarge()
    return result
  }
}
