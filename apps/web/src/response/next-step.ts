import type { Answer, StandingWire } from '@holdfast/api'
import type { Plan } from './plan.ts'

/** Where the next step of the response is on the page of an incident, and what it is called. */
type NextStep = { readonly label: string; readonly href: '#plan' | '#respond' | '#scope' }

/** Undefined while it is not known. `plans`: the newest first. */
export function responseStep(
  plans: readonly Pick<Plan, 'state' | 'approval'>[] | undefined,
  {
    next,
    decided,
    whyNoPlan = [],
  }: {
    readonly next: StandingWire['next'] | undefined
    readonly decided: Answer<'planIncident'> | undefined
    /** Why none would come of the proposed rung; absent while it is not known. */
    readonly whyNoPlan?: Answer<'planIncident'>['whyNoPlan']
  },
): NextStep | undefined {
  const newest = plans?.[0]
  if (plans === undefined || next === undefined || decided === undefined) return undefined
  if (newest?.state === 'under-way') return { label: 'See what probes find', href: '#plan' }
  if (newest?.state === 'planned')
    return { label: newest.approval.missing.length === 0 ? 'Apply the plan' : 'Approve the plan', href: '#plan' }
  const canHold = newest !== undefined || whyNoPlan.length === 0
  if (next.do === 'scope' || !canHold) return { label: 'See what it reached', href: '#scope' }
  const code = decided.rungs.find(({ rung }) => rung === decided.rung)?.code ?? ''
  return { label: `Plan ${code} ${decided.rung}`, href: '#respond' }
}
