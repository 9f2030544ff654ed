import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { MAX_RESOURCES } from './limits.ts'
import { cut, given, principalOf, resourcesOf, timeAt } from './reading.ts'
import type { AuthorityReading, Call, Change } from './reading.ts'

/**
 * One record of the audit log of Microsoft Entra ID (`directoryAudit`), as Graph lists it or as Azure Monitor exports it with
 * `properties`; undefined for other JSON. What is done to a service principal stands under that principal, by its object id, since its
 * name is for whoever made it to choose; everything else under whoever did it.
 */
export function readEntraAudit(json: Json): AuthorityReading | undefined {
  const properties = field(json, 'properties')
  const inner = textField(properties, 'activityDisplayName') === undefined ? json : (properties ?? json)
  const activity = textField(inner, 'activityDisplayName')
  const targets = field(inner, 'targetResources')
  if (!isJsonObject(json) || activity === undefined || !isJsonArray(targets)) return undefined
  const id = textField(inner, 'id')
  const tenant = textField(json, 'tenantId')
  const initiator = initiatorOf(inner, tenant)
  const isDone = (textField(inner, 'result') ?? 'success').toLowerCase() === 'success'
  const application = applicationOf(activity, targets)
  const base = {
    format: 'entra-audit',
    plane: 'azure',
    principal: initiator,
    at: timeAt(field(inner, 'activityDateTime') ?? field(json, 'time')),
    ...(id === undefined ? {} : { recordId: id }),
    ...given('request', targets),
    fields: FIELDS,
  } as const
  if (application === undefined) {
    const call: Call = {
      action: cut(activity),
      resources: resourcesOf(targets.map((target) => textField(target, 'id', 'displayName'))),
      decision: isDone ? 'allowed' : 'failed',
      ...(id === undefined ? {} : { requestId: id }),
    }
    return { ...base, calls: [call], changes: [] }
  }
  const { changes, ...subject } = application
  return {
    ...base,
    subject: { ...subject, ...given('account', tenant) },
    calls: [],
    changes: isDone
      ? changes.map((change) => ({ ...change, author: initiator.id, ...(id === undefined ? {} : { changeId: id }) }))
      : [],
  }
}

/** What a change says of a service principal; our own words, so that no name that somebody chose can stand for them. */
export const DIRECTORY_SUBJECTS = {
  added: 'service principal',
  owner: 'owner of a service principal',
  permission: 'permission of a service principal',
} as const

const FIELDS = [
  'id',
  'time',
  'tenantId',
  'category',
  'operationName',
  'properties',
  'activityDisplayName',
  'activityDateTime',
  'initiatedBy',
  'targetResources',
  'result',
  'resultReason',
  'correlationId',
  'loggedByService',
  'operationType',
  'additionalDetails',
]

/** What is done to a service principal, by the name of the activity, and which of its two values says it. */
const ACTIVITIES: Readonly<Record<string, { readonly of: keyof typeof DIRECTORY_SUBJECTS; readonly side: Side }>> = {
  'add service principal': { of: 'added', side: 'newValue' },
  'remove service principal': { of: 'added', side: 'oldValue' },
  'add owner to service principal': { of: 'owner', side: 'newValue' },
  'remove owner from service principal': { of: 'owner', side: 'oldValue' },
  'consent to application': { of: 'permission', side: 'newValue' },
  'add delegated permission grant': { of: 'permission', side: 'newValue' },
  'remove delegated permission grant': { of: 'permission', side: 'oldValue' },
  'add app role assignment to service principal': { of: 'permission', side: 'newValue' },
  'remove app role assignment from service principal': { of: 'permission', side: 'oldValue' },
}

type Side = 'newValue' | 'oldValue'
type Application = { readonly id: string; readonly name: string; readonly changes: readonly Change[] }

function applicationOf(activity: string, targets: readonly Json[]): Application | undefined {
  const key = activity.trim().toLowerCase()
  const known = Object.hasOwn(ACTIVITIES, key) ? ACTIVITIES[key] : undefined
  if (known === undefined) return undefined
  const { of, side } = known
  const own = targets.find((target) => textField(target, 'type') === 'ServicePrincipal')
  // Where a grant is of another service (Graph), that stands as the target, and who was given it among the properties.
  const id = valueOf(targets, 'ServicePrincipal.ObjectID', side) ?? textField(own, 'id')
  if (id === undefined) return undefined
  const name = valueOf(targets, 'ServicePrincipal.DisplayName', side) ?? textField(own, 'displayName') ?? id
  const values = whatOf(of, { targets, side })
  const changes = values.map((value): Change => {
    const text = cut(value)
    return {
      change: 'grant',
      subject: DIRECTORY_SUBJECTS[of],
      ...(side === 'newValue' ? { to: text } : { from: text }),
    }
  })
  return { id: cut(id), name: cut(name), changes }
}

function whatOf(
  of: keyof typeof DIRECTORY_SUBJECTS,
  { targets, side }: { readonly targets: readonly Json[]; readonly side: Side },
): readonly string[] {
  switch (of) {
    case 'added':
      return ['it']
    case 'owner': {
      const owner = targets.find((target) => textField(target, 'type') !== 'ServicePrincipal') ?? targets[0]
      return [textField(owner, 'userPrincipalName', 'id', 'displayName') ?? 'somebody']
    }
    case 'permission': {
      const consented = /Scope:\s*([^,\]]*)/g
      const consent = valueOf(targets, 'ConsentAction.Permissions', side) ?? ''
      const scopes = [...consent.slice(consent.indexOf('=>') + 1).matchAll(consented)].map(([, scope = '']) => scope)
      const delegated = valueOf(targets, 'DelegatedPermissionGrant.Scope', side) ?? ''
      const role = valueOf(targets, 'AppRole.Value', side) ?? ''
      const all = [...scopes, delegated, role].flatMap((text) => text.split(/\s+/)).filter((text) => text !== '')
      return all.length === 0 ? ['consent'] : [...new Set(all)].slice(0, MAX_RESOURCES)
    }
  }
}

/** A modified property, whose values are JSON in a text. */
function valueOf(targets: readonly Json[], name: string, side: Side): string | undefined {
  for (const target of targets) {
    const properties = field(target, 'modifiedProperties')
    if (!isJsonArray(properties)) continue
    const found = properties.find((property) => textField(property, 'displayName') === name)
    const text = textField(found, side)
    if (text === undefined) continue
    const parsed = parseJsonText(text)
    const value = isJsonArray(parsed) ? parsed[0] : parsed
    const plain = typeof value === 'string' ? value : text
    if (plain.trim() !== '') return plain.trim()
  }
  return undefined
}

function initiatorOf(inner: JsonObject | Json, tenant: string | undefined): AuthorityReading['principal'] {
  const by = field(inner, 'initiatedBy')
  const [user, app] = [field(by, 'user'), field(by, 'app')]
  const person = textField(user, 'userPrincipalName', 'id')
  return principalOf({
    plane: 'azure',
    id: person ?? textField(app, 'servicePrincipalId', 'appId', 'displayName'),
    kind: person === undefined ? 'service' : 'user',
    account: tenant,
  })
}
