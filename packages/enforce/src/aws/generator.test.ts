import type { Event, PolicyArtifact } from '@holdfast/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GeneratorFacts, GrantFact, UseFact } from '../generator.ts'
import { factsFixture } from '../testing/facts.ts'
import type { AwsIamDocument } from './document.ts'
import { awsIam } from './generator.ts'
import { MANAGED_POLICY_CHARS, parsePolicy } from './parse-policy.ts'
import { policySize } from './policy-document.ts'

const ROLE = 'arn:aws:iam::111122223333:role/ticket-agent'

let entry = 0
const use = (action: string, resources: readonly string[] = [], changed: Partial<UseFact> = {}): UseFact => ({
  plane: 'aws',
  principal: ROLE,
  action,
  resources,
  entries: [++entry],
  count: 4,
  days: ['2026-08-26', '2026-08-28', '2026-08-30'],
  ...changed,
})

const grant = (action: string, resources: readonly string[], changed: Partial<GrantFact> = {}): GrantFact => ({
  plane: 'aws',
  principal: ROLE,
  action,
  resources,
  path: 'direct',
  category: 'justified',
  source: 'policy tickets',
  statement: 'Read',
  declaredBy: 7,
  uses: [1],
  useCount: 1,
  conditions: [],
  ...changed,
})

function made(facts: Partial<GeneratorFacts>): PolicyArtifact {
  const generation = awsIam.generate(factsFixture(facts))
  if (generation.status !== 'made') throw new Error(generation.reason)
  return generation.artifact
}

function call(action: string, resources: readonly string[] = [], principal = ROLE): Event {
  const body = { kind: 'api-call', plane: 'aws', principal: { id: principal }, action, resources }
  return { body } as unknown as Event // a judge reads the body alone
}

const statements = (artifact: PolicyArtifact) =>
  (artifact.document as AwsIamDocument).principals.flatMap(({ policies }) =>
    policies.flatMap(({ document }) => document.Statement),
  )
const judged = (artifact: PolicyArtifact, ...args: Parameters<typeof call>): string =>
  awsIam.judge(artifact)(call(...args)).status

