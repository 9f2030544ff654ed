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

test('a story is told to its verdict, marked as demo data, and removed without a trace in any list', async () => {
  const told = await cli(['demo', '--only', 'sanctioned-bucket', '--json'], { env: server.env, cwd: server.data })
  const printed = JSON.parse(told.stdout) as {
    scenarios: readonly { name: string; status: string; detail: string; incident?: string }[]
  }
  expect(fieldFaults(printed, documentedFields('demo --json'))).toEqual([])
  expect(printed.scenarios).toMatchObject([{ name: 'sanctioned-bucket', status: 'finished' }])
  const incident = printed.scenarios[0]?.incident ?? ''
  expect((await cli(['incidents', 'show', incident, '--json'], { env: server.env, cwd: server.data })).code).toBe(0)
  // Under the id that was printed, and not under one that leads there from before.
  expect(
    JSON.parse((await cli(['incidents', 'list', '--json'], { env: server.env, cwd: server.data })).stdout),
  ).toEqual(expect.arrayContaining([expect.objectContaining({ id: incident })]))
  const asked: string[] = []
  const refusing = { env: server.env, cwd: server.data, ask: async (question: string) => `${asked.push(question)}\n` }
  const kept = await cli(['demo', '--remove', '--json'], refusing)
  expect([kept.code, kept.stdout, asked.length]).toEqual([5, '', 1])
  expect(kept.stderr).toContain(`sanctioned-bucket (${incident})`)
  expect(kept.stderr).toContain('nothing was removed')
  expect((await cli(['incidents', 'show', incident, '--json'], { env: server.env, cwd: server.data })).code).toBe(0)
  const gone = await cli(['demo', '--remove', '--yes', '--json'], refusing)
  expect([gone.code, asked.length]).toEqual([0, 1])
  const { removed } = JSON.parse(gone.stdout) as { removed: readonly { agents: number; entries: number }[] }
  expect(fieldFaults({ removed }, documentedFields('demo --remove --json'))).toEqual([])
  expect(removed.length).toBeGreaterThan(0)
  expect(removed.reduce((sum, { entries }) => sum + entries, 0)).toBeGreaterThan(1_000)
  const list = await cli(['incidents', 'list', '--json'], { env: server.env, cwd: server.data })
  expect(list.stdout).not.toContain(incident)
  const agents = await cli(['agents', '--json'], { env: server.env, cwd: server.data })
  expect(agents.stdout).not.toContain('sanctioned-bucket')
  const again = await cli(['demo', '--remove', '--json'], refusing)
  expect(asked).toHaveLength(1)
  expect([again.code, again.stdout]).toEqual([4, ''])
  const verified = await cli(['log', 'verify', '--json'], { env: server.env, cwd: server.data })
  expect(verified.code).toBe(0)
})

test('an agent that is to stay where no sensor watches is refused with the reason, before anything is begun', async () => {
  const before = await cli(['agents', '--json'], { env: server.env, cwd: server.data })
  const { code, stdout, stderr } = await cli(['demo', '--only', 'refund-agent', '--stay', '--json'], {
    env: server.env,
    cwd: server.data,
  })
  expect([code, stdout]).toEqual([69, ''])
  expect(stderr).toContain('no agent can stay so that it is held, and nothing was begun: ')
  expect(stderr).toContain('sensor')
  expect(await cli(['agents', '--json'], { env: server.env, cwd: server.data })).toEqual(before)
})

test('a response that a running server cannot see to its end is refused before anything is begun, with the command that can', async ({
  skip,
}) => {
  skip(process.getuid?.() !== 0, 'it takes root')
  const before = await cli(['agents', '--json'], { env: server.env, cwd: server.data })
  const respond = (name: string) =>
    cli(['demo', 'incident', name, '--respond', '--json'], { env: server.env, cwd: server.data })
  const account = await respond('refund-agent')
  expect([account.code, account.stdout]).toEqual([69, ''])
  expect(account.stderr).toContain('in a cloud account that the run brings')
  expect(account.stderr).toContain('holdfast demo incident refund-agent --respond --own')
  const sensor = await respond('sanctioned-bucket')
  expect([sensor.code, sensor.stdout]).toEqual([69, ''])
  expect(sensor.stderr).toContain('start the server without --no-sensor')
  expect(await cli(['agents', '--json'], { env: server.env, cwd: server.data })).toEqual(before)
  const demos = await fetch(`${server.ready.http}/api/v1/demo`, {
    headers: { authorization: `Bearer ${server.ready.token}` },
  })
  expect(JSON.stringify(await demos.json())).not.toContain('refund-agent')
})

test('an incident that is run by its name is marked too, and goes with its demo: each is counted, and progress is told', async () => {
  const run = async (name: string) => {
    const told = await cli(['demo', 'incident', name, '--json'], { env: server.env, cwd: server.data })
    return (JSON.parse(told.stdout) as { readonly incident: string }).incident
  }
  const incidents = [await run('sanctioned-bucket'), await run('sanctioned-bucket')]
  const headers = { authorization: `Bearer ${server.ready.token}` }
  const marks = (await (await fetch(`${server.ready.http}/api/v1/demo`, { headers })).json()) as {
    readonly items: readonly { readonly stories: readonly { readonly state: string; readonly incident?: string }[] }[]
  }
  expect(marks.items.map(({ stories }) => stories)).toMatchObject([
    [{ state: 'told', incident: incidents[1] }],
    [{ state: 'told', incident: incidents[0] }],
  ])
  const agreeing = { env: server.env, cwd: server.data, ask: async () => ' Yes' }
  const gone = await cli(['demo', '--remove', '--json'], agreeing)
  const { removed } = JSON.parse(gone.stdout) as { removed: readonly { entries: number; incidents: number }[] }
  expect(removed.map((one) => one.incidents)).toEqual([1, 1])
  expect(removed.every(({ entries }) => entries > 1_000)).toBe(true)
  expect(gone.stderr).toContain('destroying the content of demo data')
  for (const list of [['incidents', 'list'], ['agents']]) {
    const { stdout } = await cli([...list, '--json'], { env: server.env, cwd: server.data })
    expect(stdout).not.toContain('inc-')
    expect(stdout).not.toContain('sanctioned-bucket')
  }
})

test('a scenario that nobody knows is wrong usage', async () => {
  expect((await cli(['demo', '--only', 'nobody', '--json'], { env: server.env, cwd: server.data })).code).toBe(2)
  expect((await cli(['demo', '--yes', '--json'], { env: server.env, cwd: server.data })).code).toBe(2)
  expect((await cli(['demo', 'agents', '--own', '--json'], { env: server.env, cwd: server.data })).code).toBe(2)
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
