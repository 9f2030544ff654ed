import type { LearningWire } from '@holdfast/api'
import type { JudgedIncident } from '../incidents/judged.ts'
import type { Crew } from './crew.ts'
import { type DeedsOrder, LOOKED_AGAIN, usualDeeds } from './deeds.ts'
import type { HeldAgent } from './held.ts'
import { misread } from './misread.ts'
import { caseOf, workCase, type WorkedCase } from './work-case.ts'

export type ResponseOrder = Omit<DeedsOrder, 'onHeld'> & { readonly incident: JudgedIncident; readonly crew: Crew }

/** What came of the response to one incident. */
export type Responded = {
  /** Its id at the end: what came to light meanwhile joined it. */
  readonly incident: string
  /** What holds an agent of it at the end. */
  readonly rung: JudgedIncident['rung']
  readonly worked: WorkedCase
  readonly plans: readonly {
    readonly by: string
    readonly state: string
    readonly steps: readonly {
      readonly id: string
      readonly provider: string
      readonly state: string
      readonly detail: string
    }[]
    readonly left: readonly { readonly what: string; readonly why: string }[]
    /** From the creation of the graph to the last confirmation; absent where it is not confirmed. */
    readonly containedAfterMs: number | undefined
  }[]
  /** Agents that stayed, once the plan was confirmed. */
  readonly held: readonly HeldAgent[]
  /** Types that the case was taken for, in their order. */
  readonly types: readonly string[]
  /** What was done, and what became of it where the case was taken for another type before. */
  readonly actions: readonly { readonly words: string; readonly state: string; readonly settlement: string }[]
  /** What was learned from it last, with the steps at which the chain and its variant are named before and after. */
  readonly learned: Pick<LearningWire, 'state' | 'why' | 'figures'> | undefined
}

/** Works the incident of a scenario to its end, with agents that are still there to be held. */
export async function respondTo({ incident, crew, ...order }: ResponseOrder): Promise<Responded> {
  const held: HeldAgent[] = []
  // What the detector stated is what the crew confirms: the type is one of the three that the API knows.
  const type = incident.type as Parameters<typeof workCase>[0]['type']
  const { scenario, stage, told } = order
  const tell = (line: string): void => stage.tell(line)
  if (scenario.misread !== undefined) await misread(incident.id, crew, { type: scenario.misread, told, tell })
  const worked = await workCase({
    crew,
    incident: incident.id,
    type,
    deeds: usualDeeds({ ...order, onHeld: (agent) => void held.push(agent) }),
    again: LOOKED_AGAIN,
    tell,
  })
  const { items } = await crew.onCall.api.call('listResponsePlans', { params: { incident: incident.id } })
  const plans = items.map(({ appliedBy, state, steps, left, graphAt, confirmedAt }) => ({
    by: appliedBy ?? 'policy',
    state,
    steps: steps.map(({ id, provider, state: stands, detail }) => ({ id, provider, state: stands, detail })),
    left,
    containedAfterMs:
      confirmedAt === undefined ? undefined : Number((BigInt(confirmedAt) - BigInt(graphAt)) / 1_000_000n),
  }))
  // It may go by another id by now: what came to light later joined it.
  const { id, rung } = await crew.onCall.api.call('getIncident', { params: { incident: incident.id } })
  const { items: lessons } = await crew.onCall.api.call('listLearnings', { query: { incident: id } })
  const [learned] = lessons.map(({ state, why, figures }) => ({ state, why, figures }))
  const { types, actions } = await caseOf(crew.onCall, incident.id)
  return {
    incident: id,
    rung,
    worked,
    plans,
    held,
    learned,
    types: types.map(({ type }) => type),
    actions: actions.map(({ words, state, settlement }) => ({ words, state, settlement })),
  }
}
