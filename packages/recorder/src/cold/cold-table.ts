import { isAbsolute, join, relative } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { UnixNano } from '@holdfast/model'
import { COLD_SCHEMA_VERSION, schemaVersion } from '../database.ts'
import { blob } from '../log-store.ts'
import type { WrittenFile } from './cold-file.ts'

/** One file of cold storage, as the log knows it. */
export type ColdFile = {
  readonly id: number
  readonly name: string
  /** Whole path. */
  readonly path: string
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
  readonly cooledAt: UnixNano
  /** Segments whose content lies only there, and the entries in them. */
  readonly segments: number
  readonly entries: number
}

/** Where the content of a cold segment lies. */
export type ColdPlace = {
  readonly file: number
  readonly path: string
  readonly offset: number
  readonly bytes: number
  readonly sha256: Uint8Array
}

/** Cold storage of a folder unless another place is named. */
export const COLD_FOLDER = 'cold'

/**
 * Tables of cold storage. A log has them once something of it was moved, and is then of schema version 2: an older program,
 * which would take a cold segment for a damaged one, refuses it.
 */
const COLD_SCHEMA = `
CREATE TABLE cold_files (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, folder TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 BLOB NOT NULL,
  cooled_at INTEGER NOT NULL
) STRICT;
CREATE TABLE cold_blocks (
  first INTEGER PRIMARY KEY, file INTEGER NOT NULL, offset INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 BLOB NOT NULL
) STRICT;
CREATE INDEX cold_blocks_by_file ON cold_blocks (file);
PRAGMA user_version = ${COLD_SCHEMA_VERSION};
`

export function hasColdTables(db: DatabaseSync): boolean {
  return schemaVersion(db) === COLD_SCHEMA_VERSION
}

/** To be called inside a transaction. */
export function makeColdTables(db: DatabaseSync): void {
  if (!hasColdTables(db)) db.exec(COLD_SCHEMA)
}

/** A place inside the data folder is kept as a relative path, so that a folder can be moved with its cold part. */
export function keptFolder(dataFolder: string, coldFolder: string): string {
  return isInside(dataFolder, coldFolder) ? relative(dataFolder, coldFolder) : coldFolder
}

/** Whether a place belongs to this log alone: the lock on the data folder covers it. */
export function isInside(dataFolder: string, path: string): boolean {
  const inside = relative(dataFolder, path)
  return !inside.startsWith('..') && !isAbsolute(inside)
}

export function insertColdFile(
  db: DatabaseSync,
  file: WrittenFile & { readonly folder: string; readonly at: UnixNano },
): number {
  const { name, folder, bytes, sha256, at } = file
  // A restore that did not come to its end may have left the name, and nothing in it.
  db.prepare('DELETE FROM cold_files WHERE folder = ? AND name = ? AND id NOT IN (SELECT file FROM cold_blocks)').run(
    folder,
    name,
  )
  const { lastInsertRowid } = db
    .prepare('INSERT INTO cold_files (name, folder, bytes, sha256, cooled_at) VALUES (?, ?, ?, ?, ?)')
    .run(name, folder, bytes, sha256, at)
  return Number(lastInsertRowid)
}

/** Files that still hold something that is nowhere else, in the order they were written. */
export function coldFiles(db: DatabaseSync, dataFolder: string): ColdFile[] {
  if (!hasColdTables(db)) return []
  const query = db.prepare(
    `SELECT f.*, count(b.first) AS segments, coalesce(sum(s.count), 0) AS entries FROM cold_files f
      LEFT JOIN cold_blocks b ON b.file = f.id LEFT JOIN segments s ON s.first = b.first GROUP BY f.id ORDER BY f.id`,
  )
  query.setReadBigInts(true)
  return query.all().map((row) => ({
    id: Number(row['id']),
    name: String(row['name']),
    path: pathOf(dataFolder, row),
    bytes: Number(row['bytes']),
    sha256: Buffer.from(blob(row['sha256']) ?? []).toString('hex'),
    cooledAt: row['cooled_at'] as UnixNano, // written by insertColdFile from one
    segments: Number(row['segments']),
    entries: Number(row['entries']),
  }))
}

/** Undefined where the segment's content is not in cold storage. */
export function coldPlace(db: DatabaseSync, dataFolder: string, first: number): ColdPlace | undefined {
  if (!hasColdTables(db)) return undefined
  const row = db
    .prepare(
      `SELECT b.file, b.offset, b.bytes, b.sha256, f.folder, f.name FROM cold_blocks b JOIN cold_files f ON f.id = b.file
        WHERE b.first = ?`,
    )
    .get(first)
  if (row === undefined) return undefined
  return {
    file: Number(row['file']),
    path: pathOf(dataFolder, row),
    offset: Number(row['offset']),
    bytes: Number(row['bytes']),
    sha256: blob(row['sha256']) ?? new Uint8Array(0),
  }
}

function pathOf(dataFolder: string, row: Record<string, unknown>): string {
  const folder = String(row['folder'])
  return join(isAbsolute(folder) ? folder : join(dataFolder, folder), String(row['name']))
}
