import type { Principal } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { kindOfUser } from './kubernetes-audit.ts'
import { MAX_AUTHORITY_CHARS, MAX_PERMISSIONS } from './limits.ts'
import { principalOf, timeAt } from './reading.ts'
import type { AuthorityReading, Call } from './reading.ts'

/**
 * One Cloud Audit Logs entry (LogEntry with an AuditLog payload); undefined for other JSON. Each permission that was
 * checked is a call of its own, named as roles name it. Those of GKE's own API server belong to the Kubernetes plane.
 */
export function readGcpAudit(json: Json): AuthorityReading | undefined {
  const payload = field(json, 'protoPayload', 'proto_payload')
  if (!isJsonObject(json) || !isJsonObject(payload)) return undefined
  const method = textField(payload, 'methodName')
  const checked = field(payload, 'authorizationInfo') ?? field(json, 'authorizationInfo')
  if (method === undefined && !isJsonArray(checked)) return undefined
  const isKubernetes = (method ?? firstPermission(checked) ?? '').startsWith('io.k8s.')
  const principal = principalOfPayload(payload, { isKubernetes, project: projectOf(json) })
  const calls = callsOf(json, payload, { method, checked })
  const response = field(payload, 'response')
  const request = field(payload, 'request')
  const id = textField(json, 'insertId', 'insertid')
  return {
    format: 'gcp-audit',
    plane: isKubernetes ? 'kubernetes' : 'gcp',
    principal,
    at: timeAt(field(json, 'timestamp') ?? field(json, 'receiveTimestamp', 'receivetimestamp')),
    ...(id === undefined ? {} : { recordId: `${textField(json, 'logName', 'logname') ?? ''} ${id}` }),
    calls,
    changes:
      /SetIamPolicy$|CreateServiceAccountKey$|\.(Create|Update|Delete)Role$/i.test(method ?? '') &&
      calls.every(({ decision }) => decision === 'allowed')
        ? [{ change: 'grant', subject: calls[0]?.resources[0] ?? method ?? '-', author: principal.id }]
        : [],
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response }),
    fields: FIELDS,
  }
}

const FIELDS = [
  'protoPayload',
  'insertId',
  'insertid',
  'logName',
  'logname',
  'timestamp',
  'receiveTimestamp',
  'receivetimestamp',
  'resource',
  'severity',
  'operation',
  'authorizationInfo',
]

function principalOfPayload(
  payload: JsonObject,
  { isKubernetes, project }: { readonly isKubernetes: boolean; readonly project: string | undefined },
): Principal {
  const who = field(payload, 'authenticationInfo')
  const subject = textField(who, 'principalSubject')
  const email = textField(who, 'principalEmail') ?? subject?.replace(/^(user|serviceAccount):/, '')
  const chain = field(who, 'serviceAccountDelegationInfo')
  const via = (isJsonArray(chain) ? chain : []).map(
    (one) =>
      textField(field(one, 'firstPartyPrincipal'), 'principalEmail') ??
      textField(one, 'principalSubject')?.replace(/^(user|serviceAccount):/, ''),
  )
  return principalOf({
    plane: isKubernetes ? 'kubernetes' : 'gcp',
    id: email,
    kind: kindOf(email ?? '', subject ?? '', isKubernetes),
    account: project,
    credential: textField(who, 'serviceAccountKeyName'),
    // The chain is stated from the first to the last; nearest first is the other way round.
    via: via.toReversed(),
  })
}

