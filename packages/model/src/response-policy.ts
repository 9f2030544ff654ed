import type { Rung } from './containment.ts'

/** What may be done about an incident without a person. */
export type ResponsePolicy = {
  /** `reversible`: what the ladder lets go by itself and can be undone. `table`: all that it lets go, the kill of row 4 as well. */
  readonly automatic: 'off' | 'reversible' | 'table'
  /** Two people say yes to these, whatever the ladder says: rungs, and agents by id or name. */
  readonly twoPerson: { readonly rungs: readonly Rung[]; readonly agents: readonly string[] }
  /** Agents at most that are held without a person in one minute. */
  readonly agentsAMinute: number
}
