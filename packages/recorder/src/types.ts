import type { AgentId, Channel, RedactionRecord, Sha256, UnixNano } from '@holdfast/model'

/** Answer to an append, given once all of it is durable. */
export type Receipt = {
  /** Index of the first entry stored by this append; the log's size at that moment where all were duplicates. */
  readonly from: number
  /** Entries stored. They are consecutive from `from`. */
  readonly stored: number
  /** Entries left out because the log already holds the same bytes under the same envelope: an exact retry. */
  readonly duplicates: number
}

/** A signed tree head. */
export type Checkpoint = {
  /** C2SP signed note (tlog-checkpoint). */
  readonly note: string
  readonly size: number
  readonly rootHash: Sha256
}

/** A checkpoint as it was stored. */
export type StoredCheckpoint = Checkpoint & { readonly signedAt: UnixNano }

export type RecorderStats = {
  readonly entries: number
  readonly segments: number
  /** Bytes of bodies, before compression. */
  readonly rawBytes: number
  /** Bytes of segments as stored, leaves included, tiles and index not. */
  readonly storedBytes: number
  /** Bytes waiting for the disk now. */
  readonly queueBytes: number
  /** A reader still keeps keys that were erased in the write-ahead log. */
  readonly isErasing: boolean
  /** Exact retries acknowledged and not stored again, since the log was made. */
  readonly duplicates: number
  /** Gap records in the log. */
  readonly gaps: number
  /** Appends refused since start, by reason. */
  readonly refused: { readonly overloaded: number; readonly unavailable: number; readonly invalid: number }
  readonly lastCheckpoint: { readonly size: number; readonly signedAt: UnixNano }
  /** `neededBytes`: below so many free bytes ordinary entries are refused. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number; readonly neededBytes: number }
}

/** Under which key content is encrypted: one key for each agent, data class, retention rule and calendar month. */
export type KeyScope = {
  readonly agent: AgentId
  readonly dataClass: string
  readonly retention: string
}

export type Erasure = {
  /** Content keys destroyed: one for each month that had content. */
  readonly keys: number
  /** Entries whose body and envelope can no longer be read. Their leaves and proofs stay valid. */
  readonly entries: number
  /** False where a reader kept the destroyed keys in the write-ahead log; `isErasing` of the stats says when they are gone. */
  readonly isGone: boolean
}

/** A run of entries that are stored together, without their content. */
export type SegmentSummary = {
  /** Index of the first entry. */
  readonly first: number
  readonly count: number
  readonly agent: AgentId
  readonly agentName: string
  readonly channel: Channel
  readonly claimedFrom: UnixNano
  readonly claimedTo: UnixNano
  readonly recordedAt: UnixNano
  readonly rawBytes: number
  readonly storedBytes: number
  /** The key was destroyed: entries of it have no body and no envelope. */
  readonly erased: boolean
}

/** Both clocks can be asked for; bounds are inclusive. `limit` and `from` page in log order. */
export type SegmentFilter = {
  readonly agent?: AgentId
  readonly channel?: Channel
  readonly recordedFrom?: UnixNano
  readonly recordedTo?: UnixNano
  readonly claimedFrom?: UnixNano
  readonly claimedTo?: UnixNano
  /** Only segments whose first entry is at or past this index. */
  readonly from?: number
  readonly limit?: number
}

export type AgentSummary = {
  readonly agent: AgentId
  readonly agentName: string
  readonly entries: number
  readonly firstRecordedAt: UnixNano
  readonly lastRecordedAt: UnixNano
  readonly claimedFrom: UnixNano
  readonly claimedTo: UnixNano
  readonly channels: readonly Channel[]
}

/** The leaf of an entry, decoded: digests only. */
export type Leaf = {
  readonly version: 1
  readonly recordedAt: UnixNano
  readonly envelopeDigest: Sha256
  readonly bodyDigest: Sha256
  readonly bodyBytes: number
}

/** The log as it was when evidence was sealed. */
export type BundleSeal = {
  readonly size: number
  /** In hex. */
  readonly rootHash: string
  /** RFC 3339. */
  readonly at: string
  /** Of the six artifacts, 0 to 1. */
  readonly completeness: number
}

export type BundleRequest = {
  /** Indices of the entries to hand over, in any order; repeats are dropped. */
  readonly entries: readonly number[]
  /** Written to `data/about.json`: what the bundle is about. Plain JSON values only. */
  readonly about: { readonly [key: string]: unknown }
  /** More files under `data/`, such as `graph.json`; names are `[A-Za-z0-9._-]` with `/`. Covered by the manifest. */
  readonly files?: ReadonlyMap<string, string | Uint8Array>
  /**
   * States of this log that were fixed before, smallest first. With them `data/seals.json` says which entries lie under which, and
   * proves that the log of the bundle begins with each.
   */
  readonly seals?: readonly BundleSeal[]
  /**
   * Hides bytes of bodies. The recorder puts salted digests of all parts of these records, and of all others under the same content
   * key, into the log first (SPEC.md, section 10); their salt stays out of the bundle. Control records cannot be hidden in.
   */
  readonly redaction?: Redaction
  /** Path of the zip to write. It appears whole or not at all. */
  readonly out: string
}

export type Redaction = {
  readonly actionId: string
  readonly by: string
  readonly target: string
  /** By entry; ranges in order and apart. */
  readonly hidden: ReadonlyMap<number, readonly HiddenRange[]>
}

/** Bytes `[from, to)` of a body. */
export type HiddenRange = {
  readonly from: number
  readonly to: number
  /** What the statement calls it. At most 256 characters. */
  readonly field: string
  readonly isQuoted?: true
}

/** A statement about redacted records, at its place in the log. */
export type StatedRedaction = { readonly statement: number; readonly record: RedactionRecord }

export type BundleSummary = {
  readonly path: string
  readonly bytes: number
  readonly sha256: Sha256
  readonly entries: number
  /** Entries whose content was erased: leaf and proof are in the bundle, body is not. */
  readonly missing: number
  readonly checkpoint: Checkpoint
}
