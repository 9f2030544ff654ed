import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type {
  AgentId,
  Channel,
  ControlKind,
  ControlRecord,
  ControlRecordOf,
  Envelope,
  LogEntry,
  UnixNano,
} from '@holdfast/model'
import { readSealed } from './cold/read-sealed.ts'
import { unwrapKey, type ContentKey } from './content-keys.ts'
import { controlTerm } from './control.ts'
import { EPOCH_ENTRIES, LOG_FILE, openForReading, TILE_LEVEL_STEP } from './database.ts'
import { decodeEnvelope } from './envelope.ts'
import { RecorderError } from './errors.ts'
import { type Frame, openFrame, parseMasks } from './frame.ts'
import { MASTER_KEY_FILE } from './key-files.ts'
import { decodeLeaf, LEAF_BYTES } from './leaf.ts'
import { blob, checkpointOf } from './log-store.ts'
import { erasedEnvelope, segmentSql, summaryOf } from './segment-rows.ts'
import { termNumber } from './terms.ts'
import type { AgentSummary, SegmentFilter, SegmentSummary, StoredCheckpoint } from './types.ts'

/** A control record as it stands in the log; of one kind, where that was asked for. */
export type ControlEntry<Kind extends ControlKind = ControlKind> = {
  readonly index: number
  readonly recordedAt: UnixNano
  readonly record: ControlRecordOf<Kind>
}

/** A segment opened for reading; `frame` is undefined once its key was erased. */
export type OpenedSegment = {
  readonly summary: SegmentSummary
  readonly keyId: number
  readonly leaves: Buffer
  readonly key: ContentKey | undefined
  readonly frame: Frame | undefined
  /** As recorded; without resource and scope once the key was erased. */
  readonly envelope: Envelope
}

/**
 * Reads the log over a connection of its own, from any thread, while the {@link Recorder} writes. Each call reads what is
 * committed at that moment; no transaction is held between calls or between the entries of an iteration, so a slow
 * reader holds nothing up.
 */
export class LogReader implements Disposable {
  readonly #db: DatabaseSync
  readonly #folder: string
  readonly #master: Buffer
  readonly #size: StatementSync
  readonly #segmentAt: StatementSync
  readonly #posted: StatementSync
  readonly #firstAt: StatementSync
  readonly #tile: StatementSync
  readonly #leavesAt: StatementSync
  /** The segment last opened: entries are mostly read in order. Its key is looked up again each time it is used. */
  #held: OpenedSegment | undefined

