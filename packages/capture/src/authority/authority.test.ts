import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../decode/any-value.ts'
import { entriesOfGroups } from '../dialects/testing/recordings.ts'
import { importRuns } from '../import/import-runs.ts'
import { normalise } from '../normalise.ts'
import { iamAction } from './cloudtrail-action.ts'
import { authorityRecords, readAuthority } from './record.ts'

const ACCOUNT = '111122223333'
const trail = (more: object = {}, identity: object = {}) => ({
  eventVersion: '1.09',
  eventTime: '2026-03-02T10:00:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  awsRegion: 'eu-west-1',
  eventID: 'e-1',
  recipientAccountId: ACCOUNT,
  requestParameters: { bucketName: 'acme-exports', key: 'a/b.csv' },
  userIdentity: {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/exporter/run-7`,
    accountId: ACCOUNT,
    accessKeyId: 'ASIAEXAMPLE',
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/app/exporter` },
      sourceIdentity: 'ana',
    },
    ...identity,
  },
  ...more,
})

test('a session of a role is the role, with the session, the key and the source identity beside it', () => {
  const read = readAuthority(trail())
  expect(read?.principal).toEqual({
    plane: 'aws',
    kind: 'role',
    id: `arn:aws:iam::${ACCOUNT}:role/app/exporter`,
    account: ACCOUNT,
    session: 'run-7',
    credential: 'ASIAEXAMPLE',
    via: ['ana'],
  })
  expect(read?.calls[0]).toMatchObject({
    action: 's3:GetObject',
    resources: ['arn:aws:s3:::acme-exports/a/b.csv'],
    decision: 'allowed',
  })
})

test('a record of an object that names its bucket beside it is of the object: the right is one to that', () => {
  const bucket = 'arn:aws:s3:::acme-exports'
  const both = [
    { type: 'AWS::S3::Object', ARN: `${bucket}/a/b.csv` },
    { type: 'AWS::S3::Bucket', ARN: bucket },
  ]
  expect(readAuthority(trail({ resources: both }))?.calls[0]?.resources).toEqual([`${bucket}/a/b.csv`])
})

