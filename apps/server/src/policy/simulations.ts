import { randomUUID } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Answer } from '@holdfast/api'
import { HttpError } from '../http/problem.ts'
import { SIMULATIONS_KEPT, SIMULATIONS_WAITING } from './limits.ts'
import type { FromSimulation, SimulationData, SimulationTask } from './simulate.ts'

export type KeptSimulation = {
  readonly id: string
  readonly task: SimulationTask
  state: Answer<'getSimulation'>['state']
  read: number
  total: number
  failure?: string
  result?: Answer<'getSimulation'>['result']
}

/** Simulations, one running at a time in a thread of its own; a report names one by its id, so nobody can tell other numbers. */
export class Simulations implements AsyncDisposable {
  readonly #folder: string
  readonly #kept = new Map<string, KeptSimulation>()
  #running: { readonly worker: Worker; readonly ended: Promise<void> } | undefined
  #isClosed = false

  constructor({ folder }: { readonly folder: string }) {
    this.#folder = folder
  }

  /** Throws HttpError 503 where too many wait. */
  start(task: SimulationTask): string {
    const waiting = [...this.#kept.values()].filter(({ state }) => state === 'waiting' || state === 'running')
    if (waiting.length >= SIMULATIONS_WAITING)
      throw new HttpError(503, `${waiting.length} simulations wait: try again when one has ended`)
    const kept: KeptSimulation = { id: randomUUID(), task, state: 'waiting', read: 0, total: 0 }
    this.#kept.set(kept.id, kept)
    this.#forgetOldest()
    this.#next()
    return kept.id
  }

  get(id: string): KeptSimulation | undefined {
    return this.#kept.get(id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    const running = this.#running
    if (running === undefined) return
    await running.worker.terminate()
    await running.ended
  }

  #next(): void {
    if (this.#running !== undefined || this.#isClosed) return
    const kept = [...this.#kept.values()].find(({ state }) => state === 'waiting')
    if (kept === undefined) return
    kept.state = 'running'
    const data: SimulationData = { folder: this.#folder, task: kept.task }
    const worker = new Worker(workerUrl(), { workerData: data })
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    this.#running = { worker, ended }
    worker.on('message', (message: FromSimulation) => note(kept, message))
    worker.on('error', (error) => note(kept, { kind: 'failed', message: error.message }))
    worker.once('exit', () => {
      // Neither result nor failure was told: it was ended.
      if (kept.state === 'running') note(kept, { kind: 'failed', message: 'it was stopped before its end' })
      this.#running = undefined
      resolve()
      this.#next()
    })
  }

  #forgetOldest(): void {
    for (const { id, state } of this.#kept.values()) {
      if (this.#kept.size <= SIMULATIONS_KEPT) return
      if (state === 'done' || state === 'failed') this.#kept.delete(id)
    }
  }
}

function note(kept: KeptSimulation, message: FromSimulation): void {
  switch (message.kind) {
    case 'progress':
      kept.read = message.read
      kept.total = message.total
      return
    case 'done':
      kept.state = 'done'
      kept.read = message.result.entries
      kept.total = message.result.entries
      kept.result = message.result
      return
    case 'failed':
      kept.state = 'failed'
      kept.failure = message.message
      return
  }
}

function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './simulate-worker.ts' : './simulate-worker.js', import.meta.url)
}
