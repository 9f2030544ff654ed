import { describe, expect, test } from 'vitest'
import { AGENT, scopeOf, stated, words } from './testing/scope-of.ts'

const ACCOUNT = '111122223333'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/cart`
const SA = 'system:serviceaccount:shop:cart'

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
    words(scopeOf(AGENT, [stated('aws', ROLE, needs), ...rest]))
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
          stated('aws', `arn:aws:iam::${ACCOUNT}:user/bot`),
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
          stated('aws', ROLE, [], 'node group blue'),
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
          stated('kubernetes', SA),
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