describe('what becomes a line', () => {
  test('an object is let with its bucket, by its folder or alone, as granularity decides', () => {
    const uses = [use('s3:GetObject', ['arn:aws:s3:::tickets/2026/a.txt'])]
    const chosen = (value: string): unknown =>
      statements(made({ uses, decisions: { granularity: { value, chosenBy: 'eve', reason: 'x' } } }))[0]?.Resource
    expect(statements(made({ uses }))[0]?.Resource).toEqual(['arn:aws:s3:::tickets/*'])
    expect(chosen('prefix')).toEqual(['arn:aws:s3:::tickets/2026/*'])
    expect(chosen('object')).toEqual(['arn:aws:s3:::tickets/2026/a.txt'])
  })
  test('no action is let on a resource that it was not seen on', () => {
    const artifact = made({
      uses: [use('s3:GetObject', ['arn:aws:s3:::in/a']), use('s3:PutObject', ['arn:aws:s3:::out/a'])],
    })
    expect(judged(artifact, 's3:GetObject', ['arn:aws:s3:::in/b'])).toBe('allowed')
    expect(judged(artifact, 's3:PutObject', ['arn:aws:s3:::out/b'])).toBe('allowed')
    expect(judged(artifact, 's3:PutObject', ['arn:aws:s3:::in/b'])).toBe('denied')
  })
  test('what takes no resource is let on all, and an unnamed one on its type in the account', () => {
    const artifact = made({ uses: [use('ssm:DescribeInstanceInformation'), use('ssm:GetParameters')] })
    expect(statements(artifact).map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['ssm:DescribeInstanceInformation'], ['*']],
      [['ssm:GetParameters'], ['arn:aws:ssm:*:111122223333:parameter/*']],
      expect.anything(),
    ])
    expect(artifact.blindSpots.join(' ')).toContain('ssm:GetParameters: the log does not say on what')
  })
  test('a secret that is called by its name is let by its ARN, which ends in six more characters', () => {
    const artifact = made({
      uses: [use('secretsmanager:GetSecretValue', ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:smtp'])],
    })
    expect(statements(artifact)[0]?.Resource).toEqual([
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:smtp-??????',
    ])
    for (const name of ['smtp', 'smtp-Ab12Cd'])
      expect(
        judged(artifact, 'secretsmanager:GetSecretValue', [
          `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}`,
        ]),
      ).toBe('allowed')
  })
  test('two instances are two, and from three on instances are meant', () => {
    const on = (n: number): unknown =>
      statements(
        made({
          uses: Array.from({ length: n }, (_, i) =>
            use('ec2:StopInstances', [`arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcde0${i}`]),
          ),
        }),
      )[0]?.Resource
    expect(on(2)).toHaveLength(2)
    expect(on(3)).toEqual(['arn:aws:ec2:eu-west-1:111122223333:instance/i-*'])
  })
  test('what is thin or faded is left out and named', () => {
    const artifact = made({
      uses: [
        use('s3:ListAllMyBuckets'),
        use('iam:ListUsers', [], { days: ['2026-08-29', '2026-08-30'] }),
        use('iam:ListRoles', [], { days: ['2026-06-01', '2026-06-02', '2026-06-03'] }),
      ],
    })
    expect(judged(artifact, 'iam:ListUsers')).toBe('denied')
    expect(artifact.blindSpots.join(' ')).toContain(`${ROLE} iam:ListRoles; ${ROLE} iam:ListUsers`)
  })
  test('a bucket is seen on the days of all its objects, and another bucket is thin by itself', () => {
    const artifact = made({
      uses: [
        ...['26', '28', '30'].map((day) =>
          use('s3:GetObject', [`arn:aws:s3:::in/${day}`], { days: [`2026-08-${day}`] }),
        ),
        use('s3:GetObject', ['arn:aws:s3:::other/a'], { days: ['2026-08-30'] }),
      ],
    })
    expect(statements(artifact)[0]?.Resource).toEqual(['arn:aws:s3:::in/*'])
    expect(artifact.blindSpots.join(' ')).toContain(`${ROLE} s3:GetObject on arn:aws:s3:::other/*`)
  })
  test('a resource rests on what was done to it alone', () => {
    const [first, second] = [use('s3:GetObject', ['arn:aws:s3:::in/a']), use('s3:GetObject', ['arn:aws:s3:::out/a'])]
    const artifact = made({ uses: [first, second] })
    const grounds = (what: string): unknown =>
      artifact.lines.find((line) => line.what === what)?.grounds.flatMap(({ entries }) => entries)
    expect(grounds('arn:aws:s3:::in/*')).toEqual(first.entries)
    expect(grounds('arn:aws:s3:::out/*')).toEqual(second.entries)
    expect(grounds('at most s3:GetObject')).toEqual([...first.entries, ...second.entries])
  })
  test('days are those of the profile where the use does not say them', () => {
    const [bare] = [{ ...use('s3:ListAllMyBuckets'), days: undefined }]
    const entries = (daysSeen: number): GeneratorFacts['entries'] => [
      {
        dimension: 'identity',
        key: `arn:aws:iam::111122223333:role/apps/ticket-agent: s3:ListAllMyBuckets`,
        count: 4,
        daysSeen,
        recency: 1,
        first: '2026-08-01T00:00:00Z',
        last: '2026-08-30T00:00:00Z',
        entries: [3],
      },
    ]
    const uses = [bare as unknown as UseFact] // without its days
    expect(awsIam.generate(factsFixture({ uses, entries: entries(2) })).status).toBe('refused')
    expect(awsIam.generate(factsFixture({ uses, entries: entries(5) })).status).toBe('made')
  })
})

describe('closure', () => {
  test('another form of the same question comes in, another question does not', () => {
    const artifact = made({ uses: [use('ssm:ListCommands'), use('s3:PutObject', ['arn:aws:s3:::out/a'])] })
    expect(judged(artifact, 's3:AbortMultipartUpload', ['arn:aws:s3:::out/b'])).toBe('allowed')
    expect(judged(artifact, 'ssm:ListDocuments')).toBe('denied')
    const line = artifact.lines.find(({ what }) => what.startsWith('s3:AbortMultipartUpload'))
    expect(line).toMatchObject({ because: 'closure', grounds: [{ dimension: 'identity' }] })
  })
  test('what tells secrets comes in by observation alone', () => {
    const artifact = made({
      uses: [use('ssm:DescribeParameters'), use('ec2:DescribeInstances'), use('s3:ListBucket', ['arn:aws:s3:::a'])],
    })
    for (const action of [
      'ssm:GetParameters',
      'ec2:DescribeInstanceAttribute',
      's3:GetObject',
      'secretsmanager:GetSecretValue',
    ])
      expect(judged(artifact, action)).toBe('denied')
  })
  test('none is none', () => {
    const decisions = { closure: { value: 'none', chosenBy: 'eve', reason: 'strict' } }
    const artifact = made({ uses: [use('s3:PutObject', ['arn:aws:s3:::out/a'])], decisions })
    expect(judged(artifact, 's3:AbortMultipartUpload', ['arn:aws:s3:::out/a'])).toBe('denied')
    expect(artifact.decisions.closure).toEqual(decisions.closure)
  })
  test('who hands a role to a service may pass that role', () => {
    const worker = 'arn:aws:iam::111122223333:role/worker'
    const artifact = made({
      uses: [use('lambda:CreateFunction', ['arn:aws:lambda:eu-west-1:111122223333:function:f', worker])],
    })
    expect(judged(artifact, 'iam:PassRole', [worker])).toBe('allowed')
    expect(awsIam.judge(artifact)(call('iam:PassRole', ['arn:aws:iam::111122223333:role/admin']))).toMatchObject({
      status: 'denied',
      what: 'iam:PassRole elsewhere than seen',
    })
  })
})

