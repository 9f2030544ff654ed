import type { Principal } from '@holdfast/model'
import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { iamAction } from './cloudtrail-action.ts'
import { cloudTrailChanges } from './cloudtrail-changes.ts'
import { cloudTrailPrincipal, sessionOf } from './cloudtrail-principal.ts'
import { cloudTrailResources } from './cloudtrail-resources.ts'
import { given, principalOf, timeAt } from './reading.ts'
import type { AuthorityReading, Call } from './reading.ts'

/** One CloudTrail record of any event version; undefined for other JSON. */
export function readCloudTrail(json: Json): AuthorityReading | undefined {
  const source = textField(json, 'eventSource')
  const name = textField(json, 'eventName')
  if (!isJsonObject(json) || source === undefined || name === undefined) return undefined
  // `eventSource` and `eventName` alone are names that others use too.
  if (!MARKS.some((mark) => Object.hasOwn(json, mark))) return undefined
  const principal = cloudTrailPrincipal(json)
  const action = iamAction(source, name)
  const decision = decisionOf(json)
  const call: Call = {
    action,
    resources: cloudTrailResources(json, action.slice(0, action.indexOf(':'))),
    decision,
    ...given('errorCode', textField(json, 'errorCode')),
    ...(typeof field(json, 'readOnly') === 'boolean' ? { isReadOnly: field(json, 'readOnly') === true } : {}),
    ...given('requestId', textField(json, 'requestID')),
    ...given('region', textField(json, 'awsRegion')),
    ...given('sourceAddress', textField(json, 'sourceIPAddress')),
    ...given('userAgent', textField(json, 'userAgent')),
    ...(decision === 'allowed' ? given('gives', givenBy(json, name, principal)) : {}),
  }
  return {
    format: 'cloudtrail',
    plane: 'aws',
    principal,
    at: timeAt(field(json, 'eventTime')),
    ...given('recordId', textField(json, 'eventID')),
    calls: [call],
    changes: decision === 'allowed' ? cloudTrailChanges(json, { action, principal, resources: call.resources }) : [],
    ...given('request', requestOf(json)),
    ...given('response', field(json, 'responseElements')),
    fields: FIELDS,
  }
}

/** Sign-ins carry no parameters: how one signed in, and whether with a second factor, stands beside. */
function requestOf(record: JsonObject): Json | undefined {
  const stated = field(record, 'requestParameters')
  const isSignIn = textField(record, 'eventSource') === 'signin.amazonaws.com'
  return isSignIn && (stated === null || stated === undefined) ? field(record, 'additionalEventData') : stated
}

const MARKS = ['userIdentity', 'eventVersion', 'awsRegion', 'recipientAccountId', 'eventID'] as const

const FIELDS = [
  ...MARKS,
  'eventSource',
  'eventName',
  'eventTime',
  'eventType',
  'eventCategory',
  'managementEvent',
  'requestParameters',
  'responseElements',
  'resources',
  'readOnly',
  'errorCode',
  'errorMessage',
  'requestID',
  'sourceIPAddress',
  'userAgent',
  'tlsDetails',
  'apiVersion',
  'additionalEventData',
]

/** A refusal of authority, apart from everything else that can go wrong. */
function decisionOf(record: JsonObject): Call['decision'] {
  const code = textField(record, 'errorCode')
  if (code !== undefined) return DENIED.test(code) ? 'denied' : 'failed'
  const login = field(record, 'responseElements')
  return textField(login, 'ConsoleLogin', 'SwitchRole', 'CheckMfa', 'PasswordUpdated') === 'Failure'
    ? 'denied'
    : 'allowed'
}

const DENIED = /AccessDenied|Unauthorized|NotAuthorized|Forbidden|ExplicitDeny|OptInRequired|InvalidClientTokenId/i

/** The principal or the credential that a call gave out. */
function givenBy(record: JsonObject, name: string, caller: Principal): Principal | undefined {
  const answer = field(record, 'responseElements')
  const credential = textField(field(answer, 'credentials'), 'accessKeyId')
  const account = textField(record, 'recipientAccountId') ?? caller.account
  switch (name) {
    case 'AssumeRole':
    case 'AssumeRoleWithSAML':
    case 'AssumeRoleWithWebIdentity':
    case 'AssumeRoot': {
      const session = sessionOf(textField(field(answer, 'assumedRoleUser'), 'arn'))
      const parameters = field(record, 'requestParameters')
      const id = textField(parameters, 'roleArn') ?? session?.role
      const named = session?.name ?? textField(parameters, 'roleSessionName')
      if (id === undefined) return undefined
      return principalOf({
        plane: 'aws',
        kind: 'role',
        id,
        account: accountOf(id) ?? account,
        session: named,
        credential,
        via: [caller.id],
      })
    }
    case 'GetSessionToken':
      return credential === undefined ? undefined : { ...caller, credential }
    case 'GetFederationToken': {
      const id = textField(field(answer, 'federatedUser'), 'arn')
      return id === undefined
        ? undefined
        : principalOf({ plane: 'aws', kind: 'federated', id, account, credential, via: [caller.id] })
    }
    case 'CreateAccessKey': {
      const key = field(answer, 'accessKey')
      const user = textField(key, 'userName') ?? textField(field(record, 'requestParameters'), 'userName')
      if (user === undefined || account === undefined) return undefined
      const id = `arn:aws:iam::${account}:user/${user}`
      return principalOf({ plane: 'aws', kind: 'user', id, account, credential: textField(key, 'accessKeyId') })
    }
    default:
      return undefined
  }
}

function accountOf(arn: string): string | undefined {
  return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1]
}
