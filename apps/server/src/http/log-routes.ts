import type { Answer, Query } from '@holdfast/api'
import type { Checkpoint, LogReader, Recorder } from '@holdfast/recorder'
import { tlogProof } from '@holdfast/recorder'
import { HttpError } from './problem.ts'

/** The bytes of one entry as received, credentials masked. */
export function rawEntryOf(reader: LogReader, index: number): Answer<'getRawEntry'> {
  const entry = reader.entry(index)
  const leaf = reader.leaves(index, 1)
  if (entry === undefined) throw new HttpError(404, `the log has no entry ${index}`)
  return {
    index,
    recordedAt: entry.recordedAt.toString(),
    encoding: entry.envelope.encoding,
    leaf: leaf.toString('base64'),
    ...(entry.body === undefined ? {} : { body: Buffer.from(entry.body).toString('base64') }),
    bodyBytes: entry.body?.length ?? 0,
    masks: entry.masks.map((mask) => ({ ...mask })),
  }
}

/** Inclusion proof of an entry in the newest checkpoint, which is signed first where the entry is newer. */
export async function proofOf(recorder: Recorder, index: number): Promise<string> {
  if (index >= recorder.size) throw new HttpError(404, `the log has no entry ${index}`)
  const checkpoint = index < recorder.checkpoint().size ? recorder.checkpoint() : await recorder.signCheckpoint()
  return tlogProof(index, recorder.inclusionProof(index, checkpoint.size), checkpoint.note)
}

export function consistencyOf(recorder: Recorder, from: number, to = recorder.size): Answer<'getConsistency'> {
  if (to > recorder.size || from > to)
    throw new HttpError(400, `no proof from ${from} to ${to}: the log has ${recorder.size} entries`)
  return { from, to, proof: recorder.consistencyProof(from, to).map((hash) => hash.toString('base64')) }
}

/** Leaf entries one after the other; fewer than asked for at the end of the log. */
export function leavesOf(reader: LogReader, { from, count }: Query<'getLeaves'>): Buffer {
  return reader.leaves(from, count)
}

/** A checkpoint as the API shows it. */
export function checkpointOf({ note, size, rootHash }: Checkpoint): Answer<'getCheckpoint'> {
  return { note, size, rootHash }
}

/** A page of checkpoints, newest first. The cursor is the number of the last one on the page before. */
export function checkpointsOf(reader: LogReader, query: Query<'listCheckpoints'>): Answer<'listCheckpoints'> {
  const total = reader.checkpointCount()
  const before = query.cursor === undefined ? total + 1 : numberOf(query.cursor)
  const items = reader
    .checkpoints({ limit: query.limit ?? 100, before })
    .toReversed()
    .map(checkpointOf)
  const last = before - items.length
  return { items, total, ...(items.length > 0 && last > 1 ? { nextCursor: String(last) } : {}) }
}

function numberOf(cursor: string): number {
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new HttpError(400, 'cursor: not one that this list gave')
  return Number(cursor)
}
