import type { PolicyDocument } from './policy.ts'
import { evaluate, parseDocument } from './policy.ts'
import type { AccountState, Done, StoredRole, StoredUser, Tags } from './state.ts'
import { element, encodedDocument, IamFault, members } from './state.ts'

/** One request of the IAM query API. `seen` is the state that reads see, which may be behind the one that is written. */
export type IamCall = {
  readonly account: string
  readonly state: AccountState
  readonly seen: AccountState
  readonly form: URLSearchParams
}

const INLINE_CHARACTERS = 10_240
const MAX_TAGS = 50

/** The actions that this server knows, by their names. */
export const IAM_ACTIONS: Readonly<Record<string, (call: IamCall) => Done>> = {
  GetRole: (call) => read(call, `<Role>${roleXml(call, roleOf(call, call.seen))}</Role>`),
  ListRoles: (call) =>
    read(
      call,
      `${members(
        'Roles',
        Object.values(call.seen.roles).map((role) => roleXml(call, role)),
      )}<IsTruncated>false</IsTruncated>`,
    ),
  ListRolePolicies: (call) =>
    read(
      call,
      `${members('PolicyNames', Object.keys(roleOf(call, call.seen).inline))}<IsTruncated>false</IsTruncated>`,
    ),
  GetRolePolicy: (call) => {
    const { name, inline } = roleOf(call, call.seen)
    const policy = required(call, 'PolicyName')
    const document = inline[policy]
    if (document === undefined) throw absent(`The role policy with name ${policy} cannot be found.`)
    return read(
      call,
      element('RoleName', name) + element('PolicyName', policy) + element('PolicyDocument', encodedDocument(document)),
    )
  },
  PutRolePolicy: (call) => {
    const role = roleOf(call, call.state)
    const policy = required(call, 'PolicyName')
    if (!/^[\w+=,.@-]{1,128}$/.test(policy))
      throw new IamFault('ValidationError', 400, `The specified value for policyName is invalid: ${policy}`)
    const document = required(call, 'PolicyDocument')
    const parsed = parseDocument(document)
    if (typeof parsed === 'string') throw new IamFault('MalformedPolicyDocument', 400, parsed)
    const inline = { ...role.inline, [policy]: document }
    const characters = Object.values(inline).reduce((sum, text) => sum + text.replaceAll(/\s/g, '').length, 0)
    if (characters > INLINE_CHARACTERS)
      throw new IamFault(
        'LimitExceeded',
        409,
        `Maximum policy size of ${INLINE_CHARACTERS} bytes exceeded for role ${role.name}`,
      )
    return written(call, { ...role, inline })
  },
  DeleteRolePolicy: (call) => {
    const role = roleOf(call, call.state)
    const policy = required(call, 'PolicyName')
    if (role.inline[policy] === undefined) throw absent(`The role policy with name ${policy} cannot be found.`)
    const { [policy]: _gone, ...inline } = role.inline
    return written(call, { ...role, inline })
  },
  ListAttachedRolePolicies: (call) => {
    const attached = roleOf(call, call.seen).attached.map(
      (arn) => element('PolicyArn', arn) + element('PolicyName', arn.split('/').at(-1)),
    )
    return read(call, `${members('AttachedPolicies', attached)}<IsTruncated>false</IsTruncated>`)
  },
  GetPolicy: (call) => {
    const arn = required(call, 'PolicyArn')
    if (call.seen.policies[arn] === undefined) throw absent(`Policy ${arn} was not found.`)
    return read(call, `<Policy>${element('Arn', arn)}</Policy>`)
  },
  PutRolePermissionsBoundary: (call) => {
    const arn = required(call, 'PermissionsBoundary')
    if (call.state.policies[arn] === undefined) throw absent(`Policy ${arn} does not exist or is not attachable.`)
    return written(call, { ...roleOf(call, call.state), boundary: arn })
  },
  DeleteRolePermissionsBoundary: (call) => {
    const { boundary, ...role } = roleOf(call, call.state)
    if (boundary === undefined) throw absent(`Role ${role.name} has no permissions boundary.`)
    return written(call, role)
  },
  TagRole: (call) => written(call, withTags(roleOf(call, call.state), tagsOf(call.form))),
  UntagRole: (call) => written(call, withoutTags(roleOf(call, call.state), listOf(call.form, 'TagKeys'))),
  TagUser: (call) => writtenUser(call, withTags(userOf(call, call.state), tagsOf(call.form))),
  UntagUser: (call) => writtenUser(call, withoutTags(userOf(call, call.state), listOf(call.form, 'TagKeys'))),
  GetUser: (call) => read(call, `<User>${userXml(call, userOf(call, call.seen))}</User>`),
  ListAccessKeys: (call) => {
    const { name, keys } = userOf(call, call.seen)
    const listed = Object.entries(keys).map(
      ([id, { isActive }]) =>
        element('UserName', name) + element('AccessKeyId', id) + element('Status', isActive ? 'Active' : 'Inactive'),
    )
    return read(call, `${members('AccessKeyMetadata', listed)}<IsTruncated>false</IsTruncated>`)
  },
  UpdateAccessKey: (call) => {
    const user = userOf(call, call.state)
    const id = required(call, 'AccessKeyId')
    const status = required(call, 'Status')
    const key = user.keys[id]
    if (key === undefined) throw absent(`The Access Key with id ${id} cannot be found.`)
    if (status !== 'Active' && status !== 'Inactive')
      throw new IamFault('ValidationError', 400, `Value '${status}' at 'status' failed to satisfy constraint`)
    return writtenUser(call, { ...user, keys: { ...user.keys, [id]: { ...key, isActive: status === 'Active' } } })
  },
  GetAccessKeyLastUsed: (call) => {
    const id = required(call, 'AccessKeyId')
    const user = Object.values(call.seen.users).find(({ keys }) => keys[id] !== undefined)
    if (user === undefined) throw new IamFault('AccessDenied', 403, `no right to see key ${id}`)
    return read(
      call,
      `${element('UserName', user.name)}<AccessKeyLastUsed>${element('LastUsedDate', user.keys[id]?.lastUsed)}<Region>N/A</Region><ServiceName>N/A</ServiceName></AccessKeyLastUsed>`,
    )
  },
  GetAccountAuthorizationDetails: (call) => {
    const roles = Object.values(call.seen.roles).map((role) => roleXml(call, role))
    const users = Object.values(call.seen.users).map((user) => userXml(call, user))
    return read(
      call,
      `${members('RoleDetailList', roles)}${members('UserDetailList', users)}<IsTruncated>false</IsTruncated>`,
    )
  },
  SimulatePrincipalPolicy: simulate,
}

