import type { ContainmentRecord, UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { type CaseAction, type CaseState, RUNG_NATURE } from '@holdfast/respond'
import { CONTAINMENTS_KEPT } from '../containment/limits.ts'

type Hold = { readonly action: CaseAction; readonly agent: string; readonly since: UnixNano }

/** What was done to agents, each hold as its last step left it: what a case that is opened later, or after a restart, is told. */
export class KnownHolds {
  readonly #holds = new Map<string, Hold>()

  constructor(reader: Pick<LogReader, 'controls'>) {
    for (const { record, recordedAt } of reader.controls('containment')) this.note(record, recordedAt)
  }

  /** False where it is nothing that a case is told. */
  note(record: ContainmentRecord, at: UnixNano): boolean {
    const action = actionOf(record)
    if (action === undefined) return false
    const since = this.#holds.get(action.id)?.since ?? at
    this.#holds.delete(action.id)
    this.#holds.set(action.id, { action, agent: record.plan.agent, since })
    const [oldest] = this.#holds.keys()
    if (this.#holds.size > CONTAINMENTS_KEPT && oldest !== undefined) this.#holds.delete(oldest)
    return true
  }

  /**
   * Of these agents, what a case does not have yet: holds that stand, that it has in another state, or that were begun since
   * its incident was; what was over before that belongs to something else.
   */
  newsFor({ graphAt, actions }: CaseState, agents: readonly string[]): readonly CaseAction[] {
    return [...this.#holds.values()].flatMap(({ action, agent, since }) => {
      const known = actions.get(action.id)
      const isStanding = action.state === 'applied' || action.state === 'confirmed'
      const isOwn = agents.includes(agent) && (known !== undefined || isStanding || since >= graphAt)
      return isOwn && known?.state !== action.state ? [action] : []
    })
  }
}

/** Undefined for what was only asked for or was refused: it has done nothing to anybody. What a plan does is told by the plan. */
function actionOf({ containment, plan, planHash, state, response }: ContainmentRecord): CaseAction | undefined {
  if (state === 'requested' || state === 'refused' || response !== undefined) return undefined
  const { rung, agentName } = plan
  const { isReversible } = RUNG_NATURE[rung]
  return { id: containment, words: `${rung} of ${agentName}`, rung, isReversible, state, planHash }
}
