import type { DatabaseSync } from 'node:sqlite'
import { LEAF_ENTRY_BYTES, parseLeafEntry } from './entry-proof.ts'
import type { Report } from './report.ts'
import { leafHash, RunningTree } from './rfc6962.ts'
import { checkContent, type SegmentKey, type SegmentRecord, unwrap } from './segment-content.ts'
import { openCheckpoint, type VerifierKey } from './signed-note.ts'
import { member, parseStrictJson } from './strict-json.ts'
import { TileCheck } from './tile-check.ts'

/** Above the writer's own bounds; a row that claims more is damaged, and is not read. */
const MAX_SEGMENT_ENTRIES = 65_536
const MAX_SEALED_BYTES = 80 * 1024 * 1024
const MAX_NOTE_BYTES = 4096

type StoredNote = { readonly id: number; readonly size: number; readonly root: string; readonly note: string }

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
  /** Scopes that the log says were erased. */
  readonly #erasures = new Set<string>()
  readonly #erasedScopes = new Set<string>()
  readonly tree = new RunningTree()
  segments = 0
  checkpoints = 0
  erased = 0
  gaps = 0
  lastNote: string | undefined
  lastCheckpoint: { readonly size: number; readonly signedAt: string } | undefined

  constructor(parts: {
    readonly db: DatabaseSync
    readonly key: VerifierKey
    readonly master: Buffer
    readonly report: Report
  }) {
    this.#db = parts.db
    this.#key = parts.key
    this.#master = parts.master
    this.#report = parts.report
    this.#tiles = new TileCheck(parts.db, parts.report)
  }

  run(): void {
    for (const row of this.#db.prepare('PRAGMA quick_check(20)').all()) {
      const answer = String(Object.values(row)[0])
      this.#report.check(answer === 'ok', 'log.db', answer)
    }
    const notes = this.#notes()
    this.#signedUpTo(notes)
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
    for (const { size } of notes) {
      this.#report.add(`checkpoint of ${size} entries`, `covers more than the ${this.tree.size} entries that are left`)
    }
    const blocks = Number(this.#db.prepare('SELECT count(*) AS n FROM blocks').get()?.['n'])
    this.#report.check(blocks === this.segments, 'log.db', `has ${blocks} blocks for ${this.segments} segments`)
    for (const scope of this.#erasedScopes) {
      this.#report.check(this.#erasures.has(scope), `content key of ${scope}`, 'was destroyed, and no record says so')
    }
  }

  /** Stored checkpoints, smallest first; each signature is checked, and that none went back. */
  #notes(): StoredNote[] {
    const rows = this.#db.prepare(
      `SELECT id, size, hex(root) AS root, note, CAST(signed_at AS TEXT) AS signed_at FROM checkpoints
        WHERE length(note) <= ${MAX_NOTE_BYTES} ORDER BY id`,
    )
    const notes: StoredNote[] = []
    for (const row of rows.iterate()) {
      const note = {
        id: Number(row['id']),
        size: Number(row['size']),
        root: String(row['root']).toLowerCase(),
        note: String(row['note']),
      }
      const where = `checkpoint ${note.id} of ${note.size} entries`
      const head = openCheckpoint(note.note, this.#key)
      if (typeof head === 'string') this.#report.add(where, head)
      else {
        const isSame = head.size === note.size && head.root.toString('hex') === note.root
        this.#report.check(isSame, where, 'has a row that says something else than its note')
      }
      this.#report.check(note.id === this.checkpoints + 1, where, 'does not follow the one before: one was taken out')
      const previous = notes.at(-1)
      this.#report.check(previous === undefined || previous.size <= note.size, where, 'is smaller than the one before')
      this.checkpoints++
      this.lastNote = note.note
      this.lastCheckpoint = { size: note.size, signedAt: String(row['signed_at']) }
      notes.push(note)
    }
    const total = Number(this.#db.prepare('SELECT count(*) AS n FROM checkpoints').get()?.['n'])
    this.#report.check(total === this.checkpoints, 'log.db', 'has checkpoints that are too long to be any')
    this.#report.check(total > 0, 'log.db', 'has no checkpoint')
    return notes.toSorted((a, b) => a.size - b.size)
  }

  /** Compares the root with every checkpoint of the size reached; takes those off the list. */
  #signedUpTo(notes: StoredNote[]): void {
    while (notes[0] !== undefined && notes[0].size <= this.tree.size) {
      const note = notes.shift()
      if (note === undefined) return
      // Checkpoints are signed between transactions, and a transaction ends with a segment.
      const isSame = note.size === this.tree.size && note.root === this.tree.root().toString('hex')
      this.#report.check(
        isSame,
        `checkpoint ${note.id} of ${note.size} entries`,
        'is not the root of the entries before it',
      )
    }
  }

  #segment(row: Record<string, unknown>): void {
    const first = Number(row['first'])
    const count = Number(row['count'])
    const where = `segment at entry ${first}`
    this.#report.check(first === this.tree.size, where, `does not follow entry ${this.tree.size - 1}`)
    const fits =
      Number.isSafeInteger(count) &&
      count > 0 &&
      count <= MAX_SEGMENT_ENTRIES &&
      Number(row['leaf_bytes']) === count * LEAF_ENTRY_BYTES &&
      Number(row['sealed_bytes']) <= MAX_SEALED_BYTES
    if (!this.#report.check(fits, where, 'has sizes that no segment has')) return
    const block = this.#db.prepare('SELECT leaves, sealed FROM blocks WHERE first = ?').get(first)
    const record: SegmentRecord = {
      first,
      count,
      keyId: Number(row['key_id']),
      agent: String(row['agent']),
      agentName: String(row['agent_name']),
      channel: String(row['channel']),
      source: String(row['source']),
      rawBytes: Number(row['raw_bytes']),
      leaves: bytesOf(block?.['leaves']),
      sealed: bytesOf(block?.['sealed']),
    }
    const stored = record.leaves.length + record.sealed.length
    this.#report.check(stored === Number(row['stored_bytes']), where, 'does not have the stored size of its row')
    this.#leaves(record, String(row['recorded_at']))
    const key = this.#contentKey(record.keyId)
    if (key === undefined) this.erased += count
    else for (const body of checkContent(record, key, this.#report) ?? []) this.#control(body)
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
    }
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
      this.#erasedScopes.add(`${String(row['agent'])} ${String(row['data_class'])} ${String(row['retention'])}`)
    } else {
      key = unwrap(this.#master, bytesOf(wrapped))
      this.#report.check(key !== undefined, where, 'was not wrapped by the master key of this folder, or was changed')
    }
    this.#keys.set(id, key)
    return key
  }

  #control(body: Buffer): void {
    const record = parseStrictJson(`${body.toString()}\n`)?.value
    if (member(record, 'kind') === 'gap') this.gaps++
    if (member(record, 'action') === 'erase-content') this.#erasures.add(String(member(record, 'target')))
  }
}

function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.alloc(0)
}
