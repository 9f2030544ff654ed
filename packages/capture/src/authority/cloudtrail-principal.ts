import type { Principal } from '@holdfast/model'
import { field, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { principalOf } from './reading.ts'

/**
 * Who a CloudTrail record says acted (AWS: "CloudTrail userIdentity element"). A session of a role is the role, with the
 * session's name beside it, so that what many sessions did is what one role did.
 */
export function cloudTrailPrincipal(record: JsonObject): Principal {
  const identity = field(record, 'userIdentity')
  const account = textField(identity, 'accountId') ?? textField(record, 'recipientAccountId')
  const context = field(identity, 'sessionContext')
  const shared = {
    plane: 'aws',
    account,
    credential: textField(identity, 'accessKeyId', 'credentialId'),
    via: [
      textField(context, 'sourceIdentity'),
      textField(field(context, 'webIdFederationData'), 'federatedProvider'),
      textField(field(identity, 'onBehalfOf'), 'userId'),
      textField(identity, 'invokedBy'),
    ],
  } as const
  const arn = textField(identity, 'arn')
  const partition = /^arn:([^:]+):/.exec(arn ?? '')?.[1] ?? 'aws'
  const iam = (kind: string, name: string | undefined): string | undefined =>
    name === undefined || account === undefined ? undefined : `arn:${partition}:iam::${account}:${kind}/${name}`
  const type = textField(identity, 'type') ?? ''
  switch (type) {
    case 'Root':
      return principalOf({ ...shared, kind: 'root', id: arn ?? (account && `arn:${partition}:iam::${account}:root`) })
    case 'IAMUser':
      return principalOf({ ...shared, kind: 'user', id: arn ?? iam('user', textField(identity, 'userName')) })
    case 'AssumedRole':
    case 'Role':
      return rolePrincipal({ identity, context, arn }, shared)
    case 'FederatedUser': {
      const issuer = textField(field(context, 'sessionIssuer'), 'arn')
      return principalOf({ ...shared, kind: 'federated', id: arn, via: [issuer, ...shared.via] })
    }
    case 'AWSService':
      return principalOf({ ...shared, kind: 'service', id: textField(identity, 'invokedBy') ?? arn, via: [] })
    case 'SAMLUser':
    case 'WebIdentityUser':
      return federatedPrincipal(identity, shared)
    case 'IdentityCenterUser':
    case 'Directory':
      return principalOf({
        ...shared,
        kind: 'user',
        id: textField(field(identity, 'onBehalfOf'), 'userId') ?? textField(identity, 'userName') ?? arn,
      })
    default:
      return untypedPrincipal(identity, { ...shared, arn })
  }
}

type Shared = Omit<Parameters<typeof principalOf>[0], 'id' | 'kind'>

function rolePrincipal(
  {
    identity,
    context,
    arn,
  }: { readonly identity: Json | undefined; readonly context: Json | undefined; readonly arn: string | undefined },
  shared: Shared,
): Principal {
  const session = sessionOf(arn)
  const issuer = field(context, 'sessionIssuer')
  const role = textField(issuer, 'arn') ?? session?.role ?? arn
  const name = session?.name ?? textField(identity, 'principalId')?.split(':')[1]
  return principalOf({ ...shared, kind: 'role', id: role, session: name })
}

/** `arn:aws:sts::1:assumed-role/Name/session` is a session of `arn:aws:iam::1:role/Name`; its path is not told. */
export function sessionOf(arn: string | undefined): { readonly role: string; readonly name: string } | undefined {
  const parts = /^arn:([^:]+):sts::([^:]*):assumed-role\/(.+)\/([^/]+)$/.exec(arn ?? '')
  return parts === null
    ? undefined
    : { role: `arn:${parts[1]}:iam::${parts[2]}:role/${parts[3]}`, name: parts[4] ?? '' }
}

/** A workload that came with a token: a Kubernetes service account keeps its name, others stand behind their provider. */
function federatedPrincipal(identity: Json | undefined, shared: Shared): Principal {
  const name = textField(identity, 'userName')
  const provider = textField(identity, 'identityProvider')
  const account = /system:serviceaccount:[^:]+:[^:]+$/.exec(name ?? textField(identity, 'principalId') ?? '')?.[0]
  const via = [provider, ...(shared.via ?? [])]
  if (account !== undefined) return principalOf({ ...shared, kind: 'service-account', id: account, via })
  const id =
    name === undefined ? textField(identity, 'principalId') : provider === undefined ? name : `${provider}:${name}`
  return principalOf({ ...shared, kind: 'federated', id, via: shared.via ?? [] })
}

/** Records without a type (service events, cut records): as much as is plain. */
function untypedPrincipal(
  identity: Json | undefined,
  { arn, ...shared }: Shared & { readonly arn: string | undefined },
): Principal {
  const session = sessionOf(arn)
  if (session !== undefined) return principalOf({ ...shared, kind: 'role', id: session.role, session: session.name })
  const user = arn !== undefined && /:user\//.test(arn)
  const service = textField(identity, 'invokedBy')
  const id = arn ?? textField(identity, 'userName', 'principalId') ?? service ?? shared.account
  return principalOf({
    ...shared,
    kind: user ? 'user' : id !== undefined && id === service ? 'service' : 'unknown',
    id,
  })
}
