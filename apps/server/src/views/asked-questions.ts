import { JUDGE_ASKED_SLICE_MS, WANTS } from '../limits.ts'
import { takesLast } from './answer-cache.ts'
import { isOfNoGraph } from './answers.ts'
import { failureOf } from './failure.ts'
import type { FromWorker, ToWorker, ViewQuestion } from './messages.ts'
import type { OpenViews } from './open-views.ts'
import { Slices } from './slices.ts'
import { SlowAnswers } from './slow-answers.ts'
import { QuestionError } from './view-sources.ts'
import type { Derivation } from './views.ts'
import type { Warmer } from './warmer.ts'

export type AskedQuestionsParts = {
  readonly open: Pick<OpenViews, 'answering' | 'answerJson' | 'exportable' | 'views'>
  /** Derives large graphs in a thread of its own. */
  readonly warmer: Pick<Warmer, 'want' | 'isBusy' | 'restMs' | 'isDeriving'>
  /** True where the workspace has folded the whole log. */
  readonly isUpToDate: () => boolean
  readonly say: (message: FromWorker) => void
  /** Has what is shown read again: an older graph may have been answered where a newer one is there now. */
  readonly tell: () => void
}

type Asked = Omit<Extract<ToWorker, { readonly kind: 'ask' }>, 'kind'>

/** Answers what the server asks: quick questions at once, long ones bit by bit, and those that take a derivation one by one. */
export class AskedQuestions implements Disposable {
  readonly #parts: AskedQuestionsParts
  readonly #slow = new SlowAnswers()
  readonly #slices: Slices
  #askedAt = -Infinity

  constructor(parts: AskedQuestionsParts) {
    this.#parts = parts
    const { say } = parts
    this.#slices = new Slices({
      sliceMs: JUDGE_ASKED_SLICE_MS,
      nowMs: () => performance.now(),
      onAnswer: (id, json) => say({ kind: 'answer', id, json }),
      onFault: (id, error) => say({ kind: 'failed', id, ...failureOf(error) }),
    })
  }

  /** Milliseconds since a question came last. */
  get quietMs(): number {
    return performance.now() - this.#askedAt
  }

  ask({ id, question, args }: Asked): void {
    this.#askedAt = performance.now()
    const { open } = this.#parts
    const steps = open.answering(question, args)
    if (steps !== undefined) return this.#slices.add({ id, steps })
    const needs = this.#derivation(question, args)
    if (needs === undefined) return this.#reply({ id, question, args })
    this.#askDerived({ id, question, args }, needs)
  }

  exportable({ id, of }: Extract<ToWorker, { readonly kind: 'exportable' }>): void {
    this.#answer(id, () => ({ kind: 'exportable', id, exportable: this.#parts.open.exportable(of) }))
  }

  /** Leaves a question that nobody waits for any more. */
  drop(id: number): void {
    this.#slices.drop(id)
  }

  /** To be called when the other thread has handed something over, or has ended. */
  resume(): void {
    this.#slow.resume()
  }

  /** Drops what is left. */
  [Symbol.dispose](): void {
    this.#slices[Symbol.dispose]()
    this.#slow[Symbol.dispose]()
  }

  /** The last answer at once, where the question takes one; else it waits for its derivation. */
  #askDerived({ id, question, args }: Asked, needs: Derivation): void {
    const { open, warmer, isUpToDate, say, tell } = this.#parts
    const last = needs.first === undefined ? undefined : open.views.lastJson(needs.conversation, needs.first)
    let wants = 0
    const want = (): void => {
      // While the log grows, the graph is old again when it is there: it is then derived as often as rests allow.
      const isDue = isUpToDate() || warmer.restMs === 0
      if (last === undefined || !isDue || warmer.isBusy || wants === WANTS) return
      wants += 1
      warmer.want(needs.conversation)
    }
    want()
    if (last !== undefined && takesLast(question, args)) return say({ kind: 'answer', id, json: last })
    this.#slow.add({
      answer: () => {
        this.#reply({ id, question, args })
        if (last !== undefined) tell()
      },
      isAwaited: () => {
        const needed = this.#derivation(question, args)
        if (needed?.first === undefined) return false
        // What was being derived when the question came may have begun before the last record.
        want()
        return warmer.isDeriving(needed.conversation)
      },
    })
  }

  #reply({ id, question, args }: Asked): void {
    this.#answer(id, () => ({ kind: 'answer', id, json: this.#parts.open.answerJson(question, args) }))
  }

  #answer(id: number, ask: () => FromWorker): void {
    const { say } = this.#parts
    try {
      say(ask())
    } catch (error) {
      say({ kind: 'failed', id, ...failureOf(error) })
    }
  }

  /** A question that is none is told so by its answer. */
  #derivation(question: ViewQuestion, args: unknown): Derivation | undefined {
    if (isOfNoGraph(question)) return undefined
    try {
      return this.#parts.open.views.derivedFor(question, args)
    } catch (error) {
      if (error instanceof QuestionError) return undefined
      throw error
    }
  }
}
