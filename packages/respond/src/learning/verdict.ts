import { LEAST_ORDINARY } from './limits.ts'
import { isEarlier, type Replayed } from './replay.ts'

/** What a change was held against before it may be applied. */
export type LearningFigures = {
  /** Events of the chain before it is named an incident that a rule could speak of and be tried on. */
  readonly earlierSteps: number
  /** The chain as it was recorded. */
  readonly chain: Replayed
  /** The same chain with other words and values, which the change was not made from. */
  readonly variant: Replayed
  /**
   * Conversations of the agent's ordinary past, those of them in which the change could have found something, and those in which it
   * found something that was not found before.
   */
  readonly ordinary: { readonly cases: number; readonly comparable: number; readonly newFindings: number }
}

/** `first-step`: it is caught with the first thing that was done already, and cannot be caught earlier. */
export type LearningVerdict =
  | { readonly status: 'accepted'; readonly why: string }
  | { readonly status: 'refused'; readonly why: string }
  | { readonly status: 'first-step'; readonly why: string }

/** Whether a change may be applied: both chains are caught strictly earlier, and nothing ordinary is called anything new. */
export function verdictOn({ earlierSteps, chain, variant, ordinary }: LearningFigures): LearningVerdict {
  if (chain.events === 0) return refused('nothing of the chain is recorded that could be replayed')
  if (chain.before.incident !== undefined && earlierSteps === 0)
    return {
      status: 'first-step',
      why: 'the chain is named an incident before anything that a rule could speak of and be tried on: nothing can be earlier',
    }
  if (ordinary.cases < LEAST_ORDINARY)
    return refused(
      `${ordinary.cases} ordinary conversations of its agents are known, and ${LEAST_ORDINARY} are needed to see false alarms`,
    )
  if (ordinary.newFindings > 0)
    return refused(`${ordinary.newFindings} of ${ordinary.cases} ordinary conversations would be called something new`)
  if (!isEarlier(chain)) return refused('the chain is not caught earlier')
  if (!isEarlier(variant)) return refused('the chain in other words and values is not caught earlier')
  const why = 'caught strictly earlier, in other words and values as well'
  if (ordinary.comparable >= LEAST_ORDINARY) return { status: 'accepted', why }
  return {
    status: 'accepted',
    why: `${why}; what it looks at was captured in ${ordinary.comparable} ordinary conversations, which say little about false alarms`,
  }
}

function refused(why: string): LearningVerdict {
  return { status: 'refused', why }
}
