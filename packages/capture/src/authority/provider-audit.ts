import type { Principal } from '@holdfast/model'
import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { given, principalOf, resourcesOf, timeAt } from './reading.ts'
import type { AuthorityReading, Change } from './reading.ts'

/** One event of an OpenAI organisation's audit log (`GET /v1/organization/audit_logs`); undefined for other JSON. */
export function readOpenAiAudit(json: Json): AuthorityReading | undefined {
  const type = textField(json, 'type')
  const actor = field(json, 'actor')
  if (!isJsonObject(json) || type === undefined || !isJsonObject(actor)) return undefined
  if (typeof field(json, 'effective_at') !== 'number') return undefined
  const id = textField(json, 'id')
  const detail = field(json, type) ?? field(json, type.replaceAll('.', '_'))
  const project = textField(field(json, 'project'), 'id')
  const principal = openAiPrincipal(actor, project)
  const session = field(actor, 'session')
  const isFailed = type.endsWith('.failed')
  const object = textField(detail, 'id')
  return {
    format: 'openai-audit',
    plane: 'openai',
    principal,
    at: timeAt(field(json, 'effective_at')),
    ...given('recordId', id),
    calls: [
      {
        action: type,
        resources: resourcesOf([object, project]),
        decision: isFailed ? 'denied' : 'allowed',
        ...given('errorCode', textField(detail, 'error_code')),
        ...given('requestId', id),
        ...given('sourceAddress', textField(session, 'ip_address')),
        ...given('userAgent', textField(session, 'user_agent')),
        ...openAiGives(type, object, project),
      },
    ],
    changes: changesOf(type, { object, principal, id }),
    ...given('request', detail),
    fields: ['id', 'object', 'type', 'effective_at', 'actor', 'project', type, type.replaceAll('.', '_')],
  }
}

function openAiPrincipal(actor: JsonObject, project: string | undefined): Principal {
  const key = field(actor, 'api_key')
  const user = field(key, 'user') ?? field(field(actor, 'session'), 'user')
  const name = textField(user, 'email') ?? textField(user, 'id')
  const account = textField(field(key, 'service_account'), 'id')
  const keyId = textField(key, 'id')
  const shared = { plane: 'openai', account: project, credential: keyId } as const
  if (account !== undefined) return principalOf({ ...shared, kind: 'service-account', id: account })
  if (keyId !== undefined) return principalOf({ ...shared, kind: 'api-key', id: keyId, via: [name] })
  return principalOf({ ...shared, kind: 'user', id: name })
}

function openAiGives(
  type: string,
  object: string | undefined,
  project: string | undefined,
): { readonly gives?: Principal } {
  if (object === undefined) return {}
  const shared = { plane: 'openai', id: object, account: project } as const
  if (type === 'api_key.created') return { gives: principalOf({ ...shared, kind: 'api-key', credential: object }) }
  return type === 'service_account.created' ? { gives: principalOf({ ...shared, kind: 'service-account' }) } : {}
}

/** One activity of an Anthropic organisation (Compliance API); undefined for other JSON. */
export function readAnthropicAudit(json: Json): AuthorityReading | undefined {
  const type = textField(json, 'type')
  const actor = field(json, 'actor')
  const at = textField(json, 'created_at')
  if (!isJsonObject(json) || type === undefined || !isJsonObject(actor) || at === undefined) return undefined
  const actorType = textField(actor, 'type')
  if (actorType === undefined || !/^[a-z_]+_actor$/.test(actorType)) return undefined
  const id = textField(json, 'id')
  const organisation = textField(json, 'organization_id', 'organization_uuid')
  const key = textField(actor, 'api_key_id', 'admin_api_key_id', 'service_key_id')
  const name = textField(actor, 'email_address', 'unauthenticated_email_address', 'user_id', 'directory_id')
  const principal = principalOf({
    plane: 'anthropic',
    id: key ?? name ?? actorType,
    kind:
      key !== undefined
        ? 'api-key'
        : actorType.startsWith('unauth')
          ? 'anonymous'
          : name === undefined
            ? 'service'
            : 'user',
    account: organisation,
    credential: key,
    via: key === undefined ? [] : [name],
  })
  const object = Object.keys(json).find((name_) => name_.endsWith('_id') && !OWN_IDS.has(name_))
  const subject = object === undefined ? undefined : textField(json, object)
  const gives = /^(api_key|service_key|admin_api_key)_created$/.test(type) && subject !== undefined
  return {
    format: 'anthropic-audit',
    plane: 'anthropic',
    principal,
    at: timeAt(at),
    ...given('recordId', id),
    calls: [
      {
        action: type,
        resources: resourcesOf([subject, organisation]),
        decision: type.endsWith('_failed') ? 'denied' : 'allowed',
        ...given('requestId', id),
        ...given('sourceAddress', textField(actor, 'ip_address')),
        ...given('userAgent', textField(actor, 'user_agent')),
        ...(gives
          ? { gives: principalOf({ plane: 'anthropic', kind: 'api-key', id: subject, account: organisation }) }
          : {}),
      },
    ],
    changes: changesOf(type, { object: subject, principal, id }),
    request: json,
    fields: Object.keys(json),
  }
}

const OWN_IDS: ReadonlySet<string> = new Set(['id', 'organization_id'])

/** Both providers name a change by its object and what was done to it: `api_key.updated`, `mcp_server_created`. */
function changesOf(
  type: string,
  {
    object,
    principal,
    id,
  }: { readonly object: string | undefined; readonly principal: Principal; readonly id: string | undefined },
): readonly Change[] {
  const done = /^(.+?)[._](created|updated|deleted|granted|revoked|added|removed|assigned|unassigned|toggled)$/.exec(
    type,
  )
  if (done === null) return []
  const [, kind = '', verb = ''] = done
  const change = /mcp_server/.test(kind) ? 'mcp-server' : GRANTS.test(kind) ? 'grant' : undefined
  if (change === undefined) return []
  return [{ change, subject: object ?? kind, to: verb, author: principal.id, ...given('changeId', id) }]
}

const GRANTS =
  /(api_key|service_key|service_account|role|role_assignment|role\.assignment|group|certificate|user|member)$/