describe('escalation', () => {
  const artifact = made({
    uses: [use('sts:AssumeRole', ['arn:aws:iam::111122223333:role/reader']), use('s3:ListAllMyBuckets')],
  })
  test('what no agent needs is denied by name, with the reason', () => {
    expect(awsIam.judge(artifact)(call('iam:CreateAccessKey', ['arn:aws:iam::111122223333:user/eve']))).toMatchObject({
      status: 'denied',
      pointer: expect.stringMatching(/^\/principals\/0\/policies\/1\/document\/Statement\/0\/Action\/\d+$/),
    })
    const line = artifact.lines.find(({ what }) => what === 'cloudtrail:StopLogging')
    expect(line).toMatchObject({ effect: 'deny', because: 'never-legitimate', reason: 'blinds the audit' })
  })
  test('a role that was taken may be taken, and no other', () => {
    expect(judged(artifact, 'sts:AssumeRole', ['arn:aws:iam::111122223333:role/reader'])).toBe('allowed')
    expect(judged(artifact, 'sts:AssumeRole', ['arn:aws:iam::111122223333:role/admin'])).toBe('denied')
  })
  test('a deny stays when somebody attaches everything: the boundary and the denials hold', () => {
    const { principals } = artifact.document as AwsIamDocument
    const boundary = principals[0]?.boundary.document.Statement[0]
    expect(boundary?.Action).toEqual(['s3:ListAllMyBuckets', 'sts:AssumeRole'])
  })
})

describe('grants', () => {
  test('an idle statement goes, and one that others inherit is stopped by the boundary', () => {
    const artifact = made({
      uses: [use('s3:GetObject', ['arn:aws:s3:::tickets/a'])],
      grants: [
        grant('s3:*', ['*'], { declaredBy: 11 }),
        grant('iam:*', ['*'], { useCount: 0, uses: [], category: 'unused-excess', declaredBy: 12 }),
        grant('ec2:*', ['*'], { useCount: 0, uses: [], category: 'inherited-overreach', path: 'inherited' }),
        grant('sqs:*', ['*'], { useCount: 0, uses: [], category: 'undetermined' }),
      ],
    })
    expect(
      (artifact.document as AwsIamDocument).principals[0]?.removals.map(({ action, how }) => [action, how]),
    ).toEqual([
      ['iam:*', 'take it out of the policy'],
      ['ec2:*', 'the boundary stops it: others inherit it too'],
    ])
    expect(artifact.lines.find(({ what }) => what.startsWith('s3:GetObject on'))).toMatchObject({
      because: 'grant',
      declaredBy: 11,
    })
    expect(artifact.lines.find(({ effect }) => effect === 'remove')).toMatchObject({ because: 'idle', declaredBy: 12 })
    expect(artifact.effective).toMatchObject({ narrows: true, against: ['policy tickets'] })
  })
  test('a condition of the only grant stays, and one that is free of it needs none', () => {
    const conditions = ['aws:SourceVpce StringEquals vpce-1, vpce-2']
    const uses = [use('s3:GetObject', ['arn:aws:s3:::tickets/a'])]
    const only = made({ uses, grants: [grant('s3:GetObject', ['*'], { conditions })] })
    expect(statements(only)[0]?.Condition).toEqual({ StringEquals: { 'aws:SourceVpce': ['vpce-1', 'vpce-2'] } })
    const both = made({ uses, grants: [grant('s3:GetObject', ['*'], { conditions }), grant('s3:*', ['*'])] })
    expect(statements(both)[0]?.Condition).toBeUndefined()
  })
  test('where all that is granted was used, nothing narrows', () => {
    const artifact = made({
      uses: [use('sqs:SendMessage', ['arn:aws:sqs:eu-west-1:111122223333:jobs'])],
      grants: [grant('sqs:SendMessage', ['arn:aws:sqs:eu-west-1:111122223333:jobs'])],
    })
    expect(artifact.effective.narrows).toBe(false)
  })
})

