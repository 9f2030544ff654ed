import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { UnixNano } from '@holdfast/model'
import { RecorderError } from './errors.ts'
import { MASTER_KEY_FILE } from './key-files.ts'
import type { KeyScope } from './types.ts'

/** A key and the salt of the digests made under it. Both are gone once the key is erased. */
export type ContentKey = { readonly id: number; readonly key: Buffer; readonly salt: Buffer }

const SECRET_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Asked for with each agent that is not in the cache: it must never read the whole table. */
export const FIND_KEY = `SELECT id, wrapped FROM content_keys
  WHERE agent = ? AND data_class = ? AND retention = ? AND month = ? AND wrapped IS NOT NULL`

/**
 * Finds or makes content keys. Owned by the writer; a key made inside a transaction that fails is made anew. Throws
 * `corrupt` where the master key is not the one that wrapped the newest content key.
 */
export class ContentKeys {
  readonly #master: Buffer
  readonly #find: StatementSync
  readonly #insert: StatementSync
  readonly #cache = new Map<string, ContentKey>()

  constructor(db: DatabaseSync, master: Buffer) {
    this.#master = master
    this.#find = db.prepare(FIND_KEY)
    this.#insert = db.prepare(
      `INSERT INTO content_keys (agent, data_class, retention, month, wrapped, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
    )
    assertUnwraps(
      master,
      db.prepare(`SELECT id, wrapped FROM content_keys WHERE wrapped IS NOT NULL ORDER BY id DESC LIMIT 1`).get(),
    )
  }

  /** The key of this scope in the month of `now`. */
  for(scope: KeyScope, now: UnixNano): ContentKey {
    const month = new Date(Number(now / 1_000_000n)).toISOString().slice(0, 7)
    const name = [scope.agent, scope.dataClass, scope.retention, month].join('\n')
    const cached = this.#cache.get(name)
    if (cached !== undefined) return cached
    const key = this.#load(scope, month) ?? this.#make(scope, month, now)
    // Months pass and agents come and go; a small cache that starts anew is enough.
    if (this.#cache.size >= 4096) this.#cache.clear()
    this.#cache.set(name, key)
    return key
  }

  /** To be called after a rollback and after an erasure: cached keys may not be in the table any more. */
  forget(): void {
    this.#cache.clear()
  }

  #load(scope: KeyScope, month: string): ContentKey | undefined {
    const row = this.#find.get(scope.agent, scope.dataClass, scope.retention, month)
    if (row === undefined || !(row['wrapped'] instanceof Uint8Array)) return undefined
    return assertUnwraps(this.#master, row)
  }

  #make(scope: KeyScope, month: string, now: UnixNano): ContentKey {
    const secret = randomBytes(2 * SECRET_BYTES)
    const wrapped = wrap(this.#master, secret)
    const { lastInsertRowid } = this.#insert.run(scope.agent, scope.dataClass, scope.retention, month, wrapped, now)
    return split(Number(lastInsertRowid), secret)
  }
}

/**
 * The content key of a row. Throws `corrupt` where the master key does not open it: to make another in its place would
 * put entries under a key that the right master key cannot open either.
 */
function assertUnwraps(master: Buffer, row: Record<string, unknown> | undefined): ContentKey | undefined {
  if (row === undefined || !(row['wrapped'] instanceof Uint8Array)) return undefined
  const key = unwrapKey(master, Number(row['id']), row['wrapped'])
  if (key !== undefined) return key
  throw new RecorderError(
    'corrupt',
    `${MASTER_KEY_FILE} does not open content key ${Number(row['id'])}: restore the one that this log was written with`,
  )
}

/** Undefined where the master key is not the one that wrapped it, or a bit of it changed. */
export function unwrapKey(master: Buffer, id: number, wrapped: Uint8Array): ContentKey | undefined {
  if (wrapped.length !== NONCE_BYTES + 2 * SECRET_BYTES + TAG_BYTES) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', master, wrapped.subarray(0, NONCE_BYTES))
    decipher.setAuthTag(wrapped.subarray(-TAG_BYTES))
    return split(id, Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]))
  } catch {
    // Authentication failed; the caller names the key.
    return undefined
  }
}

function wrap(master: Buffer, secret: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', master, nonce)
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

function split(id: number, secret: Buffer): ContentKey {
  return { id, key: secret.subarray(0, SECRET_BYTES), salt: secret.subarray(SECRET_BYTES) }
}
