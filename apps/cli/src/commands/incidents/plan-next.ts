import { type OwnWords, ours } from '../../called-as.ts'
import type { ResponsePlanWire } from '@holdfast/api'
import { inert } from '../../render/inert.ts'
import { stands } from './response.ts'

/** What comes after being told what an incident asks for: where a plan of it is in effect already, that plan. */
export function planNext(incident: string, plans: readonly ResponsePlanWire[]): readonly (string | OwnWords)[] {
  const standing = plans.filter(stands)
  const make = ours`holdfast incidents plan ${incident} --make`
  if (standing.length === 0) return [ours`nothing was done: ${make}`]
  return [
    ...standing.map(({ hash, state, words }) => `plan ${hash.slice(0, 12)} is in effect: ${state}, ${inert(words)}`),
    ours`asking has changed nothing of that: holdfast incidents release ${incident} --reason TEXT --yes ends it, ${make} plans anew`,
  ]
}