test.each([
  [{ type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root` }, 'root', `arn:aws:iam::${ACCOUNT}:root`],
  [{ type: 'IAMUser', arn: undefined, userName: 'ana' }, 'user', `arn:aws:iam::${ACCOUNT}:user/ana`],
  [{ type: 'AWSService', arn: undefined, invokedBy: 'ec2.amazonaws.com' }, 'service', 'ec2.amazonaws.com'],
  [
    { type: 'FederatedUser', arn: `arn:aws:sts::${ACCOUNT}:federated-user/bo` },
    'federated',
    `arn:aws:sts::${ACCOUNT}:federated-user/bo`,
  ],
  [
    { type: 'WebIdentityUser', arn: undefined, userName: 'system:serviceaccount:shop:cart' },
    'service-account',
    'system:serviceaccount:shop:cart',
  ],
  [{ type: 'AssumedRole', sessionContext: undefined }, 'role', `arn:aws:iam::${ACCOUNT}:role/exporter`],
  [
    { type: undefined, arn: undefined, sessionContext: undefined, accountId: undefined, principalId: 'AIDA1' },
    'unknown',
    'AIDA1',
  ],
])('%j acts as %s %s', (identity, kind, id) => {
  expect(readAuthority(JSON.parse(JSON.stringify(trail({}, identity))) as Json)?.principal).toMatchObject({ kind, id })
})

test.each([
  ['s3.amazonaws.com', 'ListObjectsV2', 's3:ListBucket'],
  ['s3.amazonaws.com', 'HeadObject', 's3:GetObject'],
  ['lambda.amazonaws.com', 'UpdateFunctionCode20150331v2', 'lambda:UpdateFunctionCode'],
  ['lambda.amazonaws.com', 'Invoke', 'lambda:InvokeFunction'],
  ['cloudfront.amazonaws.com', 'CreateDistribution2020_05_31', 'cloudfront:CreateDistribution'],
  ['monitoring.amazonaws.com', 'PutMetricData', 'cloudwatch:PutMetricData'],
  ['bedrock.amazonaws.com', 'Converse', 'bedrock:InvokeModel'],
  ['apigateway.amazonaws.com', 'CreateRestApi', 'apigateway:POST'],
  ['signin.amazonaws.com', 'ConsoleLogin', 'signin:ConsoleLogin'],
])('%s %s is granted as %s', (source, name, action) => expect(iamAction(source, name)).toBe(action))

test('a refusal of authority is told apart from other errors', () => {
  const decision = (errorCode: string) => readAuthority(trail({ errorCode }))?.calls[0]?.decision
  expect(decision('Client.UnauthorizedOperation')).toBe('denied')
  expect(decision('AccessDeniedException')).toBe('denied')
  expect(decision('NoSuchKey')).toBe('failed')
  expect(
    readAuthority(trail({ eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Failure' } }))?.calls[0]
      ?.decision,
  ).toBe('denied')
})

test('how one signed in stands for the parameters that a sign-in lacks', () => {
  const signIn = trail({
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    requestParameters: null,
    additionalEventData: { MFAUsed: 'No' },
  })
  expect(readAuthority(signIn)?.request).toEqual({ MFAUsed: 'No' })
  const other = trail({ requestParameters: null, additionalEventData: { x: 1 } })
  expect(readAuthority(other)?.request ?? undefined).toBeUndefined()
})

test('an assumed role is given by the call that assumed it', () => {
  const role = 'arn:aws:iam::444455556666:role/reader'
  const read = readAuthority(
    trail({
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      requestParameters: { roleArn: role, roleSessionName: 's' },
      responseElements: { credentials: { accessKeyId: 'ASIANEW' } },
    }),
  )
  expect(read?.calls[0]?.gives).toMatchObject({
    id: role,
    account: '444455556666',
    session: 's',
    credential: 'ASIANEW',
  })
})

const audit = (more: object = {}) => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  stage: 'ResponseComplete',
  auditID: 'a-1',
  verb: 'get',
  user: { username: 'system:serviceaccount:shop:cart' },
  objectRef: { resource: 'secrets', namespace: 'shop', name: 'db', apiVersion: 'v1' },
  responseStatus: { code: 200 },
  requestReceivedTimestamp: '2026-03-02T10:00:00.000001Z',
  ...more,
})

describe('Kubernetes audit events', () => {
  test('a call is named by verb, resource, group and subresource', () => {
    expect(readAuthority(audit())?.calls[0]).toMatchObject({ action: 'get secrets', resources: ['shop/db'] })
    const scale = { resource: 'deployments', apiGroup: 'apps', subresource: 'scale', namespace: 'shop', name: 'cart' }
    expect(readAuthority(audit({ verb: 'patch', objectRef: scale }))?.calls[0]?.action).toBe(
      'patch deployments.apps/scale',
    )
    expect(readAuthority(audit({ verb: 'list', objectRef: { resource: 'nodes' } }))?.calls[0]?.resources).toEqual([
      '*/*',
    ])
  })

  test('who was impersonated acts, and who impersonated stands behind it', () => {
    expect(readAuthority(audit({ impersonatedUser: { username: 'ana' } }))?.principal).toMatchObject({
      id: 'ana',
      kind: 'user',
      via: ['system:serviceaccount:shop:cart'],
    })
  })

  test('a stage before the answer is no call of its own', () => {
    expect(readAuthority(audit({ stage: 'RequestReceived', responseStatus: undefined }))?.calls).toEqual([])
  })

  test('403 is a denial, 404 a failure, and an ordinary Event of the API is no audit event', () => {
    expect(readAuthority(audit({ responseStatus: { code: 403 } }))?.calls[0]?.decision).toBe('denied')
    expect(readAuthority(audit({ responseStatus: { code: 404 } }))?.calls[0]?.decision).toBe('failed')
    expect(readAuthority({ kind: 'Event', apiVersion: 'v1', involvedObject: {}, reason: 'Pulled' })).toBeUndefined()
  })
})

test('each permission that Google Cloud checked is a call, and a refused one is denied', () => {
  const read = readAuthority({
    insertId: 'i',
    logName: 'projects/acme/logs/cloudaudit.googleapis.com%2Fdata_access',
    timestamp: '2026-03-02T10:00:00Z',
    resource: { labels: { project_id: 'acme' } },
    protoPayload: {
      serviceName: 'storage.googleapis.com',
      methodName: 'storage.objects.get',
      resourceName: 'projects/_/buckets/b/objects/o',
      authenticationInfo: {
        principalEmail: 'bot@acme.iam.gserviceaccount.com',
        serviceAccountDelegationInfo: [
          { firstPartyPrincipal: { principalEmail: 'first@acme.iam.gserviceaccount.com' } },
          { principalSubject: 'user:ana@acme.test' },
        ],
      },
      authorizationInfo: [
        { permission: 'storage.objects.get', resource: 'projects/_/buckets/b/objects/o', granted: true },
        { permission: 'storage.objects.setIamPolicy', resource: 'projects/_/buckets/b/objects/o', granted: false },
      ],
    },
  })
  expect(read?.principal).toMatchObject({
    kind: 'service-account',
    account: 'acme',
    via: ['ana@acme.test', 'first@acme.iam.gserviceaccount.com'],
  })
  expect(read?.calls.map(({ action, resources, decision }) => [action, resources[0], decision])).toEqual([
    ['storage.objects.get', 'projects/acme/buckets/b/objects/o', 'allowed'],
    ['storage.objects.setIamPolicy', 'projects/acme/buckets/b/objects/o', 'denied'],
  ])
})

test('what the API server of GKE allowed is a call of the Kubernetes plane', () => {
  const read = readAuthority({
    protoPayload: {
      methodName: 'io.k8s.core.v1.pods.exec.create',
      resourceName: 'core/v1/namespaces/shop/pods/web/exec',
      authenticationInfo: { principalEmail: 'ana@acme.test' },
    },
  })
  expect(read).toMatchObject({ plane: 'kubernetes', calls: [{ action: 'create pods/exec', resources: ['shop/web'] }] })
})

test('an Azure operation is refused where its substatus says so', () => {
  const read = readAuthority({
    time: '2026-03-02T10:00:00Z',
    resourceId: '/SUBSCRIPTIONS/S-1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/V',
    operationName: 'Microsoft.KeyVault/vaults/read',
    resultType: 'Failure',
    resultSignature: 'Failed.Forbidden',
    identity: { claims: { appid: 'app-1' } },
  })
  expect(read).toMatchObject({ principal: { id: 'app-1', kind: 'service' }, calls: [{ decision: 'denied' }] })
})

test('a service account of OpenAI and a key of Anthropic are who acted', () => {
  const actor = { type: 'api_key', api_key: { id: 'key-1', type: 'service_account', service_account: { id: 'svc-1' } } }
  expect(
    readAuthority({
      id: 'a',
      type: 'api_key.created',
      effective_at: 1_760_000_000,
      actor,
      'api_key.created': { id: 'key-2' },
    }),
  ).toMatchObject({
    principal: { id: 'svc-1', kind: 'service-account', credential: 'key-1' },
    calls: [{ action: 'api_key.created', gives: { id: 'key-2' } }],
    changes: [{ change: 'grant', subject: 'key-2' }],
  })
  const anthropic = {
    id: 'b',
    type: 'mcp_server_created',
    created_at: '2026-03-02T10:00:00Z',
    mcp_server_id: 'm-1',
    actor: { type: 'api_actor', api_key_id: 'ak-1' },
  }
  expect(readAuthority(anthropic)).toMatchObject({
    principal: { id: 'ak-1', kind: 'api-key' },
    changes: [{ change: 'mcp-server', subject: 'm-1' }],
  })
})

test('batches, envelopes and lists are unwrapped, and each record is an entry', () => {
  expect(authorityRecords({ Records: [trail(), trail({ eventID: 'e-2' })] })).toHaveLength(2)
  expect(
    authorityRecords({ 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.s3', detail: trail() }),
  ).toHaveLength(1)
  expect(authorityRecords({ kind: 'EventList', items: [audit()] })).toHaveLength(1)
  expect(authorityRecords({ items: [{ some: 'thing' }] })).toBeUndefined()
  const bytes = new TextEncoder().encode(
    JSON.stringify({ Records: [trail(), { odd: 1 }, trail({ eventID: 'e-2' })] }, null, 2),
  )
  const read = importRuns({ file: 'trail.json', bytes })
  expect(read).toMatchObject({ format: 'cloudtrail', accepted: 2, rejectedTotal: 1 })
  expect(read.groups[0]?.envelope).toMatchObject({
    channel: 'cloudtrail',
    tier: 'provider',
    agentName: 'role/app/exporter',
  })
  const events = entriesOfGroups(read.groups).flatMap((entry) => normalise(entry).events)
  expect(events.map(({ body }) => body.kind)).toEqual(['api-call', 'api-call'])
})

test('the same record delivered twice in another spelling gives the same event', () => {
  const ids = [JSON.stringify(trail()), JSON.stringify(trail(), null, 1)].map((text) => {
    const { groups } = importRuns({ file: 'r.json', bytes: new TextEncoder().encode(text) })
    return entriesOfGroups(groups).flatMap((entry) => normalise(entry).events.map(({ id }) => id))
  })
  expect(ids[0]).toEqual(ids[1])
})

test('whatever stands in a record, reading it never throws', () => {
  const shapes = [trail(), audit(), { protoPayload: { methodName: 'x', authorizationInfo: [{}] } }]
  fc.assert(
    fc.property(
      fc.constantFrom(...shapes),
      fc.dictionary(fc.constantFrom(...shapes.flatMap(Object.keys)), fc.jsonValue()),
      (shape, more) => {
        readAuthority({ ...shape, ...more } as Json)
      },
    ),
  )
})

test('a set names the instances that are there by their ids, and what is started by its image', () => {
  const on = (eventName: string, items: readonly object[]): readonly string[] | undefined =>
    readAuthority(
      trail({ eventSource: 'ec2.amazonaws.com', eventName, requestParameters: { instancesSet: { items } } }),
    )?.calls[0]?.resources
  expect(on('StopInstances', [{ instanceId: 'i-1' }])).toEqual([`arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-1`])
  expect(on('RunInstances', [{ imageId: 'ami-1', minCount: 1 }])).toEqual(['arn:aws:ec2:eu-west-1::image/ami-1'])
})
