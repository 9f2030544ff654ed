import { describe, expect, test } from 'vitest'
import type { ScopeReport } from '@holdfast/observe'
import { scopeOf } from './testing/scope-of.ts'

const AGENT = 'k8s:-/shop/cart'
const ACCOUNT = '111122223333'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/cart`
const SA = 'system:serviceaccount:shop:cart'
const BOT = 'cart@acme.iam.gserviceaccount.com'

const LISTS = [
  'unusedExcess',
  'inheritedOverreach',
  'justified',
  'undeclaredUse',
  'inScopeAnomalies',
  'undetermined',
  'withoutEffect',
] as const

/** `list: action on resources`, sorted; what was done without a grant as `gap: ...`. */
function words(report: ScopeReport): readonly string[] {
  const rows = LISTS.flatMap((list) =>
    report[list].map(({ grant }) => `${list}: ${grant.action} on ${grant.resources.join(' ')}`),
  )
  const gaps = report.inventoryGaps.map(({ action, resource }) => `gap: ${action} on ${resource}`)
  return [...rows, ...gaps].toSorted()
}

const agent = (plane: string, principal: string, needs: readonly object[] = [], from?: string) => ({
  holdfastAuthority: {
    agent: AGENT,
    identities: [{ plane, principal, ...(from === undefined ? {} : { from }) }],
    needs: needs.map((need) => ({ plane, ...need })),
  },
})

// AWS
const role = (statements: readonly object[], more: object = {}) => ({
  RoleDetailList: [
    {
      RoleName: 'cart',
      Arn: ROLE,
      RolePolicyList: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
      ...more,
    },
  ],
  UserDetailList: [],
  GroupDetailList: [],
  Policies: [],
})
const allow = (Action: unknown, Resource: unknown = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})
let serial = 0
const trail = (eventSource: string, eventName: string, requestParameters: object = {}, more: object = {}) => ({
  eventVersion: '1.11',
  eventTime: '2026-03-02T10:00:00Z',
  eventSource: `${eventSource}.amazonaws.com`,
  eventName,
  awsRegion: 'eu-west-1',
  eventID: `e${serial++}`,
  recipientAccountId: ACCOUNT,
  requestParameters,
  userIdentity: {
    type: 'AssumedRole',
    accountId: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/cart/pod`,
    sessionContext: { sessionIssuer: { arn: ROLE } },
  },
  ...more,
})
const get = (bucketName: string, key = 'k') => trail('s3', 'GetObject', { bucketName, key })

