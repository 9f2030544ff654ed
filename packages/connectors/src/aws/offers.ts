import type { Decision, ResponseScope, ScopedPrincipal } from '@holdfast/respond'

import type { Wanted } from '../offer.ts'
import type { AwsAccountConfig } from './config.ts'
import { parseUse, textOfUse } from './policies.ts'
import { isKeyId, parsePrincipal, principalText } from './principal.ts'

/** What the accounts could do for a decision, for identities that were misused: one that was only used is somebody's who is innocent. */
export function wantedOf(
  scope: ResponseScope,
  decision: Decision,
  accounts: readonly AwsAccountConfig[],
): readonly Wanted[] {
  const wanted = scope.principals
    .filter(({ authority, isMisused }) => authority === 'aws' && isMisused)
    .flatMap((principal) => cutsFor(principal, decision, accounts))
  // Several sessions of one role are one role.
  return [...new Map(wanted.map((one) => [JSON.stringify([one.agent, one.serves, one.target]), one])).values()]
}

function cutsFor(
  principal: ScopedPrincipal,
  decision: Decision,
  accounts: readonly AwsAccountConfig[],
): readonly Wanted[] {
  const parsed = parsePrincipal(principal.name)
  const account = accounts.find(({ id }) => id === parsed?.account)
  if (parsed === undefined || account === undefined) return []
  const name = principalText(parsed)
  const uses = [...new Set(principal.used.flatMap(({ action, resource }) => usesOf(action, resource)))].toSorted()
  const { credential } = principal
  return decision.cuts.flatMap(({ id: cut }): readonly Wanted[] => {
    const base = { agent: principal.agent, serves: { kind: 'cut', cut } as const }
    switch (cut) {
      case 'freeze-credential':
        if (parsed.kind === 'role') return [{ ...base, target: { kind: 'identity', name } }]
        if (credential === undefined || !isKeyId(credential)) return []
        return [{ ...base, target: { kind: 'identity', name, parts: [credential] } }]
      case 'suspend-grant':
        if (parsed.kind === 'user' || uses.length === 0) return []
        return [{ ...base, target: { kind: 'grant', name, parts: uses } }]
      case 'scope-role':
        if (parsed.kind === 'user' || account.boundary === undefined) return []
        return [{ ...base, target: { kind: 'identity', name, parts: [account.boundary, ...uses] } }]
      default:
        return []
    }
  })
}

function usesOf(action: string, resource: string): readonly string[] {
  const use = parseUse(`${action} ${resource}`)
  return use === undefined ? [] : [textOfUse(use)]
}
