import type { StepsOfWork } from '@holdfast/detect'
import { CaseReader, type CaseSources } from '../incidents/case-reader.ts'
import type { KnownAgents } from '../incidents/known/known-agents.ts'
import type { Judge } from '../incidents/judge.ts'
import type { RulesInForce } from '../rules/rules-in-force.ts'
import { learnFrom } from './learn-from.ts'
import type { Taught } from './taught.ts'

/** Questions on what incidents teach, by route name. */
export type LearningQuestions = {
  /** {@link Taught}: what would change, and what it was held against. */
  learnFromIncident: { readonly incident: string }
}

export type LearningQuestion = keyof LearningQuestions

export function isLearningQuestion(question: string): question is LearningQuestion {
  return question === 'learnFromIncident'
}

type Sources = Omit<CaseSources, 'rules' | 'known'> & {
  readonly judge: Pick<Judge, 'showing'>
  readonly rules: RulesInForce
  readonly known: KnownAgents
}

/** Replays incidents; reads the log and what is known, and changes nothing. */
export class LearningQueries {
  readonly #sources: Sources
  readonly #cases: CaseReader

  constructor(sources: Sources) {
    this.#sources = sources
    this.#cases = new CaseReader(sources)
  }

  /** Step by step: a replay reads its chain many times, and other questions are answered meanwhile. */
  *answering(_question: LearningQuestion, args: unknown): StepsOfWork<Taught | undefined> {
    const { incident: id } = args as LearningQuestions['learnFromIncident'] // ViewsClient.ask types the arguments by the question
    const { judge, reader, workspace, store, conversations, known, rules, detector } = this.#sources
    const incident = (yield* judge.showing(id))?.incident
    if (incident === undefined) return undefined
    return yield* learnFrom(incident, {
      reader,
      workspace,
      incidents: store,
      conversations,
      cases: this.#cases,
      judging: { rules: rules.current, detector: detector.current, known },
      files: () => rules.files(),
    })
  }
}
