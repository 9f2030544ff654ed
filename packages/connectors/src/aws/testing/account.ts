import { createHmac } from 'node:crypto'

import type { AgentId } from '@holdfast/model'
import type { PlanStep, ResponseScope } from '@holdfast/respond'
import type { AccountState, AwsCaller, AwsIamServer, StoredRole } from '@holdfast/testkit'
import { startAwsIam } from '@holdfast/testkit'

import { TestClock } from '../../testing/clock.ts'
import { onlyScope, stepOf } from '../../testing/steps.ts'
import { awsConfigSchema } from '../config.ts'
import { AwsResponder } from '../responder.ts'

export const ACCOUNT = '123456789012'
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/refund-writer`
export const USER = `arn:aws:iam::${ACCOUNT}:user/batch`
export const KEY = 'AKIAIOSFODNN7EXAMPLE'
export const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/refund-envelope`
export const BEFORE = `arn:aws:iam::${ACCOUNT}:policy/company-boundary`
export const TABLE = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/ledger`
const AGENT = 'k8s:prod/payments/refund-agent' as AgentId // in the form of one

export type TestAccount = AsyncDisposable & {
  readonly server: AwsIamServer
  readonly clock: TestClock
  readonly responder: AwsResponder
  readonly role: () => StoredRole
  /** Keys of steps that are on record as over. */
  readonly over: Set<string>
}

function allow(...actions: readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] })
}

const STATE: AccountState = {
  roles: {
    'refund-writer': {
      name: 'refund-writer',
      path: '/agents/',
      id: 'AROAEXAMPLE',
      trust: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
      inline: { own: allow('dynamodb:*', 's3:*', 'iam:List*', 'lambda:*', 'bedrock:*', 'sts:*') },
      attached: [],
      tags: { team: 'payments' },
    },
  },
  users: {
    batch: {
      name: 'batch',
      id: 'AIDAEXAMPLE',
      tags: {},
      keys: { [KEY]: { isActive: true, lastUsed: '2026-03-02T11:58:00Z' } },
    },
  },
  policies: { [BOUNDARY]: allow('dynamodb:GetItem'), [BEFORE]: allow('*') },
}

export async function startAccount(
  options: {
    readonly lag?: number
    readonly caller?: Partial<AwsCaller>
    readonly config?: Readonly<Record<string, unknown>>
    readonly role?: Partial<StoredRole>
    readonly secret?: string
    readonly answerMs?: number
  } = {},
): Promise<TestAccount> {
  const [role] = Object.values(STATE.roles)
  const state = { ...STATE, roles: { 'refund-writer': { ...role!, ...options.role } } }
  const server = await startAwsIam({
    callers: new Map([
      [
        'AKIAHOLDFAST00000000',
        { secret: 'wJalrXUtnFEMI', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/holdfast`, ...options.caller },
      ],
    ]),
    accounts: new Map([[ACCOUNT, state]]),
    ...(options.lag === undefined ? {} : { lag: options.lag }),
  })
  const clock = new TestClock()
  const over = new Set<string>()
  const marks = { seal: sealed, isStanding: (key: string) => !over.has(key) }
  const config = awsConfigSchema.parse({
    name: 'main',
    accounts: [{ id: ACCOUNT, boundary: BOUNDARY }],
    regions: ['eu-central-1', 'us-east-1'],
    'access-key': { id: { env: 'ID' }, secret: { env: 'SECRET' } },
    ...options.config,
  })
  const key = { accessKeyId: 'AKIAHOLDFAST00000000', secretAccessKey: options.secret ?? 'wJalrXUtnFEMI' }
  const access = {
    source: { kind: 'key', key: () => key },
    endpoint: server.url,
    ...(options.answerMs === undefined ? {} : { answerMs: options.answerMs }),
  } as const
  return {
    server,
    clock,
    responder: new AwsResponder({ config, access, clock, marks }),
    over,
    role: () => server.stateOf(ACCOUNT).roles['refund-writer']!,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

export function sealed(text: string): string {
  return createHmac('sha256', 'the key of a folder').update(text).digest('base64url')
}

export function cutStep(cut: string, change: Partial<PlanStep> = {}): PlanStep {
  const target = { kind: 'identity', name: ROLE, state: '' } as const
  const deed = { kind: 'cut', cut, surface: 'S3', verb: 'revoke' } as const
  return stepOf({ id: `cut/${cut}`, provider: 'aws:main', agent: AGENT, target, deed }, change)
}

export function scopeOf(change: Partial<ResponseScope['principals'][number]> = {}): ResponseScope {
  const principal = {
    agent: AGENT,
    name: `arn:aws:sts::${ACCOUNT}:assumed-role/refund-writer/pod-7`,
    authority: 'aws' as const,
    isMisused: true,
    used: [{ action: 'dynamodb:PutItem', resource: TABLE }],
    ...change,
  }
  return onlyScope({ principals: [principal] })
}
