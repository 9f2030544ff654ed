import { conditionsHold, type RequestContext } from './condition.ts'
import { matches, matchesAction } from './match.ts'
import { listOf, type IamPolicy, type IamStatement } from './policy-document.ts'

/** Policies that speak of one principal. Identity policies add up; a boundary, a session and each SCP take away. */
export type PolicySet = {
  readonly identity: readonly IamPolicy[]
  readonly boundary?: IamPolicy
  readonly session?: readonly IamPolicy[]
  readonly scps?: readonly IamPolicy[]
}

export type AccessRequest = {
  readonly action: string
  /** An ARN; `*` for an action that takes none; undefined where the log does not say on what. */
  readonly resource: string | undefined
  readonly context?: RequestContext
}

export type StatementAt = {
  readonly in: 'identity' | 'boundary' | 'session' | 'scp'
  readonly policy: number
  readonly statement: number
}

export type Access =
  | { readonly decision: 'allowed'; readonly by: StatementAt }
  | { readonly decision: 'explicit-deny'; readonly by: StatementAt }
  /** `missingFrom`: the layer whose policies let it nowhere. */
  | { readonly decision: 'implicit-deny'; readonly missingFrom: StatementAt['in'] }

/**
 * One request held against all policies of a principal in its own account (AWS: "Policy evaluation logic"): a deny anywhere
 * wins, then every layer that is there has to allow. Policies of the resource are not looked at.
 */
export function evaluateAccess(policies: PolicySet, request: AccessRequest): Access {
  const layers = layersOf(policies)
  for (const layer of layers) {
    const deny = find(layer, 'Deny', request)
    if (deny !== undefined) return { decision: 'explicit-deny', by: deny }
  }
  let allowed: StatementAt | undefined
  for (const layer of layers) {
    const allow = find(layer, 'Allow', request)
    if (allow === undefined) return { decision: 'implicit-deny', missingFrom: layer.name }
    if (layer.name === 'identity') allowed = allow
  }
  // The layer of the identity is always there, so it has allowed.
  return allowed === undefined
    ? { decision: 'implicit-deny', missingFrom: 'identity' }
    : { decision: 'allowed', by: allowed }
}

type Layer = { readonly name: StatementAt['in']; readonly policies: readonly IamPolicy[] }

function layersOf({ identity, boundary, session, scps }: PolicySet): readonly Layer[] {
  return [
    // Each SCP on the way down has to allow.
    ...(scps ?? []).map((scp): Layer => ({ name: 'scp', policies: [scp] })),
    ...(boundary === undefined ? [] : [{ name: 'boundary', policies: [boundary] } as const]),
    ...(session === undefined ? [] : [{ name: 'session', policies: session } as const]),
    { name: 'identity', policies: identity },
  ]
}

function find(
  { name, policies }: Layer,
  effect: IamStatement['Effect'],
  request: AccessRequest,
): StatementAt | undefined {
  for (const [policy, { Statement }] of policies.entries())
    for (const [statement, one] of Statement.entries())
      if (one.Effect === effect && applies(one, request)) return { in: name, policy, statement }
  return undefined
}

/** True where the statement speaks of the request. */
function applies(statement: IamStatement, { action, resource, context = {} }: AccessRequest): boolean {
  const { Action, NotAction, Resource, NotResource, Condition } = statement
  const isAction =
    NotAction === undefined
      ? listOf(Action).some((one) => matchesAction(one, action))
      : !listOf(NotAction).some((one) => matchesAction(one, action))
  if (!isAction) return false
  const isResource =
    resource === undefined
      ? isOfUnknown(statement)
      : NotResource === undefined
        ? listOf(Resource).some((one) => matches(one, resource, context))
        : !listOf(NotResource).some((one) => matches(one, resource, context))
  return isResource && conditionsHold(Condition, context)
}

/** On what is not told: an allow of some of it may be what let it, and only a deny of everything surely stops it. */
function isOfUnknown({ Effect, Resource }: IamStatement): boolean {
  return Effect === 'Allow' || listOf(Resource).includes('*')
}
