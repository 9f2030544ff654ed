import { Worker } from 'node:worker_threads'
import { QUESTIONS_WAITING, VISIT_TOLD_MS, WORKER_YOUNG_MIB } from '../limits.ts'
import type { RuleReport } from '../rules/load-rules.ts'
import type { StageTimes } from '../incidents/stage-times.ts'
import type { Exportable, Exported, FromWorker, ToWorker, ViewQuestion, ViewQuestions, ViewsData } from './messages.ts'

/** A question that the worker could not answer; `status` is the HTTP status that says why. */
export class ViewError extends Error {
  override readonly name = 'ViewError'
  readonly status: number
  /** The server ends, as it was asked to: nothing is wrong. */
  readonly isEnding: boolean

  constructor(status: number, message: string, { isEnding = false }: { readonly isEnding?: boolean } = {}) {
    super(message)
    this.status = status
    this.isEnding = isEnding
  }
}

/** What proxies log for a client that closed its connection; it reaches nobody. */
const LEFT = 499

type Answered = string | Exportable | undefined
type Waiting = { readonly resolve: (answer: Answered) => void; readonly reject: (error: Error) => void }

export type Folded = Extract<FromWorker, { kind: 'folded' }>

type Heard = { readonly onBroken: (message: string) => void; readonly onRules: (report: RuleReport) => void }
type ClientOptions = ViewsData & Heard

/** The projection worker seen from the main thread. */
export class ViewsClient {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Set<(folded: Folded) => void>()
  readonly #followers = new Set<object>()
  readonly #namedListeners = new Set<(stages: StageTimes) => void>()
  readonly #filedListeners = new Set<(incidents: readonly string[]) => void>()
  readonly #ready = Promise.withResolvers<void>()
  #nextId = 1
  #visitedAt = -Infinity
  #cursor = 0
  #reach = 0
  #broken: string | undefined
  #isEnding = false

  /** Starts the worker on a data folder; resolves when it can answer. Rejects where it cannot start. */
  static async start(options: ClientOptions): Promise<ViewsClient> {
    const client = new ViewsClient(options)
    await client.#ready.promise
    return client
  }

  private constructor({ folder, rules, ...heard }: ClientOptions) {
    this.#worker = new Worker(workerUrl(), {
      workerData: { folder, rules } satisfies ViewsData,
      resourceLimits: { maxYoungGenerationSizeMb: WORKER_YOUNG_MIB },
    })
    this.#worker.on('message', (message: FromWorker) => this.#receive(message, heard))
    this.#worker.on('error', (error) => this.#fail(error.stack ?? error.message, heard))
  }

  /** Log entries folded so far. */
  get cursor(): number {
    return this.#cursor
  }

  /** Log entries that every projection has folded, the slowest too: what pages show reaches so far at least. */
  get reach(): number {
    return this.#reach
  }

  /** True once the worker has stopped for a fault; the log is recorded on, pages are not. */
  get isBroken(): boolean {
    return this.#broken !== undefined
  }

  /**
   * The route's answer as JSON text. Throws {@link ViewError}; 404 where there is no such thing, 499 once `left` says that
   * nobody waits for it any more.
   */
  async ask<N extends ViewQuestion>(question: N, args: ViewQuestions[N], left?: AbortSignal): Promise<string> {
    if (this.#waiting.size >= QUESTIONS_WAITING)
      throw new ViewError(503, `${QUESTIONS_WAITING} questions wait for their answers: ask again later`)
    const json = await this.#request((id) => ({ kind: 'ask', id, question, args }), left)
    if (typeof json !== 'string') throw new ViewError(404, 'not found')
    return json
  }

  async exportable(of: Exported): Promise<Exportable> {
    const exportable = await this.#request((id) => ({ kind: 'exportable', id, of }))
    if (typeof exportable !== 'object') throw new ViewError(404, `no ${of.kind} "${of.id}"`)
    return exportable
  }

  /** Throws the projection away and folds the log anew: after an erasure, what was derived must go too. */
  async rebuild(): Promise<void> {
    await this.#request((id) => ({ kind: 'rebuild', id }))
  }

  grown(size: number): void {
    this.#post({ kind: 'grown', size })
  }

  /** To be called for every request of a person: what can wait stands back then. */
  visited(): void {
    const now = performance.now()
    if (now - this.#visitedAt < VISIT_TOLD_MS) return
    this.#visitedAt = now
    this.#post({ kind: 'visited' })
  }

  /** Called after every folded batch; `events` are filled while somebody follows. */
  onFolded(listener: (folded: Folded) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Called with the times of each incident that is named. */
  onNamed(listener: (stages: StageTimes) => void): () => void {
    this.#namedListeners.add(listener)
    return () => this.#namedListeners.delete(listener)
  }

  /** Called with the ids of incidents that came or changed. */
  onFiled(listener: (incidents: readonly string[]) => void): () => void {
    this.#filedListeners.add(listener)
    return () => this.#filedListeners.delete(listener)
  }

  /** Asks for events with every batch until the returned function is called. */
  follow(): () => void {
    const follower = {}
    this.#followers.add(follower)
    this.#post({ kind: 'follow', on: true })
    return () => {
      this.#followers.delete(follower)
      if (this.#followers.size === 0) this.#post({ kind: 'follow', on: false })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#worker.once('exit', () => resolve())
    if (this.#broken !== undefined) return
    this.#isEnding = true
    this.#post({ kind: 'stop' })
    await promise
    this.#refuseAll(ending())
  }

  #request(message: (id: number) => ToWorker, left?: AbortSignal): Promise<Answered> {
    if (this.#broken !== undefined) return Promise.reject(new ViewError(503, `the projection stopped: ${this.#broken}`))
    if (this.#isEnding) return Promise.reject(ending())
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<Answered>()
    this.#waiting.set(id, { resolve, reject })
    this.#post(message(id))
    const leave = (): void => {
      this.#settle(id)?.reject(new ViewError(LEFT, 'nobody waits for this answer any more'))
      this.#post({ kind: 'left', id })
    }
    if (left?.aborted === true) leave()
    else left?.addEventListener('abort', leave, { once: true })
    return promise
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  #receive(message: FromWorker, heard: Heard): void {
    switch (message.kind) {
      case 'rules':
        heard.onRules(message.report)
        return
      case 'ready':
        this.#cursor = message.cursor
        this.#ready.resolve()
        return
      case 'reached':
        this.#reach = message.reach
        return
      case 'answer':
        this.#settle(message.id)?.resolve(message.json)
        return
      case 'exportable':
        this.#settle(message.id)?.resolve(message.exportable)
        return
      case 'failed':
        this.#settle(message.id)?.reject(new ViewError(message.status, message.message))
        return
      case 'folded':
        this.#cursor = message.cursor
        for (const listener of this.#listeners) listener(message)
        return
      case 'named':
        for (const listener of this.#namedListeners) listener(message.stages)
        return
      case 'filed':
        for (const listener of this.#filedListeners) listener(message.incidents)
        return
      case 'broken':
        this.#fail(message.message, heard)
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  #fail(message: string, { onBroken }: Heard): void {
    this.#broken = message
    this.#ready.reject(new ViewError(503, message))
    this.#refuseAll(new ViewError(503, 'the projection stopped'))
    onBroken(message)
  }

  #refuseAll(why: ViewError): void {
    for (const { reject } of this.#waiting.values()) reject(why)
    this.#waiting.clear()
  }
}

function ending(): ViewError {
  return new ViewError(503, 'the server is ending', { isEnding: true })
}

/** The worker beside this file: `.ts` in a checkout, `.js` once built. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)
}
