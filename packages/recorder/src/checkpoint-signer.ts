import type { KeyObject } from 'node:crypto'
import { parseSha256, type Sha256, type UnixNano } from '@holdfast/model'
import type { LogStore } from './log-store.ts'
import type { Tree } from './merkle/tree.ts'
import { checkpointText, signNote } from './note.ts'
import type { StoredCheckpoint } from './types.ts'

export type SignerParts = {
  readonly store: LogStore
  readonly origin: string
  readonly key: KeyObject
  readonly clock: () => UnixNano
  /** At most this long between checkpoints while the log grows. */
  readonly intervalMs: number
}

/** Signs tree heads and stores them. It only signs what is durable, or becomes so in the same transaction. */
export class CheckpointSigner {
  readonly #parts: SignerParts
  /** Replaced once the transaction that stores it is committed. */
  #latest: StoredCheckpoint
  #signedAtMs = 0

  /** `latest` is undefined for a new log: its first checkpoint, of no entries, is stored by {@link storeLatest}. */
  constructor(parts: SignerParts, latest: StoredCheckpoint | undefined, tree: Tree) {
    this.#parts = parts
    this.#latest = latest ?? this.#sign(tree)
  }

  get latest(): StoredCheckpoint {
    return this.#latest
  }

  storeLatest(): void {
    this.#store(this.#latest)
  }

  /**
   * Inside the transaction that grows the tree: signs and stores if the last checkpoint is old enough. The caller hands
   * the answer to {@link committed} after the commit.
   */
  signIfDue(tree: Tree): StoredCheckpoint | undefined {
    if (tree.size === this.#latest.size) return undefined
    if (performance.now() - this.#signedAtMs < this.#parts.intervalMs) return undefined
    const checkpoint = this.#sign(tree)
    this.#store(checkpoint)
    return checkpoint
  }

  committed(checkpoint: StoredCheckpoint): void {
    this.#latest = checkpoint
    this.#signedAtMs = performance.now()
  }

  /** In a transaction of its own; the tree is durable already. */
  signNow(tree: Tree): void {
    const checkpoint = this.#sign(tree)
    this.#parts.store.transact(() => this.#store(checkpoint))
    this.committed(checkpoint)
  }

  #sign(tree: Tree): StoredCheckpoint {
    const { origin, key, clock } = this.#parts
    const root = tree.root()
    const note = signNote(checkpointText(origin, tree.size, root), { name: origin, privateKey: key })
    return { note, size: tree.size, rootHash: hexOf(root), signedAt: clock() }
  }

  #store({ size, rootHash, note, signedAt }: StoredCheckpoint): void {
    this.#parts.store.insertCheckpoint(size, Buffer.from(rootHash, 'hex'), note, signedAt)
  }
}

export function hexOf(hash: Buffer): Sha256 {
  const parsed = parseSha256(hash.toString('hex'))
  if (parsed === undefined) throw new TypeError('a hash is 32 bytes')
  return parsed
}
