import type { ArtifactLine } from '@holdfast/model'
import { token } from '../pointer.ts'
import { mergedGrounds } from '../authority/observed-uses.ts'
import { policySize, listOf, type IamPolicy, type IamStatement } from './policy-document.ts'
import { MANAGED_POLICY_CHARS } from './parse-policy.ts'
import { NEVER_LEGITIMATE } from './never-legitimate.ts'
import type { Permission } from './permissions.ts'
import { chunks, type GroundedStatement } from './statements.ts'

export type NamedPolicy = { readonly name: string; readonly document: IamPolicy }

/** A declared statement that is to go, and how: taken off where it is attached, or stopped by the boundary. */
export type Removal = {
  readonly source: string
  readonly statement: string
  readonly action: string
  readonly resources: readonly string[]
  readonly how: 'take it out of the policy' | 'the boundary stops it: others inherit it too'
}

/** What is applied for one principal: managed policies that replace what is attached, and a boundary around whatever else is. */
export type PrincipalPolicies = {
  readonly principal: string
  readonly policies: readonly NamedPolicy[]
  readonly boundary: NamedPolicy
  readonly removals: readonly Removal[]
}

export type AwsIamDocument = { readonly principals: readonly PrincipalPolicies[] }

/** Managed policies that a role or user takes without a raised quota (AWS: "IAM and AWS STS quotas"). */
export const MOST_POLICIES = 10

const VERSION = '2012-10-17'

/** Statements put into as few managed policies as their size allows, in order. */
export function packed(statements: readonly GroundedStatement[]): readonly (readonly GroundedStatement[])[] {
  const frame = policySize({ Version: VERSION, Statement: [] })
  return chunks(
    statements,
    ({ statement }) => JSON.stringify(statement).replaceAll(/\s/g, '').length + 1,
    MANAGED_POLICY_CHARS - frame,
  )
}

export function policyOf(statements: readonly IamStatement[]): IamPolicy {
  return { Version: VERSION, Statement: statements }
}

/** Lines of the policies that allow: one for each action and one for each resource of every statement. */
export function allowLines(at: string, parts: readonly (readonly GroundedStatement[])[]): readonly ArtifactLine[] {
  return parts.flatMap((part, policy) =>
    part.flatMap(({ statement, permissions }, i): readonly ArtifactLine[] => {
      const place = `${at}/policies/${policy}/document/Statement/${i}`
      const resources = listOf(statement.Resource)
      const on = resources.length > 2 ? `${resources[0]} and ${resources.length - 1} more` : resources.join(', ')
      return [
        ...permissions.map((one, n) => permissionLine(`${place}/Action/${n}`, `${one.action} on ${on}`, one)),
        ...resources.map((resource, n) => ({
          pointer: `${place}/Resource/${n}`,
          effect: 'allow' as const,
          what: resource,
          ...sharedOf(permissions, resource),
        })),
      ]
    }),
  )
}

/** The boundary names every action that is kept, on anything: the policies say on what, and it caps what else is attached. */
export function boundaryLines(at: string, actions: readonly Permission[]): readonly ArtifactLine[] {
  return actions.map((one, n) =>
    permissionLine(`${at}/boundary/document/Statement/0/Action/${n}`, `at most ${one.action}`, one),
  )
}

function permissionLine(pointer: string, what: string, permission: Permission): ArtifactLine {
  const { because, reason, grounds, declaredBy } = permission
  return {
    pointer,
    effect: 'allow',
    what,
    because,
    reason,
    grounds,
    ...(declaredBy === undefined ? {} : { declaredBy }),
  }
}

/** A resource stands in a statement because of all of its actions. */
function sharedOf(
  permissions: readonly Permission[],
  resource: string,
): Pick<ArtifactLine, 'because' | 'reason' | 'grounds' | 'declaredBy'> {
  const [strongest] = permissions.toSorted((a, b) => rankOf(a) - rankOf(b))
  const names = permissions.map(({ action }) => action).join(', ')
  const declaredBy = strongest?.declaredBy
  return {
    because: strongest?.because ?? 'observed',
    reason: `what ${names} ${permissions.length === 1 ? 'is' : 'are'} done to`,
    grounds: mergedGrounds(permissions.flatMap(({ grounds, groundsOf }) => groundsOf?.get(resource) ?? grounds)),
    ...(declaredBy === undefined ? {} : { declaredBy }),
  }
}

function rankOf({ because }: Permission): number {
  return ['grant', 'observed', 'closure'].indexOf(because)
}

/** One permission for each action, with the grounds of all that have it. */
export function byAction(permissions: readonly Permission[]): readonly Permission[] {
  const groups = [...Map.groupBy(permissions, ({ action }) => action)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return groups.flatMap(([, some]) => {
    const [strongest] = some.toSorted((a, b) => rankOf(a) - rankOf(b))
    return strongest === undefined ? [] : [{ ...strongest, grounds: mergedGrounds(some.flatMap((one) => one.grounds)) }]
  })
}

/** The deny of what no agent needs, where it was not seen; of what was seen, a deny of everything but that. */
export function denials(permissions: readonly Permission[]): readonly IamStatement[] {
  const kept = new Map(byAction(permissions).map((one) => [one.action.toLowerCase(), one]))
  const unused = [...NEVER_LEGITIMATE.keys()].filter((action) => !kept.has(action.toLowerCase()))
  const used = [...NEVER_LEGITIMATE.keys()].filter((action) => kept.has(action.toLowerCase()))
  const others = used.flatMap((action, i): readonly IamStatement[] => {
    const resources = permissions
      .filter((one) => one.action.toLowerCase() === action.toLowerCase())
      .flatMap((one) => one.resources)
    // A deny of all but everything denies nothing.
    if (resources.length === 0 || resources.includes('*')) return []
    return [
      { Sid: `Elsewhere${i + 1}`, Effect: 'Deny', Action: [action], NotResource: [...new Set(resources)].toSorted() },
    ]
  })
  return [{ Sid: 'NeverLegitimate', Effect: 'Deny', Action: unused, Resource: '*' }, ...others]
}

export function denyLines(place: string, statements: readonly IamStatement[]): readonly ArtifactLine[] {
  return statements.flatMap((statement, i) =>
    listOf(statement.Action).map((action, n): ArtifactLine => ({
      pointer: `${place}/Statement/${i}/Action/${n}`,
      effect: 'deny',
      what: statement.NotResource === undefined ? action : `${action} elsewhere than seen`,
      because: 'never-legitimate',
      reason: NEVER_LEGITIMATE.get(action) ?? '',
      grounds: [],
    })),
  )
}

export function removalLines(
  at: string,
  removals: readonly (Removal & { readonly declaredBy: number })[],
): readonly ArtifactLine[] {
  return removals.map((removal, i) => ({
    pointer: `${at}/removals/${token(i)}`,
    effect: 'remove',
    what: `${removal.action} on ${removal.resources.join(', ')}`,
    because: 'idle',
    reason: `${removal.statement} of ${removal.source} was not used: ${removal.how}`,
    grounds: [],
    declaredBy: removal.declaredBy,
  }))
}
