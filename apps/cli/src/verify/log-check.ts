import type { DatabaseSync } from 'node:sqlite'
import { ColdBlocks } from './cold-blocks.ts'
import { rolledBack } from './consistency.ts'
import { LEAF_ENTRY_BYTES, parseLeafEntry } from './entry-proof.ts'
import type { Report } from './report.ts'
import { leafHash, RunningTree } from './rfc6962.ts'
import { checkRestated, type StatedContent } from './restated.ts'
import {
  checkContent,
  type FrameParts,
  openSegment,
  type SegmentKey,
  type SegmentRecord,
  unwrap,
} from './segment-content.ts'
import { openCheckpoint, type VerifierKey } from './signed-note.ts'
import { member, parseStrictJson } from './strict-json.ts'
import { TileCheck } from './tile-check.ts'

/** Above the writer's own bounds; a row that claims more is damaged, and is not read. */
const MAX_SEGMENT_ENTRIES = 65_536
const MAX_SEALED_BYTES = 80 * 1024 * 1024
const MAX_NOTE_BYTES = 4096

type StoredNote = { readonly id: number; readonly size: number; readonly root: string; readonly note: string }
/** A log of months has tens of millions of checkpoints: they are never in memory together. */
type NoteRows = Iterator<Record<string, unknown>>

/** What a checkpoint from elsewhere signed; `name` says where it came from. */
export type KeptHead = { readonly name: string; readonly size: number; readonly root: Buffer }

/**
 * Walks the log from its first entry and rebuilds the tree from the leaves alone. Every stored tile and checkpoint must
 * be the one that this gives at its place: since each checkpoint's root is recomputed from one and the same sequence of
 * leaves, every checkpoint is shown to be consistent with all others.
 */
export class LogCheck {
  readonly #db: DatabaseSync
  readonly #key: VerifierKey
  readonly #master: Buffer
  readonly #report: Report
  readonly #keys = new Map<number, SegmentKey | undefined>()
  readonly #tiles: TileCheck
  readonly #cold: ColdBlocks
  /** Digests of files of cold storage that records of the log name. */
  readonly #cooled = new Set<string>()
  /** By scope, up to which entry the log says that keys were erased. */
  readonly #erasures = new Map<string, number>()
  /** By scope, the last segment whose key is gone. */
  readonly #erasedScopes = new Map<string, number>()
  readonly #scopes = new Map<number, string>()
  /** The segment last read again for a statement about its entries. */
  #reread:
    | { readonly first: number; readonly count: number; readonly salt: Buffer; readonly frame: FrameParts }
    | undefined
  /** The smallest checkpoint that was not compared yet. */
  #next: StoredNote | undefined
  /** The entry that the next segment has to begin with. */
  #nextFirst = 0
  /** Whether the checkpoint before had another root than the entries up to it. */
  #isAstray = false
  readonly tree = new RunningTree()
  readonly kept: KeptHead | undefined
  segments = 0
  checkpoints = 0
  erased = 0
  gaps = 0
  lastNote: string | undefined
  lastCheckpoint: { readonly size: number; readonly signedAt: string } | undefined

  constructor(parts: {
    readonly db: DatabaseSync
    readonly folder: string
    readonly key: VerifierKey
    readonly master: Buffer
    readonly report: Report
    readonly kept: KeptHead | undefined
  }) {
    this.kept = parts.kept
    this.#db = parts.db
    this.#key = parts.key
    this.#master = parts.master
    this.#report = parts.report
    this.#tiles = new TileCheck(parts.db, parts.report)
    this.#cold = new ColdBlocks(parts.db, parts.folder, parts.report)
  }

