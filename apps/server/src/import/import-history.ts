import { randomUUID } from 'node:crypto'
import type { HistoryHeader } from '@holdfast/capture'
import type { ImportResult } from '@holdfast/api'
import { IMPORT_AGENTS_SHOWN, IMPORT_REJECTIONS_SHOWN } from '../limits.ts'
import { HttpError } from '../http/problem.ts'
import { HistoryReader } from './history-reader.ts'
import { historyPieces } from './history-lines.ts'
import type { ImportRequest } from './import-file.ts'

/** A history whose first line was read: the rest comes as it is sent. */
export type HistoryBody = { readonly header: HistoryHeader; readonly chunks: AsyncIterable<Uint8Array> }

type Counted = {
  readonly formats: Set<string>
  readonly agents: Set<string>
  readonly rejections: { readonly where: string; readonly why: string }[]
  stored: number
  duplicates: number
  rejected: number
  runs: number
}

/**
 * Loads a history of any size, piece by piece as it arrives. The batch and its clock are announced before the first entry
 * (architecture: days are counted by claimed time); how it ended stands in the log under the same id (FC3), and what is
 * left out is counted as a gap (FC4).
 */
export async function importHistory(
  { recorder, gaps, policy, name, by }: Omit<ImportRequest, 'bytes'>,
  { header, chunks }: HistoryBody,
): Promise<ImportResult> {
  const sender = { sender: by, channel: 'import' } as const
  if (policy === undefined) {
    const why = 'no capture policy is in force, so nothing may be stored: set one first'
    gaps.count({ ...sender, reason: 'refused-no-policy', detail: `${name}: ${why}` })
    throw new HttpError(409, why)
  }
  const { clock, tool } = header
  const actionId = randomUUID()
  await recorder.appendControl({ kind: 'import-batch', file: name, format: `history by ${tool}`, clock, by, actionId })
  const counted: Counted = {
    formats: new Set(),
    agents: new Set(),
    rejections: [],
    stored: 0,
    duplicates: 0,
    rejected: 0,
    runs: 0,
  }
  const action = { kind: 'operator-action', action: 'import', actionId, by, target: name } as const
  try {
    await readAll({ recorder, chunks, work: { file: name, credential: by, clock } }, counted)
  } catch (error) {
    const detail = `${detailOf(counted)}, then: ${error instanceof Error ? error.message : 'unknown fault'}`
    // What kept an entry out may keep this record out too; the caller hears of the first failure.
    await recorder.appendControl({ ...action, detail: detail.slice(0, 500), outcome: 'failed' }).catch(() => undefined)
    throw error
  }
  if (counted.rejected > 0) {
    const detail = `${name}: ${counted.rejections[0]?.why ?? ''}`
    gaps.count({ ...sender, reason: 'refused-rejected-records', detail, records: counted.rejected })
  }
  await recorder.appendControl({ ...action, detail: detailOf(counted), outcome: 'done' })
  const accepted = counted.stored + counted.duplicates
  return {
    read: accepted + counted.rejected,
    runs: counted.runs,
    accepted,
    duplicates: counted.duplicates,
    rejected: counted.rejected,
    format: `history+${[...counted.formats].toSorted().join('+')}`,
    clock,
    rejections: counted.rejections,
    agents: [...counted.agents],
  }
}

async function readAll(
  from: {
    readonly recorder: ImportRequest['recorder']
    readonly chunks: HistoryBody['chunks']
    readonly work: ConstructorParameters<typeof HistoryReader>[0]
  },
  counted: Counted,
): Promise<void> {
  await using reader = new HistoryReader(from.work)
  const reject = (where: string, why: string): void => {
    if (counted.rejections.length < IMPORT_REJECTIONS_SHOWN) counted.rejections.push({ where, why })
  }
  const skipped = ({ line, bytes }: { readonly line: number; readonly bytes: number }): void => {
    counted.rejected += 1
    reject(`${from.work.file} line ${line}`, `a line of ${bytes} bytes`)
  }
  for await (const piece of historyPieces(from.chunks, skipped)) {
    const read = await reader.read(piece)
    counted.runs += read.runs
    counted.rejected += read.rejectedTotal
    for (const { where, why } of read.rejected) reject(where, why)
    for (const format of read.formats) counted.formats.add(format)
    for (const slice of read.slices) {
      const receipt = await from.recorder.append(slice)
      counted.stored += receipt.stored
      counted.duplicates += receipt.duplicates
      for (const { envelope } of slice)
        if (counted.agents.size < IMPORT_AGENTS_SHOWN) counted.agents.add(envelope.agent)
    }
  }
}

function detailOf({ stored, duplicates }: Counted): string {
  return `${stored} entries stored, ${duplicates} duplicates`
}
