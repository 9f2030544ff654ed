import type { Grant, GrantBinding } from '@holdfast/model'
import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { authorityAgent } from './document.ts'
import type { Declared } from './document.ts'
import { listOf, textsOf } from './iam-statement.ts'
import { MAX_AGGREGATION_LABELS, MAX_PATTERNS } from './limits.ts'

/**
 * One object of Kubernetes RBAC (rbac.authorization.k8s.io/v1), or a ServiceAccount; undefined for other JSON. A rule is
 * written as grants of `verb resource[.group][/subresource]` on `namespace/name`.
 */
export function readKubernetesRbac(content: Json): Declared | undefined {
  const kind = textField(content, 'kind')
  const meta = field(content, 'metadata')
  const name = textField(meta, 'name')
  if (kind === undefined || name === undefined || field(content, 'apiVersion') === undefined) return undefined
  const namespace = textField(meta, 'namespace') ?? 'default'
  const declared = (format: string, grants: readonly Grant[], bindings: readonly GrantBinding[]): Declared => ({
    format,
    agent: authorityAgent('kubernetes', undefined),
    components: [],
    grants,
    bindings,
    facts: { object: `${kind}/${namespace}/${name}` },
  })
  switch (kind) {
    case 'Role':
      return declared('kubernetes-role', rulesOf(content, { source: `Role/${namespace}/${name}`, namespace }), [])
    case 'ClusterRole': {
      const source = `ClusterRole/${name}`
      return declared('kubernetes-role', rulesOf(content, { source, namespace: '*' }), aggregationOf(content, source))
    }
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return declared(
        'kubernetes-role-binding',
        [],
        bindingsOf(content, kind === 'RoleBinding' ? namespace : undefined),
      )
    case 'ServiceAccount':
      return declared(
        'kubernetes-service-account',
        [],
        cloudIdentities(meta, `system:serviceaccount:${namespace}:${name}`),
      )
    default:
      return undefined
  }
}

function rulesOf(
  role: Json,
  { source, namespace }: { readonly source: string; readonly namespace: string },
): readonly Grant[] {
  return listOf(field(role, 'rules'))
    .slice(0, MAX_PATTERNS)
    .flatMap((rule, i): readonly Grant[] => {
      const verbs = textsOf(field(rule, 'verbs'))
      const shared = {
        plane: 'kubernetes',
        role: 'identity',
        effect: 'allow',
        conditions: {},
        source,
        statement: `rule ${i + 1}`,
      } as const
      const names = textsOf(field(rule, 'resourceNames'))
      const kinds = combined(textsOf(field(rule, 'resources')), groupsOf(rule), qualified)
      const paths = textsOf(field(rule, 'nonResourceURLs'))
      const onObjects = {
        ...shared,
        actions: pairs(verbs, kinds),
        resources: (names.length === 0 ? ['*'] : names).map((name) => `${namespace}/${name}`),
      }
      const onPaths = { ...shared, actions: pairs(verbs, paths), resources: paths }
      return [...(kinds.length > 0 ? [onObjects] : []), ...(paths.length > 0 ? [onPaths] : [])]
    })
}

function groupsOf(rule: Json): readonly string[] {
  const groups = textsOf(field(rule, 'apiGroups'))
  return groups.length === 0 ? [''] : groups
}

/** `deployments.apps/scale`; `core` stands for the group without a name where only it tells what is meant. */
function qualified(resource: string, group: string): string {
  const [name = '', sub] = resource.split('/')
  const dotted = group === '' ? (name === '*' ? '.core' : '') : `.${group}`
  return `${name}${dotted}${sub === undefined ? '' : `/${sub}`}`
}

function pairs(verbs: readonly string[], objects: readonly string[]): readonly string[] {
  return combined(verbs, objects, (verb, object) => `${verb} ${object}`)
}

