import { expect, test } from 'vitest'
import type { EventBody } from '@holdfast/model'
import { entriesOfGroups } from '../dialects/testing/recordings.ts'
import { importRuns } from '../import/import-runs.ts'
import { normalise } from '../normalise.ts'
import { toolGrants } from './agent-authority.ts'

type Declaration = Extract<EventBody, { readonly kind: 'declaration' }>

/** What a file declares once it was imported. */
function declared(file: string, content: unknown): readonly Declaration[] {
  const { groups, rejected } = importRuns({ file, bytes: new TextEncoder().encode(JSON.stringify(content)) })
  expect(rejected).toEqual([])
  return entriesOfGroups(groups)
    .flatMap((entry) => normalise(entry).events)
    .flatMap(({ body }) => (body.kind === 'declaration' ? [body] : []))
}

const ROLE = 'arn:aws:iam::111122223333:role/app/exporter'

test('a policy document is the policy that its file is named after, wildcards and conditions as written', () => {
  const [read] = declared('exports.json', {
    Version: '2012-10-17',
    Statement: {
      Sid: 'Read',
      Effect: 'Allow',
      NotAction: 's3:Delete*',
      Resource: ['arn:aws:s3:::acme-*/*'],
      Condition: { Bool: { 'aws:SecureTransport': true } },
    },
  })
  expect(read?.format).toBe('iam-policy')
  expect(read?.grants).toEqual([
    {
      plane: 'aws',
      role: 'identity',
      effect: 'allow',
      notActions: ['s3:Delete*'],
      resources: ['arn:aws:s3:::acme-*/*'],
      conditions: { Bool: { 'aws:SecureTransport': ['true'] } },
      source: 'exports',
      statement: 'Read',
    },
  ])
})

test('a role brings its policies, its boundary, and the service account that its trust policy names', () => {
  const trust = {
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.test' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'oidc.example.test:sub': 'system:serviceaccount:shop:cart' } },
      },
    ],
  }
  const [read] = declared('account.json', {
    RoleDetailList: [
      {
        RoleName: 'exporter',
        Arn: ROLE,
        AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trust)),
        RolePolicyList: [
          { PolicyName: 'own', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } },
        ],
        AttachedManagedPolicies: [
          { PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
        ],
        PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/edge' },
      },
    ],
    UserDetailList: [],
    GroupDetailList: [],
    Policies: [],
  })
  expect(read?.bindings.map(({ subject, source, as, path }) => [subject, source, as, path])).toEqual([
    [ROLE, `${ROLE} inline policy own`, undefined, 'direct'],
    [ROLE, 'arn:aws:iam::aws:policy/ReadOnlyAccess', undefined, 'direct'],
    [ROLE, 'arn:aws:iam::111122223333:policy/edge', 'boundary', 'direct'],
    ['system:serviceaccount:shop:cart', ROLE, 'become', 'direct'],
  ])
})

test('attached policies are those of the role that is named, or of the role that the file is called after', () => {
  const AttachedPolicies = [{ PolicyName: 'p', PolicyArn: 'arn:aws:iam::111122223333:policy/p' }]
  const holders = [{ AttachedPolicies }, { UserName: 'ana', AttachedPolicies }].map((content) =>
    declared('exporter.json', content)[0]?.bindings.map(({ subject, source }) => [subject, source]),
  )
  expect(holders).toEqual([
    [['role/exporter', 'arn:aws:iam::111122223333:policy/p']],
    [['user/ana', 'arn:aws:iam::111122223333:policy/p']],
  ])
})

test('each object of a List is a document of its own, and a binding in a namespace is held to it', () => {
  const list = {
    kind: 'List',
    apiVersion: 'v1',
    items: [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'reader' },
        rules: [
          { apiGroups: ['', 'apps'], resources: ['pods', 'deployments/scale'], verbs: ['get'] },
          { nonResourceURLs: ['/healthz'], verbs: ['get'] },
        ],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'b', namespace: 'shop' },
        roleRef: { kind: 'ClusterRole', name: 'reader' },
        subjects: [
          { kind: 'ServiceAccount', name: 'cart' },
          { kind: 'ServiceAccount', name: 'default' },
        ],
      },
    ],
  }
  const [role, binding] = declared('rbac.json', list)
  expect(role?.grants.map(({ actions, resources }) => [actions, resources])).toEqual([
    [['get pods', 'get pods.apps', 'get deployments/scale', 'get deployments.apps/scale'], ['*/*']],
    [['get /healthz'], ['/healthz']],
  ])
  expect(binding?.bindings.map(({ subject, path, ancestor, scope }) => [subject, path, ancestor, scope])).toEqual([
    ['system:serviceaccount:shop:cart', 'direct', undefined, ['shop/*']],
    ['system:serviceaccount:shop:default', 'inherited', 'namespace shop', ['shop/*']],
  ])
})

test('what is granted on a project is inherited from it, what is granted on a bucket is direct', () => {
  const policy = (resource: string) => ({
    resource,
    policy: { bindings: [{ role: 'roles/viewer', members: ['serviceAccount:bot@acme.iam.gserviceaccount.com'] }] },
  })
  const read = declared('iam.json', [
    policy('//cloudresourcemanager.googleapis.com/projects/acme'),
    policy('//storage.googleapis.com/projects/_/buckets/b'),
  ])
  expect(read.flatMap(({ bindings }) => bindings.map(({ path, ancestor, scope }) => [path, ancestor, scope]))).toEqual([
    ['inherited', 'projects/acme', ['projects/acme', 'projects/acme/*']],
    ['direct', undefined, ['projects/*/buckets/b', 'projects/*/buckets/b/*']],
  ])
})

test('a document that says when it was in force keeps that time and its own agent', () => {
  const { groups } = importRuns({
    file: 'history.json',
    bytes: new TextEncoder().encode(
      JSON.stringify({
        holdfastDeclared: {
          document: 'p.json',
          at: '2026-01-02T00:00:00Z',
          agent: 'k8s:-/shop/cart',
          content: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] },
        },
      }),
    ),
  })
  const [event] = entriesOfGroups(groups).flatMap((entry) => normalise(entry).events)
  expect(event).toMatchObject({ agent: { id: 'k8s:-/shop/cart' }, claimedAt: 1_767_312_000_000_000_000n })
})

test('lists of an MCP client are grants of server and tool', () => {
  const { grants } = toolGrants(
    {
      permissions: { allow: ['mcp__crm__query', 'mcp__files', 'Bash(npm run:*)'], deny: ['mcp__crm__delete'] },
      mcpServers: { mail: { command: 'mail', excludeTools: ['send'] }, off: { disabled: true } },
    },
    { source: 'settings', holder: 'k8s:-/shop/cart' },
  )
  expect(grants.map(({ effect, actions }) => [effect, actions])).toEqual([
    ['allow', ['crm/query', 'files/*', '-/Bash']],
    ['deny', ['crm/delete']],
    ['allow', ['mail/*']],
    ['deny', ['mail/send']],
  ])
})
