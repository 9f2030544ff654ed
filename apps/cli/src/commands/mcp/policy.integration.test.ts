import { hash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalJson } from '@holdfast/model'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { apiOf, connect, eventsOnce, ofKind } from './testing/proxied.ts'

let folder = ''
let server: TestServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-tools-'))
  server = await startTestServer()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** A file that lets `lookup` alone through. */
function policyFile(validUntil: string): { readonly file: string; readonly id: string } {
  const decision = { value: 'x', chosenBy: 'default', reason: 'test' }
  const rest = {
    kind: 'mcp-tools',
    agent: 'host:-/support',
    agentClass: 'support',
    profile: { digest: 'd1'.repeat(32), asOf: '2026-09-01T00:00:00Z', days: 42, observations: 9_000, size: 12_000 },
    decisions: { granularity: decision, closure: decision, confidence: decision, validity: decision },
    validUntil,
    document: { version: 1, tools: [{ name: 'lookup', server: 'desk' }], default: 'deny' },
    lines: [],
    blindSpots: [],
    effective: { narrows: true, reason: 'test', against: [] },
  }
  const id = hash('sha256', canonicalJson(rest))
  const file = join(folder, `${validUntil.slice(0, 4)}.json`)
  writeFileSync(file, JSON.stringify({ id, ...rest }))
  return { file, id }
}

const named = async (client: Client) =>
  (await client.listTools({}, { cacheMode: 'refresh' })).tools.map(({ name }) => name)
const lookup = (client: Client) => client.callTool({ name: 'lookup', arguments: { id: 'T-1' } })
const change = (client: Client) => client.callTool({ name: 'change', arguments: { to: 'Reads all.', announce: false } })

test('a tool that the policy does not list is refused with its line and recorded; while monitoring it passes and is told', async () => {
  const { file, id } = policyFile('2999-01-01T00:00:00Z')
  const enforced = await connect(server.env, ['--name', 'support', '--policy', file, '--mode', 'enforce'])
  expect(await named(enforced)).toEqual(['lookup'])
  expect(await lookup(enforced)).toMatchObject({ content: [{ text: expect.stringContaining('T-1') }] })
  await expect(change(enforced)).rejects.toMatchObject({
    code: -32_083,
    data: { artifact: id, line: '/default', tool: 'change' },
  })
  await enforced.close()

  const watched = await connect(server.env, ['--name', 'watched', '--policy', file])
  expect(await named(watched)).toEqual(['lookup', 'change', 'hold'])
  expect(await change(watched)).toMatchObject({ content: [{ type: 'text' }] })
  await watched.close()

  const events = await eventsOnce(apiOf(server), (all) =>
    ofKind(all, 'guardrail').some(({ agent }) => agent.name === 'watched'),
  )
  const told = ofKind(events, 'guardrail').map(({ agent, label }) => `${agent.name}: ${label}`)
  expect(told.some((line) => /^support: .*\bpolicy\b.*refused/.test(line))).toBe(true)
  expect(told.some((line) => /^watched: .*\bpolicy\b.*would be/.test(line))).toBe(true)
})

test('past its validity a policy only monitors', async () => {
  const { file } = policyFile('2020-01-01T00:00:00Z')
  const client = await connect(server.env, ['--name', 'expired', '--policy', file, '--mode', 'enforce'])
  expect(await named(client)).toEqual(['lookup', 'change', 'hold'])
  await client.close()
})
