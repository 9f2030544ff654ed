import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { RecorderError } from '../errors.ts'
import type { BundleRequest, BundleSummary, Checkpoint } from '../types.ts'

/** What the worker is given. */
export type ExportWork = {
  readonly folder: string
  readonly request: BundleRequest
  readonly checkpoint: Checkpoint
  readonly verifierKey: string
  readonly signingKey: KeyObject
}

/** The one thing that it says. */
export type ExportAnswer =
  | { readonly status: 'written'; readonly summary: BundleSummary }
  | { readonly status: 'failed'; readonly code: RecorderError['code']; readonly message: string }

/** Writes a bundle on a thread of its own: 200,000 entries take minutes, in which others are acknowledged. */
export async function exportInWorker(work: ExportWork): Promise<BundleSummary> {
  const isSource = import.meta.url.endsWith('.ts')
  const worker = new Worker(new URL(`./export-worker.${isSource ? 'ts' : 'js'}`, import.meta.url), {
    workerData: work,
    execArgv: isSource ? ['--conditions=@holdfast/source'] : [],
  })
  // Rejects with what the worker threw.
  const [answer] = (await once(worker, 'message')) as [ExportAnswer] // export-worker.ts says nothing else
  if (answer.status === 'failed') throw new RecorderError(answer.code, answer.message)
  return answer.summary
}