/** IAM gives 100 at most, and says that it may give fewer though there are more. */
const SIMULATED_A_PAGE = 20

function simulate(call: IamCall): Done {
  const { seen, form } = call
  const source = required(call, 'PolicySourceArn')
  const role = Object.values(seen.roles).find((one) => arnOf(call, one) === source)
  if (role === undefined) throw absent(`The role with ARN ${source} cannot be found.`)
  const documents = [...Object.values(role.inline), ...role.attached.flatMap((arn) => seen.policies[arn] ?? [])].map(
    parsedOf,
  )
  const boundary = role.boundary === undefined ? undefined : parsedOf(seen.policies[role.boundary] ?? '')
  const context = new Map(contextOf(form))
  const results = listOf(form, 'ActionNames').flatMap((action) =>
    (form.has('ResourceArns.member.1') ? listOf(form, 'ResourceArns') : ['*']).map((resource) => {
      const decision = evaluate({ action, resource, context }, { policies: documents, boundary })
      return (
        element('EvalActionName', action) + element('EvalResourceName', resource) + element('EvalDecision', decision)
      )
    }),
  )
  const from = Number(form.get('Marker') ?? 0)
  const to = from + SIMULATED_A_PAGE
  const rest = to < results.length ? element('Marker', String(to)) : ''
  return read(
    call,
    `${members('EvaluationResults', results.slice(from, to))}<IsTruncated>${rest !== ''}</IsTruncated>${rest}`,
  )
}

function contextOf(form: URLSearchParams): readonly (readonly [string, readonly string[]])[] {
  const found: [string, readonly string[]][] = []
  for (let at = 1; form.has(`ContextEntries.member.${at}.ContextKeyName`); at++) {
    const prefix = `ContextEntries.member.${at}`
    found.push([form.get(`${prefix}.ContextKeyName`) ?? '', listOf(form, `${prefix}.ContextKeyValues`)])
  }
  return found
}

function parsedOf(text: string): PolicyDocument {
  const parsed = parseDocument(text)
  if (typeof parsed === 'string') throw new IamFault('ServiceFailure', 500, parsed)
  return parsed
}

