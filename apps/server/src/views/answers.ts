import { finished, type StepsOfWork } from '@holdfast/detect'
import { type AuditQueries, type AuditQuestion, isAuditQuestion } from '../audit/audit-queries.ts'
import { type DriftQueries, type DriftQuestion, isDriftQuestion } from '../drift/drift-queries.ts'
import { type FleetQueries, type FleetQuestion, isFleetQuestion } from '../fleet/fleet-queries.ts'
import { type HuntQueries, type HuntQuestions, isHuntQuestion } from '../hunt/hunt-queries.ts'
import { type IncidentQueries, type IncidentQuestion, isIncidentQuestion } from '../incidents/incident-queries.ts'
import { type InventoryQueries, isInventoryQuestion } from '../inventory/inventory-queries.ts'
import { isLearningQuestion, type LearningQueries, type LearningQuestion } from '../learning/learning-queries.ts'
import { isPolicyQuestion, type PolicyQueries } from '../policy/policy-queries.ts'
import { isProfileQuestion, type ProfileQueries } from '../profile/profile-queries.ts'
import { isScopeQuestion, type ScopeQueries } from '../scope/scope-queries.ts'
import { isScopingQuestion, type ScopingQueries, type ScopingQuestion } from '../scoping/scoping-queries.ts'
import type { ViewQuestion } from './messages.ts'
import type { Views } from './views.ts'

/** Who answers which questions. */
export type Answerers = {
  readonly hunt: HuntQueries
  readonly audit: AuditQueries
  readonly fleet: FleetQueries
  readonly incidents: IncidentQueries
  readonly scoping: ScopingQueries
  readonly learning: LearningQueries
  readonly drift: DriftQueries
  readonly inventory: InventoryQueries
  readonly profile: ProfileQueries
  readonly policy: PolicyQueries
  readonly scope: ScopeQueries
  /** All that the others do not. */
  readonly views: Views
}

/** Brings each question to who answers it, and the answer into JSON. */
export class Answers {
  readonly #of: Answerers

  constructor(answerers: Answerers) {
    this.#of = answerers
  }

  /** The route's answer as JSON text; `undefined` where there is no such thing. Throws {@link QuestionError}. */
  json(question: ViewQuestion, args: unknown): string | undefined {
    const { inventory, profile, policy, scope, views } = this.#of
    if (isStepwise(question)) return finished(this.#steps(question, args))
    if (isInventoryQuestion(question)) return jsonOf(inventory.answer(question, args))
    if (isProfileQuestion(question)) return jsonOf(profile.answer(question, args))
    if (isPolicyQuestion(question)) return jsonOf(policy.answer(question, args))
    if (isScopeQuestion(question)) return jsonOf(scope.answer(question, args))
    return views.answerJson(question, args)
  }

  /** The same step by step, for questions that may take long; undefined for one that does not. */
  inSteps(question: ViewQuestion, args: unknown): StepsOfWork<string | undefined> | undefined {
    return isStepwise(question) ? this.#steps(question, args) : undefined
  }

  *#steps(question: StepwiseQuestion, args: unknown): StepsOfWork<string | undefined> {
    const { hunt, audit, fleet, incidents, scoping, learning, drift } = this.#of
    if (isHuntQuestion(question)) return jsonOf(yield* hunt.answering(question, args))
    if (isAuditQuestion(question)) return jsonOf(yield* audit.answering(question, args))
    if (isFleetQuestion(question)) return jsonOf(yield* fleet.answering(question, args))
    if (isIncidentQuestion(question)) return jsonOf(yield* incidents.answering(question, args))
    if (isScopingQuestion(question)) return jsonOf(yield* scoping.answering(question, args))
    if (isLearningQuestion(question)) return jsonOf(yield* learning.answering(question, args))
    return jsonOf(yield* drift.answering(question, args))
  }
}

type StepwiseQuestion =
  | keyof HuntQuestions
  | AuditQuestion
  | FleetQuestion
  | IncidentQuestion
  | ScopingQuestion
  | LearningQuestion
  | DriftQuestion

/** Questions that may take long: each is answered a step at a time, beside others. */
function isStepwise(question: ViewQuestion): question is StepwiseQuestion {
  return (
    isHuntQuestion(question) ||
    isAuditQuestion(question) ||
    isFleetQuestion(question) ||
    isIncidentQuestion(question) ||
    isScopingQuestion(question) ||
    isLearningQuestion(question) ||
    isDriftQuestion(question)
  )
}

/** Questions that no graph of the workspace is derived for. */
export function isOfNoGraph(question: ViewQuestion) {
  return (
    isStepwise(question) ||
    isInventoryQuestion(question) ||
    isProfileQuestion(question) ||
    isPolicyQuestion(question) ||
    isScopeQuestion(question)
  )
}

function jsonOf(answer: unknown): string | undefined {
  return answer === undefined ? undefined : JSON.stringify(answer)
}
