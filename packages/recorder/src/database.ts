import { DatabaseSync } from 'node:sqlite'
import { RecorderError } from './errors.ts'
import { LOG_CACHE_KIB } from './limits.ts'

/** Raised with every change of the tables below. */
const SCHEMA_VERSION = 1
/** That of a log of which something was moved to cold storage: the same, and the tables of cold/cold-table.ts. */
export const COLD_SCHEMA_VERSION = 2
export const LOG_FILE = 'log.db'
export const PAGE_BYTES = 4096
/** How long a statement waits for a lock; only recovery and closing hold one for long. */
export const BUSY_TIMEOUT_MS = 5000

/**
 * `segments` is small and scanned; the blobs lie apart in `blocks`, so that a scan does not walk over content.
 * A log made before `content_keys_by_scope` works without it, and slows down with every agent it has heard.
 * A posting's `epoch` is the first entry's index divided by a million: inserts stay within one recent part of the tree.
 */
const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE content_keys (
  id INTEGER PRIMARY KEY, agent TEXT NOT NULL, data_class TEXT NOT NULL, retention TEXT NOT NULL, month TEXT NOT NULL,
  wrapped BLOB, created_at INTEGER NOT NULL, erased_at INTEGER, reason TEXT
) STRICT;
CREATE INDEX content_keys_by_scope ON content_keys (agent, data_class, retention, month) WHERE wrapped IS NOT NULL;
CREATE TABLE agents (
  id INTEGER PRIMARY KEY, agent TEXT NOT NULL UNIQUE, name TEXT NOT NULL, entries INTEGER NOT NULL,
  first_recorded_at INTEGER NOT NULL, last_recorded_at INTEGER NOT NULL,
  claimed_from INTEGER NOT NULL, claimed_to INTEGER NOT NULL, channels TEXT NOT NULL
) STRICT;
CREATE TABLE segments (
  first INTEGER PRIMARY KEY, count INTEGER NOT NULL, key_id INTEGER NOT NULL, agent_id INTEGER NOT NULL,
  agent_name TEXT NOT NULL, channel TEXT NOT NULL, source TEXT NOT NULL, recorded_at INTEGER NOT NULL,
  claimed_from INTEGER NOT NULL, claimed_to INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, stored_bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX segments_by_agent ON segments (agent_id, first);
CREATE TABLE blocks (first INTEGER PRIMARY KEY, leaves BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE TABLE postings (
  epoch INTEGER NOT NULL, term INTEGER NOT NULL, first INTEGER NOT NULL, PRIMARY KEY (epoch, term, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE tiles (id INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
CREATE TABLE checkpoints (
  id INTEGER PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL, signed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX checkpoints_by_size ON checkpoints (size);
`

/** Entries of one epoch of postings. */
export const EPOCH_ENTRIES = 1_000_000
/** Tile ids are `level * 2^40 + index`: more tiles than any log will have. */
export const TILE_LEVEL_STEP = 2 ** 40

/**
 * Opens the database for its one writer; `synchronous=FULL` makes COMMIT return after the sync. SQLite's own folding of
 * the write-ahead log is off, because it hides a failed sync of the database file and would try again (FC2). Once folded
 * the log's file is cut to `walBytes`, so that its size says how much of it is not folded; what is left is written over,
 * which syncs faster than a file that grows.
 */
export function openForWriting(path: string, walBytes: number): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = ${walBytes}; PRAGMA temp_store = MEMORY`)
  const version = schemaVersion(db)
  if (version === 0) {
    db.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
  } else if (version !== SCHEMA_VERSION && version !== COLD_SCHEMA_VERSION) {
    db.close()
    throw new RecorderError(
      'corrupt',
      `${path} has schema version ${version}, this program writes ${COLD_SCHEMA_VERSION}: use the version that wrote it`,
    )
  }
  return db
}

/**
 * Lets the writer's connection keep pages in memory, which it then never gives back. To be called once the log is recovered:
 * that reads much of it, once, and would leave the cache full of what nobody asks for again.
 */
export function keepPages(db: DatabaseSync): void {
  db.exec(`PRAGMA cache_size = -${LOG_CACHE_KIB}`)
}

export function openForReading(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
  const version = schemaVersion(db)
  if (version !== SCHEMA_VERSION && version !== COLD_SCHEMA_VERSION) {
    db.close()
    throw new RecorderError(
      'corrupt',
      `${path} is not a log of schema version ${SCHEMA_VERSION} or ${COLD_SCHEMA_VERSION}`,
    )
  }
  return db
}

export function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
}

/** Primary SQLite result code of an error, undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}

export const SQLITE_BUSY = 5
export const SQLITE_IOERR = 10
export const SQLITE_CORRUPT = 11
export const SQLITE_FULL = 13
