import type { Principal } from '@holdfast/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KnownChange } from '../known/case-context.ts'
import type { AuthorityContext } from './authority-expected.ts'
import { authorityFindings, authoritySignals } from './authority.ts'
import { kernelSignals } from './kernel.ts'
import { Recorded, ROLE } from './testing/recorded.ts'

const said = (recorded: Recorded, context: AuthorityContext = {}) =>
  authoritySignals(recorded.events, () => context).map(({ detector, strength }) => [
    detector.replace('authority/', ''),
    strength,
  ])

const trust = (principal: unknown, condition?: unknown) => ({
  roleName: 'r',
  policyDocument: JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: principal,
        Action: 'sts:AssumeRole',
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  }),
})
const USER: Principal = {
  plane: 'aws',
  id: 'arn:aws:iam::111122223333:user/ada',
  kind: 'user',
  account: '111122223333',
  via: [],
}
const ROOT: Principal = { ...USER, id: 'arn:aws:iam::111122223333:root', kind: 'root' }

describe('what one call to AWS says', () => {
  const calls: readonly (readonly [string, Recorded, readonly (readonly [string, number])[]])[] = [
    [
      'a policy of administrators',
      new Recorded().call('iam:AttachRolePolicy', { policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
      [['escalation', 0.8]],
    ],
    [
      'another policy',
      new Recorded().call('iam:AttachRolePolicy', { policyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' }),
      [['escalation', 0.3]],
    ],
    [
      'a policy that gives itself more',
      new Recorded().call('iam:PutUserPolicy', {
        policyDocument: '{"Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}}',
      }),
      [['escalation', 0.75]],
    ],
    [
      'one that denies',
      new Recorded().call('iam:PutUserPolicy', {
        policyDocument: '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}',
      }),
      [['escalation', 0.4]],
    ],
    [
      'trust of another account',
      new Recorded().call('iam:UpdateAssumeRolePolicy', trust({ AWS: 'arn:aws:iam::999900001111:root' })),
      [['persistence', 0.8]],
    ],
    [
      'trust of one’s own',
      new Recorded().call('iam:UpdateAssumeRolePolicy', trust({ AWS: '111122223333' })),
      [['persistence', 0.4]],
    ],
    [
      'trust of another account by its id of us',
      new Recorded().call(
        'iam:UpdateAssumeRolePolicy',
        trust({ AWS: '999900001111' }, { StringEquals: { 'sts:ExternalId': 'x' } }),
      ),
      [['persistence', 0.4]],
    ],
    [
      'a role for a service',
      new Recorded().call('iam:CreateRole', {
        assumeRolePolicyDocument: '{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"}}]}',
      }),
      [['persistence', 0.25]],
    ],
    [
      'a key of one’s own',
      new Recorded().call('iam:CreateAccessKey', { userName: 'ada' }, { principal: USER }),
      [['persistence', 0.2]],
    ],
    [
      'a key of a user whose name begins alike',
      new Recorded().call('iam:CreateAccessKey', { userName: 'adam' }, { principal: USER }),
      [['persistence', 0.65]],
    ],
    [
      'a snapshot for all',
      new Recorded().call('ec2:ModifySnapshotAttribute', {
        createVolumePermission: { add: { items: [{ group: 'all' }] } },
      }),
      [['exfiltration', 0.9]],
    ],
    [
      'one for one’s own account',
      new Recorded().call('ec2:ModifySnapshotAttribute', {
        createVolumePermission: { add: { items: [{ userId: '111122223333' }] } },
      }),
      [],
    ],
    [
      'one taken back',
      new Recorded().call('ec2:ModifySnapshotAttribute', {
        createVolumePermission: { remove: { items: [{ group: 'all' }] } },
      }),
      [],
    ],
    [
      'a bucket for everybody',
      new Recorded().call('s3:PutBucketPolicy', {
        bucketPolicy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' }] },
      }),
      [['exfiltration', 0.75]],
    ],
    [
      'a bucket for everybody of a network',
      new Recorded().call('s3:PutBucketPolicy', {
        bucketPolicy: {
          Statement: [{ Effect: 'Allow', Principal: '*', Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }],
        },
      }),
      [],
    ],
    [
      'a bucket for every address',
      new Recorded().call('s3:PutBucketPolicy', {
        bucketPolicy: {
          Statement: [{ Effect: 'Allow', Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }],
        },
      }),
      [['exfiltration', 0.75]],
    ],
    [
      'reading that policy',
      new Recorded().call('s3:GetBucketPolicy', { Statement: [{ Effect: 'Allow', Principal: '*' }] }),
      [],
    ],
    [
      'a web port for all',
      new Recorded().call('ec2:AuthorizeSecurityGroupIngress', { cidrIp: '0.0.0.0/0', fromPort: 443, toPort: 443 }),
      [['exfiltration', 0.25]],
    ],
    [
      'a shell port for all',
      new Recorded().call('ec2:AuthorizeSecurityGroupIngress', {
        ipPermissions: { items: [{ fromPort: 20, toPort: 25, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }] },
      }),
      [['exfiltration', 0.65]],
    ],
    [
      'a shell port for one network',
      new Recorded().call('ec2:AuthorizeSecurityGroupIngress', { cidrIp: '10.0.0.0/8', fromPort: 22, toPort: 22 }),
      [],
    ],
    [
      'a password alone',
      new Recorded().call('signin:ConsoleLogin', { MFAUsed: 'No' }, { principal: USER }),
      [['initial-access', 0.5]],
    ],
    ['a directory’s session', new Recorded().call('signin:ConsoleLogin', { MFAUsed: 'No' }), []],
    [
      'the root of the account',
      new Recorded().call('s3:PutObject', {}, { principal: ROOT }),
      [['initial-access', 0.5]],
    ],
    ['stopping the log', new Recorded().call('cloudtrail:StopLogging'), [['impairment', 0.8]]],
    ['trying to', new Recorded().call('cloudtrail:StopLogging', {}, { decision: 'denied' }), [['impairment', 0.64]]],
    ['failing for another reason', new Recorded().call('cloudtrail:StopLogging', {}, { decision: 'failed' }), []],
    ['reading about the log', new Recorded().call('cloudtrail:DescribeTrails', {}, { isReadOnly: true }), []],
    ['a service at work', new Recorded().call('kms:DisableKey', {}, { principal: { ...ROLE, kind: 'service' } }), []],
  ]
  test.each(calls)('%s', (_, recorded, expected) => expect(said(recorded)).toEqual(expected))
})

describe('what one request to other planes says', () => {
  const cluster = (action: string, request: unknown = {}, resource = 'shop/web', user = 'dev@example.test') =>
    new Recorded().call(action, request, {
      plane: 'kubernetes',
      resources: [resource],
      principal: {
        plane: 'kubernetes',
        id: user,
        kind: user.startsWith('system:serviceaccount:')
          ? 'service-account'
          : user === 'system:anonymous'
            ? 'anonymous'
            : 'user',
        via: [],
      },
    })
  const vendor = (plane: 'openai' | 'anthropic', action: string, request: unknown = {}) =>
    new Recorded().call(action, request, { plane, principal: { plane, id: 'a@example.test', kind: 'user', via: [] } })
  const calls: readonly (readonly [string, Recorded, readonly (readonly [string, number])[]])[] = [
    ['a command in a pod', cluster('create pods/exec'), [['execution', 0.5]]],
    ['looking at a pod', cluster('get pods'), []],
    [
      'all power to somebody',
      cluster('create clusterrolebindings.rbac.authorization.k8s.io', { roleRef: { name: 'cluster-admin' } }),
      [['escalation', 0.8]],
    ],
    [
      'a small role to somebody',
      cluster('create rolebindings.rbac.authorization.k8s.io', { roleRef: { name: 'view' } }),
      [['escalation', 0.35]],
    ],
    [
      'a role that can give itself more',
      cluster('create clusterroles.rbac.authorization.k8s.io', {
        rules: [{ verbs: ['escalate'], resources: ['clusterroles'] }],
      }),
      [['escalation', 0.7]],
    ],
    [
      'a role that reads',
      cluster('create roles.rbac.authorization.k8s.io', { rules: [{ verbs: ['get', 'list'], resources: ['pods'] }] }),
      [],
    ],
    [
      'a privileged pod',
      cluster('create pods', { spec: { containers: [{ securityContext: { privileged: true } }] } }),
      [['escalation', 0.75]],
    ],
    [
      'a pod with the node’s files',
      cluster('create deployments.apps', { spec: { volumes: [{ hostPath: { path: '/' } }] } }),
      [['escalation', 0.75]],
    ],
    [
      'an ordinary pod',
      cluster('create pods', { spec: { containers: [{ securityContext: { privileged: false } }] } }),
      [],
    ],
    [
      'the cluster’s own part',
      cluster(
        'create pods',
        { spec: { hostNetwork: true } },
        'kube-system/x',
        'system:serviceaccount:kube-system:daemon-set-controller',
      ),
      [],
    ],
    ['nobody, answered', cluster('list secrets', {}, '*/*', 'system:anonymous'), [['initial-access', 0.7]]],
    ['nobody, asking how it is', cluster('get /healthz', {}, '/healthz', 'system:anonymous'), []],
    [
      'a key for everything',
      vendor('openai', 'api_key.created', { data: { scopes: ['models:read', 'all'] } }),
      [['persistence', 0.65]],
    ],
    [
      'a key that reads',
      vendor('openai', 'api_key.created', { data: { scopes: ['models:read'] } }),
      [['persistence', 0.25]],
    ],
    ['no list of addresses any more', vendor('openai', 'ip_allowlist.config.deactivated'), [['impairment', 0.75]]],
    ['single sign-on off', vendor('anthropic', 'org_sso_toggled', { is_enabled: false }), [['impairment', 0.7]]],
    ['single sign-on on', vendor('anthropic', 'org_sso_toggled', { is_enabled: true }), []],
    ['a chat', vendor('anthropic', 'claude_chat_created'), []],
  ]
  test.each(calls)('%s', (_, recorded, expected) => expect(said(recorded)).toEqual(expected))
})

describe('what many calls say', () => {
  const repeat = (count: number, make: (recorded: Recorded, i: number) => void): Recorded => {
    const recorded = new Recorded()
    for (let i = 0; i < count; i++) make(recorded, i)
    return recorded
  }
  const secret = (recorded: Recorded, name: number) =>
    recorded.call(
      'secretsmanager:GetSecretValue',
      {},
      { resources: [`arn:aws:secretsmanager:eu-west-1:1:secret/${name}`], isReadOnly: true },
    )

  test('one secret, however often, is work; ten different ones are not', () => {
    expect(said(repeat(50, (recorded) => secret(recorded, 1)))).toEqual([])
    expect(said(repeat(5, secret))).toEqual([['secrets-in-bulk', 0.5]])
    expect(said(repeat(10, secret))).toEqual([['secrets-in-bulk', 0.65]])
  })

  test('names that masking took count call by call', () => {
    const masked = repeat(6, (recorded) =>
      recorded.call('secretsmanager:GetSecretValue', {}, { resources: ['x:[masked:field]***'] }),
    )
    expect(said(masked)).toEqual([['secrets-in-bulk', 0.5]])
  })

  test('three refusals and a success look tried for; one refusal does not', () => {
    const tried = (refusals: number) =>
      repeat(refusals, (recorded) => recorded.call('dynamodb:Scan', {}, { decision: 'denied' })).call('dynamodb:Scan')
    expect(said(tried(1))).toEqual([])
    expect(said(tried(3))).toEqual([['tried-until-let', 0.55]])
  })

  test('a survey needs many reads of many services', () => {
    const reads = (count: number, services: number) =>
      repeat(count, (recorded, i) => recorded.call(`s${i % services}:Describe${i}`, {}, { isReadOnly: true }))
    expect(said(reads(40, 1))).toEqual([])
    expect(said(reads(24, 8))).toEqual([])
    expect(said(reads(25, 8))).toEqual([['survey', 0.5]])
  })

  test('commands on one machine are upkeep, on three they are not', () => {
    const command = (...instanceIds: readonly string[]) => new Recorded().call('ssm:SendCommand', { instanceIds })
    expect(said(command('i-1'))).toEqual([['execution', 0.4]])
    expect(said(command('i-1', 'i-2', 'i-3'))).toEqual([
      ['execution', 0.4],
      ['many-machines', 0.55],
    ])
  })

  test('the third role in a row is told, and a role that renews itself is none', () => {
    const role = (name: string): Principal => ({ ...ROLE, id: `arn:aws:iam::111122223333:role/${name}` })
    const chain = new Recorded()
      .call('sts:AssumeRole', {}, { principal: role('a'), gives: role('a') })
      .call('sts:AssumeRole', {}, { principal: USER, gives: role('a') })
      .call('sts:AssumeRole', {}, { principal: role('a'), gives: role('b') })
      .call('sts:AssumeRole', {}, { principal: role('b'), gives: role('c') })
    expect(said(chain)).toEqual([
      ['role-chain', 0.35],
      ['role-chain', 0.55],
    ])
  })

  test('two purposes of one principal are a chain, of two principals they are none', () => {
    const both = (principal: Principal) =>
      new Recorded()
        .call('cloudtrail:StopLogging')
        .call('ec2:ModifyImageAttribute', { launchPermission: { add: { items: [{ group: 'all' }] } } }, { principal })
    expect(said(both(ROLE)).map(([detector]) => detector)).toContain('chain')
    expect(said(both(USER)).map(([detector]) => detector)).not.toContain('chain')
  })
})

describe('what is known of the agent', () => {
  const known = new Set([ROLE.id, 'refund:Create', 'payee/1', 'eu-west-1'])
  const profile = { isSettled: true, knows: (_: string, value: string) => known.has(value) }

  test('what it did before is silent', () => {
    const usual = new Recorded().call(
      'refund:Create',
      {},
      { resources: ['payee/1'], region: 'eu-west-1', isReadOnly: false },
    )
    expect(said(usual, { profileAt: () => profile })).toEqual([])
  })

  test('a new action, a new region and a new principal are told apart', () => {
    const recorded = new Recorded().call(
      'refund:Delete',
      {},
      { region: 'us-east-1', isReadOnly: false, principal: USER },
    )
    expect(said(recorded, { profileAt: () => profile })).toEqual([
      ['outside-profile-action', 0.6],
      ['outside-profile-principal', 0.5],
      ['outside-profile-region', 0.4],
    ])
  })

  test('the known action on one new payee is work, on seven it is a list', () => {
    const refunds = (count: number) => {
      const recorded = new Recorded()
      for (let i = 0; i < count; i++)
        recorded.call('refund:Create', {}, { resources: [`payee/new-${i}`], isReadOnly: false })
      return recorded
    }
    expect(said(refunds(1), { profileAt: () => profile })).toEqual([['outside-profile-resources', 0.4]])
    expect(said(refunds(7), { profileAt: () => profile })).toEqual([['outside-profile-resources', 0.7]])
    expect(said(refunds(7), { profileAt: () => ({ ...profile, isSettled: false }) })).toEqual([
      ['outside-profile-resources', 0.49],
    ])
  })

  test('what it does all along says less, whatever the action is', () => {
    const recorded = new Recorded().call('cloudtrail:PutEventSelectors', {}, { isReadOnly: false })
    const usual = { isSettled: true, knows: () => true }
    expect(said(recorded)).toEqual([['impairment', 0.6]])
    expect(said(recorded, { profileAt: () => usual })).toEqual([['impairment', 0.35]])
  })

  test('a call that no known grant lets is told by its position in the log', () => {
    const gap = {
      id: 'g',
      plane: 'aws',
      principal: ROLE.id,
      action: 's3:PutObject',
      resource: '',
      uses: 1,
      lastUse: '',
      positions: [100],
      remedy: '',
    } as const
    const recorded = new Recorded().call('s3:PutObject').call('s3:PutObject')
    const scope = { inventoryGaps: [{ ...gap, isType2Candidate: true }], inheritedOverreach: [] }
    expect(authoritySignals(recorded.events, () => ({ scope }))).toMatchObject([
      { detector: 'authority/outside-grants', entries: [100], strength: 0.7 },
    ])
    const unknown = { inventoryGaps: [{ ...gap, isType2Candidate: false }], inheritedOverreach: [] }
    expect(authoritySignals(recorded.events, () => ({ scope: unknown }))).toEqual([])
  })
})

test('the order of arrival and repeats change nothing (property)', () => {
  const recorded = new Recorded()
  for (let i = 0; i < 12; i++) recorded.call('dynamodb:Scan', {}, { decision: 'denied', resources: [`t/${i}`] })
  recorded.call('dynamodb:Scan').call('iam:CreateAccessKey', { userName: 'x' }).call('cloudtrail:StopLogging')
  const plain = authoritySignals(recorded.events)
  fc.assert(
    fc.property(fc.shuffledSubarray(recorded.events, { minLength: recorded.events.length }), (some) => {
      expect(authoritySignals([...some, ...some.slice(0, 5)])).toEqual(plain)
    }),
  )
})

test('never throws, whatever the documents hold (property)', () => {
  const actions = fc.constantFrom(
    'iam:CreateRole',
    'iam:PutUserPolicy',
    's3:PutBucketPolicy',
    'ec2:RunInstances',
    'ec2:ModifyImageAttribute',
    'ec2:AuthorizeSecurityGroupIngress',
  )
  const key = fc.constantFrom(
    'Statement',
    'Principal',
    'Condition',
    'AWS',
    'Effect',
    'policyDocument',
    'add',
    'items',
    'cidrIp',
    'x',
  )
  const { document } = fc.letrec((tie) => ({
    document: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('Allow', '*'),
      fc.dictionary(key, tie('document')),
      fc.array(tie('document')),
      tie('document').map((one) => JSON.stringify(one)),
    ),
  }))
  fc.assert(
    fc.property(actions, document, (action, request) => {
      for (const { strength } of authoritySignals(new Recorded().call(action, request).events))
        expect(strength > 0 && strength <= 1).toBe(true)
    }),
  )
})

test('a document of a hundred thousand values is read up to its bound', () => {
  const request = { Statement: Array.from({ length: 30_000 }, () => ({ a: [1, 2] })) }
  expect(said(new Recorded().call('iam:PutRolePolicy', request))).toEqual([['escalation', 0.4]])
})

test('no two signals share an id: what one event begins for one detector is one', () => {
  const two = new Recorded().kernel(5, { kind: 'syscall-set', calls: ['perf_event_open', 'open_by_handle_at'] })
  const [only, ...others] = kernelSignals(two.events)
  expect(others).toEqual([])
  expect(only).toMatchObject({ detector: 'kernel/rare-call', strength: 0.6 })
  expect(only?.words).toMatch(/open_by_handle_at.*; perf_event_open/)
})

describe('a recorded change', () => {
  const writes = new Recorded().call('s3:PutObject', {}, { resources: ['arn:aws:s3:::finance/a.csv'] })
  const found = (change: Partial<KnownChange>) =>
    authorityFindings(writes.events, () => ({
      profileAt: () => ({ isSettled: true, knows: (what) => what !== 'resource' }),
      changes: [{ change: 'grant', subject: 'scope of the extractor', approver: 'kim', at: 0n, entry: 40, ...change }],
    }))

  test('that was approved and names the bucket explains the write, and is told', () => {
    const { signals, excuses } = found({ to: 'intake, finance' })
    expect(signals).toEqual([])
    expect(excuses).toMatchObject([{ change: { entry: 40 } }])
  })

  test('that names another bucket, or that nobody approved, explains nothing', () => {
    for (const change of [{ to: 'intake' }, { to: 'finance-eu' }, { to: 'finance', approver: '' }])
      expect(found(change).signals).toMatchObject([{ detector: 'authority/outside-profile-resources' }])
  })
})
