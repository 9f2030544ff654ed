import type { GrantFact, UseFact } from '@holdfast/enforce'
import { reconcileScope, type ScopeInput, type ScopeReport } from '@holdfast/observe'
import type { ScopeQueries } from '../scope/scope-queries.ts'
import { PROOFS_PER_ENTRY, USES_MOST } from './limits.ts'

export type AuthoritySource = Pick<ScopeQueries, 'inputOf'>

export type AuthorityFacts = {
  readonly grants: readonly GrantFact[]
  readonly uses: readonly UseFact[]
  readonly principals: readonly string[]
}

/** What an agent may and what it uses of it, over the window that its scope is reconciled over. */
export function authorityFacts(
  scope: AuthoritySource,
  { agent, at, now }: { readonly agent: string; readonly at: string | undefined; readonly now: string },
): AuthorityFacts {
  const nanos = String(BigInt(Date.parse(now)) * 1_000_000n)
  const input = scope.inputOf({ agent, query: at === undefined ? {} : { at }, now: nanos })
  return {
    grants: grantsOf(reconcileScope(input)),
    uses: usesOf(input),
    principals: [...new Set(input.uses.map(({ principal }) => principal))].toSorted(),
  }
}

function grantsOf(report: ScopeReport): readonly GrantFact[] {
  const rows = [
    ...report.justified,
    ...report.inScopeAnomalies,
    ...report.undeclaredUse,
    ...report.unusedExcess,
    ...report.inheritedOverreach,
    ...report.undetermined,
    ...report.withoutEffect,
  ]
  return rows.map(({ category, grant, evidence }) => ({
    plane: grant.plane,
    principal: grant.principal,
    action: grant.action,
    resources: grant.resources,
    path: grant.path,
    category,
    source: grant.source,
    statement: grant.statement,
    declaredBy: evidence.document.entry,
    uses: evidence.positions.slice(0, PROOFS_PER_ENTRY).toSorted((a, b) => a - b),
    useCount: evidence.uses,
    conditions: grant.conditions,
  }))
}

/** By principal, action and resource over all days; a use that was only refused is none. */
function usesOf({ uses }: ScopeInput): readonly UseFact[] {
  const groups = Map.groupBy(
    uses.filter(({ calls }) => calls > 0),
    ({ principal, action, resource }) => JSON.stringify([principal, action, resource]),
  )
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, some]): readonly UseFact[] => {
      const [first] = some
      if (first === undefined) return []
      const { plane, principal, action, resource } = first
      const entries = [...new Set(some.flatMap((use) => use.entries))].toSorted((a, b) => a - b)
      return [
        {
          plane,
          principal,
          action,
          resources: resource === '' ? [] : [resource],
          entries: entries.slice(0, PROOFS_PER_ENTRY),
          count: some.reduce((sum, { calls }) => sum + calls, 0),
          days: [...new Set(some.map(({ day }) => day))].toSorted(),
        },
      ]
    })
    .slice(0, USES_MOST)
}
