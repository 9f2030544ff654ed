import { learning, type LearningCase, type LearningOutcome, SHIPPED, type StepsOfWork } from '@holdfast/detect'
import type { CaseReader, CaseSources } from '../incidents/case-reader.ts'
import { keys } from '../incidents/keys.ts'
import { keys as viewKeys, lastPart } from '../views/keys.ts'
import { type DecisionDoc, decisionsIn } from './decisions.ts'
import { CASES_LEARNED, CONVERSATIONS_LOOKED, ORDINARY_READ } from './limits.ts'

/** Learns a version of the detector from what people decided and from ordinary cases of the log. */
export class Learner {
  readonly #sources: Pick<CaseSources, 'store' | 'workspace' | 'conversations'>
  readonly #cases: CaseReader

  constructor(sources: Pick<CaseSources, 'store' | 'workspace' | 'conversations'>, cases: CaseReader) {
    this.#sources = sources
    this.#cases = cases
  }

  /** `salt` hides which words the goals hold. Always from what ships: what was learned before stands in the log and is learned again. */
  *training(salt: string): StepsOfWork<LearningOutcome> {
    const confirmed: LearningCase[] = []
    const dismissed: LearningCase[] = []
    for (const doc of decisionsIn(this.#sources.store).slice(0, CASES_LEARNED)) {
      const cases = yield* this.#casesOf(doc)
      if (doc.decision === 'confirmed') confirmed.push(...cases)
      else dismissed.push(...cases)
    }
    return yield* learning(SHIPPED, { confirmed, dismissed, ordinary: yield* this.#ordinary() }, salt)
  }

  *#casesOf({ incident, conversations, decision }: DecisionDoc): StepsOfWork<readonly LearningCase[]> {
    const found: LearningCase[] = []
    for (const name of conversations) {
      const read = yield* this.#read(name, incident)
      if (read !== undefined) found.push(decision === 'confirmed' ? read : { ...read, acts: [] })
    }
    return found
  }

  /** The latest conversations that are no part of an incident. */
  *#ordinary(): StepsOfWork<readonly LearningCase[]> {
    const { workspace, store } = this.#sources
    const found: LearningCase[] = []
    let looked = 0
    for (let after: string | undefined; found.length < ORDINARY_READ && looked < CONVERSATIONS_LOOKED;) {
      const rows = workspace.scan({
        prefix: viewKeys.recents(),
        limit: 100,
        ...(after === undefined ? {} : { after }),
      })
      for (const [key] of rows) {
        after = key
        looked += 1
        const name = lastPart(key)
        if (found.length >= ORDINARY_READ || store.get(keys.evidence(name)) !== undefined) continue
        const read = yield* this.#read(name, name)
        if (read !== undefined && read.calls.length > 0) found.push({ ...read, acts: [] })
      }
      if (rows.length < 100) break
    }
    return found
  }

  *#read(name: string, id: string): StepsOfWork<LearningCase | undefined> {
    const { conversations } = this.#sources
    const [found] = conversations.called(name)
    const trace = found?.traces[0]
    const one = trace === undefined ? undefined : this.#cases.caseOf(trace)
    if (one === undefined) return undefined
    const { calls, deeds } = yield* this.#cases.calling(one)
    const agent = found?.doc.agents[0]?.[0] ?? ''
    return { id, agent, calls, acts: calls.filter(({ event }) => deeds.has(event)) }
  }
}