function read({ state }: IamCall, result: string): Done {
  return { state, result }
}

function written({ state }: IamCall, role: StoredRole): Done {
  return { state: { ...state, roles: { ...state.roles, [role.name]: role } }, result: '' }
}

function writtenUser({ state }: IamCall, user: StoredUser): Done {
  return { state: { ...state, users: { ...state.users, [user.name]: user } }, result: '' }
}

function roleOf(call: IamCall, state: AccountState): StoredRole {
  const name = required(call, 'RoleName')
  const role = Object.hasOwn(state.roles, name) ? state.roles[name] : undefined
  if (role === undefined) throw absent(`The role with name ${name} cannot be found.`)
  if (
    role.path.startsWith('/aws-service-role/') &&
    state === call.state &&
    /^(Put|Delete)/.test(call.form.get('Action') ?? '')
  ) {
    throw new IamFault('UnmodifiableEntity', 400, `Cannot perform the operation on the protected role '${name}'`)
  }
  return role
}

function userOf(call: IamCall, state: AccountState): StoredUser {
  const name = required(call, 'UserName')
  const user = Object.hasOwn(state.users, name) ? state.users[name] : undefined
  if (user === undefined) throw absent(`The user with name ${name} cannot be found.`)
  return user
}

function withTags<T extends { readonly tags: Tags }>(entity: T, more: Tags): T {
  const tags = { ...entity.tags, ...more }
  const isText = (text: string, most: number) => text.length <= most && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)
  const wrong = Object.entries(more).find(
    ([key, value]) => !isText(key, 128) || !isText(value, 256) || key.startsWith('aws:'),
  )
  if (wrong !== undefined) throw new IamFault('ValidationError', 400, `tag ${wrong[0]} failed to satisfy constraint`)
  if (Object.keys(tags).length > MAX_TAGS)
    throw new IamFault('LimitExceeded', 409, 'The number of tags has reached the maximum limit.')
  return { ...entity, tags }
}

function withoutTags<T extends { readonly tags: Tags }>(entity: T, keys: readonly string[]): T {
  return { ...entity, tags: Object.fromEntries(Object.entries(entity.tags).filter(([key]) => !keys.includes(key))) }
}

function tagsOf(form: URLSearchParams): Tags {
  const tags: [string, string][] = []
  for (let at = 1; form.has(`Tags.member.${at}.Key`); at++) {
    tags.push([form.get(`Tags.member.${at}.Key`) ?? '', form.get(`Tags.member.${at}.Value`) ?? ''])
  }
  return Object.fromEntries(tags)
}

function listOf(form: URLSearchParams, name: string): readonly string[] {
  const found: string[] = []
  for (let at = 1; form.has(`${name}.member.${at}`); at++) found.push(form.get(`${name}.member.${at}`) ?? '')
  return found
}

function roleXml(call: IamCall, role: StoredRole): string {
  const { name, path, id, trust, boundary, tags } = role
  const bounded =
    boundary === undefined
      ? ''
      : `<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>${element('PermissionsBoundaryArn', boundary)}</PermissionsBoundary>`
  return `${element('Path', path)}${element('RoleName', name)}${element('RoleId', id)}${element('Arn', arnOf(call, role))}<CreateDate>2026-01-05T08:00:00Z</CreateDate>${element('AssumeRolePolicyDocument', encodedDocument(trust))}${bounded}${tagsXml(tags)}`
}

function userXml({ account }: IamCall, { name, id, tags }: StoredUser): string {
  return `<Path>/</Path>${element('UserName', name)}${element('UserId', id)}${element('Arn', `arn:aws:iam::${account}:user/${name}`)}<CreateDate>2026-01-05T08:00:00Z</CreateDate>${tagsXml(tags)}`
}

function tagsXml(tags: Tags): string {
  return members(
    'Tags',
    Object.entries(tags).map(([key, value]) => element('Key', key) + element('Value', value)),
  )
}

function arnOf({ account }: IamCall, { path, name }: StoredRole): string {
  return `arn:aws:iam::${account}:role${path}${name}`
}

function required({ form }: IamCall, name: string): string {
  const value = form.get(name)
  if (value === null || value === '')
    throw new IamFault(
      'ValidationError',
      400,
      `Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    )
  return value
}

function absent(message: string): IamFault {
  return new IamFault('NoSuchEntity', 404, message)
}
