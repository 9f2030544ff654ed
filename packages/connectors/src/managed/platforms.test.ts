import { startManagedPlatforms, type ManagedPlatformsServer } from '@holdfast/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BedrockPlatform } from './bedrock.ts'
import { managedConfigSchema, type BedrockConfig, type FoundryConfig, type VertexConfig } from './config.ts'
import { FoundryPlatform } from './foundry.ts'
import type { ManagedPlatform } from './platform.ts'
import { schemaChanges } from './schema-watch.ts'
import { VertexPlatform } from './vertex.ts'

const KEY = 'AKIAHOLDFAST00000000'
const TOKEN = 'token-of-a-test'
const SECRET = 'secret-of-a-test'
const WINDOW = { since: new Date('2026-09-01T00:00:00Z'), until: new Date('2026-12-01T00:00:00Z') }
let server: ManagedPlatformsServer

beforeEach(async () => {
  server = await startManagedPlatforms({ accessKeyId: KEY, token: TOKEN, applicationSecret: SECRET })
})
afterEach(() => server[Symbol.asyncDispose]())

function bedrock(id = KEY): ManagedPlatform {
  const config = managedConfigSchema.parse({
    platform: 'bedrock',
    name: 'b',
    account: '123456789012',
    region: 'eu-central-1',
    'access-key': { id: { env: 'ID' }, secret: { env: 'SECRET' } },
    'span-log-groups': ['aws/spans'],
    endpoint: server.url,
  }) as BedrockConfig // says its platform
  return new BedrockPlatform(config, () => ({ accessKeyId: id, secretAccessKey: 'secret' }))
}
function vertex(token = TOKEN): ManagedPlatform {
  const config = managedConfigSchema.parse({
    platform: 'vertex',
    name: 'v',
    project: 'shop-prod',
    location: 'europe-west4',
    token: { env: 'TOKEN' },
    endpoint: server.url,
    'logging-endpoint': server.url,
  }) as VertexConfig // says its platform
  return new VertexPlatform(config, { kind: 'token', token: () => token })
}
function foundry(token = TOKEN): ManagedPlatform {
  const config = managedConfigSchema.parse({
    platform: 'foundry',
    name: 'f',
    project: `${server.url}/api/projects/claims`,
    subscription: '00000000-0000-4000-8000-000000000001',
    token: { env: 'TOKEN' },
    'management-endpoint': server.url,
  }) as FoundryConfig // says its platform
  return new FoundryPlatform(config, { kind: 'token', token: () => token })
}

test('agents of each platform are read whole, by calls that are named', async () => {
  const [aws, google, azure] = await Promise.all([bedrock().inventory(), vertex().inventory(), foundry().inventory()])
  expect([aws, google, azure].flatMap(({ failures }) => failures)).toEqual([])
  expect(aws.files.map(({ name }) => name)).toEqual(['bedrock-agent-AGENT00001.json', 'agentcore-refunds-a1b2c3.json'])
  expect(google.files.map(({ name }) => name)).toEqual(['vertex-1234567890.json'])
  expect(azure.files.map(({ name }) => name)).toEqual(['foundry-asst_0001.json'])
  expect(aws.answers.map(({ api }) => api)).toEqual([
    'bedrock:ListAgents',
    'bedrock:GetAgent',
    'bedrock:ListAgentActionGroups',
    'bedrock:ListAgentKnowledgeBases',
    'bedrock:ListAgentAliases',
    'bedrock-agentcore:ListAgentRuntimes',
    'bedrock-agentcore:GetAgentRuntime',
  ])
  for (const { answers } of [aws, google, azure]) expect(schemaChanges(answers)).toEqual([])
})

test('telemetry comes with how long the provider took for it', async () => {
  const [aws, google, azure] = await Promise.all([
    bedrock().telemetry(WINDOW),
    vertex().telemetry(WINDOW),
    foundry().telemetry(WINDOW),
  ])
  expect([aws, google, azure].map(({ delaysMs, files }) => [delaysMs, files.length])).toEqual([
    [[540_000], 1],
    [[2_000], 1],
    [[240_000], 1],
  ])
  for (const { answers, failures } of [aws, google, azure]) {
    expect(failures).toEqual([])
    expect(schemaChanges(answers)).toEqual([])
  }
  const [span] = (
    JSON.parse(aws.files[0]?.text ?? '{}') as {
      resourceSpans: readonly [{ scopeSpans: readonly [{ spans: readonly object[] }] }]
    }
  ).resourceSpans[0].scopeSpans[0].spans
  // Beyond what a number of JSON holds, and a field that OTLP has no place for.
  expect(span).toMatchObject({ startTimeUnixNano: '1790000000000000001', kind: 2, status: { code: 1 } })
  expect(JSON.stringify(span)).toContain('"key":"aws.spans.durationNano"')
})

