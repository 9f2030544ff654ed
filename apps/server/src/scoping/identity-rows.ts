import { principalName, type ScopeReport } from '@holdfast/observe'
import type { ScopedPrincipal } from '@holdfast/respond'
import type { AuditSources, CredentialRow, HolderRow, PrincipalRow } from './audit-answer.ts'
import { PROOFS_SHOWN } from './limits.ts'
import type { Material } from './material.ts'
import { grantsOf } from './reach-facts.ts'

type Principals = readonly ScopedPrincipal[]

/** Principals with the paths by which documents let them act; one without a path is to be explained by somebody. */
export function principalRows(
  principals: Principals,
  reports: ReadonlyMap<string, ScopeReport | undefined>,
): readonly PrincipalRow[] {
  return principals.map(({ agent, name, authority, isMisused, used }): PrincipalRow => {
    const report = reports.get(agent)
    const rows =
      report === undefined ? [] : grantsOf(report).filter(({ grant }) => principalName(grant.principal) === name)
    return {
      key: `${agent} ${name}`,
      agent,
      principal: name,
      authority,
      isMisused,
      used: used.slice(0, PROOFS_SHOWN).map((use) => ({ ...use })),
      paths: rows.slice(0, PROOFS_SHOWN).map(({ grant, evidence }) => ({
        via: [...grant.via],
        source: grant.source,
        statement: grant.statement,
        path: grant.path,
        entry: evidence.document.entry,
      })),
      // An act that no known statement lets stands among the gaps.
      unexplained: (report?.inventoryGaps ?? [])
        .filter(({ principal }) => principalName(principal) === name)
        .slice(0, PROOFS_SHOWN)
        .map(({ action, resource }) => ({ action, resource })),
    }
  })
}

/** Who else holds what was misused: agents that act as the same identity. Undefined where no identity is known to be misused. */
export function holderRows(
  misused: Principals,
  reports: ReadonlyMap<string, ScopeReport | undefined>,
  { othersAs }: AuditSources,
): readonly HolderRow[] | undefined {
  if (misused.length === 0) return undefined
  const isDescribed = misused.some(({ agent, name }) => {
    const report = reports.get(agent)
    return report !== undefined && grantsOf(report).some(({ grant }) => principalName(grant.principal) === name)
  })
  const own = new Set(reports.keys())
  const rows = misused.flatMap(({ name }) =>
    othersAs(name)
      .filter((holder) => !own.has(holder))
      .map((holder): HolderRow => ({ key: `${holder} ${name}`, holder, principal: name })),
  )
  const distinct = [...new Map(rows.map((row) => [row.key, row])).values()]
  // Without a document that says who may become the identity, silence is no proof that nobody else may.
  return isDescribed || distinct.length > 0 ? distinct : undefined
}

/** Credentials of misused identities; one is dead where its authority recorded that it was taken away, or refused it last. */
export function credentialRows(
  { events }: { readonly events: readonly CredentialUse[] },
  misused: Principals,
): readonly CredentialRow[] {
  const names = new Set(misused.map(({ name }) => name))
  type Seen = {
    readonly principal: string
    readonly entries: number[]
    at: bigint
    state: CredentialRow['state']
    words: string
  }
  const seen = new Map<string, Seen>()
  const calls = events.flatMap((event) => (event.body.kind === 'api-call' ? [{ event, body: event.body }] : []))
  for (const { event, body } of calls.toSorted((a, b) => (a.event.claimedAt < b.event.claimedAt ? -1 : 1))) {
    const name = principalName(body.principal.id)
    const credential = body.principal.credential
    if (credential === undefined || !names.has(name)) continue
    // An authority that finds a credential expired calls the request failed, not forbidden.
    const isRefused = body.decision !== 'allowed' && /expired|invalid|inactive|disabled/i.test(body.errorCode ?? '')
    const row = seen.get(credential) ?? { principal: name, entries: [], at: 0n, state: 'live', words: '' }
    seen.set(credential, row)
    row.at = event.claimedAt
    row.state = isRefused ? 'dead' : 'live'
    row.words = isRefused
      ? `refused last: ${(body.errorCode ?? '').slice(0, 100)}`
      : 'let last, and nobody recorded that it was taken away'
    if (row.entries.length < PROOFS_SHOWN) row.entries.push(event.entry)
  }
  for (const { event, body } of calls) {
    if (!TAKES_AWAY.test(body.action) || body.decision !== 'allowed') continue
    for (const [credential, row] of seen)
      if (body.resources.some((resource) => resource.includes(credential)) && event.claimedAt >= row.at) {
        row.state = 'dead'
        row.words = `taken away by ${body.action}`
        row.entries.push(event.entry)
      }
  }
  return [...seen].map(([credential, { principal, entries, state, words }]): CredentialRow => ({
    key: `${principal} ${credential}`,
    principal,
    credential,
    state,
    words,
    entries,
  }))
}

type CredentialUse = Pick<Material['events'][number], 'claimedAt' | 'entry' | 'body'>

const TAKES_AWAY =
  /^iam:(?:DeleteAccessKey|UpdateAccessKey)$|(?:keys|serviceAccountKeys)\.(?:delete|disable)$|^delete secrets$/
