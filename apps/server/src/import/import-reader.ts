import { Worker } from 'node:worker_threads'
import type { DeclaredOptions } from '@holdfast/capture'
import type { AgentId, ClockKind, EntryGroup } from '@holdfast/model'
import { HttpError } from '../http/problem.ts'
import { IMPORT_HEAP_MIB } from '../limits.ts'

/** What the worker is given; the bytes change over to it. */
export type ImportWork = {
  readonly file: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly credential: string
  readonly declared?: DeclaredOptions
}

export type ImportSummary = {
  readonly kind: 'read'
  readonly format: string
  readonly clock: Exclude<ClockKind, 'live'>
  /** Runs, or OTLP requests, that were looked at. */
  readonly runs: number
  readonly rejectedTotal: number
  readonly rejected: readonly { readonly where: string; readonly why: string }[]
  readonly agents: readonly AgentId[]
}

/** The worker says first what it has read, and then one slice for each message that it gets. It ends after the last. */
export type FromImportWorker = ImportSummary | { readonly kind: 'slice'; readonly groups: readonly EntryGroup[] }

/** A file that a worker reads: parsing hundreds of megabytes must not keep a sender from its acknowledgement. */
export class ImportReader implements AsyncDisposable {
  readonly summary: ImportSummary
  readonly #worker: Worker
  readonly #answers: Answers

  /** Resolves once the file is read. Throws HttpError 413 where it does not fit into memory while it is read. */
  static async start(work: ImportWork): Promise<ImportReader> {
    const isSource = import.meta.url.endsWith('.ts')
    const worker = new Worker(new URL(`./import-worker.${isSource ? 'ts' : 'js'}`, import.meta.url), {
      workerData: work,
      execArgv: isSource ? ['--conditions=@holdfast/source'] : [],
      transferList: [work.bytes.buffer],
      resourceLimits: { maxOldGenerationSizeMb: IMPORT_HEAP_MIB },
    })
    const answers = new Answers(worker)
    try {
      const first = await answers.next()
      if (first?.kind !== 'read') throw new Error('the import worker ended before it had read the file')
      return new ImportReader(worker, answers, first)
    } catch (error) {
      await worker.terminate()
      throw error
    }
  }

  private constructor(worker: Worker, answers: Answers, summary: ImportSummary) {
    this.#worker = worker
    this.#answers = answers
    this.summary = summary
  }

  /** The entries, in pieces that are small enough to be appended each at once. */
  async *slices(): AsyncGenerator<readonly EntryGroup[]> {
    for (;;) {
      this.#worker.postMessage('next')
      const answer = await this.#answers.next()
      if (answer === undefined) return
      if (answer.kind === 'slice') yield answer.groups
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}

/** What the worker says, one at a time; undefined once it has ended, and an error where it failed. */
class Answers {
  #waiting = Promise.withResolvers<FromImportWorker | undefined>()

  constructor(worker: Worker) {
    worker.on('message', (message: FromImportWorker) => this.#waiting.resolve(message))
    worker.on('error', (error) => this.#waiting.reject(meaningOf(error)))
    worker.on('exit', () => this.#waiting.resolve(undefined))
    // A failure that comes when nobody asks is told to whoever asks next.
    this.#waiting.promise.catch(() => undefined)
  }

  async next(): Promise<FromImportWorker | undefined> {
    const answer = await this.#waiting.promise
    if (answer !== undefined) {
      this.#waiting = Promise.withResolvers()
      this.#waiting.promise.catch(() => undefined)
    }
    return answer
  }
}

function meaningOf(error: Error): Error {
  if (!('code' in error) || error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error
  return new HttpError(413, `the file needs more than ${IMPORT_HEAP_MIB} MiB of memory to be read: split it`)
}
