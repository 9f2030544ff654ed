import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { given, principalOf, resourcesOf, timeAt } from './reading.ts'
import type { AuthorityReading, Call } from './reading.ts'

/**
 * One record of the Azure activity log, in the shape of its REST API (`eventTimestamp`, `operationName.value`) or of its
 * export to storage and event hubs (`time`, `operationName`); undefined for other JSON.
 */
export function readAzureActivity(json: Json): AuthorityReading | undefined {
  const action = valueOf(field(json, 'operationName'))
  const at = field(json, 'eventTimestamp', 'time')
  const resource = textField(json, 'resourceId', 'resourceUri')
  if (!isJsonObject(json) || action === undefined || at === undefined) return undefined
  if (resource === undefined && field(json, 'authorization', 'identity', 'caller') === undefined) return undefined
  // Operations are named `Provider/type/verb`; other logs of Azure Monitor have the same fields with other words.
  if (!/^[A-Za-z.]+\/.+\/[A-Za-z]+$/.test(action)) return undefined
  const identity = field(json, 'identity')
  const authorization = field(json, 'authorization') ?? field(identity, 'authorization')
  const claims = field(json, 'claims') ?? field(identity, 'claims')
  const id = textField(json, 'eventDataId', 'operationId', 'correlationId')
  const principal = principalOf({
    plane: 'azure',
    ...callerOf(json, claims),
    account: /^\/subscriptions\/([^/]+)/i.exec(resource ?? '')?.[1] ?? textField(json, 'subscriptionId'),
    session: textField(claims, 'uti', 'http://schemas.microsoft.com/identity/claims/uti'),
  })
  const address = textField(json, 'callerIpAddress') ?? textField(field(json, 'httpRequest'), 'clientIpAddress')
  const decision = decisionOf(json)
  return {
    format: 'azure-activity',
    plane: 'azure',
    principal,
    at: timeAt(at),
    ...(id === undefined
      ? {}
      : { recordId: `${id} ${valueOf(field(json, 'status')) ?? textField(json, 'resultType') ?? ''}` }),
    calls: [
      {
        action,
        resources: resourcesOf([textField(authorization, 'scope') ?? resource]),
        decision,
        ...(decision === 'allowed'
          ? {}
          : { errorCode: valueOf(field(json, 'subStatus')) ?? textField(json, 'resultSignature') ?? 'Failed' }),
        ...(/\/read$/i.test(action) ? { isReadOnly: true } : {}),
        ...(address === undefined ? {} : { sourceAddress: address }),
        ...(id === undefined ? {} : { requestId: id }),
      },
    ],
    changes:
      decision === 'allowed' &&
      /^Microsoft\.Authorization\/role(Assignments|Definitions)\/(write|delete)$/i.test(action)
        ? [{ change: 'grant', subject: resource ?? action, author: principal.id }]
        : [],
    ...given('request', field(json, 'properties')),
    fields: FIELDS,
  }
}

const FIELDS = [
  'operationName',
  'eventTimestamp',
  'time',
  'resourceId',
  'resourceUri',
  'authorization',
  'identity',
  'claims',
  'caller',
  'status',
  'subStatus',
  'resultType',
  'resultSignature',
  'correlationId',
  'eventDataId',
  'operationId',
  'callerIpAddress',
  'httpRequest',
  'properties',
  'category',
  'level',
]

/** An application by its id; a person by the name that signs in. */
function callerOf(json: JsonObject, claims: Json | undefined): Pick<Parameters<typeof principalOf>[0], 'id' | 'kind'> {
  const caller =
    textField(json, 'caller') ?? textField(claims, 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn', 'upn')
  if (caller?.includes('@') === true) return { id: caller, kind: 'user' }
  const app = textField(claims, 'appid')
  const id = app ?? caller ?? textField(claims, 'http://schemas.microsoft.com/identity/claims/objectidentifier', 'oid')
  return { id, kind: 'service' }
}

function decisionOf(json: JsonObject): Call['decision'] {
  const status = (valueOf(field(json, 'status')) ?? textField(json, 'resultType') ?? '').toLowerCase()
  if (!/^(fail|failed|failure)$/.test(status)) return 'allowed'
  const why = `${valueOf(field(json, 'subStatus')) ?? ''} ${textField(json, 'resultSignature') ?? ''}`
  return /Forbidden|Unauthorized|AuthorizationFailed/i.test(why) ? 'denied' : 'failed'
}

/** A text, or `{value, localizedValue}`. */
function valueOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : textField(value, 'value')
}
