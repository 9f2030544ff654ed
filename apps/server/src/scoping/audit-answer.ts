import type { Answer } from '@holdfast/api'
import { incidentNames } from '@holdfast/model'
import type { ScopeReport } from '@holdfast/observe'
import { channelRows } from './channel-rows.ts'
import { type Drawn, type KnownOfAgents, responseScope } from './derive-scope.ts'
import { credentialRows, holderRows, principalRows } from './identity-rows.ts'
import { AUDIT_ROWS } from './limits.ts'
import type { Material } from './material.ts'
import { reachRows } from './reach-rows.ts'
import { siblingRows } from './sibling-rows.ts'

/** What the projection worker answers: the rows of each audit; who looked at which is known to the main thread. */
export type AuditRows = Pick<Answer<'getIncidentAudit'>, 'incident'> & {
  /** By which records may speak of the incident. */
  readonly names: readonly string[]
  readonly siblings: readonly SiblingRow[]
  readonly channels: readonly ChannelRow[]
  readonly descriptions: readonly DescriptionRow[]
  readonly reach: readonly ReachRow[] | undefined
  readonly principals: readonly PrincipalRow[]
  readonly holders: readonly HolderRow[] | undefined
  readonly credentials: readonly CredentialRow[]
  /** Rows that bounds left out, by audit, and log entries of which nobody knows whether they are rows. */
  readonly cut: Readonly<Record<string, number>>
}

type Row<K extends keyof Answer<'getIncidentAudit'>> =
  NonNullable<Answer<'getIncidentAudit'>[K]> extends { rows: readonly (infer R)[] } ? Omit<R, 'mark' | 'isOpen'> : never
export type SiblingRow = Omit<Row<'siblings'>, 'isQuarantined' | 'notWithheld'>
export type ChannelRow = Row<'channels'>
export type DescriptionRow = Row<'descriptions'>
export type ReachRow = Row<'reach'>
export type PrincipalRow = Row<'principals'>
export type HolderRow = Row<'holders'>
export type CredentialRow = Row<'credentials'>

export type AuditSources = KnownOfAgents & {
  /** Items of the corpora of these agents, by the id that retrievals name. */
  readonly retrievedBy: (
    agent: string,
  ) => readonly { readonly origin: string; readonly entry: number; readonly event: string }[]
  /** Executions that retrieved an item, and how many there are in all. */
  readonly executionsOf: (origin: string) => { readonly conversations: readonly string[]; readonly total: number }
  readonly descriptionsOf: (agent: string) => readonly Omit<DescriptionRow, 'key' | 'agent'>[]
  readonly reportOf: (agent: string) => ScopeReport | undefined
  /** Other agents that are known to act as a principal. */
  readonly othersAs: (principal: string) => readonly string[]
}

/** What an audit asks about, each list within its bound; `cut` counts by list what the bounds left out. */
export function auditRows(material: Material, drawn: Drawn, sources: AuditSources): AuditRows {
  const scope = responseScope(material, drawn, sources)
  const cut: Record<string, number> = {}
  const bounded = <T>(name: string, rows: readonly T[]): readonly T[] => {
    cut[name] = material.cut + Math.max(0, rows.length - AUDIT_ROWS)
    return rows.slice(0, AUDIT_ROWS)
  }
  const reports = new Map(drawn.agents.map((agent) => [agent as string, sources.reportOf(agent)]))
  const misused = scope.principals.filter(({ isMisused }) => isMisused)
  const reach = reachRows(material, drawn)
  const holders = holderRows(misused, reports, sources)
  return {
    incident: material.incident.id,
    names: incidentNames(material.incident),
    siblings: bounded('siblings', siblingRows(material, scope.items, sources)),
    channels: bounded('channels', channelRows(material, drawn)),
    descriptions: bounded(
      'descriptions',
      drawn.agents.flatMap((agent) =>
        sources.descriptionsOf(agent).map((row) => ({ key: `${agent} ${row.server}/${row.tool}`, agent, ...row })),
      ),
    ),
    reach: reach === undefined ? undefined : bounded('reach', reach),
    principals: bounded('principals', principalRows(scope.principals, reports)),
    holders: holders === undefined ? undefined : bounded('holders', holders),
    credentials: bounded('credentials', credentialRows(material, misused)),
    cut,
  }
}
