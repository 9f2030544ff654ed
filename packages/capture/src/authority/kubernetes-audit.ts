import type { Principal } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { given, principalOf, timeAt } from './reading.ts'
import type { AuthorityReading, Call, Change } from './reading.ts'

/**
 * One event of the Kubernetes API server's audit log (audit.k8s.io/v1, as the file and the webhook backend write it, and
 * as EKS and AKS pass it on); undefined for other JSON.
 */
export function readKubernetesAudit(json: Json): AuthorityReading | undefined {
  if (!isJsonObject(json) || !isAuditEvent(json)) return undefined
  const stage = textField(json, 'stage')
  const object = field(json, 'objectRef')
  const verb = textField(json, 'verb') ?? verbOf(textField(json, 'requestURI'))
  const action = object === undefined ? `${verb} ${pathOf(json) ?? '/'}` : `${verb} ${resourceName(object)}`
  const resource = object === undefined ? (pathOf(json) ?? '/') : objectName(object)
  const principal = principalOfUser(json)
  const decision = decisionOf(json)
  const source = field(json, 'sourceIPs')
  const id = textField(json, 'auditID')
  const call: Call = {
    action,
    resources: [resource],
    decision,
    ...errorOf(json),
    isReadOnly: READS.has(verb),
    ...(id === undefined ? {} : { requestId: id }),
    ...given('sourceAddress', isJsonArray(source) && typeof source[0] === 'string' ? source[0] : undefined),
    ...given('userAgent', textField(json, 'userAgent')),
    ...(decision === 'allowed' ? tokenGiven(json, object) : {}),
  }
  // The same request again at an earlier stage: what was asked is known, what was decided is not.
  const isEarly = stage === 'RequestReceived' || stage === 'ResponseStarted'
  return {
    format: 'kubernetes-audit',
    plane: 'kubernetes',
    principal,
    at: timeAt(field(json, 'requestReceivedTimestamp') ?? field(json, 'stageTimestamp') ?? field(json, 'timestamp')),
    ...(id === undefined ? {} : { recordId: `${id} ${stage ?? ''}` }),
    calls: isEarly ? [] : [call],
    changes: isEarly || decision !== 'allowed' ? [] : changesOf(json, { verb, resource, principal, id }),
    ...given('request', field(json, 'requestObject')),
    ...given('response', field(json, 'responseObject')),
    fields: FIELDS,
  }
}

const FIELDS = [
  'kind',
  'apiVersion',
  'level',
  'auditID',
  'stage',
  'requestURI',
  'verb',
  'user',
  'impersonatedUser',
  'sourceIPs',
  'userAgent',
  'objectRef',
  'responseStatus',
  'requestObject',
  'responseObject',
  'requestReceivedTimestamp',
  'stageTimestamp',
  'annotations',
]

const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

function isAuditEvent(json: JsonObject): boolean {
  if (textField(json, 'kind') !== 'Event') return false
  if ((textField(json, 'apiVersion') ?? '').startsWith('audit.k8s.io/')) return true
  // Pipelines drop the version. An ordinary Event of the API has an `involvedObject` and no verb.
  return textField(json, 'verb') !== undefined && field(json, 'involvedObject', 'regarding') === undefined
}

function principalOfUser(json: JsonObject): Principal {
  const real = field(json, 'user')
  const as = field(json, 'impersonatedUser')
  const user = as ?? real
  const extra = field(user, 'extra')
  const name = textField(user, 'username')
  return principalOf({
    plane: 'kubernetes',
    id: name,
    kind: kindOfUser(name ?? ''),
    session: firstText(field(extra, 'authentication.kubernetes.io/pod-name')) ?? firstText(field(extra, 'sessionName')),
    credential:
      firstText(field(extra, 'authentication.kubernetes.io/credential-id')) ?? firstText(field(extra, 'accessKeyId')),
    via: [
      as === undefined ? undefined : textField(real, 'username'),
      firstText(field(extra, 'canonicalArn')) ?? firstText(field(extra, 'arn')),
    ],
  })
}

/** How the API server itself names what is no person (kubernetes.io, "Authenticating"). */
export function kindOfUser(name: string): Principal['kind'] {
  if (name.startsWith('system:serviceaccount:')) return 'service-account'
  if (name === 'system:anonymous') return 'anonymous'
  return name.startsWith('system:') ? 'service' : 'user'
}

