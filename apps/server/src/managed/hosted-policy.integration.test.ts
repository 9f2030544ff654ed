import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, ImportResult } from '@holdfast/api'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { dayOf, deskHistory } from '../policy/testing/desk-history.ts'
import { startServer } from '../testing/server-process.ts'

const ACCOUNT = '123456789012'
const HOST = `bedrock ${ACCOUNT} eu-central-1`
const AGENT = `host:${HOST}/orders`
const ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/orders-agent`
const DAYS = 18
const PATIENT = { timeout: 120_000, interval: 200 }

let folder = ''
let server: ServerProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-hosted-'))
  server = await startServer(folder)
  await load('agent.json', {
    agent: {
      agentName: 'orders',
      agentArn: `arn:aws:bedrock:eu-central-1:${ACCOUNT}:agent/AGENT00001`,
      agentVersion: 'DRAFT',
      foundationModel: 'amazon.nova-pro-v1:0',
      agentResourceRoleArn: ROLE,
    },
  })
  await load('role.json', {
    RoleName: 'orders-agent',
    Arn: ROLE,
    RolePolicyList: [
      {
        PolicyName: 'all',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Sid: 'Files', Effect: 'Allow', Action: 's3:*', Resource: '*' },
            { Sid: 'Machines', Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
          ],
        },
      },
    ],
  })
  await load('spans.jsonl', hostedHistory())
  await load('trail.json', { Records: trail() })
  await vi.waitFor(async () => {
    const standing = await server.get<Answer<'getPolicyStanding'>>(path('/standing'))
    expect(standing.observations).toBeGreaterThan(3_000)
  }, PATIENT)
}, 240_000)
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('ENF-8 ENF-14 a hosted agent gets an IAM policy of what its role did, and nothing of the machine', async () => {
  const { artifacts, refusals } = await vi.waitFor(async () => {
    const answer = await server.post<Answer<'generatePolicies'>>(path(''), {})
    expect(answer.artifacts.map(({ kind }) => kind)).toContain('aws-iam')
    return answer
  }, PATIENT)
  const refused = new Map(refusals.map(({ kind, code }) => [kind, code]))
  for (const kind of ['seccomp', 'network-policy', 'host-egress'] as const)
    expect(refused.get(kind) ?? 'constrained-by-provider').toBe('constrained-by-provider')
  expect(artifacts.some(({ kind }) => kind === 'seccomp')).toBe(false)

  const iam = artifacts.find(({ kind }) => kind === 'aws-iam')
  if (iam === undefined) throw new Error('no IAM policy was made')
  const said = iam.lines.map(({ effect, because, what }) => `${effect} ${because} ${what}`)
  expect(said).toContain('allow grant s3:GetObject on arn:aws:s3:::orders/*')
  expect(said).toContain('allow grant s3:PutObject on arn:aws:s3:::receipts/*')
  // What was done on the last day alone is an accident, and is told.
  expect(said.join(' ')).not.toContain('partner-share')
  expect(iam.blindSpots.join(' ')).toContain('partner-share')
  expect(iam.blindSpots.join(' ')).toContain('it carries wrong data as well as right')
  expect(said).toContain('remove idle ec2:* on *')
  expect(iam.effective).toMatchObject({ narrows: true })

  // Every line that rests on something leads to calls of the trail.
  const explained = await server.get<Answer<'explainPolicy'>>(`/api/v1/policies/${iam.id}/lines`)
  const grounded = explained.lines.filter(({ because }) => because === 'grant')
  expect(grounded.length).toBeGreaterThan(0)
  for (const { state } of grounded) expect(state).toBe('held')

  const before = await simulate({ artifacts: [iam.id], from: dayOf(0), to: dayOf(DAYS - 1) })
  expect(before).toMatchObject({ denied: 0 })
  expect(before.judged).toBeGreaterThanOrEqual(2 * (DAYS - 1))
  const last = await simulate({ artifacts: [iam.id], from: dayOf(DAYS - 1), to: dayOf(DAYS) })
  expect(last.denied).toBe(2)
})

/** The spans of a desk, told by an agent of the provider's machine. */
function hostedHistory(): string {
  const attributes = { 'host.name': HOST, 'service.name': 'orders' }
  const resource = {
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } })),
  }
  return deskHistory('orders', { days: DAYS })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly resourceSpans?: readonly object[] }) // lines of the generator
    .map((line) =>
      line.resourceSpans === undefined
        ? line
        : { resourceSpans: line.resourceSpans.map((one) => ({ ...one, resource })) },
    )
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}

/** Two calls a day; on the last one the role also gives an export away, to a place and from one that it never used. */
function trail(): readonly object[] {
  const usual = Array.from({ length: DAYS }, (_, day) => [
    call(day, 1, 'GetObject', { bucketName: 'orders', key: `2026/${day}.json` }),
    call(day, 2, 'PutObject', { bucketName: 'receipts', key: `2026/${day}.pdf` }),
  ]).flat()
  return [
    ...usual,
    call(DAYS - 1, 3, 'PutObject', { bucketName: 'partner-share', key: 'all.csv' }),
    call(DAYS - 1, 4, 'PutBucketPolicy', { bucketName: 'orders' }),
  ]
}

function call(day: number, n: number, eventName: string, requestParameters: object): object {
  return {
    eventVersion: '1.09',
    eventSource: 's3.amazonaws.com',
    eventName,
    eventTime: new Date(Date.parse(dayOf(day)) + 9 * 3_600_000 + n * 1_000).toISOString(),
    eventID: `e-${day}-${n}`,
    awsRegion: 'eu-central-1',
    recipientAccountId: ACCOUNT,
    userIdentity: {
      type: 'AssumedRole',
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/orders-agent/BedrockAgents-1`,
      accountId: ACCOUNT,
      sessionContext: { sessionIssuer: { type: 'Role', arn: ROLE } },
    },
    requestParameters,
  }
}

function path(rest: string): string {
  return `/api/v1/agents/${encodeURIComponent(AGENT)}/policies${rest}`
}

async function simulate(body: object) {
  const { id } = await server.post<Answer<'simulatePolicy'>>('/api/v1/policies/simulations', body)
  return vi.waitFor(async () => {
    const { result } = await server.get<Answer<'getSimulation'>>(`/api/v1/policies/simulations/${id}`)
    if (result === undefined) throw new Error('it is not done yet')
    return result
  }, PATIENT)
}

async function load(name: string, content: unknown): Promise<void> {
  const response = await fetch(`${server.ready.http}/api/v1/import?name=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/octet-stream' },
    body: typeof content === 'string' ? content : JSON.stringify(content),
  })
  const result = (await response.json()) as ImportResult // as the route documents
  expect(result).toMatchObject({ rejected: 0 })
}