  run(): void {
    for (const row of this.#db.prepare('PRAGMA quick_check(20)').all()) {
      const answer = String(Object.values(row)[0])
      this.#report.check(answer === 'ok', 'log.db', answer)
    }
    this.#checkNotes()
    const notes: NoteRows = this.#db
      // Not by the index, in which a row could be left out.
      .prepare(
        `SELECT ${NOTE_COLUMNS} FROM checkpoints NOT INDEXED WHERE length(note) <= ${MAX_NOTE_BYTES} ORDER BY size, id`,
      )
      .iterate()
    this.#next = nextNote(notes)
    this.#signedUpTo(notes)
    this.#compareKept()
    const rows = this.#db.prepare(
      `SELECT s.first, s.count, s.key_id, s.agent_name, s.channel, s.source, s.raw_bytes, s.stored_bytes, a.agent,
        CAST(s.recorded_at AS TEXT) AS recorded_at, length(b.leaves) AS leaf_bytes, length(b.sealed) AS sealed_bytes
        FROM segments s LEFT JOIN blocks b ON b.first = s.first LEFT JOIN agents a ON a.id = s.agent_id ORDER BY s.first`,
    )
    for (const row of rows.iterate()) {
      this.#segment(row)
      this.segments++
      this.#signedUpTo(notes)
    }
    this.#tiles.finish(this.tree.size)
    this.#cold.finish(this.#cooled)
    const { kept } = this
    if (kept !== undefined)
      this.#report.check(kept.size <= this.tree.size, kept.name, rolledBack(kept.size, this.tree.size))
    for (let isFirst = true; this.#next !== undefined; this.#next = nextNote(notes), isFirst = false) {
      const where = `checkpoint of ${this.#next.size} entries`
      const what = `covers more than the ${this.tree.size} entries that are left`
      if (isFirst) this.#report.add(where, what)
      else this.#report.follow(where, what, 'larger checkpoints cover more than the entries that are left')
    }
    const blocks = Number(this.#db.prepare('SELECT count(*) AS n FROM blocks').get()?.['n'])
    this.#report.check(blocks === this.segments, 'log.db', `has ${blocks} blocks for ${this.segments} segments`)
    for (const [scope, first] of this.#erasedScopes) {
      const isSaid = first < (this.#erasures.get(scope) ?? 0)
      this.#report.check(isSaid, `content key of ${scope}`, 'was destroyed, and no record says so')
    }
  }

  /** Checks the signature of each stored checkpoint, and that none went back. */
  #checkNotes(): void {
    const rows = this.#db.prepare(
      `SELECT ${NOTE_COLUMNS} FROM checkpoints NOT INDEXED WHERE length(note) <= ${MAX_NOTE_BYTES} ORDER BY id`,
    )
    let previousSize = 0
    let previousId = 0
    for (const row of rows.iterate()) {
      const note = noteOf(row)
      const where = `checkpoint ${note.id} of ${note.size} entries`
      const head = openCheckpoint(note.note, this.#key)
      if (typeof head === 'string') this.#report.add(where, head)
      else {
        const isSame = head.size === note.size && head.root.toString('hex') === note.root
        this.#report.check(isSame, where, 'has a row that says something else than its note')
      }
      this.#report.check(note.id === previousId + 1, where, 'does not follow the one before: one was taken out')
      this.#report.check(previousSize <= note.size, where, 'is smaller than the one before')
      previousSize = note.size
      previousId = note.id
      this.checkpoints++
      this.lastNote = note.note
      this.lastCheckpoint = { size: note.size, signedAt: String(row['signed_at']) }
    }
    const total = Number(this.#db.prepare('SELECT count(*) AS n FROM checkpoints').get()?.['n'])
    this.#report.check(total === this.checkpoints, 'log.db', 'has checkpoints that are too long to be any')
    this.#report.check(total > 0, 'log.db', 'has no checkpoint')
  }

  /** Compares the root with every checkpoint of the size reached. `notes` gives the others, smallest first. */
  #signedUpTo(notes: NoteRows): void {
    for (; this.#next !== undefined && this.#next.size <= this.tree.size; this.#next = nextNote(notes)) {
      const note = this.#next
      // Checkpoints are signed between transactions, and a transaction ends with a segment.
      const isReached = note.size === this.tree.size
      const isSame = isReached && note.root === this.tree.root().toString('hex')
      const where = `checkpoint ${note.id} of ${note.size} entries`
      const what = 'is not the root of the entries before it'
      // One changed leaf changes every root after it; where a root was right again, what is wrong with the next is news.
      if (!isSame && isReached && this.#isAstray) this.#report.follow(where, what, LATER_ROOTS)
      else this.#report.check(isSame, where, what)
      if (isReached) this.#isAstray = !isSame
    }
  }

  #segment(row: Record<string, unknown>): void {
    const first = Number(row['first'])
    const count = Number(row['count'])
    const where = `segment at entry ${first}`
    this.#report.check(first === this.#nextFirst, where, `does not follow entry ${this.#nextFirst - 1}`)
    this.#nextFirst = Number.isSafeInteger(first + count) ? first + count : first
    // What is left out or put in moves every entry after it to another place of the tree.
    if (first !== this.tree.size) this.#tiles.isShifted = true
    const fits =
      Number.isSafeInteger(count) &&
      count > 0 &&
      count <= MAX_SEGMENT_ENTRIES &&
      Number(row['leaf_bytes']) === count * LEAF_ENTRY_BYTES &&
      Number(row['sealed_bytes']) <= MAX_SEALED_BYTES
    if (!this.#report.check(fits, where, 'has sizes that no segment has')) return
    const block = this.#db.prepare('SELECT leaves, sealed FROM blocks WHERE first = ?').get(first)
    const keyId = Number(row['key_id'])
    const inDatabase = bytesOf(block?.['sealed'])
    // What is cold stands in a file of its own, and is held against the same leaves.
    const key = this.#contentKey(keyId)
    const isRead = inDatabase.length > 0 || this.#cold.isToBeRead(key !== undefined)
    const sealed = inDatabase.length > 0 || !isRead ? inDatabase : this.#cold.sealedOf({ first, count, keyId })
    const record: SegmentRecord = {
      first,
      count,
      keyId,
      agent: String(row['agent']),
      agentName: String(row['agent_name']),
      channel: String(row['channel']),
      source: String(row['source']),
      rawBytes: Number(row['raw_bytes']),
      leaves: bytesOf(block?.['leaves']),
      sealed: sealed ?? Buffer.alloc(0),
    }
    const stored = record.leaves.length + record.sealed.length
    if (isRead && sealed !== undefined)
      this.#report.check(stored === Number(row['stored_bytes']), where, 'does not have the stored size of its row')
    this.#leaves(record, String(row['recorded_at']))
    const scope = this.#scopes.get(record.keyId)
    if (scope !== undefined) this.#erasedScopes.set(scope, first)
    if (key === undefined) this.erased += count
    else if (sealed !== undefined) {
      const bodies = checkContent(record, key, this.#report) ?? []
      for (const [i, body] of bodies.entries()) this.#control(body, first + i)
    }
  }

  #leaves({ first, count, leaves }: SegmentRecord, recordedAt: string): void {
    for (let i = 0; i < count; i++) {
      const at = i * LEAF_ENTRY_BYTES
      const leaf = parseLeafEntry(leaves, at)
      const where = `entry ${first + i}`
      if (leaf === undefined) this.#report.add(where, 'is not a log entry of version 1')
      else
        this.#report.check(String(leaf.recordedAt) === recordedAt, where, 'has another recorded time than its segment')
      const hash = leafHash(leaves.subarray(at, at + LEAF_ENTRY_BYTES))
      this.#tiles.push(hash)
      this.tree.push(hash)
      this.#compareKept()
    }
  }

  /** Unlike our own, a checkpoint from elsewhere may lie anywhere, in the middle of a segment too. */
  #compareKept(): void {
    const { kept, tree } = this
    if (kept === undefined || kept.size !== tree.size) return
    const isSame = tree.root().equals(kept.root)
    this.#report.check(
      isSame,
      kept.name,
      `signs ${kept.size} entries that are not the first of this log: it was rewritten`,
    )
  }

  /** An entry that was checked before; undefined where its key is gone, or its segment was found damaged. */
  #statedContent(index: number): StatedContent | undefined {
    const row = this.#db.prepare(STATED_SQL).get(index)
    const [first, count, keyId] = [Number(row?.['first']), Number(row?.['count']), Number(row?.['key_id'])]
    const isThere = row !== undefined && index < first + count && count <= MAX_SEGMENT_ENTRIES
    if (!this.#report.check(isThere, `entry ${index}`, 'is stated, and is not in the log')) return undefined
    const key = this.#contentKey(keyId)
    if (key === undefined) return undefined
    if (this.#reread?.first !== first) {
      const inDatabase = bytesOf(row?.['sealed'])
      const sealed = inDatabase.length > 0 ? inDatabase : this.#cold.sealedOf({ first, count, keyId })
      const frame = sealed && openSegment({ first, count, keyId, sealed }, key)
      if (frame === undefined) return undefined
      this.#reread = { first, count, salt: key.salt, frame }
    }
    const { frame, salt } = this.#reread
    const i = index - first
    const leaf = parseLeafEntry(bytesOf(row?.['leaves']), i * LEAF_ENTRY_BYTES)
    const body = frame.bodies[i]
    if (leaf === undefined || body === undefined) return undefined
    return { leaf, salt, envelope: frame.envelope, body, masks: Buffer.from(frame.masks.get(i) ?? '') }
  }

  /** Files of cold storage that the log rests on. */
  get coldFiles(): number {
    return this.#cold.files
  }

  /** Undefined where the key was erased or cannot be unwrapped; the latter is reported, once. */
  #contentKey(id: number): SegmentKey | undefined {
    if (this.#keys.has(id)) return this.#keys.get(id)
    const row = this.#db.prepare('SELECT agent, data_class, retention, wrapped FROM content_keys WHERE id = ?').get(id)
    const wrapped = row?.['wrapped']
    const where = `content key ${id}`
    let key: SegmentKey | undefined
    if (row === undefined) this.#report.add(where, 'is absent')
    else if (wrapped === null) {
      this.#scopes.set(id, `${String(row['agent'])} ${String(row['data_class'])} ${String(row['retention'])}`)
    } else {
      key = unwrap(this.#master, bytesOf(wrapped))
      this.#report.check(key !== undefined, where, 'was not wrapped by the master key of this folder, or was changed')
    }
    this.#keys.set(id, key)
    return key
  }

  /** A run that was cut off may have written the file and moved nothing, so what was intended counts. */
  #noteCooled(detail: unknown): void {
    const digest = typeof detail === 'string' ? /^sha256 ([0-9a-f]{64}),/.exec(detail)?.[1] : undefined
    if (digest !== undefined) this.#cooled.add(digest)
  }

  #control(body: Buffer, index: number): void {
    const record = parseStrictJson(`${body.toString()}\n`)?.value
    if (member(record, 'kind') === 'gap') this.gaps++
    if (member(record, 'kind') === 'redaction') {
      const statement = { text: body.toString(), index }
      checkRestated(statement, (entry) => this.#statedContent(entry), this.#report)
    }
    if (member(record, 'action') === 'cool-log') this.#noteCooled(member(record, 'detail'))
    if (member(record, 'action') !== 'erase-content') return
    // A run that was cut off right after the intent may have erased what was stored together with it.
    const isDone = member(record, 'outcome') !== 'intended'
    this.#erasures.set(String(member(record, 'target')), isDone ? index : Number.POSITIVE_INFINITY)
  }
}

const LATER_ROOTS = 'later checkpoints are not the root of what is here'

/** Of the entry's row; all bounded when its segment was checked. */
const STATED_SQL = `SELECT s.first, s.count, s.key_id, b.leaves, b.sealed FROM segments s JOIN blocks b ON b.first = s.first
  WHERE s.first <= ? ORDER BY s.first DESC LIMIT 1`

const NOTE_COLUMNS = 'id, size, hex(root) AS root, note, CAST(signed_at AS TEXT) AS signed_at'

function noteOf(row: Record<string, unknown>): StoredNote {
  return {
    id: Number(row['id']),
    size: Number(row['size']),
    root: String(row['root']).toLowerCase(),
    note: String(row['note']),
  }
}

function nextNote(rows: NoteRows): StoredNote | undefined {
  const { done, value } = rows.next()
  return done === true ? undefined : noteOf(value)
}

function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.alloc(0)
}
