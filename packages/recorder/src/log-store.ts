import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { parseSha256, type UnixNano } from '@holdfast/model'
import { EPOCH_ENTRIES, TILE_LEVEL_STEP } from './database.ts'
import { DIGESTS_AT, DIGESTS_BYTES, LEAF_BYTES } from './leaf.ts'
import type { Tile } from './merkle/tree.ts'
import type { StoredCheckpoint } from './types.ts'

/** A segment ready to be written. Times are clamped to what SQLite's signed integers hold. */
export type SegmentRow = {
  readonly first: number
  readonly count: number
  readonly keyId: number
  readonly agent: string
  readonly agentName: string
  readonly channel: string
  /** JSON of the envelope's provenance: what stays readable after the content is erased. */
  readonly source: string
  readonly recordedAt: bigint
  readonly claimedFrom: bigint
  readonly claimedTo: bigint
  readonly rawBytes: number
  readonly leaves: Buffer
  readonly sealed: Buffer
  /** Numbers of the index terms, see termNumber. */
  readonly terms: ReadonlySet<number>
}

type RecentSegment = { readonly first: number; readonly leaves: Buffer; readonly source: string }

/** The statements of the writer, prepared once. Transactions are the caller's. */
export class LogStore {
  readonly db: DatabaseSync
  readonly #segment: StatementSync
  readonly #block: StatementSync
  readonly #posting: StatementSync
  readonly #putTile: StatementSync
  readonly #getTile: StatementSync
  readonly #leaves: StatementSync
  readonly #agent: StatementSync
  readonly #channels: StatementSync
  readonly #checkpoint: StatementSync
  readonly #setMeta: StatementSync
  readonly #getMeta: StatementSync
  /** The segment last read by {@link digestsAt}: a retry asks for neighbours. */
  #recent: RecentSegment | undefined

