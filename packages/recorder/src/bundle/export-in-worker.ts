import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ControlRecord, RedactionRecord } from '@holdfast/model'
import { RecorderError } from '../errors.ts'
import type { BundleRequest, BundleSummary, Checkpoint, Receipt, StatedRedaction } from '../types.ts'

/** What the worker is given. */
export type ExportWork = WriteWork | StateWork

export type WriteWork = {
  readonly kind: 'write'
  readonly folder: string
  readonly request: BundleRequest
  readonly checkpoint: Checkpoint
  readonly verifierKey: string
  readonly signingKey: KeyObject
  readonly stated: readonly StatedRedaction[]
}

export type StateWork = {
  readonly kind: 'state'
  readonly folder: string
  readonly request: BundleRequest
}

/** The one thing that it says. */
export type ExportAnswer =
  | { readonly status: 'written'; readonly summary: BundleSummary }
  | { readonly status: 'stated'; readonly records: readonly RedactionRecord[] }
  | { readonly status: 'failed'; readonly code: RecorderError['code']; readonly message: string }

/** Writes a bundle on a thread of its own: 200,000 entries take minutes, in which others are acknowledged. */
export async function exportInWorker(work: Omit<WriteWork, 'kind'>): Promise<BundleSummary> {
  const answer = await inWorker({ kind: 'write', ...work })
  if (answer.status !== 'written') throw new TypeError('the export worker answers what it was asked')
  return answer.summary
}

/** Has in the log what a redacted bundle rests on, before that is made; read and digested on a thread of its own as well. */
export async function stateInWorker(
  folder: string,
  request: BundleRequest,
  appendControl: (record: ControlRecord) => Promise<Receipt>,
): Promise<readonly StatedRedaction[]> {
  if (request.redaction === undefined) return []
  const answer = await inWorker({ kind: 'state', folder, request })
  if (answer.status !== 'stated') throw new TypeError('the export worker answers what it was asked')
  const stated: StatedRedaction[] = []
  for (const record of answer.records) {
    const { from } = await appendControl({ kind: 'redaction', ...record })
    stated.push({ statement: from, record })
  }
  return stated
}

async function inWorker(work: ExportWork): Promise<Exclude<ExportAnswer, { readonly status: 'failed' }>> {
  const isSource = import.meta.url.endsWith('.ts')
  const worker = new Worker(new URL(`./export-worker.${isSource ? 'ts' : 'js'}`, import.meta.url), {
    workerData: work,
    execArgv: isSource ? ['--conditions=@holdfast/source'] : [],
  })
  // Rejects with what the worker threw.
  const [answer] = (await once(worker, 'message')) as [ExportAnswer] // export-worker.ts says nothing else
  if (answer.status === 'failed') throw new RecorderError(answer.code, answer.message)
  return answer
}