  private constructor(db: DatabaseSync, folder: string, master: Buffer) {
    this.#db = db
    this.#folder = folder
    this.#master = master
    this.#size = db.prepare('SELECT first + count AS size FROM segments ORDER BY first DESC LIMIT 1')
    this.#segmentAt = db.prepare(segmentSql('WHERE s.first <= ? ORDER BY s.first DESC LIMIT 1'))
    this.#posted = db.prepare(
      'SELECT first FROM postings WHERE epoch = ? AND term = ? AND first >= ? AND first < ? ORDER BY first',
    )
    this.#firstAt = db.prepare('SELECT first FROM segments WHERE first <= ? ORDER BY first DESC LIMIT 1')
    this.#tile = db.prepare('SELECT hashes FROM tiles WHERE id = ?')
    this.#leavesAt = db.prepare('SELECT first, leaves FROM blocks WHERE first <= ? ORDER BY first DESC LIMIT 1')
    this.#segmentAt.setReadBigInts(true)
  }

  static open(options: { readonly folder: string }): LogReader {
    const db = openForReading(join(options.folder, LOG_FILE))
    return new LogReader(
      db,
      options.folder,
      Buffer.from(readFileSync(join(options.folder, MASTER_KEY_FILE), 'utf8').trim(), 'hex'),
    )
  }

  /** Entries committed so far. */
  size(): number {
    return Number(this.#size.get()?.['size'] ?? 0)
  }

  /** Undefined past the end. Throws as {@link segment} does. */
  entry(index: number): LogEntry | undefined {
    const segment = this.segment(index)
    return segment === undefined ? undefined : entryOf(segment, index)
  }

  /** Leaf entries from `from` on, {@link LEAF_BYTES} each, one after the other; fewer than `count` at the end. Never cold. */
  leaves(from: number, count: number): Buffer {
    const parts: Buffer[] = []
    const to = Math.min(from + count, this.size())
    for (let index = from; index < to;) {
      const row = this.#leavesAt.get(index)
      const leaves = blob(row?.['leaves'])
      if (leaves === undefined) break
      const first = Number(row?.['first'])
      const end = Math.min(to, first + leaves.length / LEAF_BYTES)
      if (end <= index) throw damaged(first)
      parts.push(Buffer.from(leaves).subarray((index - first) * LEAF_BYTES, (end - first) * LEAF_BYTES))
      index = end
    }
    return Buffer.concat(parts)
  }

  /** Entries `[from, to)` in log order; to the end as it is when iteration begins where `to` is left out. */
  *entries(range: { readonly from: number; readonly to?: number }): Generator<LogEntry, void, undefined> {
    const to = Math.min(range.to ?? Number.MAX_SAFE_INTEGER, this.size())
    for (let index = Math.max(0, range.from); index < to;) {
      const segment = this.segment(index)
      if (segment === undefined) return
      const end = Math.min(to, segment.summary.first + segment.summary.count)
      for (; index < end; index++) yield entryOf(segment, index)
    }
  }

  /**
   * All entries of the segments under which `term` was posted, in log order: every entry with the term, and neighbours
   * without it. The caller filters.
   */
  *withTerm(term: string, range: { readonly from?: number; readonly to?: number } = {}): Generator<LogEntry> {
    const from = range.from ?? 0
    const to = Math.min(range.to ?? Number.MAX_SAFE_INTEGER, this.size())
    for (const first of this.segmentsWithTerm(term, { from, to })) {
      const segment = this.segment(first)
      if (segment === undefined) return
      const end = Math.min(to, first + segment.summary.count)
      for (let index = Math.max(from, first); index < end; index++) yield entryOf(segment, index)
    }
  }

  /** First entries of the segments under which the term was posted and that reach into the range, in log order. */
  *segmentsWithTerm(term: string, range: { readonly from?: number; readonly to?: number } = {}): Generator<number> {
    const number = termNumber(term)
    const from = Number(this.#firstAt.get(range.from ?? 0)?.['first'] ?? 0)
    const to = range.to ?? Number.MAX_SAFE_INTEGER
    for (let epoch = Math.floor(from / EPOCH_ENTRIES); epoch * EPOCH_ENTRIES < Math.min(to, this.size()); epoch++) {
      for (const row of this.#posted.all(epoch, number, from, to)) yield Number(row['first'])
    }
  }

  /** Segments that the filter admits, in log order. */
  segments(filter: SegmentFilter = {}): SegmentSummary[] {
    const query = this.#db.prepare(
      segmentSql(`WHERE s.first >= ?1 AND (?2 IS NULL OR a.agent = ?2) AND (?3 IS NULL OR s.channel = ?3)
        AND s.recorded_at BETWEEN ?4 AND ?5 AND s.claimed_to >= ?6 AND s.claimed_from <= ?7
        ORDER BY s.first LIMIT ?8`),
    )
    query.setReadBigInts(true)
    const rows = query.all(
      filter.from ?? 0,
      filter.agent ?? null,
      filter.channel ?? null,
      clamp(filter.recordedFrom ?? 0n),
      clamp(filter.recordedTo ?? MAX_TIME),
      clamp(filter.claimedFrom ?? 0n),
      clamp(filter.claimedTo ?? MAX_TIME),
      filter.limit ?? -1,
    )
    return rows.map(summaryOf)
  }

  agents(): AgentSummary[] {
    const query = this.#db.prepare('SELECT * FROM agents ORDER BY agent')
    query.setReadBigInts(true)
    // Written by LogStore from an Envelope and UnixNanos.
    return query.all().map((row) => ({
      agent: String(row['agent']) as AgentId,
      agentName: String(row['name']),
      entries: Number(row['entries']),
      firstRecordedAt: row['first_recorded_at'] as UnixNano,
      lastRecordedAt: row['last_recorded_at'] as UnixNano,
      claimedFrom: row['claimed_from'] as UnixNano,
      claimedTo: row['claimed_to'] as UnixNano,
      channels: String(row['channels']).split(',') as Channel[],
    }))
  }

  /** Control records of one kind, in log order. */
  controls<Kind extends ControlKind>(kind: Kind): ControlEntry<Kind>[] {
    return [...this.eachControl(kind)]
  }

  /** The control record at a position; undefined where there is none, or its content is gone. */
  control(index: number): ControlEntry | undefined {
    const entry = this.entry(index)
    if (entry === undefined || entry.envelope.channel !== 'control' || entry.body === undefined) return undefined
    return { index, recordedAt: entry.recordedAt, record: recordIn(entry.body) }
  }

  /** The same one by one, for a caller that goes on where it stopped. */
  *eachControl<Kind extends ControlKind>(
    kind: Kind,
    range: { readonly from?: number; readonly to?: number } = {},
  ): Generator<ControlEntry<Kind>> {
    for (const { index, recordedAt, envelope, body } of this.withTerm(controlTerm(kind), range)) {
      if (envelope.channel !== 'control' || body === undefined) continue
      const record = recordIn(body)
      if (isOfKind(record, kind)) yield { index, recordedAt, record }
    }
  }

  /**
   * Stored checkpoints in the order they were signed: the newest `limit` of those whose number is below `before`. They are
   * numbered from 1 without gaps (SPEC.md, section 6).
   */
  checkpoints(options: { readonly limit?: number; readonly before?: number } = {}): StoredCheckpoint[] {
    const query = this.#db.prepare(
      'SELECT size, root, note, signed_at FROM checkpoints WHERE id < ? ORDER BY id DESC LIMIT ?',
    )
    query.setReadBigInts(true)
    const rows = query.all(options.before ?? Number.MAX_SAFE_INTEGER, options.limit ?? -1)
    return rows.flatMap((row) => checkpointOf(row) ?? []).toReversed()
  }

  /** The first checkpoint that covers so many entries, whatever came after; undefined where none does yet. */
  checkpointCovering(size: number): StoredCheckpoint | undefined {
    const query = this.#db.prepare(
      'SELECT size, root, note, signed_at FROM checkpoints WHERE size >= ? ORDER BY size, id LIMIT 1',
    )
    query.setReadBigInts(true)
    return checkpointOf(query.get(size))
  }

  /** How many checkpoints were signed, which is the number of the newest. */
  checkpointCount(): number {
    return Number(this.#db.prepare('SELECT max(id) AS id FROM checkpoints').get()?.['id'] ?? 0)
  }

  readonly tile = (level: number, index: number): Uint8Array | undefined =>
    blob(this.#tile.get(level * TILE_LEVEL_STEP + index)?.['hashes'])

  /**
   * The segment that holds an entry; undefined past the end. Throws `corrupt` where it cannot be read though its key is
   * there, and `cold` where its content is in cold storage that is not attached.
   */
  segment(index: number): OpenedSegment | undefined {
    const row = this.#segmentAt.get(index)
    if (row === undefined) return undefined
    const summary = summaryOf(row)
    if (index >= summary.first + summary.count) return undefined
    const wrapped = blob(row['wrapped'])
    const held = this.#held
    if (held?.summary.first === summary.first && (held.frame !== undefined) === (wrapped !== undefined)) return held
    this.#held = this.#open(row, summary)
    return this.#held
  }

  #open(row: Record<string, unknown>, summary: SegmentSummary): OpenedSegment {
    const { first, count } = summary
    const leaves = blob(this.#leavesAt.get(first)?.['leaves'])
    if (leaves?.length !== count * LEAF_BYTES) throw damaged(first)
    const keyId = Number(row['key_id'])
    const wrapped = blob(row['wrapped'])
    const key = wrapped && unwrapKey(this.#master, keyId, wrapped)
    // Nothing is read of what was erased, wherever it lies.
    const sealed = key && readSealed(this.#db, this.#folder, first)
    const frame = key && sealed && openFrame(sealed, key.key, { first, count, keyId })
    if (wrapped !== undefined && frame === undefined) throw damaged(first)
    const source = String(row['source'])
    const envelope = frame === undefined ? erasedEnvelope(summary, source) : decodeEnvelope(frame.envelope)
    if (envelope === undefined) throw damaged(first)
    return { summary, keyId, leaves: Buffer.from(leaves), key, frame, envelope }
  }

  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close()
  }
}

const MAX_TIME = (1n << 63n) - 1n

function clamp(time: bigint): bigint {
  return time > MAX_TIME ? MAX_TIME : time
}

function entryOf(segment: OpenedSegment, index: number): LogEntry {
  const { summary, leaves, frame, envelope } = segment
  const i = index - summary.first
  const leaf = decodeLeaf(leaves, i * LEAF_BYTES)
  if (leaf === undefined) throw damaged(summary.first)
  return {
    index,
    recordedAt: leaf.recordedAt,
    envelope,
    bodyDigest: leaf.bodyDigest,
    body: frame?.bodies[i],
    masks: parseMasks(frame?.masks.get(i)),
  }
}

/** Written by the recorder as the JSON of a {@link ControlRecord}, under a leaf. */
function recordIn(body: Uint8Array): ControlRecord {
  return JSON.parse(Buffer.from(body).toString()) as ControlRecord
}

function isOfKind<Kind extends ControlKind>(record: ControlRecord, kind: Kind): record is ControlRecordOf<Kind> {
  return record.kind === kind
}

function damaged(first: number): RecorderError {
  return new RecorderError('corrupt', `the segment at entry ${first} cannot be read: run the verifier on this folder`)
}
