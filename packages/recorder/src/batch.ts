import { hash } from 'node:crypto'
import type { BodyEncoding, EntryGroup, Envelope, UnixNano } from '@holdfast/model'
import type { ContentKey, ContentKeys } from './content-keys.ts'
import type { DedupeTable } from './dedupe.ts'
import { encodeEnvelope } from './envelope.ts'
import { encodeFrameHead, encodeMasks, sealFrame } from './frame.ts'
import { DIGESTS_AT, DIGESTS_BYTES, encodeLeaf, LEAF_BYTES } from './leaf.ts'
import type { RecorderLimits } from './limits.ts'
import type { LogStore } from './log-store.ts'
import { hashBodies } from './merkle/body-hasher.ts'
import { HASH_BYTES, hashLeaves } from './merkle/hash.ts'
import { termNumber } from './terms.ts'
import type { KeyScope, Receipt } from './types.ts'

/** Encodings whose bodies hold the ids of what they record. */
const NAMES_ITSELF: ReadonlySet<BodyEncoding> = new Set(['otlp-span-proto', 'otlp-span-json'])
/** Room for the head of a frame before its bodies: 4096 lengths and an envelope of ordinary size. */
const HEAD_ROOM = 64 * 1024
/** Offset of the body digest behind the envelope digest. */
const BODY_DIGEST_AT = 32

export type BatchParts = {
  readonly store: LogStore
  readonly keys: ContentKeys
  readonly dedupe: DedupeTable
  readonly limits: RecorderLimits
  /** Size of the log before this batch. */
  readonly size: number
  /** Recorded time of everything in the batch. */
  readonly at: UnixNano
  readonly scopeOf: (group: EntryGroup) => KeyScope
}

type OpenSegment = {
  readonly first: number
  readonly group: EntryGroup
  readonly envelope: Buffer
  readonly envelopeDigest: Buffer
  readonly key: ContentKey
  readonly lengths: number[]
  readonly masks: Map<number, string>
  readonly terms: Set<number>
  bytes: number
  claimedFrom: bigint
  claimedTo: bigint
}

/** SQLite's integers are signed; a claimed time past the year 2262 is found at that bound, and read exactly from the body. */
const MAX_TIME = (1n << 63n) - 1n

/** Digests of one group, and the bodies and leaves of the open segment. Grown on demand, reused by every batch. */
let digestScratch: Buffer = Buffer.allocUnsafe(1024 * HASH_BYTES)
let bodyScratch: Buffer = Buffer.allocUnsafe(HEAD_ROOM + 2 * 1024 * 1024)
let leafScratch: Buffer = Buffer.allocUnsafe(4096 * LEAF_BYTES)

/**
 * What one transaction appends: turns groups into segments, and writes each as it fills. Makes no object for an entry
 * but the views that hashing needs. Call {@link finish} once, inside the same transaction.
 */
export class Batch {
  readonly #parts: BatchParts
  #open: OpenSegment | undefined
  #size: number
  readonly #leafHashes: Buffer[] = []
  rawBytes = 0
  storedBytes = 0
  segments = 0
  duplicates = 0

  constructor(parts: BatchParts) {
    this.#parts = parts
    this.#size = parts.size
  }

  get size(): number {
    return this.#size
  }

