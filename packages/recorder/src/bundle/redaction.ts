import { createHash, createHmac } from 'node:crypto'
import type { RedactedEntry, RedactedPart, RedactionRecord, Sha256 } from '@holdfast/model'
import { RecorderError } from '../errors.ts'
import { decodeLeaf, LEAF_BYTES } from '../leaf.ts'
import { MAX_STATED_PARTS } from '../limits.ts'
import type { LogReader, OpenedSegment } from '../log-reader.ts'
import type { HiddenRange, Redaction, StatedRedaction } from '../types.ts'

/**
 * Entries of a bundle whose salt may not leave, because one of its content key hides something: whoever holds the salt
 * and the rest of a body could try values until the digest of its leaf comes out.
 */
export function withheldKeys(reader: LogReader, redaction: Redaction): ReadonlySet<number> {
  const keys = new Set<number>()
  for (const [index, ranges] of redaction.hidden) {
    const segment = ranges.length === 0 ? undefined : reader.segment(index)
    if (segment?.frame === undefined) continue
    if (segment.envelope.channel === 'control')
      throw new RecorderError('invalid', `entry ${index} is a record of Holdfast itself: nothing in it can be hidden`)
    keys.add(segment.keyId)
  }
  return keys
}

/** Statements of what the bundle hands over under withheld keys; `entries` in order, without repeats. */
export function stateRedaction(
  reader: LogReader,
  { entries, redaction }: { readonly entries: readonly number[]; readonly redaction: Redaction },
): RedactionRecord[] {
  const withheld = withheldKeys(reader, redaction)
  const batches = new Batches(redaction)
  for (const index of entries) {
    const segment = reader.segment(index)
    if (segment?.frame === undefined || !withheld.has(segment.keyId)) continue
    batches.add(segment, statedEntry(segment, { index, redaction }))
  }
  return batches.records()
}

/** Gathers entries into records that each fit one body. */
class Batches {
  readonly #redaction: Redaction
  readonly #records: RedactionRecord[] = []
  #entries: RedactedEntry[] = []
  #envelopes = new Map<string, { readonly envelope: Sha256; readonly digest: Sha256 }>()
  #parts = 0

  constructor(redaction: Redaction) {
    this.#redaction = redaction
  }