  constructor(db: DatabaseSync) {
    this.db = db
    this.#segment = db.prepare(
      `INSERT INTO segments (first, count, key_id, agent_id, agent_name, channel, source, recorded_at, claimed_from,
        claimed_to, raw_bytes, stored_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#block = db.prepare('INSERT INTO blocks (first, leaves, sealed) VALUES (?, ?, ?)')
    this.#posting = db.prepare('INSERT INTO postings (epoch, term, first) VALUES (?, ?, ?)')
    this.#putTile = db.prepare('INSERT OR REPLACE INTO tiles (id, hashes) VALUES (?, ?)')
    this.#getTile = db.prepare('SELECT hashes FROM tiles WHERE id = ?')
    this.#leaves = db.prepare(
      `SELECT b.first, b.leaves, s.source FROM blocks b JOIN segments s ON s.first = b.first
        WHERE b.first <= ? ORDER BY b.first DESC LIMIT 1`,
    )
    this.#agent = db.prepare(
      `INSERT INTO agents (agent, name, entries, first_recorded_at, last_recorded_at, claimed_from, claimed_to, channels)
        VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)
        ON CONFLICT (agent) DO UPDATE SET name = excluded.name, entries = entries + excluded.entries,
          last_recorded_at = max(last_recorded_at, excluded.last_recorded_at),
          first_recorded_at = min(first_recorded_at, excluded.first_recorded_at),
          claimed_from = min(claimed_from, excluded.claimed_from), claimed_to = max(claimed_to, excluded.claimed_to)
        RETURNING id, channels`,
    )
    this.#channels = db.prepare('UPDATE agents SET channels = ? WHERE id = ?')
    this.#checkpoint = db.prepare('INSERT INTO checkpoints (size, root, note, signed_at) VALUES (?, ?, ?, ?)')
    this.#setMeta = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
    this.#getMeta = db.prepare('SELECT value FROM meta WHERE key = ?')
  }

  insertSegment(row: SegmentRow): void {
    const agent = this.#agent.get(
      row.agent,
      row.agentName,
      row.count,
      row.recordedAt,
      row.claimedFrom,
      row.claimedTo,
      row.channel,
    )
    const agentId = Number(agent?.['id'])
    const channels = String(agent?.['channels']).split(',')
    if (!channels.includes(row.channel)) this.#channels.run([...channels, row.channel].toSorted().join(','), agentId)
    this.#segment.run(
      row.first,
      row.count,
      row.keyId,
      agentId,
      row.agentName,
      row.channel,
      row.source,
      row.recordedAt,
      row.claimedFrom,
      row.claimedTo,
      row.rawBytes,
      row.leaves.length + row.sealed.length,
    )
    this.#block.run(row.first, row.leaves, row.sealed)
    const epoch = Math.floor(row.first / EPOCH_ENTRIES)
    for (const term of row.terms) this.#posting.run(epoch, term, row.first)
  }

  putTile(tile: Tile): void {
    this.#putTile.run(tile.level * TILE_LEVEL_STEP + tile.index, tile.hashes)
  }

  readonly tile = (level: number, index: number): Uint8Array | undefined =>
    blob(this.#getTile.get(level * TILE_LEVEL_STEP + index)?.['hashes'])

  /** Envelope and body digest of a stored entry; undefined past the end. */
  digestsAt(index: number): Buffer | undefined {
    const held = this.#segmentOf(index)
    if (held === undefined) return undefined
    const at = (index - held.first) * LEAF_BYTES + DIGESTS_AT
    return at + DIGESTS_BYTES <= held.leaves.length ? held.leaves.subarray(at, at + DIGESTS_BYTES) : undefined
  }

  /** Who sent a stored entry, as JSON (Batch writes it); undefined past the end. */
  sourceAt(index: number): string | undefined {
    return this.#segmentOf(index)?.source
  }

  #segmentOf(index: number): RecentSegment | undefined {
    let held = this.#recent
    if (held === undefined || index < held.first || (index - held.first) * LEAF_BYTES >= held.leaves.length) {
      const row = this.#leaves.get(index)
      const leaves = blob(row?.['leaves'])
      if (leaves === undefined) return undefined
      held = { first: Number(row?.['first']), leaves: Buffer.from(leaves), source: String(row?.['source']) }
      this.#recent = held
    }
    return held
  }

  /** To be called after a rollback: what was read inside the transaction is not in the log. */
  forget(): void {
    this.#recent = undefined
  }

  insertCheckpoint(size: number, root: Buffer, note: string, signedAt: UnixNano): void {
    this.#checkpoint.run(size, root, note, signedAt)
  }

  lastCheckpoint(): StoredCheckpoint | undefined {
    const query = this.db.prepare('SELECT size, root, note, signed_at FROM checkpoints ORDER BY id DESC LIMIT 1')
    query.setReadBigInts(true)
    return checkpointOf(query.get())
  }

  setMeta(key: string, value: string | number): void {
    this.#setMeta.run(key, value)
  }

  meta(key: string): string | number | undefined {
    const value = this.#getMeta.get(key)?.['value']
    return typeof value === 'string' || typeof value === 'number' ? value : undefined
  }

  /** Runs `work` in one transaction; rolls back and rethrows where it throws. */
  transact<T>(work: () => T): T {
    this.db.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.db.exec('COMMIT')
      return result
    } catch (error) {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if (this.db.isTransaction) this.db.exec('ROLLBACK')
      this.forget()
      throw error
    }
  }
}

/** A row of `checkpoints`, read with big integers. Our own writer's: the parsers cannot fail. */
export function checkpointOf(row: Record<string, unknown> | undefined): StoredCheckpoint | undefined {
  const rootHash = parseSha256(Buffer.from(blob(row?.['root']) ?? []).toString('hex'))
  if (row === undefined || rootHash === undefined) return undefined
  // Written by insertCheckpoint from a UnixNano.
  return { note: String(row['note']), size: Number(row['size']), rootHash, signedAt: row['signed_at'] as UnixNano }
}

export function blob(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}