function kindOf(email: string, subject: string, isKubernetes: boolean): Principal['kind'] {
  if (email.endsWith('gserviceaccount.com') || subject.startsWith('serviceAccount:')) return 'service-account'
  if (/^principal(Set)?:\/\//.test(email)) return 'federated'
  if (isKubernetes || email.startsWith('system:')) return kindOfUser(email)
  return 'user'
}

function callsOf(
  json: JsonObject,
  payload: JsonObject,
  { method, checked }: { readonly method: string | undefined; readonly checked: Json | undefined },
): readonly Call[] {
  const status = field(payload, 'status') ?? field(json, 'status')
  const code = field(status, 'code')
  const outcome: Call['decision'] =
    code === 7 || code === 16 || code === 403 || code === 401
      ? 'denied'
      : typeof code === 'number' && code !== 0
        ? 'failed'
        : 'allowed'
  const metadata = field(payload, 'requestMetadata')
  const address = textField(metadata, 'callerIp', 'callerIP')
  const agent = textField(metadata, 'callerSuppliedUserAgent')
  const project = projectOf(json)
  const target = textField(payload, 'resourceName')
  const shared = {
    ...(typeof code === 'number' && code !== 0 ? { errorCode: textField(status, 'message') ?? `${code}` } : {}),
    ...(address === undefined ? {} : { sourceAddress: address }),
    ...(agent === undefined ? {} : { userAgent: agent }),
  }
  const gives = givenBy(method, target)
  const permissions = (isJsonArray(checked) ? checked : [])
    .slice(0, MAX_PERMISSIONS)
    .flatMap((one): readonly Call[] => {
      const permission = textField(one, 'permission')
      if (permission === undefined) return []
      const named = textField(one, 'resource') ?? target
      const decision = field(one, 'granted') === false ? 'denied' : outcome
      return [{ ...nameOf(permission, named, project), decision, ...shared, ...gives }]
    })
  if (permissions.length > 0 || method === undefined) return permissions
  return [{ ...nameOf(method, target, project), decision: outcome, ...shared, ...gives }]
}

function nameOf(
  permission: string,
  resource: string | undefined,
  project: string | undefined,
): Pick<Call, 'action' | 'resources'> {
  const kubernetes = kubernetesName(permission, resource)
  if (kubernetes !== undefined) return kubernetes
  return { action: permission, resources: resource === undefined ? [] : [gcpResource(resource, project)] }
}

/** `//storage.googleapis.com/projects/_/buckets/b` becomes `projects/<project>/buckets/b`. */
export function gcpResource(name: string, project: string | undefined): string {
  const path = name.replace(/^\/\/[^/]+\//, '')
  return project === undefined ? path : path.replace(/^projects\/_\//, `projects/${project}/`)
}

/** `io.k8s.core.v1.pods.exec.create` on `core/v1/namespaces/default/pods/web/exec` is `create pods/exec` on `default/web`. */
function kubernetesName(
  permission: string,
  resource: string | undefined,
): Pick<Call, 'action' | 'resources'> | undefined {
  const parts = /^io\.k8s\.(.+)\.v\d\w*\.([a-z]+)(?:\.([a-z]+))?\.([a-z]+)$/.exec(permission)
  if (parts === null) return undefined
  const [, group = '', kind = '', sub, verb = ''] = parts
  // A permission may be written without its last verb: `pods.exec`.
  const [subresource, action] = sub === undefined && SUBRESOURCES.has(verb) ? [verb, 'create'] : [sub, verb]
  const dotted = group === 'core' ? '' : `.${GROUPS.get(group) ?? group}`
  const place = /(?:namespaces\/([^/]+)\/)?([a-z]+)(?:\/([^/]+))?(?:\/[a-z]+)?$/.exec(
    resource?.slice(0, MAX_AUTHORITY_CHARS).replace(/^[^/]+\/v\d\w*\//, '') ?? '',
  )
  const name = place?.[2] === kind ? place[3] : undefined
  return {
    action: `${action} ${kind}${dotted}${subresource === undefined ? '' : `/${subresource}`}`,
    resources: [`${place?.[1] ?? (name === undefined ? '*' : '-')}/${name ?? '*'}`],
  }
}

const SUBRESOURCES: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy', 'log', 'status', 'scale'])

/** Groups that GKE writes without their domain. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ['rbac', 'rbac.authorization.k8s.io'],
  ['certificates', 'certificates.k8s.io'],
  ['networking', 'networking.k8s.io'],
  ['storage', 'storage.k8s.io'],
  ['policy', 'policy'],
  ['authorization', 'authorization.k8s.io'],
  ['admissionregistration', 'admissionregistration.k8s.io'],
])

/** IAM credentials and key calls give out authority of the service account that their target names. */
function givenBy(method: string | undefined, target: string | undefined): Pick<Call, 'gives'> {
  if (!/Generate(Access|Id)Token$|Sign(Jwt|Blob)$|CreateServiceAccountKey$/.test(method ?? '')) return {}
  const id = /serviceAccounts\/([^/:]+@[^/:]+)/.exec(target ?? '')?.[1]
  return id === undefined ? {} : { gives: principalOf({ plane: 'gcp', kind: 'service-account', id }) }
}

function firstPermission(checked: Json | undefined): string | undefined {
  return isJsonArray(checked) ? textField(checked[0], 'permission') : undefined
}

function projectOf(json: JsonObject): string | undefined {
  const labels = field(field(json, 'resource'), 'labels')
  return (
    textField(labels, 'project_id') ?? /^projects\/([^/]+)\//.exec(textField(json, 'logName', 'logname') ?? '')?.[1]
  )
}
