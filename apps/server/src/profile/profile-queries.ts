import type { ViewSources } from '../views/view-sources.ts'

/** Questions on what agents normally do, by route name; the value is what the route's handler needs. */
export type ProfileQuestions = Readonly<Record<never, never>>

export type ProfileQuestion = keyof ProfileQuestions

const QUESTIONS: ReadonlySet<string> = new Set<ProfileQuestion>([])

/** Answers from the profile projection. */
export class ProfileQueries {
  readonly #sources: ViewSources

  constructor(sources: ViewSources) {
    this.#sources = sources
  }

  /** The route's answer; `undefined` where there is no such thing. Throws `QuestionError`. */
  answer(question: ProfileQuestion, _args: unknown): unknown {
    void this.#sources
    return question satisfies never
  }
}

export function isProfileQuestion(question: string): question is ProfileQuestion {
  return QUESTIONS.has(question)
}
