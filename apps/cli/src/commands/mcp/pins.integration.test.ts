import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { holdfastIn } from '../../testing/holdfast.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { startProxy } from './testing/listening.ts'
import { apiOf, connect, eventsOnce, ofKind } from './testing/proxied.ts'
import { startShop } from './testing/shop-server.ts'

let folder = ''
let server: TestServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-pins-'))
  server = await startTestServer()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const holdfast = (...args: readonly string[]) => holdfastIn(folder, args, server.env)

/** The agent's definitions, once all of them have the state. */
async function definitionsOnce(agent: string, states: readonly string[]) {
  return await vi.waitFor(
    () => {
      const { stdout, status } = holdfast('bom', 'pins', agent, '--json')
      const items = JSON.parse(stdout) as readonly Readonly<Record<string, unknown>>[]
      expect(items.map(({ state }) => state)).toEqual(states)
      return { items, status }
    },
    { timeout: 60_000, interval: 300 },
  )
}

async function listedNames(client: Client): Promise<readonly string[]> {
  const { tools } = await client.listTools({}, { cacheMode: 'refresh' })
  return tools.map(({ name }) => name)
}

test('one changed word fails verification with old, new, who and when; enforcing it withholds that tool alone', async () => {
  const report = await connect(server.env)
  await report.listTools()
  await definitionsOnce('support', ['unapproved', 'unapproved', 'unapproved'])
  expect(holdfast('bom', 'pin', 'support', '--server', 'desk', '--reason', 'CHG-1').status).toBe(0)
  expect((await definitionsOnce('support', ['approved', 'approved', 'approved'])).status).toBe(0)

  await report.callTool({ name: 'change', arguments: { to: 'Reads all tickets.', announce: false } })
  expect(await listedNames(report)).toEqual(['lookup', 'change', 'hold'])
  await report.close()
  const { items, status } = await definitionsOnce('support', ['approved', 'approved', 'changed'])
  expect(status).toBe(1)
  for (const item of items) expect(fieldFaults(item, documentedFields('bom pins AGENT --json'))).toEqual([])
  const [risk] = JSON.parse(holdfast('bom', 'risks', 'support', '--json').stdout)
  expect(fieldFaults(risk, documentedFields('bom risks --json'))).toEqual([])
  const changed = items.find(({ state }) => state === 'changed')
  expect(changed).toMatchObject({ tool: 'lookup', before: 'Reads one ticket.', after: 'Reads all tickets.' })
  expect(changed?.['since']).toMatch(/^20/)
  const agents = JSON.parse(holdfast('agents', '--json').stdout) as readonly {
    readonly id: string
    readonly name: string
  }[]
  const agent = agents.find(({ name }) => name === 'support')?.id
  const change = {
    agent,
    at: changed?.['since'],
    change: 'tool-catalogue',
    subject: 'desk',
    changeId: 'CHG-9',
    author: 'kim',
  }
  const history = [{ holdfastHistory: 1, clock: 'imported', tool: 'test' }, { holdfastChange: change }]
  writeFileSync(join(folder, 'changes.jsonl'), history.map((line) => `${JSON.stringify(line)}\n`).join(''))
  expect(holdfast('import', 'changes.jsonl').status).toBe(0)
  await vi.waitFor(() => expect(holdfast('bom', 'pins', 'support').stderr).toContain('CHG-9 by kim'), {
    timeout: 30_000,
  })
  const findings = JSON.parse(holdfast('bom', 'findings', 'support', '--json').stdout)
  const [finding] = findings.filter(({ kind }: { readonly kind: string }) => kind === 'tool-unapproved')
  expect(finding).toMatchObject({
    title: 'tool lookup of desk is not as it was approved',
    detail: expect.stringContaining('approved by'),
    before: { description: 'Reads one ticket.' },
    after: { description: 'Reads all tickets.' },
    by: { changeId: 'CHG-9', author: 'kim' },
  })

  const enforced = await connect(server.env, ['--name', 'support', '--pins', 'enforce'])
  expect(await listedNames(enforced)).toEqual(['lookup', 'change', 'hold'])
  await enforced.callTool({ name: 'change', arguments: { to: 'Reads one tickets.', announce: false } })
  expect(await listedNames(enforced)).toEqual(['change', 'hold'])
  await expect(enforced.callTool({ name: 'lookup', arguments: { id: 'T-1' } })).rejects.toThrow('not approved')
  await enforced.callTool({ name: 'change', arguments: { to: 'Reads one ticket.', announce: false } })
  expect(await listedNames(enforced)).toEqual(['lookup', 'change', 'hold'])
  expect(await enforced.callTool({ name: 'lookup', arguments: { id: 'T-1' } })).toMatchObject({
    content: [{ text: 'ticket T-1: the lamp is broken' }],
  })
  await enforced.close()
  const events = await eventsOnce(apiOf(server), (all) => ofKind(all, 'guardrail').length >= 2)
  expect(ofKind(events, 'guardrail').map(({ facts }) => [facts['name'], facts['verdict'], facts['target']])).toEqual([
    ['approved-tools', 'withheld', 'lookup'],
    ['approved-tools', 'refused', 'lookup'],
  ])
})

