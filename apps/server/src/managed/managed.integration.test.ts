import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BomWire, ManagedPlatformWire } from '@holdfast/api'
import { startManagedPlatforms, type ManagedPlatformsServer, type ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startServer } from '../testing/server-process.ts'

const KEY = 'AKIAHOLDFAST00000000'
const TOKEN = 'token-of-a-test'
const PATIENT = { timeout: 120_000, interval: 200 }
const HOSTED = [
  ['host:bedrock 123456789012 eu-central-1/orders', 'bedrock:GetAgent'],
  ['host:bedrock-agentcore 123456789012 eu-central-1/refunds', 'bedrock-agentcore:GetAgentRuntime'],
  ['host:vertex shop-prod europe-west4/returns', 'aiplatform:reasoningEngines.get'],
  ['host:azure-ai-foundry/claims', 'azure-ai-foundry:GetAgent'],
] as const

let folder = ''
let platforms: ManagedPlatformsServer
let server: ServerProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-managed-'))
  mkdirSync(join(folder, 'data'))
  platforms = await startManagedPlatforms({ accessKeyId: KEY, token: TOKEN })
  for (const [name, secret] of [
    ['id', KEY],
    ['secret', 'a-secret-key'],
    ['token', TOKEN],
  ] as const)
    writeFileSync(join(folder, name), secret)
  const at = (name: string): string => `{ file: ${join(folder, name)} }`
  writeFileSync(
    join(folder, 'connectors.yaml'),
    `managed:
  - { name: aws, platform: bedrock, account: '123456789012', region: eu-central-1, access-key: { id: ${at('id')}, secret: ${at('secret')} }, span-log-groups: [aws/spans], endpoint: '${platforms.url}' }
  - { name: google, platform: vertex, project: shop-prod, location: europe-west4, token: ${at('token')}, endpoint: '${platforms.url}', logging-endpoint: '${platforms.url}' }
  - { name: azure, platform: foundry, project: '${platforms.url}/api/projects/claims', subscription: 00000000-0000-4000-8000-000000000001, token: ${at('token')}, management-endpoint: '${platforms.url}' }
`,
  )
  server = await startServer(join(folder, 'data'), { flags: ['--connectors', join(folder, 'connectors.yaml')] })
}, 180_000)
afterAll(async () => {
  await server?.stop()
  await platforms?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('DEC-6 agents of three providers are in the inventory, each part with the call that told it', async () => {
  for (const [agent, api] of HOSTED) {
    const bom = await vi.waitFor(() => server.get<BomWire>(`/api/v1/agents/${encodeURIComponent(agent)}/bom`), PATIENT)
    const calls = bom.categories.flatMap(({ rows }) => rows.flatMap(({ details }) => details['api']))
    expect(calls.length).toBeGreaterThan(2)
    expect(calls).not.toContain(undefined)
    expect(calls).toContain(api)
  }
})

test('MGD-5 MGD-6 a platform says how late it is, and a field that it renamed is found while all of it is kept', async () => {
  const platformOf = (items: readonly ManagedPlatformWire[], name: string): ManagedPlatformWire | undefined =>
    items.find((one) => one.name === name)
  const first = await vi.waitFor(async () => {
    const { items } = await server.get<{ items: readonly ManagedPlatformWire[] }>('/api/v1/managed-platforms')
    expect(items.every(({ swept }) => swept !== undefined)).toBe(true)
    return items
  }, PATIENT)
  expect(first.map(({ report }) => [report?.agents, report?.failures, report?.changes])).toEqual([
    [2, [], []],
    [1, [], []],
    [1, [], []],
  ])
  expect(first.map(({ clock }) => clock.status)).toEqual(['unreachable', 'reachable', 'unreachable'])
  expect(platformOf(first, 'aws')?.clock.proposal).toContain('IAM policy')
  expect(first.map(({ constraints }) => constraints.length)).toEqual([9, 9, 9])

  const engine = {
    name: 'projects/shop-prod/locations/europe-west4/reasoningEngines/1234567890',
    displayName: 'returns',
  }
  platforms.answers['aiplatform:reasoningEngines.list'] = {
    reasoningEngines: [{ ...engine, blueprint: { serviceAccount: 'other@shop-prod.iam.gserviceaccount.com' } }],
  }
  platforms.failing.add('bedrock:GetAgent')
  const { items } = await swept()
  expect(platformOf(items, 'google')?.report?.changes).toEqual([
    {
      api: 'aiplatform:reasoningEngines.list',
      added: ['reasoningEngines[].blueprint', 'reasoningEngines[].blueprint.serviceAccount'],
      missing: ['reasoningEngines[].spec'],
    },
  ])
  expect(platformOf(items, 'aws')?.report?.failures.map(({ api }) => api)).toEqual(['bedrock:GetAgent'])
})

test('ENF-8 a hosted agent gets no policy of the machine, and the refusal says who runs it', async () => {
  const path = `/api/v1/agents/${encodeURIComponent(HOSTED[0][0])}/policies`
  const answer = await server.post(path, { kinds: ['seccomp', 'host-egress', 'network-policy'] })
  expect(JSON.stringify(answer).match(/constrained-by-provider/g)).toHaveLength(3)
})

function swept(): Promise<{ readonly items: readonly ManagedPlatformWire[] }> {
  return server.post('/api/v1/managed-platforms/sweep', {})
}