test('MGD-6 a field that was added or renamed is told of, and nothing is dropped', async () => {
  const agent = server.answers['bedrock:GetAgent']?.['agent'] as Readonly<Record<string, unknown>> // the recorded answer
  const { foundationModel, ...rest } = agent
  server.answers['bedrock:GetAgent'] = {
    agent: { ...rest, inferenceModel: foundationModel, tenancy: { mode: 'shared' } },
  }
  server.answers['aiplatform:reasoningEngines.list'] = {
    reasoningEngines: [{ name: 'projects/p/locations/l/reasoningEngines/1', blueprint: {} }],
  }
  const [aws, google] = await Promise.all([bedrock().inventory(), vertex().inventory()])
  expect(schemaChanges(aws.answers)).toEqual([
    {
      api: 'bedrock:GetAgent',
      added: ['agent.inferenceModel', 'agent.tenancy', 'agent.tenancy.mode'],
      missing: ['agent.foundationModel'],
    },
  ])
  expect(schemaChanges(google.answers)).toEqual([
    {
      api: 'aiplatform:reasoningEngines.list',
      added: ['reasoningEngines[].blueprint'],
      missing: ['reasoningEngines[].spec'],
    },
  ])
  expect(aws.files[0]?.text).toContain('"tenancy":{"mode":"shared"}')
  expect(google.files[0]?.text).toContain('"blueprint":{}')
})

test('what is refused or away is told by call, and the rest is read', async () => {
  expect((await bedrock('AKIAOTHER00000000000').inventory()).failures.map(({ api }) => api)).toEqual([
    'bedrock:ListAgents',
    'bedrock-agentcore:ListAgentRuntimes',
  ])
  for (const platform of [vertex('wrong'), foundry('wrong')]) {
    const { failures, files } = await platform.inventory()
    expect([failures.length, files]).toEqual([1, []])
  }
  server.failing.add('bedrock:ListAgentActionGroups')
  const { failures, files } = await bedrock().inventory()
  expect(failures.map(({ api }) => api)).toEqual(['bedrock:ListAgentActionGroups'])
  expect(files.map(({ name }) => name)).toEqual(['bedrock-agent-AGENT00001.json', 'agentcore-refunds-a1b2c3.json'])
})

test('an application of Azure signs in with its own secret, which no failure repeats', async () => {
  const config = managedConfigSchema.parse({
    platform: 'foundry',
    name: 'f',
    project: `${server.url}/api/projects/claims`,
    tenant: '00000000-0000-4000-8000-000000000002',
    client: '00000000-0000-4000-8000-000000000003',
    secret: { env: 'SECRET' },
    authority: server.url,
  }) as FoundryConfig // says its platform
  const open = (secret: string): FoundryPlatform =>
    new FoundryPlatform(config, {
      kind: 'application',
      tenant: config.tenant ?? '',
      client: config.client ?? '',
      secret: () => secret,
    })
  expect((await open(SECRET).inventory()).files).toHaveLength(1)
  const { failures } = await open('another-secret').inventory()
  expect(failures).toEqual([{ api: 'azure-ai-foundry:ListAgents', why: 'no token was given: 401' }])
})

test.each([
  [
    'two ways to sign in',
    {
      platform: 'vertex',
      name: 'v',
      project: 'shop-prod',
      location: 'europe-west4',
      ambient: true,
      token: { env: 'T' },
    },
  ],
  ['none', { platform: 'bedrock', name: 'b', account: '123456789012', region: 'eu-central-1' }],
  [
    'a secret in the file',
    { platform: 'foundry', name: 'f', project: 'https://x.example.test/api/projects/p', token: 'abc' },
  ],
])('%s in the configuration is refused', (_, config) => {
  expect(managedConfigSchema.safeParse(config).success).toBe(false)
})
