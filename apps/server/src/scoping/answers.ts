import type { ViewQuestion, ViewQuestions } from '../views/messages.ts'
import type { ViewsClient } from '../views/client.ts'
import { ANSWERS_KEPT } from './limits.ts'

/**
 * Answers of the projection worker, kept until it has folded or judged something: a case asks for the same scope at every step,
 * and to draw one is to read all conversations of an incident.
 */
export class Answers {
  readonly #views: Pick<ViewsClient, 'ask' | 'onFolded'>
  readonly #kept = new Map<string, Promise<string>>()

  constructor(views: Pick<ViewsClient, 'ask' | 'onFolded'>) {
    this.#views = views
    views.onFolded(() => this.#kept.clear())
  }

  /** As `ViewsClient.ask`. What fails is asked again. */
  ask<N extends ViewQuestion>(question: N, args: ViewQuestions[N]): Promise<string> {
    const key = JSON.stringify([question, args])
    const known = this.#kept.get(key)
    if (known !== undefined) return known
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= ANSWERS_KEPT && oldest !== undefined) this.#kept.delete(oldest)
    const asked = this.#views.ask(question, args)
    this.#kept.set(key, asked)
    asked.catch(() => this.#kept.delete(key))
    return asked
  }
}
