import type { ViewSources } from '../views/view-sources.ts'

/** Questions on what agents are made of, by route name; the value is what the route's handler needs. */
export type InventoryQuestions = Readonly<Record<never, never>>

export type InventoryQuestion = keyof InventoryQuestions

const QUESTIONS: ReadonlySet<string> = new Set<InventoryQuestion>([])

/** Answers from the inventory projection. */
export class InventoryQueries {
  readonly #sources: ViewSources

  constructor(sources: ViewSources) {
    this.#sources = sources
  }

  /** The route's answer; `undefined` where there is no such thing. Throws `QuestionError`. */
  answer(question: InventoryQuestion, _args: unknown): unknown {
    void this.#sources
    return question satisfies never
  }
}

export function isInventoryQuestion(question: string): question is InventoryQuestion {
  return QUESTIONS.has(question)
}
