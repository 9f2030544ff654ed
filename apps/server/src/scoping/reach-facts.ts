import { principalName, type ScopeReport, type ScopeRow } from '@holdfast/observe'
import type { Authority, CouldReach } from '@holdfast/respond'
import { REPORTS_ASKED } from './limits.ts'
import type { Material } from './material.ts'

/**
 * What identities of an incident could have reached by what documents grant them. Nobody knows what a tool could reach, nor an identity
 * that no known document describes: both stay unresolved.
 */
export function reachFacts({ events }: Material, reportOf: (agent: string) => ScopeReport | undefined): Authority {
  const agentsAs = new Map<string, Set<string>>()
  for (const { agent, body } of events) {
    if (body.kind !== 'identity' || body.principalKind === 'user' || body.principalKind === 'process') continue
    const name = principalName(body.principal)
    agentsAs.set(name, (agentsAs.get(name) ?? new Set()).add(agent.id))
  }
  const reports = new Map<string, ScopeReport | undefined>()
  const read = (agent: string): ScopeReport | undefined => {
    if (!reports.has(agent) && reports.size < REPORTS_ASKED) reports.set(agent, reportOf(agent))
    return reports.get(agent)
  }
  return {
    reachOf: ({ kind, name: label }) => {
      if (kind === 'tool') return undefined
      const name = principalName(label)
      // One that an agent's identity may become is described by that agent's documents.
      const holders = agentsAs.get(name) ?? [...reports.keys()]
      return reachIn(
        [...holders].flatMap((agent) => read(agent) ?? []),
        name,
      )
    },
  }
}

function reachIn(reports: readonly ScopeReport[], name: string): CouldReach | undefined {
  const rows = reports.flatMap((report) =>
    grantsOf(report).filter(({ grant }) => principalName(grant.principal) === name),
  )
  if (rows.length === 0) return undefined
  const resources = new Set(rows.flatMap(({ grant }) => grant.resources))
  const become = reports.flatMap(({ actsAs }) =>
    actsAs.some(({ principal }) => principalName(principal) === name)
      ? actsAs.filter(({ path }) => path === 'inherited').map(({ principal }) => principalName(principal))
      : [],
  )
  return {
    systems: [...new Set(rows.map(({ grant }) => `${grant.plane} ${serviceOf(grant.action)}`))],
    sources: [...resources].map((resource) => ({ name: resource })),
    classes: [],
    identities: [...new Set(become)].filter((other) => other !== name),
  }
}

/** `s3:GetObject` is of s3, `get secrets` of secrets, `storage.objects.get` of storage. */
function serviceOf(action: string): string {
  return /^([a-z0-9-]+):/i.exec(action)?.[1] ?? /^\S+ (\S+)/.exec(action)?.[1] ?? action.split('.')[0] ?? action
}

/** Every statement that lets an agent do something, used or idle; not those without effect. */
export function grantsOf(report: ScopeReport): readonly ScopeRow[] {
  return [
    ...report.justified,
    ...report.unusedExcess,
    ...report.inheritedOverreach,
    ...report.undeclaredUse,
    ...report.inScopeAnomalies,
    ...report.undetermined,
  ]
}