test.each(['/mcp', '/sessions'])(
  'over HTTP%s a tool that nobody approved is withheld and cannot be called',
  async (path) => {
    await using shop = await startShop()
    const name = `buyer${path.slice(1)}`
    const flags = ['mcp', '--url', `${shop.origin}${path}`, '--name', name]
    const use = async (more: readonly string[]) => {
      await using proxy = await startProxy([...flags, ...more], server.env)
      const mode = path === '/mcp' ? 'auto' : 'legacy'
      const client = new Client({ name: 'probe', version: '1.0.0' }, { versionNegotiation: { mode } })
      await client.connect(new StreamableHTTPClientTransport(new URL(proxy.url)))
      const names = await listedNames(client)
      const called = await client
        .callTool({ name: 'price', arguments: { of: 'lamp' } })
        .catch((fault: unknown) => String(fault))
      await client.close()
      return { names, called }
    }
    const refused = await use(['--pins', 'enforce'])
    expect(refused.names).toEqual([])
    expect(refused.called).toContain('not approved')
    await definitionsOnce(name, ['unapproved'])
    expect(holdfast('bom', 'pin', name, '--reason', 'CHG-2').status).toBe(0)
    const passed = await use(['--pins', 'enforce'])
    expect(passed.names).toEqual(['price'])
    expect(passed.called).toMatchObject({ content: [{ text: 'lamp: 29.90 EUR' }] })
  },
  180_000,
)

test('approvals that another key signed are not enforced: the proxy does not start', () => {
  const other = 'holdfast.local/log+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
  const { status, stderr } = holdfast(
    'mcp',
    '--name',
    'support',
    '--pins',
    'enforce',
    '--roster-key',
    other,
    '--',
    'cat',
  )
  expect(stderr).toContain('not to be trusted')
  expect(status).toBe(1)
})

test('a closed roster refuses agents outside it, with a wrong key or another version; the rest start', async () => {
  const start = (...flags: readonly string[]) => holdfast('run', ...flags, '--', 'true')
  expect(start('--name', 'ghost').status).toBe(0)
  const fields = ['--owner', 'support', '--version', '1.4.0', '--class', 'support', '--reason', 'r']
  expect(holdfast('roster', 'add', 'worker', ...fields, '--new-key', 'worker.key').status).toBe(0)
  expect(holdfast('roster', 'add', 'twin', ...fields, '--new-key', 'twin.key').status).toBe(0)
  const open = start('--name', 'ghost')
  expect(open.stderr).toContain('ghost is not admitted: it is not in the roster')
  expect(open.status).toBe(0)
  holdfast('roster', 'close', '--reason', 'all are in')
  const worker = ['--name', 'worker', '--agent-version', '1.4.0', '--agent-key']
  expect(start(...worker, 'worker.key').status).toBe(0)
  for (const [flags, why] of [
    [['--name', 'ghost'], 'it is not in the roster'],
    [[...worker, 'twin.key'], 'signed with another key'],
    [
      ['--name', 'worker', '--agent-version', '1.4.1', '--agent-key', 'worker.key'],
      'version 1.4.0 is pinned, not 1.4.1',
    ],
  ] as const) {
    const { status, stderr } = start(...flags)
    expect(stderr).toContain(why)
    expect(status).toBe(5)
  }
  const proxy = holdfast('mcp', '--name', 'ghost', '--', 'cat')
  expect([proxy.status, proxy.stderr]).toEqual([5, expect.stringContaining('not in the roster')])
  holdfast('roster', 'open', '--reason', 'a test')
  holdfast('roster', 'retire', 'worker', '--reason', 'replaced')
  expect(start(...worker, 'worker.key').stderr).toContain('it is retired')
  await vi.waitFor(
    () => {
      const findings = JSON.parse(holdfast('bom', 'findings', '--json').stdout)
      const told = findings.filter(({ kind }: { readonly kind: string }) => kind === 'not-admitted')
      expect(told.map(({ title }: { readonly title: string }) => title)).toEqual(
        expect.arrayContaining(['ghost was to start and was refused', 'worker was to start and was refused']),
      )
    },
    { timeout: 60_000, interval: 300 },
  )
}, 240_000)
