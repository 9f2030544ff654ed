import type { Grant, GrantBinding } from '@holdfast/model'
import { gcpResource } from '../authority/gcp-audit.ts'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { authorityAgent } from './document.ts'
import type { Declared } from './document.ts'
import { predefinedRole } from './gcp-roles.ts'
import { listOf, textsOf } from './iam-statement.ts'
import { MAX_PATTERNS } from './limits.ts'

/**
 * Documents of Google Cloud IAM: a policy (alone, or with the resource that it is set on, as Cloud Asset Inventory and
 * `search-all-iam-policies` have it), a role with its permissions, a BigQuery dataset with its access list. Undefined for
 * other JSON.
 */
export function readGcpAuthority(content: Json, name: string): Declared | undefined {
  const read = readRole(content) ?? readPolicy(content, name) ?? readDataset(content)
  if (read === undefined) return undefined
  const { format, owner, object, grants, bindings } = read
  return { format, agent: authorityAgent('gcp', owner), components: [], grants, bindings, facts: { object } }
}

type Read = {
  readonly format: string
  readonly owner: string | undefined
  /** What the document describes: a later one of the same takes its place. */
  readonly object: string
  readonly grants: readonly Grant[]
  readonly bindings: readonly GrantBinding[]
}

function readRole(content: Json): Read | undefined {
  const source = textField(content, 'name')
  const permissions = field(content, 'includedPermissions')
  if (source === undefined || !isJsonArray(permissions) || !/(^|\/)roles\//.test(source)) return undefined
  const grant: Grant = {
    plane: 'gcp',
    role: 'identity',
    effect: 'allow',
    actions: textsOf(permissions),
    conditions: {},
    source,
    statement: 'includedPermissions',
  }
  return {
    format: 'gcp-role',
    owner: /^projects\/([^/]+)/.exec(source)?.[1],
    object: source,
    grants: [grant],
    bindings: [],
  }
}

function readPolicy(content: Json, name: string): Read | undefined {
  const policy = field(content, 'policy', 'iam_policy', 'iamPolicy') ?? content
  const listed = field(policy, 'bindings')
  if (!isJsonArray(listed) || !listed.every((one) => textField(one, 'role') !== undefined)) return undefined
  const stated = textField(content, 'resource') ?? (policy === content ? undefined : textField(content, 'name'))
  const node = nodeOf(stated, name)
  const roles = new Set<string>()
  const bindings = listed.slice(0, MAX_PATTERNS).flatMap((binding) => {
    const role = textField(binding, 'role') ?? '-'
    roles.add(role)
    const condition = field(binding, 'condition')
    const expression = textField(condition, 'expression')
    return textsOf(field(binding, 'members')).flatMap((member): readonly GrantBinding[] => {
      const who = subjectOf(member)
      return [
        {
          plane: 'gcp',
          ...who,
          source: role,
          ...pathOf(node, who.subjectKind === 'group' ? `group ${who.subject}` : undefined),
          scope: node.scope,
          ...(expression === undefined ? {} : { conditions: { expression: { cel: [expression] } } }),
        },
      ]
    })
  })
  const owner = /^projects\/([^/*]+)/.exec(node.name)?.[1]
  return { format: 'gcp-iam-policy', owner, object: node.name, grants: [...roles].flatMap(predefinedRole), bindings }
}

type Node = { readonly name: string; readonly isContainer: boolean; readonly scope: readonly string[] }

/** Projects, folders and organisations hand down what is granted on them; any other resource has it for itself. */
function nodeOf(stated: string | undefined, name: string): Node {
  // A policy that does not say its resource counts for everything, and is called by its file.
  if (stated === undefined) return { name, isContainer: true, scope: ['*'] }
  const path = gcpResource(stated, undefined).replace(/^projects\/_\//, 'projects/*/')
  if (/^(folders|organizations)\/[^/]+$/.test(path)) return { name: path, isContainer: true, scope: ['*'] }
  const resource = path.startsWith('buckets/') ? `projects/*/${path}` : path
  return { name: path, isContainer: /^projects\/[^/]+$/.test(path), scope: [resource, `${resource}/*`] }
}

function pathOf(node: Node, group: string | undefined): Pick<GrantBinding, 'path' | 'ancestor'> {
  const ancestor = node.isContainer ? node.name : group
  return ancestor === undefined ? { path: 'direct' } : { path: 'inherited', ancestor }
}

function subjectOf(member: string): Pick<GrantBinding, 'subject' | 'subjectKind'> {
  const [, kind, id] = /^(?:deleted:)?(user|serviceAccount|group|domain):([^?]+)/.exec(member) ?? []
  if (kind === undefined || id === undefined)
    return { subject: member, subjectKind: member.startsWith('principal') ? 'federated' : 'group' }
  if (kind === 'serviceAccount') return { subject: id, subjectKind: 'service-account' }
  return { subject: id, subjectKind: kind === 'user' ? 'user' : 'group' }
}

/** `bq show --format=json DATASET`. */
function readDataset(content: Json): Read | undefined {
  const reference = field(content, 'datasetReference')
  const [project, dataset] = [textField(reference, 'projectId'), textField(reference, 'datasetId')]
  const access = field(content, 'access')
  if (project === undefined || dataset === undefined || !isJsonArray(access)) return undefined
  const path = `projects/${project}/datasets/${dataset}`
  const roles = new Set<string>()
  const bindings = listOf(access)
    .slice(0, MAX_PATTERNS)
    .flatMap((one): readonly GrantBinding[] => {
      const role = DATASET_ROLES.get(textField(one, 'role') ?? '') ?? textField(one, 'role')
      const user = textField(one, 'userByEmail')
      const group = textField(one, 'groupByEmail', 'specialGroup', 'domain', 'iamMember')
      if (role === undefined || (user === undefined && group === undefined)) return []
      roles.add(role)
      const subjectKind =
        user === undefined ? 'group' : user.endsWith('gserviceaccount.com') ? 'service-account' : 'user'
      return [
        {
          plane: 'gcp',
          subject: user ?? group ?? '-',
          subjectKind,
          source: role,
          ...(user === undefined ? { path: 'inherited', ancestor: `group ${group}` } : { path: 'direct' }),
          scope: [path, `${path}/*`],
        },
      ]
    })
  return {
    format: 'bigquery-dataset',
    owner: project,
    object: path,
    grants: [...roles].flatMap(predefinedRole),
    bindings,
  }
}

const DATASET_ROLES: ReadonlyMap<string, string> = new Map([
  ['READER', 'roles/bigquery.dataViewer'],
  ['WRITER', 'roles/bigquery.dataEditor'],
  ['OWNER', 'roles/bigquery.dataOwner'],
])
