import type { AttributeMap } from '../decode/any-value.ts'
import type { Act } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'

type IdentityAct = Extract<Act, { readonly kind: 'identity' }>

/**
 * Whom an acting step says it acts as. No convention has one field for it, so several are read; `statedBy` tells which.
 * All of it is what the agent says about itself.
 */
export function readIdentities(reader: AttributeReader, resource: AttributeMap): readonly IdentityAct[] {
  const found: IdentityAct[] = []
  const principal = reader.text('holdfast.identity.principal')
  const kind = reader.text('holdfast.identity.kind')
  const onBehalfOf = reader.text('holdfast.identity.on_behalf_of')
  if (principal !== undefined)
    found.push({
      kind: 'identity',
      principal,
      principalKind: kind ?? 'unknown',
      ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
      statedBy: 'holdfast.identity.principal',
    })
  for (const [key, principalKind] of SPAN_KEYS) {
    const text = reader.text(key)
    if (text !== undefined) found.push({ kind: 'identity', principal: text, principalKind, statedBy: key })
  }
  found.push(...resourceIdentities(resource))
  return found
}

const SPAN_KEYS: readonly (readonly [key: string, kind: string])[] = [
  ['user.id', 'user'],
  ['enduser.id', 'user'],
  ['mlflow.trace.user', 'user'],
  ['langsmith.metadata.user_id', 'user'],
  ['traceloop.association.properties.user_id', 'user'],
  ['ai.telemetry.metadata.userId', 'user'],
  ['microsoft.agent.user.id', 'user'],
  ['aws.bedrock.agentcore.identity.workload_identity.arn', 'role'],
  ['aws.iam.role.arn', 'role'],
]

/** What a resource says, which every span of the process shares. */
function resourceIdentities(resource: AttributeMap): readonly IdentityAct[] {
  const text = (key: string): string | undefined => {
    const value = resource.get(key)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const found: IdentityAct[] = []
  const add = (principal: string | undefined, principalKind: string, statedBy: string): void => {
    if (principal !== undefined) found.push({ kind: 'identity', principal, principalKind, statedBy })
  }
  const account = text('k8s.serviceaccount.name')
  const namespace = text('k8s.namespace.name')
  add(
    account === undefined ? undefined : `system:serviceaccount:${namespace ?? '-'}:${account}`,
    'service-account',
    'k8s.serviceaccount.name',
  )
  add(text('user.id'), 'user', 'user.id')
  add(text('enduser.id'), 'user', 'enduser.id')
  add(text('aws.iam.role.arn'), 'role', 'aws.iam.role.arn')
  const role = text('aws.role.name') ?? text('aws.iam.role.name')
  const cloud = text('cloud.account.id')
  if (role !== undefined && cloud !== undefined) add(`arn:aws:iam::${cloud}:role/${role}`, 'role', 'cloud.account.id')
  add(
    text('aws.bedrock.agentcore.identity.workload_identity.arn'),
    'role',
    'aws.bedrock.agentcore.identity.workload_identity.arn',
  )
  add(text('gcp.service_account.email'), 'service-account', 'gcp.service_account.email')
  add(text('process.owner'), 'process', 'process.owner')
  return found
}