describe('AWS IAM', () => {
  const aws = (needs: readonly object[], ...rest: readonly unknown[]) =>
    words(scopeOf(AGENT, [agent('aws', ROLE, needs), ...rest]))
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'an exact action that is declared and used is justified',
      aws(
        [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*'] }],
        role([allow('s3:GetObject', 'arn:aws:s3:::a/*')]),
        get('a'),
      ),
      ['justified: s3:GetObject on arn:aws:s3:::a/*'],
    ],
    [
      'the same, idle, is unused excess',
      aws([{ actions: ['s3:GetObject'] }], role([allow('s3:GetObject', 'arn:aws:s3:::a/*')]), get('b')),
      ['gap: s3:GetObject on arn:aws:s3:::b/k', 'unusedExcess: s3:GetObject on arn:aws:s3:::a/*'],
    ],
    [
      'the used part of s3:Get* is told from the rest',
      aws([], role([allow('s3:Get*', 'arn:aws:s3:::acme-*/*')]), get('acme-x')),
      ['undeclaredUse: s3:GetObject on arn:aws:s3:::acme-x/*', 'unusedExcess: s3:Get* on arn:aws:s3:::acme-*/*'],
    ],
    [
      '`*` on `*` is split by what was done',
      aws(
        [],
        role([allow('*')]),
        get('a'),
        trail('sqs', 'SendMessage', { queueUrl: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/q` }),
      ),
      [
        'undeclaredUse: s3:GetObject on arn:aws:s3:::a/*',
        `undeclaredUse: sqs:SendMessage on arn:aws:sqs:eu-west-1:${ACCOUNT}:q`,
        'unusedExcess: * on *',
      ],
    ],
    [
      'NotAction gives all but what it names',
      aws(
        [],
        role([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
        trail('iam', 'CreateUser', { userName: 'x' }),
      ),
      [`gap: iam:CreateUser on arn:aws:iam::${ACCOUNT}:user/x`, 'unusedExcess: * on *'],
    ],
    [
      'NotResource leaves out what it names',
      aws([], role([{ Effect: 'Allow', Action: 's3:GetObject', NotResource: 'arn:aws:s3:::secret/*' }]), get('secret')),
      ['gap: s3:GetObject on arn:aws:s3:::secret/k', 'unusedExcess: s3:GetObject on *'],
    ],
    [
      'an explicit deny wins',
      aws([], role([allow('s3:GetObject'), { Effect: 'Deny', Action: 's3:*', Resource: '*' }]), get('a')),
      ['gap: s3:GetObject on arn:aws:s3:::a/k', 'withoutEffect: s3:GetObject on *'],
    ],
    [
      'an upload in parts is s3:PutObject',
      aws(
        [],
        role([allow('s3:PutObject', 'arn:aws:s3:::a/*')]),
        trail('s3', 'CreateMultipartUpload', { bucketName: 'a', key: 'big' }),
      ),
      ['undeclaredUse: s3:PutObject on arn:aws:s3:::a/*'],
    ],
    [
      'a policy of a group is inherited',
      words(
        scopeOf(AGENT, [
          agent('aws', `arn:aws:iam::${ACCOUNT}:user/bot`),
          {
            UserDetailList: [{ UserName: 'bot', Arn: `arn:aws:iam::${ACCOUNT}:user/bot`, GroupList: ['all'] }],
            GroupDetailList: [
              {
                GroupName: 'all',
                Arn: `arn:aws:iam::${ACCOUNT}:group/all`,
                GroupPolicyList: [{ PolicyName: 'g', PolicyDocument: { Statement: [allow('sqs:SendMessage')] } }],
              },
            ],
            RoleDetailList: [],
            Policies: [],
          },
        ]),
      ),
      ['inheritedOverreach: sqs:SendMessage on *'],
    ],
    [
      'a role that comes from the node is inherited, used or not',
      words(
        scopeOf(AGENT, [
          agent('aws', ROLE, [], 'node group blue'),
          role([allow(['s3:PutObject', 's3:GetObject'], 'arn:aws:s3:::finance/*')]),
          get('finance'),
        ]),
      ),
      [
        'inheritedOverreach: s3:GetObject on arn:aws:s3:::finance/*',
        'inheritedOverreach: s3:PutObject on arn:aws:s3:::finance/*',
      ],
    ],
    [
      'a boundary cuts what a policy gives',
      aws(
        [],
        role([allow(['s3:GetObject', 'ec2:RunInstances'])], {
          PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/edge` },
        }),
        {
          PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/edge`,
          PolicyDocument: { Version: '2012-10-17', Statement: [allow('s3:*')] },
        },
        get('a'),
      ),
      [
        'undeclaredUse: s3:GetObject on arn:aws:s3:::a/*',
        'unusedExcess: s3:GetObject on *',
        'withoutEffect: ec2:RunInstances on *',
      ],
    ],
    [
      'a service control policy on the account cuts it too',
      aws([], role([allow('ec2:RunInstances')]), {
        Policy: {
          PolicySummary: { Arn: 'arn:aws:organizations::1:policy/o-1/p-1', Type: 'SERVICE_CONTROL_POLICY' },
          Content: JSON.stringify({ Statement: [allow('*'), { Effect: 'Deny', Action: 'ec2:*', Resource: '*' }] }),
        },
        Targets: [{ TargetId: ACCOUNT, Type: 'ACCOUNT' }],
      }),
      ['withoutEffect: ec2:RunInstances on *'],
    ],
    [
      'a condition on another account never holds',
      aws(
        [],
        role([allow('s3:GetObject', '*', { Condition: { StringEquals: { 'aws:PrincipalAccount': '999988887777' } } })]),
      ),
      ['withoutEffect: s3:GetObject on *'],
    ],
    [
      'a role that may be assumed is inherited',
      aws(
        [],
        role([allow('sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/deep`)]),
        {
          Role: {
            RoleName: 'deep',
            Arn: `arn:aws:iam::${ACCOUNT}:role/deep`,
            AssumeRolePolicyDocument: {
              Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
            },
            RolePolicyList: [{ PolicyName: 'd', PolicyDocument: { Statement: [allow('kms:Decrypt')] } }],
          },
        },
        get('a'),
      ),
      [
        'gap: s3:GetObject on arn:aws:s3:::a/k',
        'inheritedOverreach: kms:Decrypt on *',
        `unusedExcess: sts:AssumeRole on arn:aws:iam::${ACCOUNT}:role/deep`,
      ],
    ],
    [
      'a bucket policy that names the role is direct',
      aws(
        [],
        {
          PolicyName: 'bucket',
          PolicyDocument: { Statement: [{ ...allow('s3:GetObject', 'arn:aws:s3:::a/*'), Principal: { AWS: ROLE } }] },
        },
        get('a'),
      ),
      ['undeclaredUse: s3:GetObject on arn:aws:s3:::a/*'],
    ],
    [
      'a service account that a trust policy names brings the role',
      words(
        scopeOf(AGENT, [
          agent('kubernetes', SA),
          role([allow('s3:GetObject', 'arn:aws:s3:::a/*')], {
            AssumeRolePolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { Federated: 'arn:aws:iam::1:oidc-provider/o' },
                  Action: 'sts:AssumeRoleWithWebIdentity',
                  Condition: { StringEquals: { 'o:sub': SA } },
                },
              ],
            },
          }),
          get('a'),
        ]),
      ),
      ['undeclaredUse: s3:GetObject on arn:aws:s3:::a/*'],
    ],
  ])('%s', (_title, found, expected) => expect(found).toEqual(expected))
})