/** Each with each, at most {@link MAX_PATTERNS}: a rule of a few hundred kilobytes could state a hundred million. */
function combined(
  some: readonly string[],
  others: readonly string[],
  join: (one: string, other: string) => string,
): readonly string[] {
  const all: string[] = []
  for (const one of some)
    for (const other of others) {
      if (all.length === MAX_PATTERNS) return all
      all.push(join(one, other))
    }
  return all
}

/**
 * A role that gathers others holds the combination of labels that it selects; a role with labels is held by every
 * combination of them.
 */
function aggregationOf(role: Json, source: string): readonly GrantBinding[] {
  const shared = { plane: 'kubernetes', subjectKind: 'holder', path: 'direct' } as const
  const selected = listOf(field(field(role, 'aggregationRule'), 'clusterRoleSelectors')).flatMap((selector) => {
    const labels = labelsOf(field(selector, 'matchLabels'))
    return labels.length === 0
      ? []
      : [{ ...shared, subject: source, source: `cluster roles labelled ${labels.join(',')}` }]
  })
  const own = labelsOf(field(field(role, 'metadata'), 'labels')).slice(0, MAX_AGGREGATION_LABELS)
  const combinations = own.reduce<readonly (readonly string[])[]>(
    (all, label) => [...all, ...all.map((some) => [...some, label])],
    [[]],
  )
  const offered = combinations
    .filter((labels) => labels.length > 0)
    .map((labels) => ({ ...shared, subject: `cluster roles labelled ${labels.join(',')}`, source }))
  return [...selected, ...offered]
}

function labelsOf(labels: Json | undefined): readonly string[] {
  if (!isJsonObject(labels)) return []
  return Object.entries(labels)
    .flatMap(([key, value]) => (typeof value === 'string' ? [`${key}=${value}`] : []))
    .toSorted()
}

function bindingsOf(binding: Json, namespace: string | undefined): readonly GrantBinding[] {
  const role = field(binding, 'roleRef')
  const name = textField(role, 'name')
  if (name === undefined) return []
  const source = textField(role, 'kind') === 'Role' ? `Role/${namespace ?? 'default'}/${name}` : `ClusterRole/${name}`
  return listOf(field(binding, 'subjects'))
    .slice(0, MAX_PATTERNS)
    .flatMap((subject): readonly GrantBinding[] => {
      const who = textField(subject, 'name')
      const kind = textField(subject, 'kind')
      if (who === undefined) return []
      const place = textField(subject, 'namespace') ?? namespace ?? 'default'
      const id = kind === 'ServiceAccount' ? `system:serviceaccount:${place}:${who}` : who
      // The account that every pod gets that names none, and a group, are held by whoever runs there.
      const ancestor =
        kind === 'Group'
          ? `group ${who}`
          : kind === 'ServiceAccount' && who === 'default'
            ? `namespace ${place}`
            : undefined
      return [
        {
          plane: 'kubernetes',
          subject: id,
          subjectKind: kind === 'ServiceAccount' ? 'service-account' : kind === 'Group' ? 'group' : 'user',
          source,
          ...(ancestor === undefined ? { path: 'direct' } : { path: 'inherited', ancestor }),
          ...(namespace === undefined ? {} : { scope: [`${namespace}/*`] }),
        },
      ]
    })
}

/** Annotations by which a service account acts as an identity of a cloud. */
function cloudIdentities(meta: Json | undefined, subject: string): readonly GrantBinding[] {
  const annotations = field(meta, 'annotations')
  const role = textField(annotations, 'eks.amazonaws.com/role-arn')
  const email = textField(annotations, 'iam.gke.io/gcp-service-account')
  const shared = { subject, subjectKind: 'service-account', path: 'direct', as: 'become' } as const
  return [
    ...(role === undefined ? [] : [{ ...shared, plane: 'aws', source: role } as const]),
    ...(email === undefined ? [] : [{ ...shared, plane: 'gcp', source: email } as const]),
  ]
}
