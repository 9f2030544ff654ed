import { ask, type HoldfastAddress } from '../holdfast.ts'
import type { JudgedIncident } from '../judged.ts'

// The shapes are those of the routes (packages/api).
type Scope = {
  readonly inventoryGaps: readonly unknown[]
  readonly undeclaredUse: readonly unknown[]
  readonly refused: readonly unknown[]
  readonly justified: readonly unknown[]
  readonly inheritedOverreach: readonly { readonly evidence: { readonly uses: number } }[]
}

/**
 * What any single step of an incident breaks: a call that no grant lets or that was refused, a use that nobody declared, an act
 * beyond the sandbox. Empty where every step is allowed by itself. `inherits`: a right that is only inherited is allowed.
 */
export async function policyFaults(
  holdfast: HoldfastAddress,
  {
    agent,
    incident,
    inherits = false,
  }: { readonly agent: string; readonly incident: JudgedIncident; readonly inherits?: boolean },
): Promise<readonly string[]> {
  const scope = await ask<Scope>(holdfast, `/agents/${encodeURIComponent(agent)}/scope`)
  const overreach = scope.inheritedOverreach.filter(({ evidence }) => evidence.uses > 0)
  const acts = incident.columns.find(({ type }) => type === 'runtime-execution-escape')?.for ?? []
  const called = incident.columns
    .flatMap((column) => column.for)
    .filter(({ signal = '' }) => signal.startsWith('authority/'))
  return [
    ...scope.inventoryGaps.map(() => 'a call that no known grant lets'),
    ...scope.undeclaredUse.map(() => 'a use that was not declared'),
    ...scope.refused.map(() => 'a refused call'),
    ...(inherits ? [] : overreach.map(() => 'a right that is only inherited was used')),
    ...(inherits ? [] : called.map(({ words }) => words)),
    ...acts.map(({ words }) => words),
    ...(scope.justified.length + overreach.length > 0
      ? []
      : ['nothing that an authority recorded was held against a grant']),
  ]
}
