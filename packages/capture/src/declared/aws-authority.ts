import type { Grant, GrantBinding } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { authorityAgent } from './document.ts'
import type { Declared } from './document.ts'
import { conditionsOf, iamGrants, listOf, policyDocument, principalsOf, textsOf } from './iam-statement.ts'

/**
 * Documents of AWS IAM: a policy document; what `get-role-policy`, `get-policy-version`, `get-role`,
 * `get-account-authorization-details` and Organizations' `describe-policy` answer; EKS pod identity associations.
 * Undefined for other JSON.
 */
export function readAwsAuthority(content: Json, name: string): Declared | undefined {
  const parts = new AwsParts()
  const format = parts.read(content, name)
  if (format === undefined) return undefined
  return {
    format,
    agent: authorityAgent('aws', parts.account),
    components: [],
    grants: parts.grants,
    bindings: parts.bindings,
    facts: { object: parts.object ?? name },
  }
}

class AwsParts {
  readonly grants: Grant[] = []
  readonly bindings: GrantBinding[] = []
  account: string | undefined
  /** What the document describes: a later one of the same takes its place. */
  object: string | undefined

  /** The format of the document, or undefined where it is none of them. */
  read(content: Json, name: string): string | undefined {
    const details = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'] as const
    if (details.some((list) => isJsonArray(field(content, list)) && field(content, list) !== undefined)) {
      return this.#account(content) ? 'aws-account-authorization' : undefined
    }
    const summary = field(field(content, 'Policy'), 'PolicySummary')
    if (summary !== undefined) return this.#organisationPolicy(content, summary)
    const association = field(content, 'association')
    if (textField(association, 'roleArn') !== undefined) return this.#podIdentity(association)
    const role = field(content, 'Role') ?? content
    if (textField(role, 'RoleName') !== undefined && textField(role, 'Arn') !== undefined) {
      this.#role(role)
      return 'iam-role'
    }
    if (textField(content, 'UserName') !== undefined && textField(content, 'Arn') !== undefined) {
      this.#holder(content, 'user')
      return 'iam-user'
    }
    if (isJsonArray(field(content, 'AttachedPolicies'))) return this.#attached(content, name)
    return this.#policy(content, name)
  }

