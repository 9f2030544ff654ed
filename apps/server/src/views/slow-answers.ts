import { SLOW_ANSWER_MS } from '../limits.ts'

/** A question that takes a derivation; `isAwaited`: another thread is at it, and hands the answer over. */
export type SlowQuestion = { readonly answer: () => void; readonly isAwaited: () => boolean }

/**
 * Questions that take a derivation of a large graph, answered one by one after the quick ones that came with them. One
 * whose answer another thread is deriving waits for that instead of deriving it a second time.
 */
export class SlowAnswers {
  readonly #waiting: SlowQuestion[] = []
  #timer: NodeJS.Timeout | undefined

  add(question: SlowQuestion): void {
    this.#waiting.push(question)
    this.#schedule(SLOW_ANSWER_MS)
  }

  /** To be called when the other thread has handed something over, or has ended. */
  resume(): void {
    this.#schedule(0)
  }

  /** Drops what is left: deriving it would hold the end of the program up by seconds. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#waiting.length = 0
  }

  #schedule(delayMs: number): void {
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#next(), delayMs)
  }

  #next(): void {
    this.#timer = undefined
    const at = this.#waiting.findIndex(({ isAwaited }) => !isAwaited())
    const [question] = at === -1 ? [] : this.#waiting.splice(at, 1)
    if (question === undefined) return
    question.answer()
    this.#schedule(0)
  }
}
