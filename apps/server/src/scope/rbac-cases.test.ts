import { describe, expect, test } from 'vitest'
import { AGENT, scopeOf, stated, words } from './testing/scope-of.ts'

const SA = 'system:serviceaccount:shop:cart'
let serial = 0

const object = (kind: string, name: string, more: object, namespace?: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...more,
})
const binds = (kind: 'RoleBinding' | 'ClusterRoleBinding', roleRef: object, subject: object, namespace?: string) =>
  object(kind, 'b', { roleRef, subjects: [subject] }, namespace)
const CART = { kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }
const audit = (verb: string, objectRef: object, more: object = {}) => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID: `a${serial++}`,
  stage: 'ResponseComplete',
  verb,
  user: { username: SA },
  objectRef,
  responseStatus: { code: 200 },
  requestReceivedTimestamp: '2026-03-02T10:00:00Z',
  ...more,
})

describe('Kubernetes RBAC', () => {
  const kubernetes = (...rest: readonly unknown[]) => words(scopeOf(AGENT, [stated('kubernetes', SA), ...rest]))
  const reader = object(
    'Role',
    'reader',
    { rules: [{ apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: ['get'] }] },
    'shop',
  )
  const bound = binds('RoleBinding', { kind: 'Role', name: 'reader' }, CART, 'shop')
  const secret = audit('get', { resource: 'secrets', namespace: 'shop', name: 'db' })
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'each verb on each resource is a grant',
      kubernetes(reader, bound, secret),
      ['undeclaredUse: get secrets on shop/*', 'unusedExcess: get configmaps on shop/*'],
    ],
    [
      'resourceNames are held to',
      kubernetes(
        object(
          'Role',
          'reader',
          { rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['api'], verbs: ['get'] }] },
          'shop',
        ),
        bound,
        secret,
      ),
      ['gap: get secrets on shop/db', 'unusedExcess: get secrets on shop/api'],
    ],
    [
      'a cluster role bound in a namespace reaches that namespace',
      kubernetes(
        object('ClusterRole', 'view', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }] }),
        binds('RoleBinding', { kind: 'ClusterRole', name: 'view' }, CART, 'shop'),
        audit('list', { resource: 'pods', namespace: 'other' }),
      ),
      ['gap: list pods on other/*', 'unusedExcess: list pods on shop/*'],
    ],
    [
      'a group of all service accounts hands down',
      kubernetes(
        object('ClusterRole', 'view', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }] }),
        binds(
          'ClusterRoleBinding',
          { kind: 'ClusterRole', name: 'view' },
          { kind: 'Group', name: 'system:serviceaccounts' },
        ),
        secret,
      ),
      ['gap: get secrets on shop/db', 'inheritedOverreach: list pods on */*'],
    ],
    [
      'a wildcard rule is split by namespace',
      kubernetes(
        object('ClusterRole', 'all', { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }),
        binds('ClusterRoleBinding', { kind: 'ClusterRole', name: 'all' }, CART),
        secret,
      ),
      ['undeclaredUse: get secrets on shop/*', 'unusedExcess: * *.* on */*'],
    ],
    [
      'a resource does not give its subresources',
      kubernetes(
        object('Role', 'reader', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['create'] }] }, 'shop'),
        bound,
        audit('create', { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' }),
      ),
      ['gap: create pods/exec on shop/web', 'unusedExcess: create pods on shop/*'],
    ],
    [
      'an aggregated role holds what its labels select',
      kubernetes(
        object('ClusterRole', 'sum', {
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { team: 'a' } }] },
          rules: [],
        }),
        {
          ...object('ClusterRole', 'part', {
            rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] }],
          }),
          metadata: { name: 'part', labels: { team: 'a' } },
        },
        binds('ClusterRoleBinding', { kind: 'ClusterRole', name: 'sum' }, CART),
        audit('patch', { resource: 'deployments', apiGroup: 'apps', namespace: 'shop', name: 'web' }),
      ),
      ['undeclaredUse: patch deployments.apps on shop/*', 'unusedExcess: patch deployments.apps on */*'],
    ],
    [
      'a path is no resource',
      kubernetes(
        object('ClusterRole', 'm', { rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }] }),
        binds('ClusterRoleBinding', { kind: 'ClusterRole', name: 'm' }, CART),
        { ...audit('get', {}), objectRef: undefined, requestURI: '/metrics?x=1' },
      ),
      ['undeclaredUse: get /metrics on /metrics'],
    ],
    [
      'what was refused is no use',
      kubernetes(
        reader,
        bound,
        audit('get', { resource: 'secrets', namespace: 'shop', name: 'db' }, { responseStatus: { code: 403 } }),
      ),
      ['unusedExcess: get configmaps on shop/*', 'unusedExcess: get secrets on shop/*'],
    ],
  ])('%s', (_title, found, expected) => expect(found).toEqual(expected))
})