  #account(content: Json): boolean {
    this.object = 'account'
    for (const policy of listOf(field(content, 'Policies'))) this.#managed(policy)
    for (const group of listOf(field(content, 'GroupDetailList'))) this.#holder(group, 'group')
    for (const user of listOf(field(content, 'UserDetailList'))) this.#holder(user, 'user')
    for (const role of listOf(field(content, 'RoleDetailList'))) this.#role(role)
    return this.grants.length + this.bindings.length > 0
  }

  #managed(policy: Json): void {
    const arn = textField(policy, 'Arn')
    const versions = listOf(field(policy, 'PolicyVersionList'))
    const inForce = versions.find((version) => field(version, 'IsDefaultVersion') === true)
    const document = policyDocument(field(inForce, 'Document'))
    if (arn !== undefined && document !== undefined) this.#add(document, arn)
  }

  #role(role: Json): void {
    const arn = this.#holder(role, 'role')
    const trust = policyDocument(field(role, 'AssumeRolePolicyDocument'))
    if (arn === undefined || trust === undefined) return
    this.grants.push(...iamGrants(trust, { source: `${arn} trust policy`, role: 'trust' }))
    for (const { kind, id, statement } of principalsOf(trust)) {
      if (textField(statement, 'Effect') !== 'Allow') continue
      const conditions = conditionsOf(field(statement, 'Condition'))
      for (const account of kind === 'Federated' ? serviceAccountsIn(conditions) : [])
        this.#become(account, 'service-account', arn)
      if (kind === 'Federated') continue
      this.bindings.push({
        plane: 'aws',
        subject: id,
        subjectKind: kind === 'Service' ? 'service' : id.endsWith(':root') ? 'root' : 'unknown',
        source: arn,
        path: 'inherited',
        ancestor: arn,
        as: 'become',
        ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
      })
    }
  }

  #become(subject: string, subjectKind: GrantBinding['subjectKind'], source: string): void {
    this.bindings.push({ plane: 'aws', subject, subjectKind, source, path: 'direct', as: 'become' })
  }

  /** A user, group or role with its inline and attached policies, boundary and groups. Answers its ARN. */
  #holder(holder: Json, kind: 'user' | 'group' | 'role'): string | undefined {
    const arn = textField(holder, 'Arn')
    if (arn === undefined) return undefined
    this.object ??= arn
    this.account ??= /^arn:[^:]*:iam::(\d{12}):/.exec(arn)?.[1]
    const shared = { plane: 'aws', subject: arn, subjectKind: kind, path: 'direct' } as const
    const inline = listOf(field(holder, 'RolePolicyList', 'UserPolicyList', 'GroupPolicyList'))
    for (const policy of inline) {
      const document = policyDocument(field(policy, 'PolicyDocument'))
      const source = `${arn} inline policy ${textField(policy, 'PolicyName') ?? '-'}`
      if (document === undefined) continue
      this.#add(document, source)
      this.bindings.push({ ...shared, source })
    }
    for (const policy of listOf(field(holder, 'AttachedManagedPolicies', 'AttachedPolicies'))) {
      const source = textField(policy, 'PolicyArn')
      if (source !== undefined) this.bindings.push({ ...shared, source })
    }
    const boundary = textField(field(holder, 'PermissionsBoundary'), 'PermissionsBoundaryArn')
    if (boundary !== undefined) this.bindings.push({ ...shared, source: boundary, as: 'boundary' })
    const account = /^(arn:[^:]*:iam::\d{12}:)/.exec(arn)?.[1] ?? ''
    for (const group of textsOf(field(holder, 'GroupList'))) {
      const source = `${account}group/${group}`
      this.bindings.push({ ...shared, source, path: 'inherited', ancestor: source })
    }
    return arn
  }

  /** `list-attached-role-policies` and its kin do not say whose they are: a role called as the file is, unless it is added. */
  #attached(content: Json, name: string): string | undefined {
    const [key, kind] =
      textField(content, 'UserName') !== undefined
        ? (['UserName', 'user'] as const)
        : textField(content, 'GroupName') !== undefined
          ? (['GroupName', 'group'] as const)
          : (['RoleName', 'role'] as const)
    const subject = `${kind}/${textField(content, key) ?? name}`
    for (const policy of listOf(field(content, 'AttachedPolicies'))) {
      const source = textField(policy, 'PolicyArn')
      if (source !== undefined) this.bindings.push({ plane: 'aws', subject, subjectKind: kind, source, path: 'direct' })
    }
    this.object = subject
    return this.bindings.length === 0 ? undefined : 'iam-attached-policies'
  }

  #policy(content: Json, name: string): string | undefined {
    const version = field(content, 'PolicyVersion')
    const document = policyDocument(field(version, 'Document') ?? field(content, 'PolicyDocument') ?? content)
    if (document === undefined || !isIamPolicy(document)) return undefined
    const holder = ['RoleName', 'UserName', 'GroupName'].find((key) => textField(content, key) !== undefined)
    const named = textField(content, 'PolicyName')
    if (holder !== undefined && named !== undefined) {
      const kind = holder === 'RoleName' ? 'role' : holder === 'UserName' ? 'user' : 'group'
      const subject = `${kind}/${textField(content, holder)}`
      const source = `${subject} inline policy ${named}`
      this.#add(document, source)
      this.bindings.push({ plane: 'aws', subject, subjectKind: kind, source, path: 'direct' })
      return 'iam-inline-policy'
    }
    const source = textField(content, 'PolicyArn') ?? textField(field(content, 'Policy'), 'Arn') ?? named ?? name
    const principals = principalsOf(document).filter(({ statement }) => textField(statement, 'Effect') === 'Allow')
    const isResource = principalsOf(document).length > 0
    this.#add(document, source, isResource ? 'resource' : 'identity')
    for (const { id, index } of principals)
      this.bindings.push({
        plane: 'aws',
        subject: id,
        subjectKind: 'unknown',
        source: `${source}#${index}`,
        path: 'direct',
      })
    return isResource ? 'iam-resource-policy' : 'iam-policy'
  }

  #organisationPolicy(content: Json, summary: Json): string | undefined {
    const source = textField(summary, 'Arn') ?? textField(summary, 'Name')
    const document = policyDocument(field(field(content, 'Policy'), 'Content'))
    if (source === undefined || document === undefined || textField(summary, 'Type') !== 'SERVICE_CONTROL_POLICY')
      return undefined
    this.#add(document, source, 'scp')
    for (const target of listOf(field(content, 'Targets'))) {
      const subject = textField(target, 'TargetId')
      if (subject !== undefined)
        this.bindings.push({
          plane: 'aws',
          subject,
          subjectKind: 'holder',
          source,
          path: 'inherited',
          ancestor: subject,
          as: 'scp',
        })
    }
    return 'service-control-policy'
  }

  #podIdentity(association: Json | undefined): string {
    const subject = `system:serviceaccount:${textField(association, 'namespace') ?? '-'}:${textField(association, 'serviceAccount') ?? '-'}`
    this.object = subject
    this.#become(subject, 'service-account', textField(association, 'roleArn') ?? '-')
    return 'eks-pod-identity'
  }

  #add(document: Json, source: string, role: Grant['role'] = 'identity'): void {
    this.object ??= source
    const grants = iamGrants(document, { source, role })
    // A resource policy gives each statement to the principals of that statement alone.
    this.grants.push(
      ...(role === 'resource' ? grants.map((grant, i) => ({ ...grant, source: `${source}#${i}` })) : grants),
    )
  }
}

/** Other systems have `Statement` lists too; IAM's have an effect and actions, or name who may. */
function isIamPolicy(document: Json): boolean {
  return listOf(field(document, 'Statement')).some(
    (statement) =>
      textField(statement, 'Effect') !== undefined && field(statement, 'Action', 'NotAction') !== undefined,
  )
}

/** Service accounts that a trust policy names by the subject of their token (IAM roles for service accounts). */
function serviceAccountsIn(conditions: Grant['conditions']): readonly string[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    /^String(Equals|Like)$/i.test(operator)
      ? Object.entries(keys).flatMap(([key, values]) =>
          key.endsWith(':sub') ? values.filter((value) => value.startsWith('system:serviceaccount:')) : [],
        )
      : [],
  )
}
