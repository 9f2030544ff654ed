import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { cli } from '../../testing/run.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server?.[Symbol.asyncDispose]())

test('demo finds where the server takes OTLP, runs a real agent, and lists the conversation that appeared', async () => {
  const { code, stdout } = await cli(['demo', '--only', 'support-desk', '--json'], {
    env: server.env,
    cwd: server.data,
  })
  expect(code).toBe(0)
  const printed = JSON.parse(stdout) as {
    scenarios: readonly { name: string; status: string; conversations: readonly string[] }[]
    conversations: readonly { id: string; modelCalls: number; toolCalls: number }[]
  }
  expect(fieldFaults(printed, documentedFields('demo --json'))).toEqual([])
  expect(printed.scenarios).toMatchObject([{ name: 'support-desk', status: 'finished' }])
  const [conversation] = printed.conversations
  expect(conversation?.modelCalls).toBeGreaterThan(0)
  expect(conversation?.toolCalls).toBeGreaterThan(0)
})

test('a scenario that nobody knows is wrong usage', async () => {
  expect((await cli(['demo', '--only', 'nobody', '--json'], { env: server.env, cwd: server.data })).code).toBe(2)
})

test('an incident scenario that nobody knows is wrong usage, and those that there are get named', async () => {
  const { code, stderr } = await cli(['demo', 'incident', 'nobody', '--json'], { env: server.env, cwd: server.data })
  expect(code).toBe(2)
  expect(stderr).toContain('sanctioned-bucket-twin')
  expect(stderr).not.toContain('main.ts')
  const bare = await cli(['demo', 'incident'], { env: server.env, cwd: server.data })
  expect(bare.code).toBe(2)
  expect(bare.stderr).toContain('benign-rollout-b')
  expect((await cli(['demo', 'accident'], { env: server.env, cwd: server.data })).code).toBe(2)
})