  /** The groups of one append, in order. */
  addAll(groups: readonly EntryGroup[], keepRepeats: boolean): Receipt {
    const from = this.#size
    let duplicates = 0
    for (const group of groups) duplicates += this.add(group, keepRepeats).duplicates
    return { from, stored: this.#size - from, duplicates }
  }

  /** `keepRepeats`: store a body even if the log has it, as control records need: two equal starts are two starts. */
  add(group: EntryGroup, keepRepeats: boolean): Receipt {
    const from = this.#size
    const terms = group.terms.map(termNumber)
    let segment = this.#segmentFor(group, terms)
    const masks = masksOf(group)
    this.#hashBodies(group, segment.key.salt, masks)
    let duplicates = 0
    for (let i = 0; i < group.starts.length; i++) {
      // starts and ends have equal lengths, and lie within bytes: checked when the group was taken in.
      const start = group.starts[i] as number
      const end = group.ends[i] as number
      const bytes = end - start
      if (isFull(segment, bytes, this.#parts.limits)) {
        this.#seal()
        segment = this.#segmentFor(group, terms)
      }
      const n = segment.lengths.length
      this.#encodeLeaf(segment, i, bytes)
      if (!keepRepeats && this.#isRepeat(n * LEAF_BYTES + DIGESTS_AT, group)) {
        duplicates++
        continue
      }
      this.#parts.dedupe.add(leafScratch, n * LEAF_BYTES + DIGESTS_AT + 32, this.#size)
      const bodyAt = HEAD_ROOM + segment.bytes
      bodyScratch = grown(bodyScratch, bodyAt + bytes)
      copyBytes(group.bytes, start, end, bodyScratch, bodyAt)
      segment.bytes += bytes
      segment.lengths.push(bytes)
      const mask = masks.get(i)
      if (mask !== undefined) segment.masks.set(n, mask)
      this.#size++
    }
    this.duplicates += duplicates
    return { from, stored: this.#size - from, duplicates }
  }

  /** Writes the open segment, and returns the hashes of all leaves of the batch, one after another. */
  finish(): Buffer {
    this.#seal()
    return Buffer.concat(this.#leafHashes)
  }

  #segmentFor(group: EntryGroup, terms: readonly number[]): OpenSegment {
    const envelope = encodeEnvelope(group.envelope)
    const key = this.#parts.keys.for(this.#parts.scopeOf(group), this.#parts.at)
    let segment = this.#open
    if (segment === undefined || segment.key.id !== key.id || !segment.envelope.equals(envelope)) {
      this.#seal()
      const envelopeDigest = hash('sha256', Buffer.concat([key.salt, envelope]), 'buffer')
      segment = {
        first: this.#size,
        group,
        envelope,
        envelopeDigest,
        key,
        lengths: [],
        masks: new Map(),
        terms: new Set(),
        bytes: 0,
        claimedFrom: group.claimedFrom,
        claimedTo: group.claimedTo,
      }
      this.#open = segment
    }
    for (const term of terms) segment.terms.add(term)
    if (group.claimedFrom < segment.claimedFrom) segment.claimedFrom = group.claimedFrom
    if (group.claimedTo > segment.claimedTo) segment.claimedTo = group.claimedTo
    return segment
  }

  /** All digests of a group at once. All its segments have one key, and so one salt. */
  #hashBodies({ bytes, starts, ends }: EntryGroup, salt: Buffer, suffixes: ReadonlyMap<number, string>): void {
    digestScratch = grown(digestScratch, starts.length * HASH_BYTES)
    hashBodies({ bytes, starts, ends, salt, suffixes }, digestScratch)
  }

  /** Leaf of the next entry into its place; the place is used again where the entry turns out to be a repeat. */
  #encodeLeaf(segment: OpenSegment, i: number, bodyBytes: number): void {
    const at = segment.lengths.length * LEAF_BYTES
    leafScratch = grown(leafScratch, at + LEAF_BYTES)
    const { envelopeDigest } = segment
    const bodyDigest = { from: digestScratch, at: i * HASH_BYTES }
    encodeLeaf(leafScratch, at, { recordedAt: this.#parts.at, envelopeDigest, bodyDigest, bodyBytes })
  }

  /**
   * True where the log holds the same record. A span names itself in its bytes, so the same bytes from the same sender
   * are the same span whichever listener they came by; a log record does not, so its envelope must agree too. The sender
   * is the agent, whose key has a salt of its own, with credential and tier: otherwise who sends a copy of another's span
   * first would keep that one out.
   */
  #isRepeat(digestsAt: number, { envelope }: EntryGroup): boolean {
    const { dedupe, store } = this.#parts
    const open = this.#open
    const skipped = NAMES_ITSELF.has(envelope.encoding) ? BODY_DIGEST_AT : 0
    const from = digestsAt + skipped
    const to = digestsAt + DIGESTS_BYTES
    const isSame = (index: number): boolean => {
      if (open !== undefined && index >= open.first) {
        const at = (index - open.first) * LEAF_BYTES + DIGESTS_AT
        if (index >= this.#size) return false
        return leafScratch.compare(leafScratch, at + skipped, at + DIGESTS_BYTES, from, to) === 0
      }
      const stored = store.digestsAt(index)
      if (stored?.subarray(skipped).compare(leafScratch, from, to) !== 0) return false
      return skipped === 0 || isSentBy(envelope, store.sourceAt(index))
    }
    return dedupe.find(leafScratch, digestsAt + BODY_DIGEST_AT, this.#size, isSame) !== undefined
  }

  #seal(): void {
    const segment = this.#open
    this.#open = undefined
    if (segment === undefined || segment.lengths.length === 0) return
    const { first, key, lengths, masks, terms, bytes, group } = segment
    const count = lengths.length
    const head = encodeFrameHead(segment.envelope, lengths, masks)
    const frame = frameOf(head, bytes)
    const leaves = Buffer.from(leafScratch.subarray(0, count * LEAF_BYTES))
    const sealed = sealFrame(frame, key.key, { first, count, keyId: key.id })
    this.#leafHashes.push(hashLeaves(leaves, LEAF_BYTES, count))
    const { agent, agentName, channel, instance, credential, tier, encoding, clock } = group.envelope
    this.#parts.store.insertSegment({
      first,
      count,
      keyId: key.id,
      agent,
      agentName,
      channel,
      source: JSON.stringify({ instance, credential, tier, encoding, clock }),
      recordedAt: this.#parts.at,
      claimedFrom: clamp(segment.claimedFrom),
      claimedTo: clamp(segment.claimedTo),
      rawBytes: bytes,
      leaves,
      sealed,
      terms,
    })
    this.rawBytes += bytes
    this.storedBytes += leaves.length + sealed.length
    this.segments++
  }
}

/** Masks of the bodies that have any, as the bytes that their digests cover. */
function masksOf(group: EntryGroup): ReadonlyMap<number, string> {
  const encoded = new Map<number, string>()
  for (const [i, masks] of group.masks) {
    const text = encodeMasks(masks)
    if (text !== '') encoded.set(i, text)
  }
  return encoded
}

/** `source` is what Batch stored of an envelope. */
function isSentBy({ credential, tier }: Envelope, source: string | undefined): boolean {
  if (source === undefined) return false
  const stored = JSON.parse(source) as Pick<Envelope, 'credential' | 'tier'>
  return stored.credential === credential && stored.tier === tier
}

/** The head and the bodies behind it: without a copy where the head fits into the room before the bodies. */
function frameOf(head: Buffer, bytes: number): Buffer {
  const bodies = bodyScratch.subarray(HEAD_ROOM, HEAD_ROOM + bytes)
  if (head.length > HEAD_ROOM) return Buffer.concat([head, bodies])
  head.copy(bodyScratch, HEAD_ROOM - head.length)
  return bodyScratch.subarray(HEAD_ROOM - head.length, HEAD_ROOM + bytes)
}

function isFull(segment: OpenSegment, next: number, limits: RecorderLimits): boolean {
  const count = segment.lengths.length
  return count >= limits.segmentEntries || (count > 0 && segment.bytes + next > limits.segmentBytes)
}

function clamp(time: bigint): bigint {
  return time > MAX_TIME ? MAX_TIME : time
}

/** The same buffer, or one at least twice as large with the same content. */
function grown(buffer: Buffer, bytes: number): Buffer {
  if (bytes <= buffer.length) return buffer
  const larger = Buffer.allocUnsafe(Math.max(bytes, buffer.length * 2))
  buffer.copy(larger)
  return larger
}

function copyBytes(source: Uint8Array, start: number, end: number, target: Buffer, at: number): void {
  if (Buffer.isBuffer(source)) source.copy(target, at, start, end)
  else target.set(source.subarray(start, end), at)
}
