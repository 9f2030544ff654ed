import type { PlanStep } from '@holdfast/respond'

import { deedOf } from '../hold.ts'
import type { Use } from './policies.ts'
import { parseUse } from './policies.ts'
import type { Principal } from './principal.ts'
import { isKeyId, parsePrincipal } from './principal.ts'

/** What a step comes to in IAM. */
export type Move =
  | { readonly kind: 'freeze-role'; readonly principal: Principal }
  | { readonly kind: 'freeze-key'; readonly principal: Principal; readonly accessKey: string }
  | { readonly kind: 'suspend'; readonly principal: Principal; readonly uses: readonly Use[] }
  | { readonly kind: 'bound'; readonly principal: Principal; readonly boundary: string; readonly uses: readonly Use[] }

/** The move of a step, or why IAM has none for it. */
export function moveOf(step: PlanStep): Move | string {
  const { name, parts = [] } = step.target
  const principal = parsePrincipal(name)
  if (principal === undefined) return `"${name}" names no role and no user`
  const deed = deedOf(step)
  switch (deed) {
    case 'freeze-credential':
      return freezing(principal, parts)
    case 'suspend-grant': {
      const uses = parts.flatMap((part) => parseUse(part) ?? [])
      if (principal.kind === 'user') return 'a grant of a user is not suspended: its key is frozen'
      return uses.length === 0 ? 'nothing that was done is an action of AWS' : { kind: 'suspend', principal, uses }
    }
    case 'scope-role': {
      const [boundary, ...rest] = parts
      if (principal.kind === 'user' || boundary === undefined)
        return 'only a role is narrowed, by a policy that bounds it'
      return { kind: 'bound', principal, boundary, uses: rest.flatMap((part) => parseUse(part) ?? []) }
    }
    case 'rotate-secret':
      return 'a new key has to be brought to whoever uses it: that is for people; freeze the old one here'
    default:
      return `${deed} is nothing that IAM can do`
  }
}

function freezing(principal: Principal, parts: readonly string[]): Move | string {
  if (principal.kind === 'role') return { kind: 'freeze-role', principal }
  const [accessKey] = parts
  return accessKey === undefined || !isKeyId(accessKey)
    ? 'no record names the key that the user acted with'
    : { kind: 'freeze-key', principal, accessKey }
}
