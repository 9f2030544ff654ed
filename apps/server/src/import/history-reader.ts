import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { HistoryHeader, Imported } from '@holdfast/capture'
import type { EntryGroup } from '@holdfast/model'
import { IMPORT_HEAP_MIB } from '../limits.ts'
import type { HistoryPiece } from './history-lines.ts'

export type HistoryWork = {
  readonly file: string
  readonly credential: string
  readonly clock: HistoryHeader['clock']
}

export type FromHistoryWorker = Pick<Imported, 'rejected' | 'rejectedTotal'> & {
  readonly formats: readonly string[]
  /** Runs, requests or records that were looked at. */
  readonly runs: number
  /** Each small enough to be appended at once. */
  readonly slices: readonly (readonly EntryGroup[])[]
}

/** A worker that reads pieces of a history as they arrive: parsing must not keep a sender from its acknowledgement. */
export class HistoryReader implements AsyncDisposable {
  readonly #worker: Worker

  constructor(work: HistoryWork) {
    const isSource = import.meta.url.endsWith('.ts')
    this.#worker = new Worker(new URL(`./history-worker.${isSource ? 'ts' : 'js'}`, import.meta.url), {
      workerData: work,
      execArgv: isSource ? ['--conditions=@holdfast/source'] : [],
      resourceLimits: { maxOldGenerationSizeMb: IMPORT_HEAP_MIB },
    })
  }

  /** What the piece holds. Its bytes change over to the worker. One call at a time. */
  async read(piece: HistoryPiece): Promise<FromHistoryWorker> {
    // `once` rejects where the worker fails before it answers.
    const answered = once(this.#worker, 'message')
    this.#worker.postMessage(piece, [piece.bytes.buffer])
    const [answer] = await answered
    return answer as FromHistoryWorker // history-worker.ts sends nothing else
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}
