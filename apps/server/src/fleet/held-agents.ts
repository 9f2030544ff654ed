import { RUNGS, type Rung } from '@holdfast/model'
import type { Containments } from '../containment/containments.ts'
import type { PlanBook } from '../response/plan-book.ts'
import { standingSteps } from '../response/plan-state.ts'

type HeldSources = {
  readonly containments: Pick<Containments, 'list'>
  readonly book: Pick<PlanBook, 'standing'>
}

/** Agents that are held now, each with the hardest rung or the cut that stands: by a sensor, or by steps of a response plan. */
export function heldAgents({ containments, book }: HeldSources): ReadonlyMap<string, string> {
  const rungs = new Map<string, Rung>()
  const cuts = new Map<string, string>()
  const note = (agent: string, rung: Rung): void => {
    const known = rungs.get(agent)
    if (known === undefined || RUNGS.indexOf(rung) > RUNGS.indexOf(known)) rungs.set(agent, rung)
  }
  for (const { record, isExpired } of containments.list()) {
    const { state, plan } = record
    if (!isExpired && (state === 'applied' || state === 'confirmed') && plan.rung !== 'watch')
      note(plan.agent, plan.rung)
  }
  for (const { agent, deed } of book.standing().flatMap(standingSteps)) {
    if (deed.kind === 'cut') cuts.set(agent, deed.verb)
    else if (deed.rung !== 'watch') note(agent, deed.rung)
  }
  return new Map<string, string>([...cuts, ...rungs])
}