test('nothing observed, and a profile that is not finished, make no policy', () => {
  expect(awsIam.generate(factsFixture())).toMatchObject({ status: 'refused', code: 'nothing-observed' })
  const observing = factsFixture({ profile: { ...factsFixture().profile, status: 'observing' } })
  expect(awsIam.generate(observing)).toMatchObject({ status: 'refused', code: 'observation-incomplete' })
})

test('another principal, another plane and another kind of event are outside', () => {
  const artifact = made({ uses: [use('s3:ListAllMyBuckets')] })
  expect(judged(artifact, 's3:ListAllMyBuckets', [], 'arn:aws:iam::111122223333:role/other')).toBe('outside')
  expect(judged(artifact, 's3:ListAllMyBuckets', [], 'arn:aws:sts::111122223333:assumed-role/ticket-agent/s1')).toBe(
    'allowed',
  )
  expect(awsIam.judge(artifact)({ body: { kind: 'dns' } } as unknown as Event).status).toBe('outside')
})

test('any uses give policies of the grammar that let all of them, with a ground for every line', () => {
  const name = fc.stringMatching(/^[a-z0-9]{3,20}$/)
  const seen = fc.oneof(
    name.map((one) => use('s3:GetObject', [`arn:aws:s3:::${one}/x/y`])),
    name.map((one) => use('s3:ListBucket', [`arn:aws:s3:::${one}`])),
    name.map((one) => use('lambda:InvokeFunction', [`arn:aws:lambda:eu-west-1:111122223333:function:${one}`])),
    name.map((one) =>
      use('secretsmanager:GetSecretValue', [`arn:aws:secretsmanager:eu-west-1:111122223333:secret:${one}`]),
    ),
    name.map((one) => use('iam:PutUserPolicy', [`arn:aws:iam::111122223333:user/${one}`])),
    fc
      .constantFrom('ec2:DescribeInstances', 'sts:GetCallerIdentity', 'nothing:AtAll', 'ec2:RunInstances')
      .map((one) => use(one)),
  )
  fc.assert(
    fc.property(fc.array(seen, { minLength: 1, maxLength: 60 }), (uses) => {
      const artifact = made({ uses })
      const { principals } = artifact.document as AwsIamDocument
      for (const { policies, boundary } of principals)
        for (const { document } of [...policies, boundary]) {
          expect(parsePolicy(document)).toMatchObject({ status: 'valid' })
          expect(policySize(document)).toBeLessThanOrEqual(MANAGED_POLICY_CHARS)
        }
      for (const one of uses) expect(judged(artifact, one.action, one.resources)).toBe('allowed')
      const proven = new Set(artifact.lines.flatMap(({ grounds }) => grounds.flatMap(({ entries }) => entries)))
      for (const one of uses) expect(proven.has(one.entries[0] ?? -1)).toBe(true)
    }),
    { numRuns: 150 },
  )
})

test('more resources than ten policies have room for are refused with the reason', () => {
  const uses = Array.from({ length: 18 }, (_, a) =>
    Array.from({ length: 12 }, (_, i) => use('s3:GetObject', [`arn:aws:s3:::bucket-${a}-${'x'.repeat(40)}-${i}/a`])),
  ).flat()
  // Beyond the listed ones all of the type is let: a policy by object of as many secrets is what does not fit.
  const secrets = ['GetSecretValue', 'DescribeSecret', 'PutSecretValue', 'DeleteSecret', 'TagResource'].flatMap(
    (action, a) =>
      Array.from({ length: 190 }, (_, i) =>
        use(`secretsmanager:${action}`, [
          `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${'y'.repeat(60)}-${a}-${i}-name`,
        ]),
      ),
  )
  expect(judged(made({ uses }), 's3:GetObject', ['arn:aws:s3:::bucket-1/a'])).toBe('allowed')
  expect(awsIam.generate(factsFixture({ uses: secrets }))).toMatchObject({ status: 'refused', code: 'too-large' })
})
