import type { Event, PolicyArtifact, PolicyJudgement } from '@holdfast/model'
import { principalName } from '@holdfast/observe'
import type { AwsIamDocument, PrincipalPolicies } from './document.ts'
import { evaluateAccess, type Access, type PolicySet } from './evaluate.ts'
import { matchesAction } from './match.ts'
import { listOf } from './policy-document.ts'
import { actionClass } from './reference.ts'
import { requestedResource, secretArn } from './resource-patterns.ts'

/**
 * What the policies would have said of a recorded call: all resources of it have to be let. A call of a principal that they do
 * not speak of is outside.
 */
export function judgeAwsIam({ document, lines }: PolicyArtifact): (event: Event) => PolicyJudgement {
  const { principals } = document as AwsIamDocument // made by deriveAwsIam
  const byName = new Map(principals.map((one, i) => [one.principal, { one, at: `/principals/${i}`, set: setOf(one) }]))
  const words = new Map(lines.map(({ pointer, what }) => [pointer, what]))
  return ({ body }) => {
    if (body.kind !== 'api-call' || body.plane !== 'aws') return OUTSIDE
    const own = byName.get(principalName(body.principal.id))
    if (own === undefined) return OUTSIDE
    const context = { 'aws:principalarn': [own.one.principal], ...sourceOf(body.sourceAddress) }
    let last: Access | undefined
    for (const resource of requested(body.action, body.resources)) {
      last = evaluateAccess(own.set, { action: body.action, resource, context })
      if (last.decision !== 'allowed') break
    }
    if (last === undefined) return OUTSIDE
    const pointer = pointerOf(own.at, own.one, last, body.action)
    const what = words.get(pointer) ?? `${body.action} of ${own.one.principal}`
    return { status: last.decision === 'allowed' ? 'allowed' : 'denied', pointer, what }
  }
}

const OUTSIDE: PolicyJudgement = { status: 'outside' }

function setOf({ policies, boundary }: PrincipalPolicies): PolicySet {
  return { identity: policies.map(({ document }) => document), boundary: boundary.document }
}

function sourceOf(address: string | undefined): Readonly<Record<string, readonly string[]>> {
  return address === undefined ? {} : { 'aws:sourceip': [address] }
}

/** Resources that the request was made for; `*` where the action takes none, undefined where the record does not say. */
function requested(action: string, resources: readonly string[]): readonly (string | undefined)[] {
  const own = actionClass(action)
  if (own !== undefined && own.types.length === 0) return ['*']
  const named = resources.flatMap((one) => requestedResource(own, one) ?? [])
  return named.length === 0 ? [undefined] : named.map(secretArn)
}

/** The action's place in the statement that decided, or the default of the principal. */
function pointerOf(at: string, { policies }: PrincipalPolicies, access: Access, action: string): string {
  if (access.decision === 'implicit-deny') return `${at}/policies`
  const { policy, statement } = access.by
  if (access.by.in !== 'identity') return `${at}/boundary`
  const actions = listOf(policies[policy]?.document.Statement[statement]?.Action)
  const n = actions.findIndex((one) => matchesAction(one, action))
  return `${at}/policies/${policy}/document/Statement/${statement}/Action/${n}`
}