  add(segment: OpenedSegment, entry: RedactedEntry): void {
    // Its envelope and masks count as parts: they take as much room.
    const parts = entry.parts.length + 3
    if (this.#parts > 0 && this.#parts + parts > MAX_STATED_PARTS) this.#close()
    this.#parts += parts
    this.#entries.push(entry)
    const { envelope } = entry
    if (this.#envelopes.has(envelope)) return
    const salt = envelopeSalt(segment, this.#redaction, envelope)
    this.#envelopes.set(envelope, { envelope, digest: digest(salt, segment.frame?.envelope ?? Buffer.alloc(0)) })
  }

  records(): RedactionRecord[] {
    if (this.#entries.length > 0) this.#close()
    return this.#records
  }

  #close(): void {
    const { actionId, by, target } = this.#redaction
    const envelopes = [...this.#envelopes.values()].toSorted((a, b) => (a.envelope < b.envelope ? -1 : 1))
    this.#records.push({ actionId, by, target, envelopes, entries: this.#entries })
    this.#entries = []
    this.#envelopes = new Map()
    this.#parts = 0
  }
}

function statedEntry(
  segment: OpenedSegment,
  { index, redaction }: { readonly index: number; readonly redaction: Redaction },
): RedactedEntry {
  const i = index - segment.summary.first
  const leaf = decodeLeaf(segment.leaves, i * LEAF_BYTES)
  if (leaf === undefined) throw new RecorderError('corrupt', `entry ${index} has no leaf: verify the log`)
  const body = segment.frame?.bodies[i] ?? Buffer.alloc(0)
  const parts = cut(body.length, { index, ranges: redaction.hidden.get(index) ?? [] }).map(
    ({ from, to, field, isQuoted }, part): RedactedPart => ({
      bytes: to - from,
      digest: digest(partSalt(segment, redaction, { index, part }), body.subarray(from, to)),
      ...(field === undefined ? {} : { field }),
      ...(isQuoted === undefined ? {} : { isQuoted }),
    }),
  )
  const masks = segment.frame?.masks.get(i)
  const entry = { entry: index, body: leaf.bodyDigest, envelope: leaf.envelopeDigest, parts }
  if (masks === undefined) return entry
  return { ...entry, masks: digest(partSalt(segment, redaction, { index, part: 'masks' }), Buffer.from(masks)) }
}

type Cut = { readonly from: number; readonly to: number; readonly field?: string; readonly isQuoted?: true }

/** The body as ranges that follow each other. More of them than one statement holds: the whole body is hidden. */
function cut(
  length: number,
  { index, ranges }: { readonly index: number; readonly ranges: readonly HiddenRange[] },
): readonly Cut[] {
  const cuts: Cut[] = []
  let at = 0
  for (const range of ranges) {
    if (range.from < at || range.to <= range.from || range.to > length)
      throw new RecorderError('invalid', `entry ${index}: bytes ${range.from} to ${range.to} cannot be hidden`)
    if (range.from > at) cuts.push({ from: at, to: range.from })
    cuts.push(range)
    at = range.to
  }
  if (at < length) cuts.push({ from: at, to: length })
  const isTooMany = cuts.length > MAX_STATED_PARTS / 2
  return isTooMany ? [{ from: 0, to: length, field: ranges[0]?.field ?? '' }] : cuts
}

/** A body as it is handed over: what is hidden gives way to as many bytes (docs/design/0003). */
export function redactedBody(body: Buffer, parts: readonly RedactedPart[]): Buffer {
  const copy = Buffer.from(body)
  let at = 0
  for (const { bytes, field, isQuoted } of parts) {
    if (field !== undefined) redactionMark(bytes, isQuoted === true).copy(copy, at)
    at += bytes
  }
  return copy
}

const MARK = '[redacted]'

/** `[redacted]` and asterisks, asterisks alone where there is no room, and in quotes where JSON needs a value. */
export function redactionMark(bytes: number, isQuoted: boolean): Buffer {
  // One byte can only be a digit, and a digit is a value.
  if (isQuoted && bytes < 2) return Buffer.alloc(bytes, '0')
  const room = isQuoted ? bytes - 2 : bytes
  const text = room < MARK.length ? '*'.repeat(room) : MARK.padEnd(room, '*')
  return Buffer.from(isQuoted ? `"${text}"` : text)
}

/** What `data/redactions.json` says of one statement: the salts of all that is handed over, in the statement's order. */
export type DisclosedSalts = {
  readonly statement: number
  readonly envelopes: readonly string[]
  readonly entries: readonly { readonly salts: readonly (string | null)[]; readonly masks?: string }[]
}

export function disclosedSalts(
  reader: LogReader,
  { statement, record }: StatedRedaction,
  redaction: Redaction,
): DisclosedSalts {
  const envelopes = new Map<string, string>()
  const entries = record.entries.map(({ entry: index, parts, masks, envelope }) => {
    const segment = reader.segment(index)
    // Erased since it was stated, a moment ago: an export of what is gone is not finished.
    if (segment?.key === undefined) throw new RecorderError('invalid', `entry ${index} was erased: export again`)
    envelopes.set(envelope, base64(envelopeSalt(segment, redaction, envelope)))
    const saltOf = (part: number | 'masks'): string => base64(partSalt(segment, redaction, { index, part }))
    const salts = parts.map(({ field }, part) => (field === undefined ? saltOf(part) : null))
    return { salts, ...(masks === undefined ? {} : { masks: saltOf('masks') }) }
  })
  return { statement, envelopes: record.envelopes.map(({ envelope }) => envelopes.get(envelope) ?? ''), entries }
}

function partSalt(
  segment: OpenedSegment,
  redaction: Redaction,
  { index, part }: { readonly index: number; readonly part: number | 'masks' },
): Buffer {
  return derivedSalt(segment, `${redaction.actionId}\n${index}\n${part}`)
}

function envelopeSalt(segment: OpenedSegment, redaction: Redaction, envelope: string): Buffer {
  return derivedSalt(segment, `${redaction.actionId}\nenvelope\n${envelope}`)
}

/** Derived, not drawn: whoever holds the log can make a statement's digests again, until the content key is erased. */
function derivedSalt({ key, summary }: OpenedSegment, place: string): Buffer {
  if (key === undefined) throw new RecorderError('invalid', `the content at entry ${summary.first} was erased`)
  return createHmac('sha256', key.salt).update(`holdfast/redaction/v1\n${place}`).digest()
}

function digest(salt: Buffer, content: Uint8Array): Sha256 {
  // 64 hex digits by construction.
  return createHash('sha256').update(salt).update(content).digest('hex') as Sha256
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64')
}
