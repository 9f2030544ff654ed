import { Worker } from 'node:worker_threads'
import type { FirstPages } from './views.ts'

/** Runs {@link file://./warm-worker.ts}, one at a time. A favour: where it fails, the page is derived when it is opened. */
export class Warmer {
  readonly #folder: string
  readonly #keep: (pages: FirstPages) => void
  #worker: Worker | undefined

  constructor(options: { readonly folder: string; readonly keep: (pages: FirstPages) => void }) {
    this.#folder = options.folder
    this.#keep = options.keep
  }

  get isBusy(): boolean {
    return this.#worker !== undefined
  }

  /** Derives the first pages of these conversations and hands them to `keep` as they come. */
  start(names: readonly string[]): void {
    if (this.#worker !== undefined || names.length === 0) return
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./warm-worker.${extension}`, import.meta.url), {
      workerData: { folder: this.#folder, names },
    })
    this.#worker = worker
    worker.on('message', (pages: FirstPages) => this.#keep(pages))
    // Its failure is nobody's loss but a second of whoever opens the page.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      this.#worker = undefined
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate()
  }
}
