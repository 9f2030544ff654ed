import type { StepsOfWork } from '@holdfast/detect'

type Question = { readonly id: number; readonly steps: StepsOfWork<string | undefined> }

type Parts = {
  readonly sliceMs: number
  readonly nowMs: () => number
  readonly onAnswer: (id: number, json: string | undefined) => void
  readonly onFault: (id: number, error: unknown) => void
}

/**
 * Answers long questions bit by bit, so that others are answered between, and the log is folded on. However many there are,
 * one slice is done at a time: what comes new begins first, and takes turns with the others then.
 */
export class Slices {
  readonly #parts: Parts
  #waiting: Question[] = []
  #next: NodeJS.Immediate | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  add(question: Question): void {
    this.#waiting.unshift(question)
    this.#schedule()
  }

  /** Leaves a question that nobody waits for any more. */
  drop(id: number): void {
    this.#waiting = this.#waiting.filter((question) => question.id !== id)
  }

  /** Drops what is left. */
  [Symbol.dispose](): void {
    clearImmediate(this.#next)
    this.#waiting = []
  }

  #schedule(): void {
    if (this.#waiting.length > 0) this.#next ??= setImmediate(() => this.#slice())
  }

  #slice(): void {
    this.#next = undefined
    const question = this.#waiting.shift()
    if (question === undefined) return
    const { id, steps } = question
    const { sliceMs, nowMs, onAnswer, onFault } = this.#parts
    const end = nowMs() + sliceMs
    try {
      let step = steps.next()
      while (step.done !== true && nowMs() < end) step = steps.next()
      if (step.done === true) onAnswer(id, step.value)
      else this.#waiting.push(question)
    } catch (error) {
      onFault(id, error)
    }
    this.#schedule()
  }
}
