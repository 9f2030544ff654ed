import type { ImportResult } from '@holdfast/api'
import { importRuns } from '@holdfast/capture'
import type { CapturePolicy } from '@holdfast/model'
import type { Recorder } from '@holdfast/recorder'
import { HttpError } from './http/problem.ts'

export type ImportRequest = {
  readonly recorder: Recorder
  readonly policy: CapturePolicy | undefined
  readonly name: string
  readonly bytes: Uint8Array
  readonly by: string
}

/** Groups appended together: what waits for the disk stays small, whatever the file's size. */
const GROUPS_PER_APPEND = 64
const REJECTIONS_SHOWN = 100

/** Loads one file. The batch is announced in the log, with its clock, before its first entry. */
export async function importFile({ recorder, policy, name, bytes, by }: ImportRequest): Promise<ImportResult> {
  if (policy === undefined)
    throw new HttpError(409, 'no capture policy is in force, so nothing may be stored: set one first')
  const read = importRuns({ file: name, bytes, credential: by })
  if (read.format === 'unknown')
    throw new HttpError(400, read.rejected[0]?.why ?? `${name}: not a recording that can be read`)
  await recorder.appendControl({ kind: 'import-batch', file: name, format: read.format, clock: read.clock, by })
  let stored = 0
  let duplicates = 0
  for (let i = 0; i < read.groups.length; i += GROUPS_PER_APPEND) {
    const receipt = await recorder.append(read.groups.slice(i, i + GROUPS_PER_APPEND))
    stored += receipt.stored
    duplicates += receipt.duplicates
  }
  return {
    // Records: every one that was read is either accepted or rejected.
    read: stored + duplicates + read.rejectedTotal,
    runs: read.read,
    accepted: stored + duplicates,
    duplicates,
    rejected: read.rejectedTotal,
    format: read.format,
    clock: read.clock,
    rejections: read.rejected.slice(0, REJECTIONS_SHOWN).map((rejection) => ({ ...rejection })),
    agents: [...new Set(read.groups.map(({ envelope }) => envelope.agent))].slice(0, 1_000),
  }
}
