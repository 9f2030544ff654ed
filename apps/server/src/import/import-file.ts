import { randomUUID } from 'node:crypto'
import type { ImportResult } from '@holdfast/api'
import type { DeclaredOptions } from '@holdfast/capture'
import type { CapturePolicy, GapReason } from '@holdfast/model'
import type { Recorder } from '@holdfast/recorder'
import type { GapCounter } from '../gap-counter.ts'
import { HttpError } from '../http/problem.ts'
import { ImportReader, type ImportSummary } from './import-reader.ts'

export type ImportRequest = {
  readonly recorder: Pick<Recorder, 'append' | 'appendControl'>
  readonly gaps: Pick<GapCounter, 'count'>
  readonly policy: CapturePolicy | undefined
  readonly name: string
  /** Change over to the thread that reads them: they are empty afterwards. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly by: string
  /** Of whom documents are that do not say it. */
  readonly declared?: DeclaredOptions
}

type Stored = { stored: number; duplicates: number }

/**
 * Loads one file. The batch is announced in the log, with its clock, before its first entry; how it ended stands there
 * under the same id (FC3). What is left out is counted as a gap (FC4).
 */
export async function importFile({
  recorder,
  gaps,
  policy,
  name,
  bytes,
  by,
  declared,
}: ImportRequest): Promise<ImportResult> {
  const refuse = (reason: GapReason, detail: string, records?: number): void =>
    gaps.count({ sender: by, channel: 'import', reason, detail, ...(records === undefined ? {} : { records }) })
  if (policy === undefined) {
    const why = 'no capture policy is in force, so nothing may be stored: set one first'
    refuse('refused-no-policy', `${name}: ${why}`)
    throw new HttpError(409, why)
  }
  await using reader = await ImportReader.start({
    file: name,
    bytes,
    credential: by,
    ...(declared === undefined ? {} : { declared }),
  })
  const { summary } = reader
  if (summary.format === 'unknown') {
    const why = summary.rejected[0]?.why ?? `${name}: not a recording that can be read`
    refuse('refused-malformed', `${name}: ${why}`)
    throw new HttpError(400, why)
  }
  const { format, clock, rejectedTotal } = summary
  const actionId = randomUUID()
  await recorder.appendControl({ kind: 'import-batch', file: name, format, clock, by, actionId })
  if (rejectedTotal > 0) refuse('refused-rejected-records', `${name}: ${summary.rejected[0]?.why ?? ''}`, rejectedTotal)
  const result = { kind: 'operator-action', action: 'import', actionId, by, target: name } as const
  const counted = { stored: 0, duplicates: 0 }
  try {
    await appendAll(recorder, reader, counted)
  } catch (error) {
    const detail = `${detailOf(counted)}, then: ${error instanceof Error ? error.message : 'unknown fault'}`
    // What kept an entry out may keep this record out too; the caller hears of the first failure.
    await recorder.appendControl({ ...result, detail: detail.slice(0, 500), outcome: 'failed' }).catch(() => undefined)
    throw error
  }
  await recorder.appendControl({ ...result, detail: detailOf(counted), outcome: 'done' })
  return answerOf(summary, counted)
}

async function appendAll(recorder: ImportRequest['recorder'], reader: ImportReader, counted: Stored): Promise<void> {
  for await (const groups of reader.slices()) {
    const receipt = await recorder.append(groups)
    counted.stored += receipt.stored
    counted.duplicates += receipt.duplicates
  }
}

function detailOf({ stored, duplicates }: Stored): string {
  return `${stored} entries stored, ${duplicates} duplicates`
}

function answerOf(summary: ImportSummary, { stored, duplicates }: Stored): ImportResult {
  return {
    // Records: every one that was read is either accepted or rejected.
    read: stored + duplicates + summary.rejectedTotal,
    runs: summary.runs,
    accepted: stored + duplicates,
    duplicates,
    rejected: summary.rejectedTotal,
    format: summary.format,
    clock: summary.clock,
    rejections: summary.rejected.map((rejection) => ({ ...rejection })),
    agents: [...summary.agents],
  }
}
