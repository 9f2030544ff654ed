import { createHash } from 'node:crypto'

import { canonicalJson } from '@holdfast/model'

import { ConnectorError } from '../connector-error.ts'
import type { AwsAccount } from './account.ts'
import { MAX_INLINE_POLICIES } from './limits.ts'
import { policyCharacters } from './policy-grammar.ts'
import type { TaggedHold } from './tags.ts'
import { holdsIn, tagKeysOf, tagsOf } from './tags.ts'

/** A role as it is now. */
export type Role = {
  readonly name: string
  /** With its path, as the simulator wants it. */
  readonly arn: string
  readonly boundary: string | undefined
  readonly holds: readonly TaggedHold[]
  readonly tags: number
  /** Characters of its inline policies by name, white space not counted. */
  readonly inline: ReadonlyMap<string, number>
  /** Of what it is: another trust, policy or boundary is another target; what we put there does not count. */
  readonly state: string
}

/** A user with its long-lived keys as they are now. */
export type User = {
  readonly name: string
  readonly holds: readonly TaggedHold[]
  readonly tags: number
  readonly keys: readonly { readonly id: string; readonly isActive: boolean }[]
  readonly state: string
}

/** Names of our own inline policies begin so. */
export const POLICY_PREFIX = 'Holdfast-'

export async function readRole(account: AwsAccount, name: string): Promise<Role | undefined> {
  const found = await account.ask((client, { GetRoleCommand }) => client.send(new GetRoleCommand({ RoleName: name })))
  const role = found?.Role
  if (role?.Arn === undefined) return undefined
  const [documents, attached] = await Promise.all([inlineOf(account, name), attachedTo(account, name)])
  const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn
  const holds = holdsIn(role.Tags ?? [], account.marked('role', name))
  const isBoundedByUs = holds.some(({ deed }) => deed === 'scope-role')
  const theirs = [...documents].filter(([policy]) => !policy.startsWith(POLICY_PREFIX))
  return {
    name,
    arn: role.Arn,
    boundary,
    holds,
    tags: role.Tags?.length ?? 0,
    inline: new Map([...documents].map(([policy, text]) => [policy, policyCharacters(text)])),
    state: digestOf([
      role.RoleId,
      role.AssumeRolePolicyDocument,
      isBoundedByUs ? 'ours' : boundary,
      theirs.toSorted(([a], [b]) => (a < b ? -1 : 1)),
      attached.toSorted(),
    ]),
  }
}

export async function readUser(account: AwsAccount, name: string): Promise<User | undefined> {
  const found = await account.ask((client, { GetUserCommand }) => client.send(new GetUserCommand({ UserName: name })))
  if (found?.User === undefined) return undefined
  const { UserId, Tags = [] } = found.User
  const listed = await account.ask((client, { ListAccessKeysCommand }) =>
    client.send(new ListAccessKeysCommand({ UserName: name })),
  )
  const keys = (listed?.AccessKeyMetadata ?? []).map(({ AccessKeyId = '', Status }) => ({
    id: AccessKeyId,
    isActive: Status === 'Active',
  }))
  return {
    name,
    holds: holdsIn(Tags, account.marked('user', name)),
    tags: Tags.length,
    keys,
    state: digestOf([UserId, keys.map(({ id }) => id).toSorted()]),
  }
}

/** Writes a hold beside what it holds, before anything else: what is applied can then be found without us. */
export async function tagEntity(account: AwsAccount, entity: Role | User, hold: TaggedHold): Promise<void> {
  const tags = tagsOf(hold, account.marked('arn' in entity ? 'role' : 'user', entity.name))
  if (tags === undefined) throw new ConnectorError('refused', `${entity.name}: the hold does not fit into a tag`)
  const Tags = tags.map((tag) => ({ ...tag }))
  await account.ask((client, { TagRoleCommand, TagUserCommand }) =>
    'arn' in entity
      ? client.send(new TagRoleCommand({ RoleName: entity.name, Tags }))
      : client.send(new TagUserCommand({ UserName: entity.name, Tags })),
  )
}

export async function untagEntity(account: AwsAccount, entity: Role | User, id: string): Promise<void> {
  const TagKeys = tagKeysOf(id)
  await account.ask((client, { UntagRoleCommand, UntagUserCommand }) =>
    'arn' in entity
      ? client.send(new UntagRoleCommand({ RoleName: entity.name, TagKeys }))
      : client.send(new UntagUserCommand({ UserName: entity.name, TagKeys })),
  )
}

async function inlineOf(account: AwsAccount, role: string): Promise<ReadonlyMap<string, string>> {
  const listed = await account.ask((client, { ListRolePoliciesCommand }) =>
    client.send(new ListRolePoliciesCommand({ RoleName: role, MaxItems: MAX_INLINE_POLICIES })),
  )
  if (listed?.IsTruncated === true) throw new ConnectorError('unusable', `${role} has more inline policies than fit`)
  const documents = await Promise.all(
    (listed?.PolicyNames ?? []).map(async (policy): Promise<readonly (readonly [string, string])[]> => {
      const got = await account.ask((client, { GetRolePolicyCommand }) =>
        client.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: policy })),
      )
      // Percent-encoded, as RFC 3986 has it.
      return got === undefined ? [] : [[policy, decodeURIComponent(got.PolicyDocument ?? '')]]
    }),
  )
  return new Map(documents.flat())
}

async function attachedTo(account: AwsAccount, role: string): Promise<readonly string[]> {
  const listed = await account.ask((client, { ListAttachedRolePoliciesCommand }) =>
    client.send(new ListAttachedRolePoliciesCommand({ RoleName: role })),
  )
  return (listed?.AttachedPolicies ?? []).map(({ PolicyArn = '' }) => PolicyArn)
}

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex')
}
