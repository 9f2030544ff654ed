import type { AgentId } from '@holdfast/model'
import type { PlanStep, ResponseScope } from '@holdfast/respond'
import type { BedrockAgentsServer, StoredAlias } from '@holdfast/testkit'
import { startBedrockAgents } from '@holdfast/testkit'

import { sealed } from '../../aws/testing/account.ts'
import { managedConfigSchema } from '../../managed/config.ts'
import { TestClock } from '../../testing/clock.ts'
import { onlyScope, stepOf } from '../../testing/steps.ts'
import { BedrockResponder } from '../responder.ts'

const ACCOUNT = '123456789012'
const REGION = 'eu-central-1'
export const ORDERS = `host:bedrock ${ACCOUNT} ${REGION}/orders` as AgentId // in the form of one
export const TARGET = `arn:aws:bedrock:${REGION}:${ACCOUNT}:agent/AGENT00001`

const ALIASES: readonly StoredAlias[] = [
  { id: 'TSTALIASID', name: 'AgentTestAlias', version: 'DRAFT', earlier: [], tags: {} },
  {
    id: 'ALIAS00001',
    name: 'live',
    description: 'what customers ask',
    version: '3',
    throughput: 'orders-pt',
    earlier: ['1', '2'],
    tags: { team: 'orders' },
  },
  { id: 'ALIAS00002', name: 'batch', version: '3', earlier: [], state: 'REJECT_INVOCATIONS', tags: {} },
]

export type TestAgents = AsyncDisposable & {
  readonly server: BedrockAgentsServer
  readonly clock: TestClock
  readonly responder: BedrockResponder
  readonly aliases: () => readonly StoredAlias[]
  /** Keys of steps that are on record as over. */
  readonly over: Set<string>
}

/** Three agents, one of which has an alias in use, one that its owner paused, and one that leads to its draft. */
export async function startAgents(
  options: { readonly lag?: number; readonly denied?: readonly string[]; readonly secret?: string } = {},
): Promise<TestAgents> {
  const { secret = 'wJalrXUtnFEMI', ...faults } = options
  const server = await startBedrockAgents({
    key: { id: 'AKIAHOLDFAST00000000', secret: 'wJalrXUtnFEMI' },
    account: ACCOUNT,
    region: REGION,
    agents: [
      { id: 'AGENT00001', name: 'orders', versions: ['1', '2', '3'], aliases: ALIASES },
      { id: 'AGENT00002', name: 'other', versions: ['1'], aliases: [] },
      { id: 'AGENT00003', name: 'third', versions: ['1'], aliases: [] },
    ],
    ...faults,
  })
  const clock = new TestClock()
  const over = new Set<string>()
  const config = managedConfigSchema.parse({
    name: 'eu',
    platform: 'bedrock',
    account: ACCOUNT,
    region: REGION,
    'access-key': { id: { env: 'ID' }, secret: { env: 'SECRET' } },
    'hold-aliases': true,
    endpoint: server.url,
  })
  if (config.platform !== 'bedrock') throw new TypeError('the fixture is of Bedrock')
  const responder = new BedrockResponder({
    config,
    key: () => ({ accessKeyId: 'AKIAHOLDFAST00000000', secretAccessKey: secret }),
    clock,
    marks: { seal: sealed, isStanding: (key) => !over.has(key) },
  })
  return {
    server,
    clock,
    responder,
    over,
    aliases: () => server.agent('AGENT00001').aliases,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

export function rungStep(
  rung: Extract<PlanStep['deed'], { kind: 'rung' }>['rung'],
  change: Partial<PlanStep> = {},
): PlanStep {
  const target = { kind: 'workload', name: TARGET, state: '' } as const
  return stepOf({ id: 'rung', provider: 'bedrock:eu', agent: ORDERS, target, deed: { kind: 'rung', rung } }, change)
}

export function scopeOf(...ids: readonly AgentId[]): ResponseScope {
  return onlyScope({ agents: ids.map((id) => ({ id, name: id, pods: [], nodes: [], images: [] })) })
}