function firstText(value: Json | undefined): string | undefined {
  const one = isJsonArray(value) ? value[0] : value
  return typeof one === 'string' && one !== '' ? one : undefined
}

/** `pods`, `deployments.apps`, `pods/exec`: as RBAC rules of this product name them. */
function resourceName(object: Json): string {
  const group = textField(object, 'apiGroup') ?? groupIn(textField(object, 'apiVersion'))
  const sub = textField(object, 'subresource')
  const name = textField(object, 'resource') ?? '-'
  return `${name}${group === undefined ? '' : `.${group}`}${sub === undefined ? '' : `/${sub}`}`
}

/** Some pipelines put the group into the version: `apps/v1`. */
function groupIn(version: string | undefined): string | undefined {
  const slash = version?.indexOf('/') ?? -1
  return slash < 1 ? undefined : version?.slice(0, slash)
}

/** `<namespace>/<name>`; `*` for all names or all namespaces, `-` for what has none. */
function objectName(object: Json): string {
  const namespace = textField(object, 'namespace')
  const name = textField(object, 'name')
  return `${namespace ?? (name === undefined ? '*' : '-')}/${name ?? '*'}`
}

function pathOf(json: JsonObject): string | undefined {
  return textField(json, 'requestURI')?.split('?')[0]
}

/** Records that were cut lack the verb; a path without one can only have been read. */
function verbOf(uri: string | undefined): string {
  return uri === undefined ? '-' : 'get'
}

function decisionOf(json: JsonObject): Call['decision'] {
  const decided = textField(field(json, 'annotations'), 'authorization.k8s.io/decision')
  const code = field(field(json, 'responseStatus'), 'code')
  if (decided === 'forbid' || code === 401 || code === 403) return 'denied'
  return typeof code === 'number' && code >= 400 ? 'failed' : 'allowed'
}

function errorOf(json: JsonObject): { readonly errorCode?: string } {
  const status = field(json, 'responseStatus')
  const code = field(status, 'code')
  if (typeof code !== 'number' || code < 400) return {}
  return { errorCode: textField(status, 'reason') ?? `${code}` }
}

/** `serviceaccounts/token` gives out a token of the account that it names. */
function tokenGiven(json: JsonObject, object: Json | undefined): Pick<Call, 'gives'> {
  if (textField(object, 'resource') !== 'serviceaccounts' || textField(object, 'subresource') !== 'token') return {}
  const [namespace, name] = [textField(object, 'namespace'), textField(object, 'name')]
  if (namespace === undefined || name === undefined || textField(json, 'verb') !== 'create') return {}
  const by = textField(field(json, 'user'), 'username')
  const id = `system:serviceaccount:${namespace}:${name}`
  return { gives: principalOf({ plane: 'kubernetes', kind: 'service-account', id, via: [by] }) }
}

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])
const WORKLOADS = new Set(['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'cronjobs', 'jobs'])
const AUTHORITY = new Set(['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'])

function changesOf(
  json: JsonObject,
  call: {
    readonly verb: string
    readonly resource: string
    readonly principal: Principal
    readonly id: string | undefined
  },
): readonly Change[] {
  const object = field(json, 'objectRef')
  const kind = textField(object, 'resource') ?? ''
  if (!WRITES.has(call.verb)) return []
  const stated = {
    subject: `${kind}/${call.resource}`,
    author: call.principal.id,
    ...(call.id === undefined ? {} : { changeId: call.id }),
  }
  const sub = textField(object, 'subresource')
  if (AUTHORITY.has(kind)) return [{ change: 'grant', ...stated, to: call.verb }]
  if (!WORKLOADS.has(kind)) return []
  const request = field(json, 'requestObject')
  if (sub === 'scale') {
    const replicas = field(field(request, 'spec'), 'replicas')
    return [{ change: 'replicas', ...stated, ...(typeof replicas === 'number' ? { to: `${replicas}` } : {}) }]
  }
  if (sub !== undefined) return []
  const template = field(field(request, 'spec'), 'template')
  const restarted = textField(field(field(template, 'metadata'), 'annotations'), 'kubectl.kubernetes.io/restartedAt')
  if (restarted !== undefined) return [{ change: 'restart', ...stated, to: restarted }]
  const containers = field(field(template, 'spec'), 'containers')
  const images = (isJsonArray(containers) ? containers : []).flatMap((one) => textField(one, 'image') ?? [])
  return [{ change: 'deploy', ...stated, to: images.length === 0 ? call.verb : images.slice(0, 8).join(' ') }]
}