// Kubernetes
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
  const kubernetes = (...rest: readonly unknown[]) => words(scopeOf(AGENT, [agent('kubernetes', SA), ...rest]))
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

// Google Cloud
const policy = (resource: string, name: string, condition?: object) => ({
  resource,
  policy: {
    bindings: [{ role: name, members: [`serviceAccount:${BOT}`], ...(condition === undefined ? {} : { condition }) }],
  },
})
const PROJECT = '//cloudresourcemanager.googleapis.com/projects/acme'
const call = (permission: string, resource: string) => ({
  insertId: `i${serial++}`,
  timestamp: '2026-03-02T10:00:00Z',
  resource: { labels: { project_id: 'acme' } },
  protoPayload: {
    methodName: 'm',
    authenticationInfo: { principalEmail: BOT },
    authorizationInfo: [{ permission, resource, granted: true }],
  },
})
const custom = (...includedPermissions: readonly string[]) => ({ name: 'projects/acme/roles/own', includedPermissions })
const OWN = 'projects/acme/roles/own'

describe('Google Cloud IAM', () => {
  const gcp = (needs: readonly object[], ...rest: readonly unknown[]) =>
    words(scopeOf(AGENT, [agent('gcp', BOT, needs), ...rest]))
  const publish = call('pubsub.topics.publish', 'projects/acme/topics/t')
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'a role on the project is overreach, also where it was used',
      gcp(
        [],
        custom('bigquery.tables.getData'),
        policy(PROJECT, OWN),
        call('bigquery.tables.getData', 'projects/acme/datasets/crm/tables/pii'),
      ),
      [
        'inheritedOverreach: bigquery.tables.getData on projects/acme projects/acme/*',
        'inheritedOverreach: bigquery.tables.getData on projects/acme/datasets/crm/tables/pii',
      ],
    ],
    [
      'a role on a topic is direct',
      gcp(
        [{ actions: ['pubsub.topics.publish'], resources: ['projects/acme/topics/t'] }],
        custom('pubsub.topics.publish', 'pubsub.topics.delete'),
        policy('//pubsub.googleapis.com/projects/acme/topics/t', OWN),
        publish,
      ),
      [
        'justified: pubsub.topics.publish on projects/acme/topics/t projects/acme/topics/t/*',
        'unusedExcess: pubsub.topics.delete on projects/acme/topics/t projects/acme/topics/t/*',
      ],
    ],
    [
      'a declared need of an inherited role is told from the rest',
      gcp(
        [{ actions: ['pubsub.topics.publish'], resources: ['projects/acme/topics/t'] }],
        custom('pubsub.topics.publish'),
        policy(PROJECT, OWN),
        publish,
      ),
      [
        'inheritedOverreach: pubsub.topics.publish on projects/acme projects/acme/*',
        'justified: pubsub.topics.publish on projects/acme/topics/t',
      ],
    ],
    [
      'a declared need of an inherited role that is idle is excess at the ancestor',
      gcp(
        [{ actions: ['pubsub.topics.publish'], resources: ['projects/acme/topics/t'] }],
        custom('pubsub.topics.publish'),
        policy(PROJECT, OWN),
        call('storage.buckets.list', 'projects/acme'),
      ),
      [
        'gap: storage.buckets.list on projects/acme',
        'inheritedOverreach: pubsub.topics.publish on projects/acme projects/acme/*',
        'unusedExcess: pubsub.topics.publish on projects/acme/topics/t',
      ],
    ],
    [
      'a bucket is one wherever its project is',
      gcp(
        [],
        policy('//storage.googleapis.com/projects/_/buckets/b', 'roles/storage.objectCreator'),
        call('storage.objects.create', 'projects/_/buckets/b/objects/o'),
      ).filter((row) => row.includes('objects.create')),
      ['undeclaredUse: storage.objects.create on projects/*/buckets/b projects/*/buckets/b/*'],
    ],
    [
      'a predefined role that is not known is unresolved, and gives no row',
      gcp([], policy(PROJECT, 'roles/some.unknownRole'), publish),
      ['gap: pubsub.topics.publish on projects/acme/topics/t'],
    ],
  ])('%s', (_title, found, expected) => expect(found).toEqual(expected))

  test('a condition is kept as it is written', () => {
    const report = scopeOf(AGENT, [
      agent('gcp', BOT),
      custom('pubsub.topics.publish'),
      policy(PROJECT, OWN, { expression: "request.time < timestamp('2027-01-01T00:00:00Z')" }),
    ])
    expect(report.inheritedOverreach[0]?.grant.conditions.join()).toContain('request.time')
  })
})
