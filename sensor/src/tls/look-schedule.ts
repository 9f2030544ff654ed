import { LOOK_AGAIN_MS } from './limits.ts'

/**
 * Says when a process is to be looked at again, with one timer for all of them: a storm of short processes makes no timer
 * for each. Looks that come due together are made together.
 */
export class LookSchedule implements Disposable {
  readonly #look: (pid: number) => void
  /** One queue for each delay, so that each is in order of time by itself. */
  readonly #queues: readonly { readonly delay: number; readonly waiting: { pid: number; at: number }[] }[] =
    LOOK_AGAIN_MS.map((delay) => ({ delay, waiting: [] }))
  #timer: NodeJS.Timeout | undefined

  constructor(look: (pid: number) => void) {
    this.#look = look
  }

  add(pid: number): void {
    const now = performance.now()
    for (const { delay, waiting } of this.#queues) {
      // Those that wait are processes that run; a queue this long is a storm, and later looks make up for it.
      if (waiting.length < MAX_WAITING) waiting.push({ pid, at: now + delay })
    }
    this.#arm()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    for (const { waiting } of this.#queues) waiting.length = 0
  }

  #arm(): void {
    if (this.#timer !== undefined) return
    const next = Math.min(...this.#queues.map(({ waiting }) => waiting[0]?.at ?? Number.POSITIVE_INFINITY))
    if (!Number.isFinite(next)) return
    this.#timer = setTimeout(() => this.#run(), Math.max(1, next - performance.now()))
    this.#timer.unref()
  }

  #run(): void {
    this.#timer = undefined
    const now = performance.now()
    const due = new Set<number>()
    for (const { waiting } of this.#queues) {
      const still = waiting.findIndex(({ at }) => at > now)
      for (const { pid } of waiting.splice(0, still < 0 ? waiting.length : still)) due.add(pid)
    }
    for (const pid of due) this.#look(pid)
    this.#arm()
  }
}

const MAX_WAITING = 4_096
