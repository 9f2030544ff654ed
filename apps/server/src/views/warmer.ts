import { Worker } from 'node:worker_threads'
import { WARM_REST, WORKER_YOUNG_MIB } from '../limits.ts'
import type { FirstPages } from './views.ts'

export type FromWarmWorker =
  | { readonly kind: 'begun'; readonly name: string }
  | { readonly kind: 'pages'; readonly pages: FirstPages }

/** Runs {@link file://./warm-worker.ts}, one at a time. A favour: where it fails, the page is derived when it is opened. */
export class Warmer {
  readonly #folder: string
  readonly #keep: (pages: FirstPages) => void
  readonly #onIdle: () => void
  #worker: Worker | undefined
  /** The worker whose pages are kept: not one that began before a rebuild. */
  #heard: Worker | undefined
  #restUntil = 0
  /** The name whose conversations are being derived now. */
  #current: string | undefined

  /** `onIdle`: called when nothing more will be handed to `keep`. */
  constructor(options: {
    readonly folder: string
    readonly keep: (pages: FirstPages) => void
    readonly onIdle: () => void
  }) {
    this.#folder = options.folder
    this.#keep = options.keep
    this.#onIdle = options.onIdle
  }

  get isBusy(): boolean {
    return this.#worker !== undefined
  }

  /** Milliseconds until it may be started again. */
  get restMs(): number {
    return Math.max(0, this.#restUntil - performance.now())
  }

  /** True while the first pages of that conversation are being derived: they come sooner than if one began anew. */
  isDeriving(conversation: string): boolean {
    const name = this.#current
    return name !== undefined && (conversation === name || conversation.startsWith(`${name}~`))
  }

  /** What is being derived may hold what was erased: none of it is kept. */
  forget(): void {
    this.#heard = undefined
    this.#current = undefined
  }

  /** Begins with that conversation, unless it is at something else. */
  want(conversation: string): void {
    this.start([conversation])
  }

  /** Derives the first pages of these conversations and hands them to `keep` as they come. */
  start(names: readonly string[]): void {
    if (this.#worker !== undefined || names.length === 0) return
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./warm-worker.${extension}`, import.meta.url), {
      workerData: { folder: this.#folder, names },
      resourceLimits: { maxYoungGenerationSizeMb: WORKER_YOUNG_MIB },
    })
    this.#worker = worker
    this.#heard = worker
    this.#current = names[0]
    const begunAt = performance.now()
    worker.on('message', (message: FromWarmWorker) => {
      if (this.#heard !== worker) return
      switch (message.kind) {
        case 'begun':
          this.#current = message.name
          return
        case 'pages':
          this.#keep(message.pages)
      }
    })
    // Its failure is nobody's loss but a second of whoever opens the page.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      this.#worker = undefined
      this.#current = undefined
      const endedAt = performance.now()
      this.#restUntil = endedAt + WARM_REST * (endedAt - begunAt)
      this.#onIdle()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate()
  }
}
